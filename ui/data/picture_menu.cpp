#include "ui/data/picture_menu.h"

#include "ui/data/class_icon.h"
#include "ui/data/group_menu.h"
#include "ui/project_session.h"
#include "ui/texts.h"

#include <QAbstractItemView>
#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <algorithm>
#include <utility>

namespace whisker {

PictureMenu::PictureMenu(ProjectSession &session, const PictureActions &actions, Selected selected, QWidget *page, QAbstractItemView *list)
    : QObject(page), m_session(session), m_actions(actions), m_selected(std::move(selected)), m_page(page), m_list(list),
      m_group(addKey(tr("Group"), Qt::Key_G, &PictureMenu::openGroup)), m_copyPaths(addKey(tr("Copy the path"), QKeySequence::Copy, &PictureMenu::copyPaths))
{
    m_group->setToolTip(tr("One animal, one camera: pictures of one group never straddle splits"));
    m_copyPaths->setShortcutContext(Qt::WidgetShortcut); // a field copies its text
    m_list->addAction(m_copyPaths);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_list, &QWidget::customContextMenuRequested, this, [this](const QPoint &place) {
        const bool onPicture = m_list->indexAt(place).isValid(); // not so with the menu key
        openAt(onPicture ? m_list->viewport()->mapToGlobal(place) : placeOfCurrent());
    });
}

QAction *PictureMenu::addKey(const QString &text, const QKeySequence &keys, void (PictureMenu::*slot)())
{
    auto *action = new QAction(text, m_page);
    action->setShortcut(keys);
    connect(action, &QAction::triggered, this, slot);
    m_page->addAction(action);
    return action;
}

QPoint PictureMenu::placeOfCurrent() const
{
    const QRect current = m_list->visualRect(m_list->currentIndex()).intersected(m_list->viewport()->rect());
    return m_list->viewport()->mapToGlobal(current.isEmpty() ? QPoint(8, 8) : current.center());
}

void PictureMenu::openAt(const QPoint &globalPlace)
{
    if (!m_selected().empty())
        make()->popup(globalPlace);
}

void PictureMenu::openGroup()
{
    if (auto images = m_selected(); !images.empty() && !m_session.isReadOnly())
        makeGroupMenu(m_session, std::move(images), m_page)->popup(placeOfCurrent());
}

void PictureMenu::copyPaths()
{
    QStringList paths;
    for (const ImageId id : m_selected()) {
        if (const auto *image = m_session.image(id))
            paths.append(displayText(image->file()));
    }
    if (!paths.isEmpty())
        QGuiApplication::clipboard()->setText(paths.join(QLatin1Char('\n')));
}

QMenu *PictureMenu::make()
{
    const auto images = m_selected();
    m_copyPaths->setText(images.size() == 1 ? tr("Copy the path") : tr("Copy the paths"));
    m_group->setEnabled(!m_session.isReadOnly());
    auto *menu = new QMenu(m_page);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(m_actions.open);
    menu->addAction(m_actions.label);
    menu->addSeparator();
    if (m_actions.confirm->isEnabled())
        menu->addAction(m_actions.confirm);
    auto *labels = menu->addMenu(tr("Label"));
    addLabels(*labels, images);
    labels->setEnabled(!m_session.isReadOnly());
    menu->addAction(m_actions.unsure);
    menu->addAction(m_actions.exclude);
    menu->addSeparator();
    menu->addAction(m_group);
    auto *splits = menu->addMenu(tr("Split"));
    addSplits(*splits, m_session, images);
    menu->addAction(m_actions.alike);
    menu->addSeparator();
    const auto *first = m_session.image(images.front());
    menu->addAction(tr("Open the folder"), this, [this, folder = first ? displayText(*first->folder) : QString()] { Q_EMIT folderWanted(folder); })->setEnabled(first != nullptr);
    menu->addAction(m_copyPaths);
    menu->addSeparator();
    menu->addAction(m_actions.remove);
    return menu;
}

/// The classes with their keys, the one that all of `images` have ticked.
void PictureMenu::addLabels(QMenu &menu, const std::vector<ImageId> &images)
{
    for (const auto &record : m_session.state().classes) {
        QString name = menu.fontMetrics().elidedText(fromUtf8(record.name), Qt::ElideRight, 320).replace(QLatin1Char('&'), QStringLiteral("&&"));
        if (!record.key.empty())
            name += QLatin1Char('\t') + fromUtf8(record.key).toUpper();
        auto *action = menu.addAction(classIcon(record.colour), name, this, [this, id = record.id] { Q_EMIT labelWanted(id); });
        action->setIconVisibleInMenu(true);
        const bool all = std::ranges::all_of(images, [&](ImageId id) { return m_session.image(id) && m_session.image(id)->label == record.id; });
        action->setEnabled(!all);
    }
    if (!menu.isEmpty())
        menu.addSeparator();
    menu.addAction(m_actions.typeLabel);
    const bool labelled = std::ranges::any_of(images, [&](ImageId id) { return m_session.image(id) && m_session.image(id)->label; });
    menu.addAction(tr("No label"), this, [this, images] { m_session.setLabel(images, std::optional<ClassId>()); })->setEnabled(labelled);
}

} // namespace whisker
