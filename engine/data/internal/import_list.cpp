#include "engine/data/internal/import_list.h"

#include "engine/base/atomic_file.h"
#include "engine/base/path_text.h"
#include "engine/base/unicode.h"
#include "engine/data/internal/csv.h"
#include "engine/data/internal/text_decoding.h"

#include <algorithm>
#include <array>
#include <utility>

namespace whisker {

namespace {

constexpr std::size_t kLargestListBytes = std::size_t(1) << 28; // some million rows

std::string_view trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t");
    return begin == std::string_view::npos ? std::string_view() : text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

/// The column of each meaning; npos: there is none.
class Columns {
public:
    static constexpr std::size_t none = std::string::npos;

    /// What the first record says, if it is a header: it names a column of files.
    static std::optional<Columns> fromHeader(const CsvRecord &record)
    {
        Columns columns;
        for (std::size_t i = 0; i < record.fields.size(); ++i) {
            auto &place = columns.m_places[static_cast<std::size_t>(listColumn(record.fields[i]))];
            if (place == none) // of "file" and "path" the first
                place = i;
        }
        return columns.place(ListColumn::File) == none ? std::nullopt : std::optional(columns);
    }

    static Columns usual()
    {
        Columns columns;
        columns.m_places[static_cast<std::size_t>(ListColumn::File)] = 0;
        columns.m_places[static_cast<std::size_t>(ListColumn::Label)] = 1;
        columns.m_places[static_cast<std::size_t>(ListColumn::Split)] = 2;
        return columns;
    }

    bool has(ListColumn column) const { return place(column) != none; }
    std::string take(CsvRecord &record, ListColumn column) const
    {
        const std::size_t i = place(column);
        return i < record.fields.size() ? std::move(record.fields[i]) : std::string();
    }

private:
    Columns() { m_places.fill(none); }
    std::size_t place(ListColumn column) const { return m_places[static_cast<std::size_t>(column)]; }

    std::array<std::size_t, 8> m_places;
};

/// Spreadsheets write "sep=;" into the first line to tell each other the separator.
std::optional<char> statedSeparator(std::string_view &text)
{
    if (text.size() < 6 || nameKey(text.substr(0, 4)) != "sep=" || (text[5] != '\n' && text[5] != '\r'))
        return std::nullopt;
    const char separator = text[4];
    text.remove_prefix(5); // the end of the line stays, so that lines are counted right
    return separator;
}

void addRow(ImportList &list, CsvRecord &record, const Columns &columns)
{
    if (!record.doubt.empty())
        list.doubts.push_back({record.line, record.doubt + (record.fields.empty() ? "; it was left out" : "; it was read as it stands")});
    if (record.fields.empty() || std::ranges::all_of(record.fields, [](const auto &field) { return trimmed(field).empty(); }))
        return;
    ListRow row;
    row.number = record.line;
    row.file = columns.take(record, ListColumn::File);
    row.label = trimmed(columns.take(record, ListColumn::Label));
    row.split = trimmed(columns.take(record, ListColumn::Split));
    row.group = columns.take(record, ListColumn::Group);
    row.excluded = meansYes(columns.take(record, ListColumn::Excluded));
    row.unsure = meansYes(columns.take(record, ListColumn::Unsure));
    if (columns.has(ListColumn::SplitFixed))
        row.splitFixed = meansYes(columns.take(record, ListColumn::SplitFixed));
    if (trimmed(row.file).empty())
        list.doubts.push_back({record.line, "no file is named; it was left out"});
    else if (row.label.find_first_of("\r\n") != std::string::npos)
        list.doubts.push_back({record.line, "its label runs over several lines, so a quotation mark may be missing; it was left out"});
    else
        list.rows.push_back(std::move(row));
}

ImportList readCsvList(std::string_view text)
{
    const auto stated = statedSeparator(text);
    const char separator = stated ? *stated : findSeparator(text);
    CsvReader reader(text, separator);
    ImportList list;
    auto record = reader.next();
    const auto header = record ? Columns::fromHeader(*record) : std::nullopt;
    if (header)
        record = reader.next();
    const Columns columns = header.value_or(Columns::usual());
    for (; record; record = reader.next())
        addRow(list, *record, columns);
    return list;
}

bool isJsonName(const std::filesystem::path &file)
{
    const std::string ending = nameKey(file.extension().native());
    return ending == ".json" || ending == ".jsonl" || ending == ".ndjson";
}

} // namespace

bool isListName(const std::filesystem::path &file)
{
    const std::string ending = nameKey(file.extension().native());
    return ending == ".csv" || ending == ".tsv" || ending == ".txt" || isJsonName(file);
}

ListColumn listColumn(std::string_view name)
{
    using enum ListColumn;
    constexpr std::array<std::pair<std::string_view, ListColumn>, 29> names = {{
        {"file", File}, {"path", File}, {"filename", File}, {"file_name", File}, {"file name", File}, {"filepath", File}, {"file_path", File},
        {"image", File}, {"image_path", File}, {"image_file", File}, {"picture", File}, {"photo", File},
        {"label", Label}, {"class", Label}, {"category", Label}, {"class_name", Label}, {"classname", Label}, {"label_name", Label},
        {"species", Label}, {"tag", Label},
        {"split", Split}, {"subset", Split}, {"set", Split}, {"partition", Split},
        {"excluded", Excluded}, {"unsure", Unsure}, {"group", Group}, {"not sure", Unsure}, {"split_fixed", SplitFixed},
    }};
    const std::string lower = nameKey(trimmed(name));
    const auto *const found = std::ranges::find(names, std::string_view(lower), &std::pair<std::string_view, ListColumn>::first);
    return found == names.end() ? None : found->second;
}

bool meansYes(std::string_view text)
{
    const std::string lower = nameKey(trimmed(text));
    return lower == "yes" || lower == "true" || lower == "1" || lower == "x" || lower == "y";
}

Result<ImportList> readImportList(const std::filesystem::path &file)
{
    const auto bytes = readFile(file, kLargestListBytes);
    if (!bytes)
        return std::unexpected(bytes.error());
    auto text = decodeText({reinterpret_cast<const char *>(bytes->data()), bytes->size()}, file);
    if (!text)
        return std::unexpected(text.error());
    auto list = isJsonName(file) ? readJsonList(text->utf8, file) : Result<ImportList>(readCsvList(text->utf8));
    if (!list)
        return list;
    list->encoding = std::move(text->encoding);
    if (list->rows.empty() && list->doubts.empty())
        return fail(ErrorCode::BadFormat, pathText(file) + " names no picture: it is to have a line for each, with file and label.", file);
    return list;
}

} // namespace whisker
