#include "engine/train/run_notes.h"

#include "engine/base/atomic_file.h"
#include "engine/base/path_text.h"
#include "engine/train/run_folder.h"

#include <fmt/format.h>
#include <fstream>

namespace whisker {

namespace {

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kBlank = " \t\r\n\v\f";
    const std::size_t begin = text.find_first_not_of(kBlank);
    return begin == std::string_view::npos ? std::string_view() : text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

/// `text` without the beginning of a character that was cut off at its end.
std::string_view withoutTornEnd(std::string_view text)
{
    const auto isContinuation = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; };
    std::size_t lead = text.size();
    for (int back = 0; back < 4 && lead > 0; ++back) {
        if (!isContinuation(text[--lead]))
            break;
    }
    return text.substr(0, lead);
}

} // namespace

std::string readRunNote(const std::filesystem::path &runFolder)
{
    std::error_code ignored; // what can't be looked at can't be read
    const std::filesystem::path file = runFolder / kNoteFile;
    if (!std::filesystem::is_regular_file(file, ignored))
        return {};
    std::ifstream stream(file, std::ios::binary);
    std::string bytes(kMostNoteBytes + 1, '\0');
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    const std::string_view kept = bytes.size() > kMostNoteBytes ? withoutTornEnd(std::string_view(bytes).substr(0, kMostNoteBytes)) : bytes;
    return std::string(trimmed(validUtf8(kept)));
}

Result<void> writeRunNote(const std::filesystem::path &runFolder, std::string_view note)
{
    std::error_code error;
    if (!std::filesystem::exists(runFolder / kReceiptFile, error))
        return fail(ErrorCode::InvalidArgument, pathText(runFolder) + " is not the folder of a run: the note was not kept.", runFolder);
    const std::string text = validUtf8(trimmed(note));
    const std::filesystem::path file = runFolder / kNoteFile;
    if (text.size() > kMostNoteBytes)
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("The note for {} has {} bytes, but at most {} are kept: make it shorter.", pathText(runFolder), text.size(), kMostNoteBytes), file);
    if (!text.empty())
        return writeFileAtomically(file, text);
    std::filesystem::remove(file, error);
    if (error)
        return std::unexpected(systemError(error.value(), "can't be deleted", file));
    return {};
}

} // namespace whisker
