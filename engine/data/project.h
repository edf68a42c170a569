#pragma once

#include "engine/base/result.h"
#include "engine/data/project_values.h"

#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace whisker {

struct ProjectStore;

enum class ProjectAccess {
    Write,
    ReadOnly, ///< Nothing is written, also where it could be; others may write meanwhile, and state() shows what they have done.
};

struct ProjectOptions {
    /// Milliseconds since 1970; what the journal's times are taken from. Empty: the system's clock.
    std::function<std::int64_t()> clock{};
    ProjectAccess access = ProjectAccess::Write;
};

/// A project: pictures where they lie, their classes, labels and splits, and the journal of all that was changed, in one SQLite file.
///
/// Every change is one transaction: when a function has returned its ProjectChange, the change is on the disk and survives a power cut; when it returns an
/// Error, nothing has changed. Any thread may call, one at a time gets through; calls wait for the disk, so they belong on a worker thread.
/// Errors of all functions: NoSpace (the disk is full), PermissionDenied (read-only), BadFormat (the file is damaged), Unreadable
/// (disk failure), Internal (another program holds the file for more than 5 s: the sentence says so).
class Project {
public:
    static constexpr std::string_view kFileName = "project.whisker";

    /// Where the project of `path` is: `path` itself if it ends in .whisker, else kFileName in the folder `path`.
    static std::filesystem::path fileFor(const std::filesystem::path &path);

    /// Makes an empty project; its folder is made where it is missing. Errors also: InvalidArgument (there is one already).
    static Result<Project> create(const std::filesystem::path &path, ProjectOptions options = {});
    /// Opens a project; for reading only where that is wanted, or its file or folder can't be written. A file of an older version is brought up to this one
    /// when it is opened for writing. Errors also: InUse (it is open for writing elsewhere, also in this program; ProjectAccess::ReadOnly opens it), NotFound,
    /// NewerVersion, BadFormat (no database, no project, cut short).
    static Result<Project> open(const std::filesystem::path &path, ProjectOptions options = {});
    static Result<Project> openOrCreate(const std::filesystem::path &path, ProjectOptions options = {});

    Project(Project &&) noexcept;
    Project &operator=(Project &&) noexcept;
    ~Project();

    const std::filesystem::path &file() const;   ///< Absolute.
    std::filesystem::path folder() const;        ///< The folder of file(); runs() is in it.
    std::filesystem::path runs() const;          ///< Where runs are kept; not made by asking.
    bool isReadOnly() const;                     ///< Changes then fail with PermissionDenied.

    Result<ProjectState> state() const;

    /// Labels pictures, or takes their label away (nothing). One that gets its first label gets a split too: that of an identical picture, of its group or of
    /// a near copy (as far as diagnoseProject() has measured), also by chains of these, else by the shares of splitRules(). While the test set is locked, one
    /// that belongs with a picture in it is excluded. Unknown ids: InvalidArgument.
    Result<ProjectChange> setLabel(std::span<const ImageId> images, std::optional<ClassId> label);
    /// The same for several classes in one change.
    Result<ProjectChange> setLabels(std::span<const LabelGroup> groups);
    /// Adds a class at the end of the list; it gets a free key and colour. Blanks around the name are cut off. Errors also: InvalidArgument
    /// (empty, longer than kLongestClassName, a line break or another control character in it, or equal to another by nameKey()).
    Result<ProjectChange> addClass(std::string_view name);
    Result<ProjectChange> renameClass(ClassId id, std::string_view name);
    /// Its pictures stay, without a label.
    Result<ProjectChange> removeClass(ClassId id);
    /// The pictures of `from` get the class `into`; `from` goes.
    Result<ProjectChange> mergeClasses(ClassId from, ClassId into);
    Result<ProjectChange> recolourClass(ClassId id, int colour);
    /// `key`: one of kClassKeys in either case, or empty for none. The class that has it gets this one's in exchange. Errors also: InvalidArgument (another).
    Result<ProjectChange> setClassKey(ClassId id, std::string_view key);
    /// To `position` in the list of classes, 0 the first; beyond its end: the last.
    Result<ProjectChange> moveClass(ClassId id, std::size_t position);

    Result<ProjectChange> setExcluded(std::span<const ImageId> images, bool excluded);
    Result<ProjectChange> setUnsure(std::span<const ImageId> images, bool unsure);
    /// Puts pictures into a group, or out of theirs (nothing). Errors also: InvalidArgument (no name as a class might have it).
    Result<ProjectChange> setGroup(std::span<const ImageId> images, const std::optional<std::string> &group);
    /// Out of the project: files stay where they are. Errors also: InvalidArgument (one is in a test set that is locked).
    Result<ProjectChange> removeImages(std::span<const ImageId> images);

    /// Errors also: InvalidArgument (the test set is locked, and a picture would leave or enter it).
    Result<ProjectChange> setSplit(std::span<const ImageId> images, Split split);
    /// Divides all labelled pictures anew but those that came split (ImageRecord::splitFixed), as whisker::assignSplits() does; `shares` and `seed` become the
    /// project's for what comes later (undo does not take that back). Identical pictures, those of one group and those in one list of `together` (near
    /// duplicates, say; unknown ids are passed over) never straddle. While the test set is locked it stays as it is, and what belongs with a picture in
    /// it is excluded. "Divided 600 pictures: 420 train, 90 validation, 90 test". Errors also: InvalidArgument (shares without sense; nothing to divide).
    Result<ProjectChange> assignSplits(const SplitShares &shares, std::uint64_t seed, std::span<const std::vector<ImageId>> together = {});
    /// While it is locked no picture enters or leaves the test set; labels in it may be set right. Not in the journal: undo and redo leave the lock, and what
    /// would move a picture into or out of a locked set is refused. Reading: splitRules(state.settings).
    Result<ProjectChange> setTestLocked(bool locked);

    /// Takes the last change that stands back, or makes the first undone one again; also those of earlier sessions. A new change forgets
    /// what was undone. Nothing to do: a change with empty words. Errors also: InvalidArgument (the test set is locked and would change).
    Result<ProjectChange> undo();
    Result<ProjectChange> redo();
    /// The newest `limit` changes, newest first, undone ones among them.
    Result<std::vector<HistoryEntry>> history(std::size_t limit) const;
    /// Takes back all that was done after `entry`, which is then the last that stands; 0: all that there is. In one transaction. Errors also: InvalidArgument
    /// (it does not stand; the test set is locked and would change: then nothing is taken back).
    Result<ProjectChange> undoTo(EntryId entry);
    /// Makes again what was undone, up to `entry` and with it. Errors also: InvalidArgument (it is not undone; as undoTo()).
    Result<ProjectChange> redoTo(EntryId entry);

    /// Writes down what was found out about a file (that it does not decode, or is gone). A fact, so undo leaves it.
    Result<ProjectChange> setState(ImageId image, ImageState state, std::string_view reason);

    /// Small texts that belong to the project, such as the recipe last used; not in the journal.
    Result<void> setSetting(std::string_view key, std::string_view value);

private:
    friend class ImportWriter;
    friend class FileRefresher;
    friend struct ProjectInternals;
    friend class MeasureStore;
    explicit Project(std::unique_ptr<ProjectStore> store);
    std::unique_ptr<ProjectStore> m_store;
};

} // namespace whisker
