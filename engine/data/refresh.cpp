#include "engine/data/refresh.h"

#include "engine/base/thread_pool.h"
#include "engine/data/internal/change.h"
#include "engine/data/internal/examine.h"
#include "engine/data/project.h"

#include <algorithm>

namespace whisker {

namespace {

constexpr std::size_t kBatch = 2048; ///< Files between two looks at the stop token, and in one transaction.

using Clock = std::chrono::steady_clock;

/// What has become of one file.
struct Finding {
    enum class Kind { Same, Gone, Examined } kind = Kind::Same;
    ExaminedFile file{};
};

Finding look(const ImageRecord &image)
{
    const auto path = image.file();
    const auto facts = fileFacts(path);
    if (!facts)
        return {image.state == ImageState::Missing ? Finding::Kind::Same : Finding::Kind::Gone};
    if (image.state != ImageState::Missing && *facts == FileFacts{image.bytes, image.modifiedNs})
        return {};
    Finding finding{Finding::Kind::Examined, examineFile(path)};
    if (!finding.file.problem.empty()) { // so that it is not read each time
        finding.file.bytes = facts->bytes;
        finding.file.modifiedNs = facts->modifiedNs;
    }
    return finding;
}

void writeGone(ProjectStore &store, ImageId image)
{
    SQLite::Statement update(*store.database, "UPDATE image SET state = ?, reason = ? WHERE id = ?");
    update.bind(1, static_cast<int>(ImageState::Missing));
    update.bind(2, std::string("The file isn't there any more."));
    update.bind(3, image);
    update.exec();
}

void writeExamined(ProjectStore &store, ImageId image, const ExaminedFile &file)
{
    const bool isBroken = !file.problem.empty();
    SQLite::Statement update(*store.database, isBroken ? "UPDATE image SET bytes = ?, modified = ?, state = ?, reason = ? WHERE id = ?"
                                                       : "UPDATE image SET bytes = ?, modified = ?, state = ?, reason = ?, hash = ?6, width = ?7, "
                                                         "height = ?8 WHERE id = ?5");
    update.bind(1, file.bytes);
    update.bind(2, file.modifiedNs);
    update.bind(3, static_cast<int>(isBroken ? ImageState::Unreadable : file.state));
    if (isBroken || file.state != ImageState::Ok)
        update.bind(4, isBroken ? file.problem : file.note);
    update.bind(5, image);
    const std::string hash = hashToBlob(file.hash);
    if (!isBroken) {
        update.bind(6, hash.data(), static_cast<int>(hash.size()));
        update.bind(7, file.width);
        update.bind(8, file.height);
    }
    update.exec();
}

/// Whether the row is still as it was when its file was looked at: an import may have found it elsewhere meanwhile.
bool isUnchanged(ProjectStore &store, const ImageRecord &image)
{
    SQLite::Statement query(*store.database, "SELECT name, bytes, modified FROM image WHERE present AND id = ?");
    query.bind(1, image.id);
    return query.executeStep() && query.getColumn(0).getString() == image.name && query.getColumn(1).getInt64() == image.bytes &&
           query.getColumn(2).getInt64() == image.modifiedNs;
}

} // namespace

class FileRefresher {
public:
    FileRefresher(Project &project, const RefreshOptions &options, const RefreshSink &onProgress, std::stop_token stop)
        : m_project(project), m_threads(options.threads ? options.threads : usableProcessors()), m_onProgress(onProgress), m_stop(std::move(stop))
    {
    }

    Result<RefreshReport> run()
    {
        const auto begin = Clock::now();
        const auto state = m_project.state();
        if (!state)
            return std::unexpected(state.error());
        const std::span all(state->images);
        for (std::size_t done = 0; done < all.size() && !m_stop.stop_requested(); done += kBatch) {
            const auto images = all.subspan(done, std::min(kBatch, all.size() - done));
            std::vector<Finding> findings(images.size());
            parallelFor(images.size(), m_threads, [&](std::size_t i) { findings[i] = look(images[i]); }, m_stop);
            if (auto written = write(images, findings, {done + images.size(), all.size()}); !written)
                return std::unexpected(written.error());
        }
        m_report.cancelled = m_stop.stop_requested();
        m_report.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
        return m_report;
    }

private:
    Result<void> write(std::span<const ImageRecord> images, std::span<const Finding> findings, RefreshProgress progress)
    {
        const auto isNews = [](const Finding &finding) { return finding.kind != Finding::Kind::Same; };
        if (std::ranges::none_of(findings, isNews))
            return {};
        ProjectStore &store = *m_project.m_store;
        auto change = changed<FieldWriter>(store, [&](FieldWriter &writer) -> Result<std::string> {
            for (std::size_t i = 0; i < images.size(); ++i) {
                if (isNews(findings[i]) && isUnchanged(store, images[i]))
                    writeOne(store, writer, images[i], findings[i]);
            }
            return std::string();
        });
        if (!change)
            return std::unexpected(change.error());
        progress.change = std::move(*change);
        if (m_onProgress)
            m_onProgress(progress);
        return {};
    }

    void writeOne(ProjectStore &store, FieldWriter &writer, const ImageRecord &image, const Finding &finding)
    {
        writer.touched().images.insert(image.id);
        if (finding.kind == Finding::Kind::Gone) {
            ++m_report.missing;
            writeGone(store, image.id);
            return;
        }
        m_report.back += image.state == ImageState::Missing;
        m_report.changed += !finding.file.problem.empty() || finding.file.hash != image.hash;
        writeExamined(store, image.id, finding.file);
    }

    Project &m_project;
    const std::size_t m_threads;
    const RefreshSink &m_onProgress;
    const std::stop_token m_stop;
    RefreshReport m_report;
};

Result<RefreshReport> refreshFiles(Project &project, const RefreshOptions &options, const RefreshSink &onProgress, std::stop_token stop)
{
    return FileRefresher(project, options, onProgress, std::move(stop)).run();
}

} // namespace whisker
