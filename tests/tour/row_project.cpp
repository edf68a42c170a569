#include "tests/tour/row_project.h"

#include "engine/data/project.h"

#include <cstdio>
#include <cstdlib>
#include <sqlite3.h>
#include <string>

namespace whisker::test {

void makeRowProject(const std::filesystem::path &folder, int rows)
{
    {
        auto project = Project::create(folder);
        if (!project || !project->addClass("cat") || !project->addClass("dog"))
            std::exit(EXIT_FAILURE);
    }
    sqlite3 *database = nullptr;
    sqlite3_open((folder / Project::kFileName).c_str(), &database);
    const std::string sql = "BEGIN; INSERT INTO folder(absolute, relative) VALUES('/no/such/folder', '');"
                            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(rows) + ") "
                            "INSERT INTO image(folder, name, hash, bytes, modified, width, height, label, split) "
                            "SELECT 1, printf('picture-%d.jpg', (i * 7919) % 1000003), randomblob(16), 40000 + i % 977, i % 7877, 500, 375, 1 + i % 2, i % 3 FROM n; COMMIT;";
    if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        std::fprintf(stderr, "%s\n", sqlite3_errmsg(database));
        std::exit(EXIT_FAILURE);
    }
    sqlite3_close(database);
}

} // namespace whisker::test
