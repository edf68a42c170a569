#pragma once

#include "engine/data/project_values.h"
#include "ui/data/doctor_controller.h"

#include <QString>
#include <cstddef>
#include <functional>
#include <vector>

namespace whisker {

/// What can be done about a kind of finding in one step that can be taken back.
enum class Remedy {
    None,
    ExcludeAll, ///< All pictures of the kind.
    KeepOne,    ///< Of each group the best stays, the others are excluded.
    Relabel,    ///< Group after group, by a person.
};
Remedy remedyOf(FindingKind kind);

/// The explanation of a kind in the window's language.
QString findingTitle(FindingKind kind);
QString findingSentence(FindingKind kind); ///< What it means and what to do.
/// Diagnosis::countOf() in words: "12" pictures, or "2 classes". Wherever findings are counted, it is said with this.
QString findingCount(FindingKind kind, std::size_t count);

using FindImage = std::function<const ImageRecord *(ImageId)>;

/// Of each group all but the best: one that is labelled before one that isn't, one of the test set where that is locked (nothing may leave it), then the one
/// with the most pixels, then the sharpest, then the first. Pictures that are gone or excluded are passed over, and so are
/// groups under two labels: which one is right is a person's to say. Ascending, each once.
std::vector<ImageId> copiesToExclude(const std::vector<std::vector<ImageId>> &groups, const Diagnosis &diagnosis, const FindImage &find, bool testLocked);

} // namespace whisker
