#pragma once

#include "engine/data/project_values.h"

#include <vector>

class QMenu;
class QWidget;

namespace whisker {

class ProjectSession;

/// The group and the split of `images` (at least one): a field for the group's name, which has the keyboard, and the splits. Deletes itself when it closes.
QMenu *makeGroupMenu(ProjectSession &session, std::vector<ImageId> images, QWidget *parent);

/// One entry for each split, ticked where all of `images` are in it; a choice puts them there.
void addSplits(QMenu &menu, ProjectSession &session, const std::vector<ImageId> &images);

} // namespace whisker
