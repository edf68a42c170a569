#include "engine/data/relink.h"

#include "engine/base/path_text.h"
#include "engine/base/stopwatch.h"
#include "engine/base/thread_pool.h"
#include "engine/data/internal/change.h"
#include "engine/data/internal/folder_listing.h"
#include "engine/data/internal/missing_pictures.h"
#include "engine/data/internal/picture_facts.h"
#include "engine/data/internal/project_internals.h"

#include <algorithm>
#include <map>
#include <set>

namespace whisker {

namespace {

/// A file with the size of a missing picture.
struct Candidate {
    std::filesystem::path file;
    FileFacts facts;
    ExaminedFile examined{};
};

/// A picture and the file that it is.
struct Match {
    const ImageRecord *image; ///< As it was read.
    const Candidate *file;
};

class Relinker {
public:
    Relinker(Project &project, const RelinkSink &onProgress, std::stop_token stop) : m_project(project), m_onProgress(onProgress), m_stop(std::move(stop)) {}

    Result<void> bringPlacesUpToDate()
    {
        auto checked = checkPlaces(m_project, m_stop);
        if (!checked)
            return std::unexpected(checked.error());
        tell(std::move(*checked));
        return {};
    }

    /// Reads what is missing.
    Result<void> begin()
    {
        auto state = m_project.state();
        if (!state)
            return std::unexpected(state.error());
        m_state = std::move(*state);
        m_missing.emplace(m_state.images);
        return {};
    }

    const MissingPictures &missing() const { return *m_missing; }

    /// Adds what `folder` and all below it hold of the right sizes.
    void list(const std::filesystem::path &folder)
    {
        const auto identity = folderIdentity(folder);
        if (m_stop.stop_requested() || !identity || !m_seen.insert(*identity).second)
            return;
        const auto listing = listFolder(folder, m_report.skipped);
        if (!listing)
            return;
        for (const auto &name : listing->files) {
            const auto file = folder / name;
            const auto facts = fileFacts(file);
            if (facts && m_missing->mayBe(file, facts->bytes))
                m_candidates.push_back({file, *facts});
        }
        for (const auto &name : listing->folders)
            list(folder / name);
    }

    Result<RelinkReport> run()
    {
        constexpr std::size_t batch = 512;
        const auto cost = [&](const Candidate &candidate) { return nameIsMissing(candidate) ? 0 : 1; };
        std::ranges::stable_sort(m_candidates, {}, cost); // of equal files, those with a name that is sought come first
        for (std::size_t begin = 0; begin < m_candidates.size() && !m_missing->empty() && !m_stop.stop_requested(); begin += batch) {
            if (auto done = oneBatch(std::span(m_candidates).subspan(begin, std::min(batch, m_candidates.size() - begin))); !done)
                return std::unexpected(done.error());
        }
        m_report.cancelled = m_stop.stop_requested();
        for (const auto &[image, candidate] : m_matches)
            m_report.missing.push_back({image->file(), "It lies where another missing picture has its place: " + pathText(candidate->file) + "."});
        for (const auto *image : m_missing->left())
            m_report.missing.push_back({image->file(), m_report.cancelled ? "Not found before the search was stopped." : "No file with its content was found."});
        m_report.elapsed = m_watch.elapsed();
        return std::move(m_report);
    }

private:
    bool nameIsMissing(const Candidate &candidate)
    {
        if (m_names.empty()) {
            for (const auto *image : m_missing->left())
                m_names.insert(image->name);
        }
        return m_names.contains(candidate.file.filename().native());
    }

    Result<void> oneBatch(std::span<Candidate> candidates)
    {
        parallelFor(candidates.size(), usableProcessors(), [&](std::size_t i) {
            if (!m_missing->mayBe(candidates[i].file, candidates[i].facts.bytes))
                return; // those of its size have all been found meanwhile
            candidates[i].examined = examineFile(candidates[i].file);
        }, m_stop);
        for (const auto &candidate : candidates) {
            const bool isPicture = candidate.examined.done && candidate.examined.problem.empty();
            if (const auto image = isPicture ? m_missing->take(candidate.examined.hash, candidate.file) : nullptr)
                m_matches.push_back({image, &candidate});
        }
        m_done += candidates.size();
        ProjectStore &store = ProjectInternals::store(m_project);
        auto change = changed<FieldWriter>(store, [&](FieldWriter &writer) -> Result<std::string> {
            place(store, writer.touched());
            return std::string();
        });
        if (!change)
            return std::unexpected(change.error());
        tell(std::move(*change));
        return {};
    }

    /// Those of m_matches whose place another missing picture has stay there: it may move away in its turn.
    void place(ProjectStore &store, TouchedRows &touched)
    {
        SQLite::Statement stillMissing(*store.database, "SELECT 1 FROM image WHERE id = ? AND present AND state = 3");
        PictureFacts facts(store, touched);
        const auto isDone = [&](const Match &match) {
            stillMissing.reset();
            stillMissing.bind(1, match.image->id);
            if (!stillMissing.executeStep()) // somebody was quicker
                return true;
            if (!facts.setPlace(match.image->id, match.file->file))
                return false;
            facts.setExamined(match.image->id, match.file->examined);
            ++m_report.relinked;
            return true;
        };
        while (std::erase_if(m_matches, isDone) > 0)
            ;
    }

