#pragma once

#include "engine/data/project_values.h"

#include <QKeySequence>
#include <QObject>
#include <functional>
#include <vector>

class QAbstractItemView;
class QAction;
class QMenu;
class QPoint;
class QWidget;

namespace whisker {

class ProjectSession;

/// What a page does with the pictures that are selected; each stands in the menu with its key. None is null.
struct PictureActions {
    QAction *open;
    QAction *label;     ///< One by one, by keyboard.
    QAction *confirm;   ///< The model's guess; left out where it is disabled.
    QAction *typeLabel;
    QAction *unsure;
    QAction *exclude;
    QAction *alike;
    QAction *remove;
};

/// The menu of the pictures that are selected in a list: their label, marks, group and split, and the way to their files. Opens with the right button or the
/// menu key; group (G) and copying paths (Ctrl+C) have keys of their own.
class PictureMenu : public QObject {
    Q_OBJECT
public:
    using Selected = std::function<std::vector<ImageId>()>;
    /// `page` is where the keys work, `list` where the menu opens.
    PictureMenu(ProjectSession &session, const PictureActions &actions, Selected selected, QWidget *page, QAbstractItemView *list);

    QMenu *make(); ///< Of what is selected, at least one picture; deletes itself when it closes.
    void openAt(const QPoint &globalPlace); ///< Nothing where nothing is selected.
    void openGroup();

Q_SIGNALS:
    void labelWanted(whisker::ClassId id);
    void folderWanted(const QString &folder); ///< To be opened in the desktop's file manager.

private:
    QAction *addKey(const QString &text, const QKeySequence &keys, void (PictureMenu::*slot)());
    void addLabels(QMenu &menu, const std::vector<ImageId> &images);
    void copyPaths();
    QPoint placeOfCurrent() const;

    ProjectSession &m_session;
    const PictureActions m_actions;
    const Selected m_selected;
    QWidget *m_page;
    QAbstractItemView *m_list;
    QAction *m_group;
    QAction *m_copyPaths;
};

} // namespace whisker
