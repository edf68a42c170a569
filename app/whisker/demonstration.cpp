#include "app/whisker/demonstration.h"

#include "engine/base/locations.h"
#include "ui/project_session.h"
#include "ui/texts.h"

#include <cerrno>

namespace whisker {

namespace {

/// Copies what is not there yet; a copy that was cut short is made again.
Result<void> copyPictures(const std::filesystem::path &from, const std::filesystem::path &to, std::stop_token stop)
{
    namespace fs = std::filesystem;
    try {
        for (const auto &entry : fs::recursive_directory_iterator(from)) {
            if (stop.stop_requested())
                return fail(ErrorCode::Cancelled, "Copying the demonstration was stopped.");
            const fs::path target = to / entry.path().lexically_relative(from);
            if (entry.is_directory())
                fs::create_directories(target);
            else if (std::error_code missing; fs::file_size(target, missing) != entry.file_size())
                fs::copy_file(entry.path(), target, fs::copy_options::overwrite_existing);
        }
    } catch (const fs::filesystem_error &error) {
        const auto &file = error.path2().empty() ? error.path1() : error.path2();
        return std::unexpected(systemError(error.code().value(), "can't be copied for the demonstration", file));
    }
    return {};
}

/// Kept with the project from the first import to the end of one that was not broken off.
constexpr auto kImportKey = "demonstration/import";
constexpr auto kBegun = "begun";
constexpr auto kDone = "done";

/// An empty project, or one whose import was ended by the window's closing, a crash or a full disk: importing again adds what is missing and leaves what is in.
bool wantsImport(const ProjectState &state)
{
    if (const auto setting = state.settings.find(kImportKey); setting != state.settings.end())
        return setting->second == kBegun;
    return state.images.empty() && state.classes.empty() && !state.history.undo && !state.history.redo;
}

void importDemonstration(ProjectSession &session)
{
    const auto source = resourceFolder() / "datasets" / "pets";
    const auto pictures = session.projectFolder() / "pictures";
    session.setSetting(QLatin1String(kImportKey), QLatin1String(kBegun));
    QObject::connect(
        &session, &ProjectSession::importFinished, &session,
        [&session, project = session.projectFile()](const ImportReport &report) {
            const bool ended = report.cancelled || report.added + report.known + report.updated > 0; // else it failed
            if (ended && session.projectFile() == project)
                session.setSetting(QLatin1String(kImportKey), QLatin1String(kDone)); // also where a person cancelled it: they have what they want
        },
        Qt::SingleShotConnection);
    session.importPaths({displayText(pictures)}, [source, pictures](std::stop_token stop) { return copyPictures(source, pictures, stop); });
}

} // namespace

void openDemonstration(ProjectSession &session)
{
    const auto folder = userDataFolder() / "Pets";
    QObject::connect(
        &session, &ProjectSession::opened, &session,
        [&session, folder] {
            if (session.projectFolder() == folder && !session.isReadOnly() && wantsImport(session.state()))
                importDemonstration(session);
        },
        Qt::SingleShotConnection);
    session.open(folder, ProjectSession::Missing::Create);
}

} // namespace whisker
