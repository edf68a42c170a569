#include "engine/data/internal/text_decoding.h"

#include "engine/base/path_text.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iconv.h>
#include <optional>

namespace whisker {

namespace {

/// iconv(3) of a whole text; nothing where a byte or letter has no counterpart.
std::optional<std::string> converted(std::string_view text, const char *from, const char *to)
{
    const iconv_t converter = ::iconv_open(to, from);
    if (converter == iconv_t(-1)) // NOLINT: what iconv_open(3) gives on failure
        return std::nullopt;
    std::string result;
    std::array<char, 1 << 14> block = {};
    char *input = const_cast<char *>(text.data()); // iconv() does not write there
    std::size_t inputLeft = text.size();
    bool good = true;
    while (good && inputLeft > 0) {
        char *output = block.data();
        std::size_t outputLeft = block.size();
        good = ::iconv(converter, &input, &inputLeft, &output, &outputLeft) != std::size_t(-1) || errno == E2BIG;
        result.append(block.data(), block.size() - outputLeft);
    }
    ::iconv_close(converter);
    return good ? std::optional(std::move(result)) : std::nullopt;
}

bool isUtf8(std::string_view text)
{
    return converted(text, "UTF-8", "UTF-8").has_value();
}

/// Without a mark: Latin letters in UTF-16 have a zero beside each.
const char *utf16WithoutMark(std::string_view bytes)
{
    const auto sample = bytes.substr(0, 512);
    std::array<std::size_t, 2> zeros = {};
    for (std::size_t i = 0; i < sample.size(); ++i)
        zeros[i % 2] += sample[i] == '\0';
    if (sample.size() < 4 || bytes.size() % 2 != 0)
        return nullptr;
    if (zeros[1] * 4 > sample.size() && zeros[0] == 0)
        return "UTF-16LE";
    return zeros[0] * 4 > sample.size() && zeros[1] == 0 ? "UTF-16BE" : nullptr;
}

std::optional<DecodedText> decodedAs(std::string_view bytes, const char *encoding)
{
    auto text = converted(bytes, encoding, "UTF-8");
    if (!text)
        return std::nullopt;
    return DecodedText{std::move(*text), encoding};
}

std::optional<DecodedText> decoded(std::string_view bytes)
{
    constexpr std::string_view mark8 = "\xEF\xBB\xBF", little = "\xFF\xFE", big = "\xFE\xFF";
    if (bytes.starts_with(little))
        return decodedAs(bytes.substr(2), "UTF-16LE");
    if (bytes.starts_with(big))
        return decodedAs(bytes.substr(2), "UTF-16BE");
    if (const char *encoding = utf16WithoutMark(bytes))
        return decodedAs(bytes, encoding);
    if (bytes.starts_with(mark8))
        bytes.remove_prefix(mark8.size());
    if (isUtf8(bytes))
        return DecodedText{std::string(bytes), "UTF-8"};
    auto text = decodedAs(bytes, "WINDOWS-1252");
    return text ? std::move(text) : decodedAs(bytes, "ISO-8859-1");
}

} // namespace

Result<DecodedText> decodeText(std::string_view bytes, const std::filesystem::path &file)
{
    auto text = decoded(bytes);
    if (!text || text->utf8.find('\0') != std::string::npos)
        return fail(ErrorCode::BadFormat, pathText(file) + " is no text: save it as CSV or JSON in UTF-8.", file);
    return std::move(*text);
}

std::string encoded(std::string_view utf8, const std::string &encoding)
{
    return converted(utf8, "UTF-8", encoding.c_str()).value_or("");
}

} // namespace whisker
