#pragma once

#include "engine/data/internal/journal.h"
#include "engine/data/internal/transaction.h"

#include <type_traits>
#include <utility>

/// What the functions of Project that change something are made of: each one transaction, written to the disk before it is told.
namespace whisker {

/// Runs `body` in one transaction: it gives the words for what it did, or the reason why it must not.
template <class Writer, class Body> Result<ProjectChange> changed(ProjectStore &store, Body &&body)
{
    return written(store, [&]() -> Result<ProjectChange> {
        Writer writer(store);
        Result<std::string> words = body(writer);
        if (!words)
            return std::unexpected(words.error());
        if constexpr (std::is_same_v<Writer, JournalEntry>) {
            if (writer.id() == 0)
                words->clear();
            else
                writer.say(*words);
        }
        return changeOf(store, std::move(*words), writer.touched());
    });
}

/// The Error for a picture that isn't there.
std::unexpected<Error> unknownImage(const ProjectStore &store, ImageId id);
Result<ClassRecord> classOf(ProjectStore &store, ClassId id);

/// Gives `images` the value `after` in one field; how many had another one.
Result<std::size_t> setField(ProjectStore &store, JournalEntry &entry, std::span<const ImageId> images, JournalField field, const JournalValue &after);

} // namespace whisker
