#pragma once

#include "engine/base/result.h"
#include "engine/data/near_duplicates.h"
#include "engine/data/project_values.h"
#include "engine/image/measures.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace whisker {

class Project;

/// What can be wrong with pictures and labels, the worst first.
enum class FindingKind {
    Unreadable,    ///< It does not decode, or is not there.
    Truncated,     ///< The file ends early; part of the picture is grey.
    LabelConflict, ///< The same picture, or nearly the same, under two labels.
    Duplicate,     ///< Files with the same bytes.
    NearDuplicate, ///< Other files of the same picture.
    Blurred,
    Dark,
    Bright,
    Uniform,       ///< Nearly one colour.
    Tiny,
    Aspect,        ///< Very long or very high.
    Extension,     ///< The name promises another kind of file.
    Imbalance,     ///< A class much smaller than others, or too small.
};

/// All kinds, in the order of the enum.
std::span<const FindingKind> findingKinds();
/// "unreadable", "truncated", "duplicate", "near_duplicate", "label_conflict", ...: the kind in JSON.
const char *findingKindName(FindingKind kind);
std::optional<FindingKind> findingKindFromName(std::string_view name);

/// A kind of finding for people, in plain English.
struct FindingExplanation {
    const char *title;   ///< "Blurred"
    const char *meaning; ///< A sentence: what it is and why it matters.
    const char *advice;  ///< A sentence: what to do.
};
const FindingExplanation &explanationOf(FindingKind kind);

/// A picture to be looked at. Those that are excluded are the caller's to leave out.
struct DoctorPicture {
    std::int64_t id = 0; ///< Findings name the picture by it; unique.
    std::filesystem::path file{};
    std::optional<ContentHash> hash{}; ///< Nothing: not read yet.
    std::optional<int> label{}; ///< Index into the class names.
    std::optional<Split> split{};
    ImageState state = ImageState::Ok;
    std::string reason{}; ///< A phrase or sentence where state is not Ok.
};

/// Pictures and the names of the classes that their labels mean.
struct DoctorPictures {
    std::vector<DoctorPicture> pictures{};
    std::vector<std::string> classes{};
};
/// The pictures of `state` that are not excluded, under the ids that they have there.
DoctorPictures doctorPictures(const ProjectState &state);

struct Finding {
    FindingKind kind = FindingKind::Unreadable;
    std::vector<std::int64_t> pictures{}; ///< Ids; one, or all of a group. Imbalance: those of the class.
    std::string detail{};                 ///< A sentence with figures.

    bool operator==(const Finding &) const = default;
};

/// Where a picture begins to be suspicious. Tuned on 970 photographs of pets, of which none is named, and on the same blurred, darkened, lightened,
/// cropped and saved anew; the comments say what the real ones have.
struct DoctorThresholds {
    float blurred = 0.19f;   ///< PictureMeasures::sharpness below it. Real: 0.21 and more; 98 % of those blurred with a sigma of 1/170 of the long edge.
    float dark = 0.28f;      ///< PictureMeasures::brightest below it. Real: 0.36 and more.
    float darkMean = 0.07f;  ///< Or PictureMeasures::brightness. Real: 0.15 and more.
    float bright = 0.72f;    ///< PictureMeasures::darkest above it. Real: 0.61 and less.
    float brightMean = 0.9f; ///< Or PictureMeasures::brightness. Real: 0.81 and less.
    float uniform = 0.025f;  ///< PictureMeasures::contrast below it. Real: 0.07 and more.
    int tinyPx = 64;         ///< Short edge below it.
    double aspect = 3;       ///< Long edge / short edge above it.
    double imbalance = 5;    ///< The largest class has so many times the pictures, or more.
    std::size_t smallClass = 10; ///< A class with fewer pictures than this is too small.
    NearDuplicateOptions nearDuplicates{};
};

struct DoctorOptions {
    std::size_t threads = 0; ///< That read and decode; 0: as many as there are processors.
    DoctorThresholds thresholds{};
};

struct DoctorProgress {
    std::size_t done = 0;  ///< Pictures measured or known.
    std::size_t found = 0; ///< Pictures in all.
    std::chrono::milliseconds elapsed{};
    std::optional<std::chrono::milliseconds> left{}; ///< At the speed so far; nothing before there is one.
};
using DoctorSink = std::function<void(const DoctorProgress &)>; ///< On the caller's thread, about ten times a second; quick; must not throw.

struct DoctorReport {
    std::size_t images = 0;   ///< Looked at.
    std::size_t measured = 0; ///< Of these, read and decoded now; the others were known.
    std::vector<Finding> findings{}; ///< By kind, then as the pictures come.
    /// Pictures that show the same though their bytes differ (with exact copies of them): what must not straddle splits. Ids, in the order given.
    std::vector<std::vector<std::int64_t>> nearDuplicateGroups{};
    bool cancelled = false; ///< Stopped before its end: the findings are of what was measured until then.
    std::chrono::milliseconds elapsed{};
};

/// What is known of a content: its measures, or why it does not decode.
struct KnownContent {
    PictureMeasures measures{}; ///< Where it does not decode: its kind alone.
    std::string problem{};      ///< A sentence; empty where it decodes.
};
using KnownContents = std::unordered_map<ContentHash, KnownContent>;

/// The findings of `pictures`, whose contents are in `known`, without touching a file; 25,000 in a fraction of a second. Any thread.
DoctorReport findingsOf(std::span<const DoctorPicture> pictures, std::span<const std::string> classes, const KnownContents &known,
                        const DoctorThresholds &thresholds = {});

/// Reads each picture whose content is not in `known` and adds it there; `pictures` get the hash that their file has now, and the state of one that can't
/// be read. Then findingsOf() them. Never fails: what can't be read is a finding. Blocks; any thread.
DoctorReport diagnose(std::span<DoctorPicture> pictures, std::span<const std::string> classes, KnownContents &known, const DoctorOptions &options,
                      const DoctorSink &onProgress, std::stop_token stop);

/// The pictures of a project that are not excluded; ids are ImageIds. What was measured is kept in the project file by content, so the next time only
/// what is new is read; a cancelled pass keeps what it has. Nothing is journalled. A read-only project is diagnosed without keeping anything.
/// Errors: as Project::state(), and those of writing. Blocks; a worker thread.
Result<DoctorReport> diagnoseProject(Project &project, const DoctorOptions &options, const DoctorSink &onProgress, std::stop_token stop);

/// What earlier passes have kept of contents that are in the project now: for charts of brightness and sizes.
Result<KnownContents> storedMeasures(const Project &project);

/// A diagnosis of files that are in no list of the caller's; pictures[i].id == i.
struct DataDiagnosis : DoctorPictures {
    DoctorReport report{};
};

/// The DATA of the command line, as loadData() takes it, and a folder of pictures without classes; with what imports and loadData() leave out: files that
/// do not decode and pictures without a label. Files that neither begin like a picture nor are named like one are passed over.
/// Errors: NotFound, PermissionDenied, those of Project, InvalidArgument (no picture at all). Blocks; any thread.
Result<DataDiagnosis> diagnoseData(const std::filesystem::path &data, const DoctorOptions &options, const DoctorSink &onProgress,
                                   std::stop_token stop);

} // namespace whisker
