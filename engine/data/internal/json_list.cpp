#include "engine/base/path_text.h"
#include "engine/data/internal/import_list.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

namespace whisker {

namespace {

using Json = nlohmann::json;

/// A text, number or truth value as text; empty for null; nothing for what holds others.
std::optional<std::string> textOf(const Json &value)
{
    if (value.is_null())
        return std::string();
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_structured())
        return std::nullopt;
    return value.dump();
}

/// Takes over what an object says by its keys.
void readObject(const Json &object, ListRow &row, std::string &doubt)
{
    for (const auto &[key, value] : object.items()) {
        const ListColumn column = listColumn(key);
        if (column == ListColumn::None)
            continue;
        auto text = textOf(value);
        if (!text) {
            doubt = "its " + key + " is no text; it was left out";
            return;
        }
        switch (column) {
        case ListColumn::File: row.file = std::move(*text); break;
        case ListColumn::Label: row.label = std::move(*text); break;
        case ListColumn::Split: row.split = std::move(*text); break;
        case ListColumn::Group: row.group = std::move(*text); break;
        case ListColumn::Excluded: row.excluded = meansYes(*text); break;
        case ListColumn::Unsure: row.unsure = meansYes(*text); break;
        case ListColumn::SplitFixed: row.splitFixed = meansYes(*text); break;
        case ListColumn::None: break;
        }
    }
}

/// Adds one entry; `file` is the key it stood under, empty in an array or line.
void addEntry(ImportList &list, std::size_t number, std::string file, const Json &value)
{
    ListRow row;
    row.number = number;
    std::string doubt;
    if (value.is_object()) {
        readObject(value, row, doubt);
    } else if (!file.empty() && !value.is_array()) {
        row.label = textOf(value).value_or("");
    } else {
        doubt = file.empty() ? "it is no object with a file and a label; it was left out" : "its label is no text; it was left out";
    }
    if (!file.empty())
        row.file = std::move(file);
    if (doubt.empty() && row.file.find_first_not_of(" \t") == std::string::npos)
        doubt = "no file is named; it was left out";
    if (doubt.empty())
        list.rows.push_back(std::move(row));
    else
        list.doubts.push_back({number, std::move(doubt)});
}

/// Entries are taken while the text is read: of equal keys in one object a finished JSON value would have the last alone.
class Collector {
public:
    explicit Collector(ImportList &list) : m_list(list) {}

    bool operator()(int depth, Json::parse_event_t event, Json &parsed)
    {
        using Event = Json::parse_event_t;
        if (depth == 0 && event == Event::object_start)
            m_inObject = true;
        if (depth != 1)
            return true;
        if (event == Event::key) {
            m_key = parsed.get<std::string>();
        } else if (event == Event::value || event == Event::object_end || event == Event::array_end) {
            addEntry(m_list, ++m_number, m_inObject ? m_key : std::string(), parsed);
        }
        return true;
    }

    bool inObject() const { return m_inObject; }

private:
    ImportList &m_list;
    std::string m_key;
    std::size_t m_number = 0;
    bool m_inObject = false;
};

/// {"file": "a.jpg", "label": "cat"}: one entry, though its shape is that of an object of file and label.
bool isOneEntry(const Json &value)
{
    return value.is_object() && std::ranges::any_of(value.items(), [](const auto &item) { return listColumn(item.key()) == ListColumn::File; });
}

ImportList readLines(std::string_view text)
{
    ImportList list;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        const auto value = Json::parse(line, nullptr, false);
        if (value.is_discarded())
            list.doubts.push_back({number, "it isn't valid JSON; it was left out"});
        else if (value.is_object() && !isOneEntry(value) && value.size() == 1)
            addEntry(list, number, value.begin().key(), value.front());
        else
            addEntry(list, number, {}, value);
    }
    return list;
}

/// More than one line, and the first is an object of its own.
bool areLines(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos)
        return false;
    const auto end = text.find('\n', begin);
    return text[begin] == '{' && end != std::string_view::npos && text.find_first_not_of(" \t\r\n", end) != std::string_view::npos &&
           Json::accept(text.substr(begin, end - begin));
}

} // namespace

Result<ImportList> readJsonList(const std::string &text, const std::filesystem::path &file)
{
    if (areLines(text))
        return readLines(text);
    ImportList list;
    list.unit = "entry";
    Collector collector(list);
    try {
        const auto value = Json::parse(text, [&](int depth, Json::parse_event_t event, Json &parsed) { return collector(depth, event, parsed); });
        if (isOneEntry(value)) {
            list = {};
            list.unit = "entry";
            addEntry(list, 1, {}, value);
        }
        if (!value.is_structured())
            return fail(ErrorCode::BadFormat, pathText(file) + " is no list: it is to be an array of objects, or an object of file and label.", file);
    } catch (const Json::parse_error &error) {
        const auto place = text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, text.size()));
        return fail(ErrorCode::BadFormat,
                    pathText(file) + " isn't valid JSON: look at line " + std::to_string(1 + std::count(text.begin(), place, '\n')) + ".", file);
    } catch (const Json::out_of_range &) {
        return fail(ErrorCode::BadFormat, pathText(file) + " has a number in it that is too large: write it in quotation marks, or take it out.", file);
    }
    return list;
}

} // namespace whisker
