#pragma once

#include <QString>
#include <QStringList>
#include <filesystem>

namespace whisker {

/// Project files that were opened in the window, as texts, newest first: from the user's settings.
QStringList recentProjects();

/// Puts `file` first; the oldest of many are forgotten.
void rememberProject(const QString &file);

/// The one of them that was open last and is still there; empty where there is none. Asks the disk.
std::filesystem::path lastProject();

} // namespace whisker
