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

} // namespace

void openDemonstration(ProjectSession &session)
{
    const auto folder = userDataFolder() / "Pets";
    QObject::connect(
        &session, &ProjectSession::opened, &session,
        [&session, folder] {
            const auto &state = session.state();
            const bool fresh = state.images.empty() && state.classes.empty() && !state.history.undo && !state.history.redo;
            if (session.projectFolder() != folder || !fresh)
                return;
            const auto source = resourceFolder() / "datasets" / "pets";
            const auto pictures = folder / "pictures";
            session.importPaths({displayText(pictures)}, [source, pictures](std::stop_token stop) { return copyPictures(source, pictures, stop); });
        },
        Qt::SingleShotConnection);
    session.open(folder, ProjectSession::Missing::Create);
}

} // namespace whisker
