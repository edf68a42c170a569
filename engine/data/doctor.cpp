#include "engine/data/doctor.h"

#include "engine/base/path_text.h"
#include "engine/base/stopwatch.h"
#include "engine/data/internal/data_place.h"
#include "engine/data/internal/measure_store.h"
#include "engine/data/internal/measuring.h"
#include "engine/data/internal/scan.h"
#include "engine/data/project.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <system_error>
#include <unistd.h>

namespace whisker {

namespace {

Result<DoctorReport> diagnoseStored(Project &project, DoctorPictures &list, const DoctorOptions &options, const DoctorSink &onProgress, std::stop_token stop)
{
    const Stopwatch watch;
    MeasureStore store(project);
    auto known = store.read();
    if (!known)
        return std::unexpected(known.error());
    MeasureKeeper keep;
    if (!project.isReadOnly())
        keep = [&](const NewContents &contents) { return store.write(contents); };
    const auto measured = measureNew(list.pictures, *known, options.threads, onProgress, keep, std::move(stop));
    if (!measured)
        return std::unexpected(measured.error());
    DoctorReport report = findingsOf(list.pictures, list.classes, *known, options.thresholds);
    report.measured = measured->measured;
    report.cancelled = measured->cancelled;
    report.elapsed = watch.elapsed();
    return report;
}

bool isNamedLikePicture(const std::filesystem::path &file)
{
    if (file.extension().empty())
        return false;
    for (const auto kind : {FileKind::Jpeg, FileKind::Png, FileKind::Bmp, FileKind::WebP, FileKind::Tiff, FileKind::Gif, FileKind::Pnm}) {
        if (extensionFits(file, kind))
            return true;
    }
    return false;
}

/// Texts and the like among pictures are nobody's worry.
bool isOtherFile(const DoctorPicture &picture, const KnownContents &known)
{
    if (isNamedLikePicture(picture.file))
        return false;
    const auto content = picture.hash ? known.find(*picture.hash) : known.end();
    return content == known.end() ? picture.state == ImageState::Unreadable
                                  : !content->second.problem.empty() && content->second.measures.kind == FileKind::Unknown;
}

void number(std::vector<DoctorPicture> &pictures)
{
    for (std::size_t i = 0; i < pictures.size(); ++i)
        pictures[i].id = static_cast<std::int64_t>(i);
}

Result<DataDiagnosis> diagnoseFolder(const std::filesystem::path &folder, const DoctorOptions &options, const DoctorSink &onProgress, std::stop_token stop)
{
    const Stopwatch watch;
    if (::access(folder.c_str(), R_OK | X_OK) != 0)
        return std::unexpected(systemError(errno, "can't be read", folder));
    ScanResult scan = scanPaths(std::array{folder}, stop);
    DataDiagnosis data;
    data.classes = std::move(scan.classNames);
    for (const auto &found : scan.files) {
        DoctorPicture picture{.file = found.path(), .split = found.split};
        if (found.classIndex >= 0)
            picture.label = found.classIndex;
        data.pictures.push_back(std::move(picture));
    }
    KnownContents known;
    const auto measured = measureNew(data.pictures, known, options.threads, onProgress, {}, stop);
    std::erase_if(data.pictures, [&](const DoctorPicture &picture) { return isOtherFile(picture, known); });
    if (data.pictures.empty() && !stop.stop_requested())
        return fail(ErrorCode::InvalidArgument, pathText(folder) + " holds no pictures: choose a folder with pictures.", folder);
    number(data.pictures);
    data.report = findingsOf(data.pictures, data.classes, known, options.thresholds);
    data.report.measured = measured->measured;
    data.report.cancelled = measured->cancelled;
    data.report.elapsed = watch.elapsed();
    return data;
}

Result<DataDiagnosis> diagnoseProjectFile(const std::filesystem::path &file, const DoctorOptions &options, const DoctorSink &onProgress,
                                          std::stop_token stop)
{
    auto project = Project::open(file);
    if (!project && project.error().code == ErrorCode::InUse) // what is measured is then not kept
        project = Project::open(file, {.access = ProjectAccess::ReadOnly});
    if (!project)
        return std::unexpected(project.error());
    const auto state = project->state();
    if (!state)
        return std::unexpected(state.error());
    DataDiagnosis data{doctorPictures(*state)};
    for (const auto &skipped : state->skipped) {
        std::error_code ignored; // then it is no folder
        if (isNamedLikePicture(skipped.file) && !std::filesystem::is_directory(skipped.file, ignored))
            data.pictures.push_back({.file = skipped.file, .state = ImageState::Unreadable, .reason = skipped.reason});
    }
    number(data.pictures);
    auto report = diagnoseStored(*project, data, options, onProgress, std::move(stop));
    if (!report)
        return std::unexpected(report.error());
    data.report = std::move(*report);
    return data;
}

} // namespace

DoctorPictures doctorPictures(const ProjectState &state)
{
    DoctorPictures list;
    std::map<ClassId, int> labels;
    for (const auto &record : state.classes) {
        labels.emplace(record.id, static_cast<int>(list.classes.size()));
        list.classes.push_back(record.name);
    }
    for (const auto &image : state.images) {
        if (image.excluded)
            continue;
        DoctorPicture picture{.id = image.id, .file = image.file(), .hash = image.hash, .split = image.split, .state = image.state,
                              .reason = image.reason ? *image.reason : std::string()};
        if (image.label)
            picture.label = labels.at(*image.label);
        list.pictures.push_back(std::move(picture));
    }
    return list;
}

DoctorReport diagnose(std::span<DoctorPicture> pictures, std::span<const std::string> classes, KnownContents &known, const DoctorOptions &options,
                      const DoctorSink &onProgress, std::stop_token stop)
{
    const Stopwatch watch;
    const auto measured = measureNew(pictures, known, options.threads, onProgress, {}, std::move(stop)); // without a keeper nothing fails
    DoctorReport report = findingsOf(pictures, classes, known, options.thresholds);
    report.measured = measured->measured;
    report.cancelled = measured->cancelled;
    report.elapsed = watch.elapsed();
    return report;
}

Result<DoctorReport> diagnoseProject(Project &project, const DoctorOptions &options, const DoctorSink &onProgress, std::stop_token stop)
{
    const auto state = project.state();
    if (!state)
        return std::unexpected(state.error());
    DoctorPictures list = doctorPictures(*state);
    return diagnoseStored(project, list, options, onProgress, std::move(stop));
}

Result<KnownContents> storedMeasures(const Project &project)
{
    return MeasureStore(project).read();
}

Result<DataDiagnosis> diagnoseData(const std::filesystem::path &data, const DoctorOptions &options, const DoctorSink &onProgress,
                                   std::stop_token stop)
{
    const auto place = dataPlace(data);
    if (!place)
        return std::unexpected(place.error());
    return (place->isProject ? diagnoseProjectFile : diagnoseFolder)(place->path, options, onProgress, std::move(stop));
}

} // namespace whisker
