#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace whisker {

struct CsvRecord {
    std::size_t line = 1; ///< Where it begins, counted from 1.
    std::vector<std::string> fields{};
    /// A phrase where the quotation marks are doubtful. With fields: they are the best that could be made of it; without: nothing could.
    std::string doubt{};
};

/// Reads CSV by RFC 4180, any of LF, CRLF and CR at the end of a line, empty lines left out. A quotation mark that opens a field and is not closed where
/// a field can end costs its own line alone: reading goes on with the next.
class CsvReader {
public:
    CsvReader(std::string_view text, char separator) : m_text(text), m_separator(separator) {}
    std::optional<CsvRecord> next();

private:
    CsvRecord read();
    bool quotedField(CsvRecord &record);
    void plainField(CsvRecord &record);
    bool atLineEnd() const { return m_place >= m_text.size() || m_text[m_place] == '\n' || m_text[m_place] == '\r'; }
    void passLineEnd();
    void passLine();

    std::string_view m_text;
    char m_separator;
    std::size_t m_place = 0;
    std::size_t m_line = 1;
};

/// The one of ',', ';' and tab that divides the first lines most alike; ',' where none does.
char findSeparator(std::string_view text);

} // namespace whisker
