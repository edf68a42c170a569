#include "engine/data/internal/scan_list.h"

#include "engine/base/path_text.h"
#include "engine/base/unicode.h"
#include "engine/data/internal/class_names.h"
#include "engine/data/internal/examine.h"
#include "engine/data/internal/text_decoding.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/stat.h>
#include <system_error>

namespace whisker {

namespace {

constexpr std::string_view kFileUri = "file://";

int hexDigit(char letter)
{
    const auto place = std::string_view("0123456789abcdef").find(letter >= 'A' && letter <= 'F' ? static_cast<char>(letter - 'A' + 'a') : letter);
    return place == std::string_view::npos ? -1 : static_cast<int>(place);
}

/// The path of a file URI (RFC 8089) of this machine.
std::string pathOfUri(std::string_view uri)
{
    uri.remove_prefix(kFileUri.size());
    uri.remove_prefix(std::min(uri.find('/'), uri.size())); // an empty host, or localhost
    std::string path;
    for (std::size_t i = 0; i < uri.size(); ++i) {
        const bool isEscape = uri[i] == '%' && i + 2 < uri.size() && hexDigit(uri[i + 1]) >= 0 && hexDigit(uri[i + 2]) >= 0;
        path += isEscape ? static_cast<char>(hexDigit(uri[i + 1]) * 16 + hexDigit(uri[i + 2])) : uri[i];
        i += isEscape ? 2 : 0;
    }
    return path;
}

bool isWindowsAbsolute(std::string_view text)
{
    const bool hasDrive = text.size() > 2 && std::isalpha(static_cast<unsigned char>(text[0])) && text[1] == ':' && (text[2] == '\\' || text[2] == '/');
    return hasDrive || text.starts_with("\\\\");
}

/// What the text of a row may mean, the likeliest first.
std::vector<std::string> meanings(const std::string &text, const std::string &encoding)
{
    if (text.starts_with(kFileUri))
        return {pathOfUri(text)};
    std::vector<std::string> paths = {text};
    const auto add = [&](std::string path) {
        if (!path.empty() && std::ranges::find(paths, path) == paths.end())
            paths.push_back(std::move(path));
    };
    const auto begin = text.find_first_not_of(" \t");
    add(text.substr(begin, text.find_last_not_of(" \t") + 1 - begin));
    std::string slashes = paths.back();
    std::ranges::replace(slashes, '\\', '/');
    add(slashes);
    if (encoding != "UTF-8" && !encoding.starts_with("UTF-16")) { // the disk may have the same bytes as the list
        for (std::size_t i = 0, count = paths.size(); i < count; ++i)
            add(encoded(paths[i], encoding));
    }
    return paths;
}

/// Empty where `file` is a file, else a sentence without its end: why it isn't.
std::string whyNoFile(const std::filesystem::path &file)
{
    struct stat status {};
    if (file.native().contains('\0')) // the system would read the name up to there
        return "There is no such file";
    if (::stat(file.c_str(), &status) == 0)
        return S_ISREG(status.st_mode) ? "" : S_ISDIR(status.st_mode) ? "It is a folder, not a picture" : "It is neither a file nor a folder";
    if (errno == ENOENT || errno == ENOTDIR)
        return "There is no such file";
    if (errno == EACCES)
        return "Permission denied: change its permissions to use it";
    return "It can't be read: " + std::system_category().message(errno);
}

struct Resolved {
    std::filesystem::path file;
    std::string problem;
};

Resolved resolve(const ListRow &row, const std::string &encoding, const std::filesystem::path &folder)
{
    std::optional<Resolved> first;
    for (const auto &meaning : meanings(row.file, encoding)) {
        Resolved resolved{cleanPath(folder / meaning), {}};
        resolved.problem = whyNoFile(resolved.file);
        if (resolved.problem.empty())
            return resolved;
        if (!first)
            first = std::move(resolved);
    }
    if (isWindowsAbsolute(row.file))
        first->problem = "A path of a Windows computer: write it relative to the list's folder";
    return *first;
}

} // namespace

/// What is doubtful in one list, as one sentence: the list of skipped files has one line for a file.
struct ListScanner::Doubts {
    const char *unit;
    std::vector<ListDoubt> doubts;

    void add(std::size_t number, std::string phrase) { doubts.push_back({number, std::move(phrase)}); }

