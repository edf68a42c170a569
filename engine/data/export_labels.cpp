#include "engine/data/export.h"

#include "engine/base/atomic_file.h"
#include "engine/base/csv_field.h"
#include "engine/base/path_text.h"
#include "engine/data/internal/scan.h"
#include "engine/data/project.h"

#include <array>
#include <unordered_map>

namespace whisker {

namespace {

/// RFC 8089, with all but letters, digits and a few marks as %XX (RFC 3986).
std::string fileUri(const std::string &path)
{
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-~";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string uri = "file://";
    for (const char letter : path) {
        const auto byte = static_cast<unsigned char>(letter);
        if (plain.find(letter) != std::string_view::npos)
            uri += letter;
        else
            uri.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
    return uri;
}

/// The path as a list in `folder` names it.
std::string nameInList(const std::filesystem::path &file, const std::filesystem::path &folder)
{
    const std::string &path = file.native();
    const std::string start = folder.native() + (folder.has_filename() ? "/" : "");
    std::string name = path.starts_with(start) ? path.substr(start.size()) : path;
    const bool needsUri = validUtf8(name) != name || name.starts_with("file://") || name.starts_with("sep=");
    return needsUri ? fileUri(path) : name;
}

} // namespace

Result<std::size_t> exportLabels(const Project &project, const std::filesystem::path &csv)
{
    const auto state = project.state();
    if (!state)
        return std::unexpected(state.error());
    std::unordered_map<ClassId, std::string> names;
    for (const auto &record : state->classes)
        names[record.id] = csvField(record.name);
    const auto target = cleanPath(csv);
    std::string text = "file,label,split,excluded,unsure,group,split_fixed\r\n";
    const auto yes = [](bool value) { return value ? "yes" : ""; };
    for (const auto &image : state->images) {
        const std::string fields[] = {csvField(nameInList(image.file(), target.parent_path())), image.label ? names[*image.label] : std::string(),
                                      image.split ? splitName(*image.split) : "", yes(image.excluded), yes(image.unsure),
                                      image.group ? csvField(*image.group) : std::string(), yes(image.splitFixed)};
        for (const auto &field : fields)
            text.append(&field == fields ? "" : ",").append(field);
        text.append("\r\n");
    }
    if (auto written = writeFileAtomically(target, text); !written)
        return std::unexpected(written.error());
    return state->images.size();
}

} // namespace whisker
