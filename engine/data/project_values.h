#pragma once

#include "engine/data/skipped_file.h"
#include "engine/data/splits.h"
#include "engine/image/content_hash.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace whisker {

using ImageId = std::int64_t; ///< > 0; never used again for another picture.
using ClassId = std::int64_t; ///< > 0; never used again for another class.

/// The numbers stand in project files.
enum class ImageState : std::uint8_t {
    Ok = 0,
    Truncated = 1,  ///< The file ends early; most of it decodes and it is used.
    Unreadable = 2, ///< It does not decode; it is not used.
    Missing = 3,    ///< The file is not where it was; its label is kept.
};

/// A picture of a project as the window shows it.
struct ImageRecord {
    ImageId id = 0;
    std::shared_ptr<const std::filesystem::path> folder{}; ///< Absolute; shared by the pictures in it.
    std::string name{};                 ///< File name: bytes as the disk has them, not always UTF-8.
    ContentHash hash{};
    std::int64_t bytes = 0;             ///< Size of the file.
    std::int64_t modifiedNs = 0;        ///< Time of its last change, nanoseconds since 1970.
    int width = 0;                      ///< Pixels, upright.
    int height = 0;
    std::optional<ClassId> label{};
    std::optional<Split> split{};       ///< Set once the picture has been labelled.
    ImageState state = ImageState::Ok;
    bool excluded = false;              ///< Kept in the project, not used.
    bool unsure = false;                ///< The person's "not sure" mark.
    bool splitFixed = false;            ///< Its split came with its folder (train, val, test) and is not divided anew.
    std::shared_ptr<const std::string> group{};  ///< Pictures that belong together (one animal, one camera) go to one split. Null: none.
    std::shared_ptr<const std::string> reason{}; ///< A phrase for people where state is not Ok, else null.

    std::filesystem::path file() const { return *folder / name; }
    bool usable() const { return !excluded && (state == ImageState::Ok || state == ImageState::Truncated); }
};

/// By value, also of what the pointers show.
bool operator==(const ImageRecord &left, const ImageRecord &right);

/// Keys that can label, in the order in which new classes get them. The letters that are missing are left for what a window does besides (back, group, info,
/// label, skip, unsure, exclude, zoom).
inline constexpr std::string_view kClassKeys = "1234567890acdefhjkmnopqrtvwy";
inline constexpr std::size_t kLongestClassName = 255; ///< Letters; every name of a folder fits.

struct ClassRecord {
    ClassId id = 0;
    std::string name{}; ///< UTF-8, not empty, no line breaks, not longer than kLongestClassName; differs from all others by more than case and the way accents are written.
    int colour = 0;     ///< Index into the palette of classes, 0, 1, 2, ...; the palette repeats.
    std::string key{};  ///< The key that labels: one of kClassKeys, unlike all others; empty: none.

    bool operator==(const ClassRecord &) const = default;
};

/// What undo and redo would do now, in words ("Labelled 3 pictures cat"); nothing where there is nothing to do.
struct HistoryState {
    std::optional<std::string> undo{};
    std::optional<std::string> redo{};

    bool operator==(const HistoryState &) const = default;
};

/// Pictures that are to get one label.
struct LabelGroup {
    ClassId label = 0;
    std::vector<ImageId> images{};
};

using EntryId = std::int64_t; ///< > 0; of a change in the history.

/// One change of the history.
struct HistoryEntry {
    EntryId id = 0;
    std::int64_t timeMs = 0; ///< Milliseconds since 1970.
    std::string words{};     ///< "Labelled 3 pictures cat".
    bool undone = false;     ///< Redo can make it again. All undone ones are later than all others.

    bool operator==(const HistoryEntry &) const = default;
};

/// A copy of all that a window shows. 25,000 pictures: about 4 MB.
struct ProjectState {
    std::vector<ImageRecord> images{};  ///< By id: the order in which they came.
    std::vector<ClassRecord> classes{}; ///< In the project's order.
    std::vector<SkippedFile> skipped{}; ///< What imports could not use.
    std::map<std::string, std::string> settings{};
    HistoryState history{};
    std::uint64_t number = 0; ///< Of the last change in it.

    /// By value; the number does not count.
    bool operator==(const ProjectState &other) const;
};

/// What one change did, so that a window brings its copy up to date without loading all again.
struct ProjectChange {
    std::string words{};                                ///< "Labelled 3 pictures cat"; empty where nothing changed.
    std::vector<ImageRecord> images{};                  ///< New values of pictures that changed or came (back), by id.
    std::vector<ImageId> removed{};                     ///< No longer in the project, ascending.
    std::optional<std::vector<ClassRecord>> classes{};  ///< All of them, where any changed.
    std::optional<std::vector<SkippedFile>> skipped{};  ///< All of them, where any changed.
    std::map<std::string, std::string> settings{};      ///< New values of those that changed.
    HistoryState history{};
    std::uint64_t number = 0; ///< Rises with each change of this Project object.
};

/// Brings `state` up to date. False, and nothing is done, where `state` has a later change already (two threads made changes and the earlier one comes
/// second): then load Project::state() again.
[[nodiscard]] bool applyChange(ProjectState &state, const ProjectChange &change);

} // namespace whisker
