#include "engine/base/thread_pool.h"
#include "engine/data/import.h"
#include "engine/data/project.h"
#include "engine/data/refresh.h"
#include "engine/image/thumbnail.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sqlite3.h>
#include <string_view>
#include <unistd.h>
#include <utility>

/// How long a project of many rows takes to open, to relabel and to divide anew. Usage: project_bench [ROWS]. The rows have no files.
/// Or how long an import takes to show its first thumbnails and to list all. Usage: project_bench import FOLDER.

using namespace whisker;
using Clock = std::chrono::steady_clock;

namespace {

void fill(const std::filesystem::path &file, const std::string &rows)
{
    sqlite3 *database = nullptr;
    sqlite3_open(file.c_str(), &database);
    const std::string sql = "BEGIN; INSERT INTO folder(absolute, relative) VALUES('/no/such/folder', '');"
                            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + rows + ") "
                            "INSERT INTO image(folder, name, hash, bytes, modified, width, height, label, split) "
                            "SELECT 1, printf('picture-%07d.jpg', i), randomblob(16), 40000, i, 500, 375, 1 + i % 2, i % 3 FROM n; COMMIT;";
    if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        std::fprintf(stderr, "%s\n", sqlite3_errmsg(database));
    sqlite3_close(database);
}

/// Runs `work` and prints its time; ends the program with the sentence where it fails.
template <class Work> auto timed(const char *what, Work &&work)
{
    const auto begin = Clock::now();
    auto result = work();
    const std::chrono::duration<double> took = Clock::now() - begin;
    if (!result) {
        std::fprintf(stderr, "%s: %s\n", what, result.error().message.c_str());
        std::exit(1);
    }
    std::printf("%-30s %7.3f s\n", what, took.count());
    return std::move(*result);
}

void measure(const std::filesystem::path &folder, const std::string &rows)
{
    {
        auto project = Project::create(folder);
        if (!project || !project->addClass("cat") || !project->addClass("dog"))
            std::exit(1);
    }
    fill(folder / Project::kFileName, rows);
    auto project = timed("open", [&] { return Project::open(folder); });
    const auto state = timed("read all rows", [&] { return project.state(); });
    std::vector<ImageId> ids;
    for (const auto &image : state.images) {
        if (ids.size() < 10000)
            ids.push_back(image.id);
    }
    timed("label every second of 10,000", [&] { return project.setLabel(ids, state.classes[0].id); });
    timed("relabel 10,000, all another", [&] { return project.setLabel(ids, state.classes[1].id); });
    timed("undo that", [&] { return project.undo(); });
    timed("redo that", [&] { return project.redo(); });
    timed("divide all anew", [&] { return project.assignSplits({}, 1); });
    timed("undo that", [&] { return project.undo(); });
    timed("look at all files (missing)", [&] { return refreshFiles(project, {}, {}, {}); });
}

/// Thumbnails as the grid of a window makes them, of what came in first.
void makeThumbnails(const ProjectChange &change)
{
    parallelFor(change.images.size(), usableProcessors(), [&](std::size_t i) { (void)thumbnail(change.images[i].file(), 256, {}); }, {});
}

void measureImport(const std::filesystem::path &folder, const std::filesystem::path &pictures)
{
    auto project = Project::create(folder);
    if (!project)
        std::exit(1);
    const auto begin = Clock::now();
    bool isFirst = true;
    const auto sink = [&](const ImportProgress &progress) {
        if (progress.change.images.empty() || !std::exchange(isFirst, false))
            return;
        makeThumbnails(progress.change);
        const std::chrono::duration<double> took = Clock::now() - begin;
        std::printf("first %zu of %zu with thumbnails %8.3f s\n", progress.change.images.size(), progress.found, took.count());
    };
    const auto report = timed("all listed, with hashes", [&] { return importFolders(*project, std::array{pictures}, {}, sink, {}); });
    std::printf("%zu pictures, %zu skipped\n", report.added, report.skipped.size());
}

} // namespace

int main(int count, char **arguments)
{
    std::string folder = (std::filesystem::temp_directory_path() / "whisker-bench-XXXXXX").native();
    if (!::mkdtemp(folder.data()))
        return 1;
    if (count == 3 && std::string_view(arguments[1]) == "import")
        measureImport(folder, arguments[2]);
    else
        measure(folder, count > 1 ? arguments[1] : "25000");
    std::filesystem::remove_all(folder);
    return 0;
}
