#pragma once

#include "engine/data/internal/import_list.h"
#include "engine/data/internal/scan.h"

#include <functional>
#include <map>
#include <unordered_map>

namespace whisker {

/// Turns lists into the files that they name: relative paths from the list's folder, each file once. What contradicts itself or isn't there goes to the
/// skipped files with the line that says so.
class ListScanner {
public:
    /// `classIndex` gives the number of a class name.
    ListScanner(ScanResult &result, std::function<int(const std::string &)> classIndex, std::stop_token stop);

    void read(const std::filesystem::path &list);
    /// Gives the files to the result, in the order of the lists. Once, after the last read().
    void finish();

private:
    struct Named {
        FoundFile file;
        std::string label;                 // as it was first written
        std::string place;                 // "line 7 of labels.csv"
        std::optional<std::string> conflict{}; // a sentence
    };
    struct Doubts;

    void addRow(const ImportList &list, const std::filesystem::path &path, const ListRow &row, Doubts &doubts);
    static std::string groupOf(const ListRow &row, Doubts &doubts);
    void join(Named &known, const Named &again);
    std::string className(const std::string &label);

    ScanResult &m_result;
    std::function<int(const std::string &)> m_classIndex;
    std::stop_token m_stop;
    std::vector<Named> m_named;
    std::unordered_map<std::string, std::size_t> m_byPath; // into m_named
    std::map<std::string, std::string> m_classNames;       // first spelling by lower case
    std::map<std::string, std::shared_ptr<const std::filesystem::path>> m_folders;
};

} // namespace whisker
