#include "engine/base/unicode.h"

#include "engine/base/path_text.h"

#include <array>
#include <cstdlib>
#include <memory>
#include <new>
#include <utf8proc.h>

namespace whisker {

namespace {

struct Freed {
    void operator()(utf8proc_uint8_t *text) const { std::free(text); }
};

const utf8proc_uint8_t *bytesOf(const std::string &text)
{
    return reinterpret_cast<const utf8proc_uint8_t *>(text.data());
}

std::string mapped(std::string_view text, int options)
{
    const std::string valid = validUtf8(text);
    utf8proc_uint8_t *made = nullptr;
    const auto length = utf8proc_map(bytesOf(valid), static_cast<utf8proc_ssize_t>(valid.size()), &made, static_cast<utf8proc_option_t>(options));
    const std::unique_ptr<utf8proc_uint8_t, Freed> owned(made);
    if (length < 0) // of valid text there is no other reason
        throw std::bad_alloc();
    return {reinterpret_cast<const char *>(made), static_cast<std::size_t>(length)};
}

} // namespace

std::u32string codePoints(std::string_view text)
{
    const std::string valid = validUtf8(text);
    std::u32string points;
    for (std::size_t place = 0; place < valid.size();) {
        utf8proc_int32_t point = 0;
        place += static_cast<std::size_t>(utf8proc_iterate(bytesOf(valid) + place, static_cast<utf8proc_ssize_t>(valid.size() - place), &point));
        points += static_cast<char32_t>(point);
    }
    return points;
}

std::string utf8(std::u32string_view points)
{
    std::string text;
    std::array<utf8proc_uint8_t, 4> bytes = {};
    for (const char32_t point : points) {
        const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes.data());
        text.append(reinterpret_cast<const char *>(bytes.data()), static_cast<std::size_t>(length));
    }
    return text;
}

std::string composed(std::string_view text)
{
    return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string nameKey(std::string_view name)
{
    return mapped(name, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

} // namespace whisker