    void tell(ProjectChange change)
    {
        if (m_onProgress)
            m_onProgress({m_done, m_candidates.size(), m_report.relinked, m_watch.elapsed(), std::move(change)});
    }

    Project &m_project;
    const RelinkSink &m_onProgress;
    const std::stop_token m_stop;
    const Stopwatch m_watch;
    ProjectState m_state;
    std::optional<MissingPictures> m_missing; // points into m_state
    std::vector<Candidate> m_candidates;
    std::vector<Match> m_matches; // not written yet
    std::set<FolderIdentity> m_seen;
    std::unordered_set<std::string> m_names;
    std::size_t m_done = 0;
    RelinkReport m_report;
};

/// Folders beside `gone` (or beside the one above it that is gone) in which a file lies as `sample` lay in `gone`.
std::vector<std::filesystem::path> renamedFrom(const ImageRecord &sample, std::map<std::filesystem::path, FolderListing> &listings)
{
    constexpr std::size_t mostNeighbours = 2000; // more: no place to look through by itself
    std::filesystem::path base = *sample.folder, below;
    while (base.has_relative_path() && !folderIdentity(base)) {
        below = below.empty() ? base.filename() : base.filename() / below;
        base = base.parent_path();
    }
    if (below.empty() || !base.has_relative_path())
        return {}; // the folder is there and the file alone is gone; or all up to the root: a disk that is away
    auto [listing, isNew] = listings.try_emplace(base);
    if (isNew) {
        std::vector<SkippedFile> ignored; // what can't be listed holds nothing that could be found
        listing->second = listFolder(base, ignored).value_or(FolderListing{});
    }
    std::vector<std::filesystem::path> found;
    if (listing->second.folders.size() > mostNeighbours)
        return found;
    const auto rest = below.lexically_relative(*below.begin());
    for (const auto &name : listing->second.folders) {
        const auto facts = fileFacts((base / name / rest / sample.name).lexically_normal());
        if (facts && facts->bytes == sample.bytes)
            found.push_back(base / name);
    }
    return found;
}

} // namespace

std::optional<std::chrono::milliseconds> RelinkProgress::left() const
{
    return timeLeft(done, found, elapsed);
}

Result<ProjectChange> checkPlaces(Project &project, std::stop_token stop)
{
    const auto state = project.state();
    if (!state)
        return std::unexpected(state.error());
    constexpr const char *gone = "The file isn't there any more: find the folder it was moved to.";
    std::vector<std::optional<ExaminedFile>> back(state->images.size());
    std::vector<char> isGone(state->images.size());
    parallelFor(isGone.size(), usableProcessors(), [&](std::size_t i) {
        const bool isThere = fileFacts(state->images[i].file()).has_value();
        const bool wasMissing = state->images[i].state == ImageState::Missing;
        isGone[i] = !isThere && !wasMissing;
        if (isThere && wasMissing)
            back[i] = examineFile(state->images[i].file());
    }, stop);
    if (stop.stop_requested())
        return fail(ErrorCode::Cancelled, "Stopped before every picture's place was looked at.", project.file());
    ProjectStore &store = ProjectInternals::store(project);
    return changed<FieldWriter>(store, [&](FieldWriter &writer) -> Result<std::string> {
        PictureFacts facts(store, writer.touched());
        for (std::size_t i = 0; i < isGone.size(); ++i) {
            const auto &image = state->images[i];
            const bool isBack = back[i] && !back[i]->isGone && !back[i]->cantRead;
            if ((!isGone[i] && !isBack) || !facts.isStill(image))
                continue;
            if (isBack)
                facts.setExamined(image.id, *back[i]);
            else
                facts.setState(image.id, ImageState::Missing, gone);
        }
        return std::string();
    });
}

Result<RelinkReport> relink(Project &project, const std::filesystem::path &folder, const RelinkSink &onProgress, std::stop_token stop)
{
    const auto place = cleanPath(folder);
    std::vector<SkippedFile> why;
    if (!listFolder(place, why)) {
        std::error_code failure;
        const bool isThere = std::filesystem::exists(place, failure);
        return fail(isThere ? ErrorCode::PermissionDenied : ErrorCode::NotFound, pathText(place) + " can't be looked through: choose another folder.", place);
    }
    Relinker relinker(project, onProgress, std::move(stop));
    if (auto checked = relinker.bringPlacesUpToDate(); !checked)
        return std::unexpected(checked.error());
    if (auto begun = relinker.begin(); !begun)
        return std::unexpected(begun.error());
    if (!relinker.missing().empty())
        relinker.list(place);
    return relinker.run();
}

Result<RelinkReport> relinkRenamed(Project &project, const RelinkSink &onProgress, std::stop_token stop)
{
    Relinker relinker(project, onProgress, std::move(stop));
    if (auto begun = relinker.begin(); !begun)
        return std::unexpected(begun.error());
    constexpr int samplesOfFolder = 3; // the first may have been deleted before the folder was renamed
    std::map<std::filesystem::path, int> asked;
    std::map<std::filesystem::path, FolderListing> listings;
    std::set<std::filesystem::path> renamed;
    for (const auto *image : relinker.missing().left()) {
        if (asked[*image->folder]++ >= samplesOfFolder)
            continue;
        for (auto &folder : renamedFrom(*image, listings))
            renamed.insert(std::move(folder));
    }
    for (const auto &folder : renamed)
        relinker.list(folder);
    return relinker.run();
}

} // namespace whisker
