#pragma once

#include "engine/base/result.h"

#include <span>
#include <string>
#include <string_view>

namespace whisker {

/// A text file as UTF-8.
struct DecodedText {
    std::string utf8;
    std::string encoding; ///< What it was, as iconv() calls it: "UTF-8", "UTF-16LE", "UTF-16BE", "WINDOWS-1252" or "ISO-8859-1".
};

/// Finds out how the bytes of a text file are written: by a byte order mark, by the zeros of UTF-16, as valid UTF-8, else as Windows-1252 (or Latin-1
/// where a byte is none of it). The byte order mark is taken off. Errors: BadFormat (no text: zeros in it).
Result<DecodedText> decodeText(std::string_view bytes, const std::filesystem::path &file);

/// `utf8` in another encoding; empty where that has not all of its letters.
std::string encoded(std::string_view utf8, const std::string &encoding);

} // namespace whisker
