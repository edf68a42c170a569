#include "engine/base/number_text.h"
#include "engine/data/internal/change.h"
#include "engine/data/internal/class_names.h"
#include "engine/data/internal/division.h"
#include "engine/data/internal/picture_facts.h"
#include "engine/data/internal/test_set.h"
#include "engine/data/project.h"

#include <set>

/// The changes of a Project's pictures.
namespace whisker {

Result<ProjectChange> Project::setLabel(std::span<const ImageId> images, std::optional<ClassId> label)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const auto record = label ? classOf(store, *label) : Result<ClassRecord>();
        if (!record)
            return std::unexpected(record.error());
        const auto after = label ? JournalValue(*label) : JournalValue();
        const auto count = setField(store, entry, images, JournalField::ImageLabel, after);
        if (!count)
            return std::unexpected(count.error());
        if (!label)
            return "Took the label from " + countText(*count, "picture");
        const std::size_t leftOut = giveSplits(store, entry, images, *label);
        return "Labelled " + countText(*count, "picture") + " " + record->name + leftOutWords(leftOut);
    });
}

Result<ProjectChange> Project::setLabels(std::span<const LabelGroup> groups)
{
    if (groups.size() == 1)
        return setLabel(groups.front().images, groups.front().label);
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        std::size_t total = 0, leftOut = 0;
        std::string each;
        for (const LabelGroup &group : groups) {
            const auto record = classOf(store, group.label);
            if (!record)
                return std::unexpected(record.error());
            const auto count = setField(store, entry, group.images, JournalField::ImageLabel, JournalValue(group.label));
            if (!count)
                return std::unexpected(count.error());
            leftOut += giveSplits(store, entry, group.images, group.label);
            total += *count;
            each += (each.empty() ? "" : ", ") + countText(*count) + " " + record->name;
        }
        return "Labelled " + countText(total, "picture") + ": " + each + leftOutWords(leftOut);
    });
}

Result<ProjectChange> Project::setExcluded(std::span<const ImageId> images, bool excluded)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const auto after = static_cast<std::int64_t>(excluded);
        const auto count = setField(store, entry, images, JournalField::ImageExcluded, after);
        if (!count)
            return std::unexpected(count.error());
        return excluded ? "Excluded " + countText(*count, "picture") : "Included " + countText(*count, "picture") + " again";
    });
}

Result<ProjectChange> Project::setUnsure(std::span<const ImageId> images, bool unsure)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const auto count = setField(store, entry, images, JournalField::ImageUnsure, static_cast<std::int64_t>(unsure));
        if (!count)
            return std::unexpected(count.error());
        return unsure ? "Marked " + countText(*count, "picture") + " as not sure" : "Marked " + countText(*count, "picture") + " as sure";
    });
}

Result<ProjectChange> Project::setGroup(std::span<const ImageId> images, const std::optional<std::string> &group)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const auto clean = group ? cleanGroupName(*group) : Result<std::string>();
        if (!clean)
            return clean;
        const auto count = setField(store, entry, images, JournalField::ImageGroup, group ? JournalValue(*clean) : JournalValue());
        if (!count)
            return std::unexpected(count.error());
        return group ? "Put " + countText(*count, "picture") + " into group " + *clean : "Took " + countText(*count, "picture") + " out of " + (*count == 1 ? "its group" : "their groups");
    });
}

Result<ProjectChange> Project::removeImages(std::span<const ImageId> images)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const TestSetGuard testSet(store);
        const std::set<ImageId> once(images.begin(), images.end());
        const std::vector<ImageId> ids(once.begin(), once.end());
        const auto count = setField(store, entry, ids, JournalField::ImagePresent, std::int64_t(0));
        if (!count)
            return std::unexpected(count.error());
        if (const auto kept = testSet.check(); !kept)
            return std::unexpected(kept.error());
        return "Removed " + countText(*count, "picture") + " from the project";
    });
}

Result<ProjectChange> Project::setState(ImageId image, ImageState state, std::string_view reason)
{
    ProjectStore &store = *m_store;
    return changed<FieldWriter>(store, [&](FieldWriter &writer) -> Result<std::string> {
        if (!PictureFacts(store, writer.touched()).setState(image, state, state == ImageState::Ok ? "" : std::string(reason)))
            return unknownImage(store, image);
        return std::string();
    });
}

Result<void> Project::setSetting(std::string_view key, std::string_view value)
{
    ProjectStore &store = *m_store;
    const auto change = changed<FieldWriter>(store, [&](FieldWriter &) -> Result<std::string> {
        writeSetting(store, std::string(key), std::string(value));
        return std::string();
    });
    if (!change)
        return std::unexpected(change.error());
    return {};
}

} // namespace whisker
