#include "engine/data/import.h"

#include "engine/base/path_text.h"
#include "engine/base/sentence.h"
#include "engine/base/stopwatch.h"
#include "engine/base/thread_pool.h"
#include "engine/data/internal/import_writer.h"
#include "engine/data/internal/lost_folders.h"
#include "engine/data/project.h"

#include <algorithm>

namespace whisker {

namespace {

constexpr std::size_t kFirstBatch = 32; // the first pictures show at once
constexpr std::size_t kLargestBatch = 1024;
constexpr auto kBatchTime = std::chrono::milliseconds(100); // a window that changes ten times a second looks alive

/// Reads and writes the files of one scan in batches whose size follows the speed of the disk.
class ImportRun {
public:
    ImportRun(Project &project, const ScanResult &scan, const ImportOptions &options, const ImportSink &onProgress,
              std::stop_token stop, Stopwatch watch)
        : m_writer(project, scan, options), m_scan(scan), m_threads(options.threads ? options.threads : usableProcessors()),
          m_onProgress(onProgress), m_stop(std::move(stop)), m_watch(watch)
    {
        m_writer.report().skipped = scan.skipped;
    }

    Result<ImportReport> run()
    {
        std::size_t batch = kFirstBatch;
        while (m_done < m_scan.files.size() && !m_stop.stop_requested() && !m_writer.wasUndone()) {
            const Stopwatch batchWatch;
            const auto files = std::span(m_scan.files).subspan(m_done, std::min(batch, m_scan.files.size() - m_done));
            if (auto written = oneBatch(files); !written)
                return std::unexpected(written.error());
            const auto took = batchWatch.elapsed();
            if (took * 2 < kBatchTime)
                batch = std::min(2 * batch, kLargestBatch);
            else if (took > kBatchTime && batch > kFirstBatch / 4)
                batch /= 2;
        }
        for (auto &lost : m_lost.skipped())
            m_writer.report().skipped.push_back(std::move(lost));
        if (auto finished = m_writer.finish(); !finished)
            return std::unexpected(finished.error());
        if (auto told = tell(); !told)
            return std::unexpected(told.error());
        ImportReport report = std::move(m_writer.report());
        report.cancelled = m_stop.stop_requested() || m_writer.wasUndone();
        report.elapsed = m_watch.elapsed();
        return report;
    }

private:
    Result<void> oneBatch(std::span<const FoundFile> files)
    {
        const auto unchanged = m_writer.unchanged(files);
        if (!unchanged)
            return std::unexpected(unchanged.error());
        std::vector<ExaminedFile> examined(files.size());
        const auto examine = [&](std::size_t i) {
            if (!(*unchanged)[i] && !m_lost.holds(files[i]))
                examined[i] = examineFile(files[i].path());
        };
        parallelFor(files.size(), m_threads, examine, m_stop);
        for (std::size_t i = 0; i < files.size(); ++i)
            m_lost.look(files[i], examined[i]);
        if (auto written = m_writer.write(files, examined, *unchanged); !written)
            return written;
        m_done += files.size();
        return tell();
    }

    Result<void> tell()
    {
        auto change = m_writer.takeChange();
        if (!change)
            return std::unexpected(change.error());
        if (m_onProgress)
            m_onProgress({m_done, m_scan.files.size(), m_watch.elapsed(), std::move(*change)});
        return {};
    }

    ImportWriter m_writer;
    LostFolders m_lost;
    const ScanResult &m_scan;
    const std::size_t m_threads;
    const ImportSink &m_onProgress;
    const std::stop_token m_stop;
    const Stopwatch m_watch;
    std::size_t m_done = 0;
};

std::unexpected<Error> noPicture(std::span<const std::filesystem::path> paths, const ImportReport &report)
{
    const std::filesystem::path first = paths.empty() ? std::filesystem::path() : cleanPath(paths.front());
    const auto why = std::ranges::find(report.skipped, first, &SkippedFile::file);
    if (why != report.skipped.end() && (paths.size() == 1 || report.skipped.size() == 1))
        return fail(ErrorCode::InvalidArgument, pathText(first) + " can't be imported: " + asClause(why->reason), first);
    return fail(ErrorCode::InvalidArgument, pathText(first) + " holds no pictures: choose a folder with JPEG, PNG, BMP, WebP, TIFF, GIF or PNM files.", first);
}

} // namespace

std::optional<std::chrono::milliseconds> ImportProgress::left() const
{
    return timeLeft(done, found, elapsed);
}

Result<ImportReport> importFolders(Project &project, std::span<const std::filesystem::path> paths, const ImportOptions &options,
                                   const ImportSink &onProgress, std::stop_token stop)
{
    const Stopwatch watch;
    if (project.isReadOnly())
        return fail(ErrorCode::PermissionDenied, pathText(project.file()) + " is read-only: copy it to a folder of yours to import into it.",
                    project.file());
    ScanResult scan = scanPaths(paths, stop, options.meaning);
    if (options.wanted) {
        std::erase_if(scan.files, [&](const FoundFile &file) { return !options.wanted(file.path()); });
        scan.skipped.clear(); // of the whole folder, and nobody has asked for it
    }
    auto report = ImportRun(project, scan, options, onProgress, stop, watch).run();
    if (report && !report->cancelled && !options.wanted && report->added + report->known + report->updated == 0)
        return noPicture(paths, *report);
    return report;
}

} // namespace whisker
