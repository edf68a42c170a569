#include "engine/data/internal/csv.h"

#include <algorithm>

namespace whisker {

std::optional<CsvRecord> CsvReader::next()
{
    while (m_place < m_text.size() && atLineEnd())
        passLineEnd();
    if (m_place >= m_text.size())
        return std::nullopt;
    const std::size_t begin = m_place, line = m_line;
    CsvRecord record = read();
    record.line = line;
    if (record.doubt.empty() || m_line <= line + 1)
        return record;
    // It ran over several lines and ended where no field can: the mark that opened it is alone in its line.
    m_place = begin;
    m_line = line;
    passLine();
    return CsvRecord{line, {}, "a quotation mark opens here and isn't closed"};
}

CsvRecord CsvReader::read()
{
    CsvRecord record;
    while (true) {
        std::size_t start = m_place;
        while (start < m_text.size() && m_text[start] == ' ')
            ++start;
        if (start < m_text.size() && m_text[start] == '"') {
            m_place = start + 1;
            if (!quotedField(record))
                return record;
        } else {
            plainField(record);
        }
        if (atLineEnd()) {
            passLineEnd();
            return record;
        }
        ++m_place; // the separator
    }
}

/// After the opening mark. False at the end of the text, without a closing one.
bool CsvReader::quotedField(CsvRecord &record)
{
    std::string field;
    while (true) {
        const std::size_t stop = m_text.find_first_of("\"\r\n", m_place);
        if (stop == std::string_view::npos) {
            record.doubt = "a quotation mark opens here and isn't closed";
            record.fields.clear();
            m_place = m_text.size();
            ++m_line;
            return false;
        }
        field.append(m_text, m_place, stop - m_place);
        m_place = stop;
        if (m_text[stop] != '"') {
            passLineEnd();
            field.append(m_text, stop, m_place - stop);
        } else if (stop + 1 < m_text.size() && m_text[stop + 1] == '"') {
            field += '"';
            m_place = stop + 2;
        } else {
            ++m_place;
            break;
        }
    }
    while (m_place < m_text.size() && m_text[m_place] == ' ')
        ++m_place;
    if (!atLineEnd() && m_text[m_place] != m_separator) {
        record.doubt = "text stands behind a closing quotation mark";
        record.fields.push_back(std::move(field));
        const std::size_t before = record.fields.size();
        plainField(record);
        record.fields[before - 1] += record.fields.back();
        record.fields.pop_back();
        return true;
    }
    record.fields.push_back(std::move(field));
    return true;
}

void CsvReader::plainField(CsvRecord &record)
{
    const std::size_t begin = m_place;
    while (!atLineEnd() && m_text[m_place] != m_separator) {
        if (m_text[m_place] == '"' && record.doubt.empty())
            record.doubt = "a quotation mark stands inside a field that doesn't begin with one";
        ++m_place;
    }
    record.fields.emplace_back(m_text.substr(begin, m_place - begin));
}

void CsvReader::passLineEnd()
{
    if (m_place >= m_text.size())
        return;
    const bool isPair = m_text[m_place] == '\r' && m_place + 1 < m_text.size() && m_text[m_place + 1] == '\n';
    m_place += isPair ? 2 : 1;
    ++m_line;
}

void CsvReader::passLine()
{
    m_place = std::min(m_text.find_first_of("\r\n", m_place), m_text.size());
    passLineEnd();
}

char findSeparator(std::string_view text)
{
    constexpr std::size_t records = 32;
    char best = ',';
    std::size_t bestScore = 0;
    for (const char separator : {',', ';', '\t'}) {
        CsvReader reader(text, separator);
        const auto first = reader.next();
        if (!first || first->fields.size() < 2)
            continue;
        std::size_t score = 1;
        for (std::size_t i = 1; i < records; ++i) {
            const auto record = reader.next();
            if (!record)
                break;
            score += record->fields.size() == first->fields.size();
        }
        if (score > bestScore) {
            best = separator;
            bestScore = score;
        }
    }
    return best;
}

} // namespace whisker
