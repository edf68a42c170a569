#pragma once

#include <string>
#include <string_view>

/// Text as people read it. Each takes UTF-8, in which bytes that are none count as U+FFFD.
namespace whisker {

std::u32string codePoints(std::string_view text);
std::string utf8(std::u32string_view points);

/// Letters and their accents in one code point each where there is one (Unicode's form NFC): the same looks, the same bytes.
std::string composed(std::string_view text);

/// Two names that differ only in case, or in how accents are written, have the same key (caseless matching, Unicode 15, D145).
std::string nameKey(std::string_view name);

} // namespace whisker
