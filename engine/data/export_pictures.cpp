#include "engine/data/export.h"

#include "engine/base/path_text.h"
#include "engine/base/stopwatch.h"
#include "engine/data/internal/folder_listing.h"
#include "engine/data/internal/portable_names.h"
#include "engine/data/internal/scan.h"
#include "engine/data/internal/whole_copy.h"
#include "engine/data/project.h"

#include <algorithm>
#include <fcntl.h>
#include <map>
#include <unistd.h>

namespace whisker {

namespace {

/// Where each picture goes.
struct Plan {
    struct Item {
        std::filesystem::path source;
        std::filesystem::path target; ///< From the folder of the export.
    };
    std::vector<Item> items{};
    std::uint64_t bytes = 0;
    ExportReport report{};
};

class Planner {
public:
    Planner(const ProjectState &state, bool splits) : m_state(state), m_splits(splits) {}

    Plan plan()
    {
        NameSet folders;
        for (const auto &record : m_state.classes) {
            const std::string folder = folders.unique(portableName(record.name));
            if (folder != record.name)
                m_plan.report.renamedClasses.emplace_back(record.name, folder);
            m_folders[record.id] = folder;
        }
        for (const auto &image : m_state.images)
            add(image);
        return std::move(m_plan);
    }

private:
    void add(const ImageRecord &image)
    {
        if (image.excluded) {
            ++m_plan.report.excluded;
        } else if (!image.label || (m_splits && !image.split)) {
            ++m_plan.report.unlabelled;
        } else if (image.state == ImageState::Unreadable) {
            m_plan.report.skipped.push_back({image.file(), "It can't be read: " + (image.reason ? *image.reason : "it doesn't decode.")});
        } else {
            auto folder = std::filesystem::path(m_splits ? splitName(*image.split) : "") / m_folders.at(*image.label);
            const std::string name = m_names[folder].unique(portableName(image.name));
            m_plan.items.push_back({image.file(), std::move(folder) / name});
            m_plan.bytes += static_cast<std::uint64_t>(image.bytes);
        }
    }

    const ProjectState &m_state;
    const bool m_splits;
    std::map<ClassId, std::string> m_folders;
    std::map<std::filesystem::path, NameSet> m_names;
    Plan m_plan;
};

Result<void> checkTarget(const std::filesystem::path &folder)
{
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure)
        return std::unexpected(systemError(failure.value(), "can't be made", folder));
    std::vector<SkippedFile> skipped;
    const auto listing = listFolder(folder, skipped);
    if (!listing)
        return fail(ErrorCode::PermissionDenied, pathText(folder) + " can't be read: choose another folder.", folder);
    if (!listing->files.empty() || !listing->folders.empty() || !skipped.empty())
        return fail(ErrorCode::InvalidArgument, pathText(folder) + " is not empty: choose a new folder, so that nothing is mixed up or written over.", folder);
    return {};
}

std::string megabytes(std::uint64_t bytes)
{
    return std::to_string(bytes / 1'000'000 + 1) + " MB";
}

Result<void> checkSpace(const std::filesystem::path &folder, std::uint64_t bytes)
{
    std::error_code failure;
    const auto space = std::filesystem::space(folder, failure);
    if (failure || space.available >= bytes)
        return {}; // a disk that doesn't tell is tried
    return fail(ErrorCode::NoSpace, pathText(folder) + " has room for " + megabytes(space.available) + ", and the copies need " + megabytes(bytes) +
                                        ": free some space, choose another disk, or export links.", folder);
}

/// What was written survives a power cut.
void sync(const std::filesystem::path &folder)
{
    if (const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); descriptor >= 0) {
        ::syncfs(descriptor);
        ::close(descriptor);
    }
}

Result<void> makeFolders(const std::filesystem::path &folder, const Plan &plan)
{
    std::filesystem::path last;
    for (const auto &item : plan.items) {
        if (item.target.parent_path() == last)
            continue;
        last = item.target.parent_path();
        std::error_code failure;
        std::filesystem::create_directories(folder / last, failure);
        if (failure)
            return std::unexpected(systemError(failure.value(), "can't be made", folder / last));
    }
    return {};
}

Result<ExportReport> run(Plan plan, const std::filesystem::path &folder, ExportAs as, const ExportSink &onProgress, std::stop_token stop)
{
    constexpr auto reportTime = std::chrono::milliseconds(100);
    const Stopwatch watch;
    std::chrono::milliseconds told{};
    ExportReport &report = plan.report;
    std::size_t done = 0;
    for (const auto &item : plan.items) {
        const auto put = stop.stop_requested() ? CopyResult{CopyOutcome::Stopped} : putFile(item.source, folder / item.target, as, stop);
        if (!put)
            return std::unexpected(put.error());
        if (put->outcome == CopyOutcome::Stopped) {
            report.cancelled = true;
            break;
        }
        if (put->outcome == CopyOutcome::SourceFailed)
            report.skipped.push_back({item.source, put->reason});
        else
            ++report.exported;
        ++done;
        if (onProgress && (watch.elapsed() - told >= reportTime || done == plan.items.size())) {
            told = watch.elapsed();
            onProgress({done, plan.items.size(), watch.elapsed()});
        }
    }
    sync(folder);
    report.elapsed = watch.elapsed();
    return std::move(report);
}

} // namespace

std::optional<std::chrono::milliseconds> ExportProgress::left() const
{
    return timeLeft(done, found, elapsed);
}

Result<ExportReport> exportPictures(const Project &project, const std::filesystem::path &folder, const ExportOptions &options,
                                    const ExportSink &onProgress, std::stop_token stop)
{
    const auto state = project.state();
    if (!state)
        return std::unexpected(state.error());
    Plan plan = Planner(*state, options.splits).plan();
    const auto target = cleanPath(folder);
    if (plan.items.empty())
        return fail(ErrorCode::InvalidArgument, pathText(project.file()) + " has no labelled pictures to export: label some first.", project.file());
    if (auto checked = checkTarget(target); !checked)
        return std::unexpected(checked.error());
    if (options.as == ExportAs::Copies) {
        if (auto checked = checkSpace(target, plan.bytes); !checked)
            return std::unexpected(checked.error());
    }
    if (auto made = makeFolders(target, plan); !made)
        return std::unexpected(made.error());
    return run(std::move(plan), target, options.as, onProgress, std::move(stop));
}

} // namespace whisker
