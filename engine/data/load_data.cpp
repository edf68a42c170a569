#include "engine/data/load_data.h"

#include "engine/base/path_text.h"
#include "engine/base/thread_pool.h"
#include "engine/data/internal/data_place.h"
#include "engine/data/internal/examine.h"
#include "engine/data/internal/scan.h"
#include "engine/data/project.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <unistd.h>

namespace whisker {

namespace {

/// Splits for what came without: the whole by shares, or validation out of train.
void giveSplits(Snapshot &snapshot, const std::vector<std::optional<Split>> &given, const LoadOptions &options)
{
    const bool hasValidation = std::ranges::find(given, Split::Validation) != given.end();
    const bool comesSplit = std::ranges::any_of(given, [](const auto &split) { return split.has_value(); });
    std::vector<SplitItem> items;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < given.size(); ++i) {
        auto &entry = snapshot.entries[i];
        entry.split = given[i].value_or(Split::Train);
        if (!comesSplit || (!hasValidation && entry.split == Split::Train)) {
            items.push_back({entry.hash, entry.label});
            places.push_back(i);
        }
    }
    const auto splits = assignSplits(items, comesSplit ? kValidationOfTrain : options.shares, options.seed);
    for (std::size_t i = 0; i < places.size(); ++i)
        snapshot.entries[places[i]].split = splits[i];
}

/// Classes without a picture go; labels follow.
void dropEmptyClasses(Snapshot &snapshot)
{
    std::vector<int> newLabel(snapshot.classes.size(), -1);
    for (const auto &entry : snapshot.entries)
        newLabel[static_cast<std::size_t>(entry.label)] = 0;
    std::vector<std::string> classes;
    for (std::size_t label = 0; label < newLabel.size(); ++label) {
        if (newLabel[label] < 0)
            continue;
        newLabel[label] = static_cast<int>(classes.size());
        classes.push_back(snapshot.classes[label]);
    }
    snapshot.classes = std::move(classes);
    for (auto &entry : snapshot.entries)
        entry.label = newLabel[static_cast<std::size_t>(entry.label)];
}

Result<LoadedData> loadFolder(const std::filesystem::path &folder, const LoadOptions &options, std::stop_token stop)
{
    if (::access(folder.c_str(), R_OK | X_OK) != 0)
        return std::unexpected(systemError(errno, "can't be read", folder));
    ScanResult scan = scanPaths(std::array{folder}, stop);
    const auto examined = examineFiles(scan.files, usableProcessors(), stop);
    if (stop.stop_requested())
        return fail(ErrorCode::Cancelled, "Reading " + pathText(folder) + " was cancelled.", folder);

    LoadedData data{.snapshot = {.classes = std::move(scan.classNames)}, .skipped = std::move(scan.skipped)};
    std::vector<std::optional<Split>> splits;
    bool oneIsUnlabelled = false;
    for (std::size_t i = 0; i < scan.files.size(); ++i) {
        const auto &file = scan.files[i];
        if (!examined[i].problem.empty()) {
            data.skipped.push_back({file.path(), examined[i].problem});
        } else if (file.classIndex < 0) {
            oneIsUnlabelled = true;
            data.skipped.push_back({file.path(), "A picture outside the folders of classes: it has no label."});
        } else {
            data.snapshot.entries.push_back({.file = file.path(), .label = file.classIndex, .hash = examined[i].hash});
            splits.push_back(file.split);
        }
    }
    std::ranges::sort(data.skipped, {}, [](const SkippedFile &skipped) -> const std::string & { return skipped.file.native(); });
    if (data.snapshot.entries.empty())
        return fail(ErrorCode::InvalidArgument,
                    pathText(folder) + (oneIsUnlabelled ? " has pictures but no folders of classes: put the pictures of each class in a folder of its name."
                                                        : " holds no pictures: choose a folder with a folder of pictures for each class."),
                    folder);
    giveSplits(data.snapshot, splits, options);
    dropEmptyClasses(data.snapshot);
    sortEntries(data.snapshot);
    return data;
}

Result<LoadedData> loadProject(const std::filesystem::path &file)
{
    const auto project = Project::open(file, {.access = ProjectAccess::ReadOnly});
    if (!project)
        return std::unexpected(project.error());
    auto snapshot = snapshotOf(*project);
    auto state = snapshot ? project->state() : Result<ProjectState>(std::unexpected(snapshot.error()));
    if (!state)
        return std::unexpected(state.error());
    LoadedData data{std::move(*snapshot), std::move(state->skipped)};
    for (const auto &image : state->images) {
        if (!image.usable() && !image.excluded)
            data.skipped.push_back({image.file(), image.reason ? *image.reason : std::string("The file isn't there any more.")});
    }
    return data;
}

} // namespace

Result<LoadedData> loadData(const std::filesystem::path &data, const LoadOptions &options, std::stop_token stop)
{
    const auto place = dataPlace(data);
    if (!place)
        return std::unexpected(place.error());
    auto loaded = place->isProject ? loadProject(place->path) : loadFolder(place->path, options, stop);
    if (loaded && options.purpose == DataPurpose::Training) {
        if (auto trainable = checkTrainable(loaded->snapshot, place->path); !trainable)
            return std::unexpected(trainable.error());
    }
    return loaded;
}

} // namespace whisker
