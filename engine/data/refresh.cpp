#include "engine/data/refresh.h"

#include "engine/base/stopwatch.h"
#include "engine/base/thread_pool.h"
#include "engine/data/internal/change.h"
#include "engine/data/internal/picture_facts.h"
#include "engine/data/project.h"

#include <algorithm>

namespace whisker {

namespace {

constexpr std::size_t kBatch = 2048; ///< Files between two looks at the stop token, and in one transaction.

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
    return finding.file.cantRead ? Finding() : std::move(finding);
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
        const Stopwatch watch;
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
        m_report.elapsed = watch.elapsed();
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
            PictureFacts facts(store, writer.touched());
            for (std::size_t i = 0; i < images.size(); ++i) {
                if (isNews(findings[i]) && facts.isStill(images[i]))
                    writeOne(facts, images[i], findings[i]);
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

    void writeOne(PictureFacts &facts, const ImageRecord &image, const Finding &finding)
    {
        if (finding.kind == Finding::Kind::Gone) {
            ++m_report.missing;
            facts.setState(image.id, ImageState::Missing, "The file isn't there any more.");
            return;
        }
        m_report.back += image.state == ImageState::Missing;
        m_report.changed += !finding.file.problem.empty() || finding.file.hash != image.hash;
        facts.setExamined(image.id, finding.file);
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
