#include "ui/recent_projects.h"

#include "ui/texts.h"

#include <QSettings>

namespace whisker {

namespace {

constexpr auto kKey = "projects/recent";
constexpr qsizetype kMost = 5;

} // namespace

QStringList recentProjects()
{
    return QSettings().value(kKey).toStringList();
}

void rememberProject(const QString &file)
{
    QStringList files = recentProjects();
    files.removeAll(file);
    files.prepend(file);
    QSettings().setValue(kKey, QStringList(files.mid(0, kMost)));
}

std::filesystem::path lastProject()
{
    for (const QString &file : recentProjects()) {
        std::error_code error;
        if (const std::filesystem::path path = toPath(file); std::filesystem::is_regular_file(path, error))
            return path;
    }
    return {};
}

} // namespace whisker