    std::string sentence()
    {
        constexpr std::size_t shown = 10;
        std::ranges::stable_sort(doubts, {}, &ListDoubt::number);
        std::string text;
        for (std::size_t i = 0; i < std::min(doubts.size(), shown); ++i)
            text += (i == 0 ? "In " : "; in ") + std::string(unit) + " " + std::to_string(doubts[i].number) + " " + doubts[i].phrase;
        if (doubts.size() > shown)
            text += "; and " + std::to_string(doubts.size() - shown) + " more like these";
        return text + ".";
    }
};

ListScanner::ListScanner(ScanResult &result, std::function<int(const std::string &)> classIndex, std::stop_token stop)
    : m_result(result), m_classIndex(std::move(classIndex)), m_stop(std::move(stop))
{
}

void ListScanner::read(const std::filesystem::path &path)
{
    auto list = readImportList(path);
    if (!list) {
        m_result.skipped.push_back({path, sentenceWithoutName(list.error(), path)});
        return;
    }
    Doubts doubts{list->unit, std::move(list->doubts)};
    for (const auto &row : list->rows) {
        if (m_stop.stop_requested())
            return;
        addRow(*list, path, row, doubts);
    }
    if (!doubts.doubts.empty())
        m_result.skipped.push_back({path, doubts.sentence()});
}

void ListScanner::addRow(const ImportList &list, const std::filesystem::path &path, const ListRow &row, Doubts &doubts)
{
    auto [file, problem] = resolve(row, list.encoding, path.parent_path());
    const std::string place = std::string(list.unit) + " " + std::to_string(row.number) + " of " + pathText(path.filename());
    if (!problem.empty()) {
        m_result.skipped.push_back({std::move(file), problem + " (" + place + ")."});
        return;
    }
    if (const auto clean = row.label.empty() ? Result<std::string>() : cleanClassName(row.label); !clean) {
        m_result.skipped.push_back({std::move(file), clean.error().message + " (" + place + ")"});
        return;
    }
    Named named{{}, row.label, place};
    auto &folder = m_folders[file.parent_path().native()];
    if (!folder)
        folder = std::make_shared<const std::filesystem::path>(file.parent_path());
    named.file.folder = folder;
    named.file.name = file.filename().native();
    named.file.split = row.split.empty() ? std::nullopt : splitFromName(row.split);
    named.file.marks = std::make_shared<const ListMarks>(ListMarks{row.excluded, row.unsure, row.splitFixed, groupOf(row, doubts)});
    if (!row.split.empty() && !named.file.split)
        doubts.add(row.number, "“" + row.split + "” is no split (train, validation or test), so the picture gets one by its share");
    const auto [known, isNew] = m_byPath.try_emplace(file.native(), m_named.size());
    if (isNew)
        m_named.push_back(std::move(named));
    else
        join(m_named[known->second], named);
}

/// The group of a row as a project may have it; empty where there is none.
std::string ListScanner::groupOf(const ListRow &row, Doubts &doubts)
{
    if (row.group.find_first_not_of(" \t") == std::string::npos)
        return {};
    const auto clean = cleanGroupName(row.group);
    if (!clean)
        doubts.add(row.number, "its group is too long or runs over several lines, so the picture comes without it");
    return clean.value_or("");
}

/// The same file a second time: what it adds is taken over, one that contradicts makes both useless.
void ListScanner::join(Named &known, const Named &again)
{
    const auto contradiction = [&](const std::string &first, const std::string &second) {
        if (!known.conflict)
            known.conflict = "Left out, for the list contradicts itself: " + known.place + " says " + first + ", " + again.place + " says " + second + ".";
    };
    if (!known.label.empty() && !again.label.empty() && nameKey(known.label) != nameKey(again.label))
        contradiction(known.label, again.label);
    else if (known.file.split && again.file.split && known.file.split != again.file.split)
        contradiction(splitName(*known.file.split), splitName(*again.file.split));
    const ListMarks &first = *known.file.marks, &second = *again.file.marks;
    if (!first.group.empty() && !second.group.empty() && first.group != second.group)
        contradiction("group " + first.group, "group " + second.group);
    known.file.marks = std::make_shared<const ListMarks>(ListMarks{first.excluded || second.excluded, first.unsure || second.unsure,
                                                                   (known.file.split ? first : second).splitFixed,
                                                                   first.group.empty() ? second.group : first.group});
    if (known.label.empty())
        known.label = again.label;
    if (!known.file.split)
        known.file.split = again.file.split;
}

/// Labels that differ only by case are one class: in a list that is a slip, not a second folder.
std::string ListScanner::className(const std::string &label)
{
    return m_classNames.try_emplace(nameKey(label), label).first->second;
}

void ListScanner::finish()
{
    for (auto &named : m_named) {
        if (named.conflict) {
            m_result.skipped.push_back({named.file.path(), std::move(*named.conflict)});
            continue;
        }
        if (!named.label.empty())
            named.file.classIndex = m_classIndex(className(named.label));
        m_result.comesSplit = m_result.comesSplit || (named.file.split && named.file.marks->splitFixed);
        m_result.files.push_back(std::move(named.file));
    }
}

} // namespace whisker
