#include "tests/support/project_file.h"

#include <sqlite3.h>

namespace whisker::test {

std::string integrityOf(const std::filesystem::path &file)
{
    sqlite3 *database = nullptr;
    std::string answer = "can't be opened";
    if (::sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK) {
        const auto row = [](void *text, int, char **values, char **) {
            *static_cast<std::string *>(text) += values[0] ? values[0] : "nothing";
            return 0;
        };
        answer.clear();
        ::sqlite3_exec(database, "PRAGMA integrity_check; PRAGMA foreign_key_check", row, &answer, nullptr);
    }
    ::sqlite3_close(database);
    return answer;
}

} // namespace whisker::test
