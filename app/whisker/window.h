#pragma once

#include "ui/main_window.h"

#include <memory>

namespace whisker {

class ProjectSession;

/// The window with all its pages, joined to each other; not shown yet. `session` outlives it.
std::unique_ptr<MainWindow> makeWindow(ProjectSession &session);

} // namespace whisker
