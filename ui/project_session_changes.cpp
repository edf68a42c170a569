#include "ui/project_session.h"

#include "ui/texts.h"

#include <utility>

/// The changes that a session makes: each goes to the worker thread.
namespace whisker {

namespace {

/// With its words in `sentence`, where there is something to tell.
Result<ProjectChange> sayAs(const QString &sentence, Result<ProjectChange> made)
{
    if (made && !made->words.empty())
        made->words = sentence.arg(fromUtf8(made->words)).toStdString();
    return made;
}

} // namespace

void ProjectSession::setLabel(std::vector<ImageId> images, std::optional<ClassId> label)
{
    change([images = std::move(images), label](Project &project, const TakeChange &) { return project.setLabel(images, label); });
}

void ProjectSession::setLabel(std::vector<ImageId> images, const QString &className)
{
    if (const auto *record = classNamed(className))
        return setLabel(std::move(images), record->id);
    change([images = std::move(images), name = className.toStdString()](Project &project, const TakeChange &took) {
        auto added = project.addClass(name);
        if (!added)
            return added;
        const ClassId id = added->classes->back().id; // addClass() puts it at the end
        took(std::move(*added));
        return project.setLabel(images, id);
    });
}

void ProjectSession::setLabels(std::vector<LabelGroup> groups)
{
    change([groups = std::move(groups)](Project &project, const TakeChange &) { return project.setLabels(groups); });
}

void ProjectSession::setExcluded(std::vector<ImageId> images, bool excluded)
{
    change([images = std::move(images), excluded](Project &project, const TakeChange &) { return project.setExcluded(images, excluded); });
}

void ProjectSession::addClass(const QString &name)
{
    change([name = name.toStdString()](Project &project, const TakeChange &) { return project.addClass(name); });
}

void ProjectSession::renameClass(ClassId id, const QString &name)
{
    change([id, name = name.toStdString()](Project &project, const TakeChange &) { return project.renameClass(id, name); });
}

void ProjectSession::removeClass(ClassId id)
{
    change([id](Project &project, const TakeChange &) { return project.removeClass(id); });
}

void ProjectSession::mergeClasses(ClassId from, ClassId into)
{
    change([from, into](Project &project, const TakeChange &) { return project.mergeClasses(from, into); });
}

void ProjectSession::recolourClass(ClassId id, int colour)
{
    change([id, colour](Project &project, const TakeChange &) { return project.recolourClass(id, colour); });
}

void ProjectSession::setClassKey(ClassId id, const QString &key)
{
    change([id, key = key.toStdString()](Project &project, const TakeChange &) { return project.setClassKey(id, key); });
}

void ProjectSession::moveClass(ClassId id, std::size_t position)
{
    change([id, position](Project &project, const TakeChange &) { return project.moveClass(id, position); });
}

void ProjectSession::setUnsure(std::vector<ImageId> images, bool unsure)
{
    change([images = std::move(images), unsure](Project &project, const TakeChange &) { return project.setUnsure(images, unsure); });
}

void ProjectSession::setGroup(std::vector<ImageId> images, const std::optional<QString> &group)
{
    const auto name = group ? std::optional(group->toStdString()) : std::nullopt;
    change([images = std::move(images), name](Project &project, const TakeChange &) { return project.setGroup(images, name); });
}

void ProjectSession::removeImages(std::vector<ImageId> images)
{
    change([images = std::move(images)](Project &project, const TakeChange &) { return project.removeImages(images); });
}

void ProjectSession::setSplit(std::vector<ImageId> images, Split split)
{
    change([images = std::move(images), split](Project &project, const TakeChange &) { return project.setSplit(images, split); });
}

void ProjectSession::assignSplits(const SplitShares &shares, std::uint64_t seed, std::vector<std::vector<ImageId>> together)
{
    change([shares, seed, together = std::move(together)](Project &project, const TakeChange &) {
        return project.assignSplits(shares, seed, together);
    });
}

void ProjectSession::setTestLocked(bool locked)
{
    change([locked](Project &project, const TakeChange &) { return project.setTestLocked(locked); });
}

void ProjectSession::undoTo(EntryId entry)
{
    if (!isImporting())
        change([entry](Project &project, const TakeChange &) { return project.undoTo(entry); });
}

void ProjectSession::redoTo(EntryId entry)
{
    if (!isImporting())
        change([entry](Project &project, const TakeChange &) { return project.redoTo(entry); });
}

void ProjectSession::undo()
{
    if (canUndo())
        change([said = tr("Undone: %1")](Project &project, const TakeChange &) { return sayAs(said, project.undo()); });
}

void ProjectSession::redo()
{
    if (canRedo())
        change([said = tr("Done again: %1")](Project &project, const TakeChange &) { return sayAs(said, project.redo()); });
}

void ProjectSession::reportState(ImageId image, ImageState state, const QString &reason)
{
    change([image, state, reason = reason.toStdString()](Project &project, const TakeChange &) {
        return project.setState(image, state, reason);
    });
}

} // namespace whisker
