#include "ui/data/classes_card.h"

#include "ui/data/class_icon.h"
#include "ui/data/class_row.h"
#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/reveal.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QVBoxLayout>
#include <algorithm>

namespace whisker {

ClassesCard::ClassesCard(QWidget *parent) : Card(tr("Classes"), parent), m_edit(new QLineEdit(this))
{
    m_edit->hide();
    m_edit->setPlaceholderText(tr("Name of the class"));
    m_edit->setAccessibleName(tr("Name of the class"));
    m_edit->installEventFilter(this);
    m_add = new Button(tr("Add a class"), Button::Kind::Link, this);
    m_add->setAccessibleName(tr("Add a class"));
    body()->setSpacing(0);
    body()->addWidget(m_edit);
    body()->addSpacing(4);
    body()->addWidget(m_add, 0, Qt::AlignLeft);
    connect(m_add, &Button::clicked, this, &ClassesCard::startAdding);
    connect(m_edit, &QLineEdit::returnPressed, this, &ClassesCard::finishEdit);
}

ClassRow *ClassesCard::makeRow()
{
    auto *row = new ClassRow(this);
    connect(row, &ClassRow::clicked, this, [this, row] { Q_EMIT classClicked(row->record().id); });
    connect(row, &ClassRow::menuWanted, this, [this, row](const QPoint &place) { openWithin(*window(), *makeMenu(row->record().id), place); });
    connect(row, &ClassRow::keyChosen, this, [this, row](const QString &key) { Q_EMIT keyWanted(row->record().id, key); });
    connect(row, &ClassRow::picturesEntered, this, [row] { reveal(row, 2 * ClassRow::kHeight); });
    connect(row, &ClassRow::picturesDropped, this, [this, row] { Q_EMIT picturesDropped(row->record().id); });
    row->installEventFilter(this);
    return row;
}

void ClassesCard::setClasses(const std::vector<ClassRecord> &classes, const std::map<ClassId, int> &counts)
{
    const auto focused = std::ranges::find_if(m_rows, [](const ClassRow *row) { return row->hasFocus(); });
    const ClassId focusedId = focused == m_rows.end() ? 0 : (*focused)->record().id;
    while (m_rows.size() > classes.size()) {
        m_rows.back()->deleteLater();
        m_rows.back()->hide();
        m_rows.pop_back();
    }
    while (m_rows.size() < classes.size()) {
        m_rows.push_back(makeRow());
        body()->insertWidget(static_cast<int>(m_rows.size()) - 1, m_rows.back());
    }
    for (std::size_t k = 0; k < classes.size(); ++k) {
        const auto count = counts.find(classes[k].id);
        m_rows[k]->setClass(classes[k], count == counts.end() ? 0 : count->second);
        if (m_rows[k]->text() == m_asked)
            m_asked.clear();
    }
    if (ClassRow *row = rowOf(focusedId); row && !row->hasFocus()) // it was moved: the keyboard goes with it
        row->setFocus();
}

void ClassesCard::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    m_add->setEnabled(!readOnly);
    closeEdit();
}

ClassRow *ClassesCard::rowOf(ClassId id) const
{
    const auto found = std::ranges::find_if(m_rows, [id](const ClassRow *row) { return row->record().id == id; });
    return found == m_rows.end() ? nullptr : *found;
}

std::ptrdiff_t ClassesCard::placeOf(const ClassRow &row) const { return std::ranges::find(m_rows, &row) - m_rows.begin(); }

int ClassesCard::countShown(const QString &className) const
{
    for (const auto *row : m_rows) {
        if (row->text() == className)
            return row->count();
    }
    return -1;
}

QMenu *ClassesCard::makeMenu(ClassId id)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    ClassRow *row = rowOf(id);
    if (!row)
        return menu;
    menu->addAction(tr("&Rename") + QStringLiteral("\tF2"), this, [this, id] { startRenaming(id); });
    menu->addAction(tr("Change the &key"), row, &ClassRow::askForKey);
    addColours(*menu->addMenu(tr("&Colour")), *row);
    auto *merge = menu->addMenu(tr("&Merge into"));
    addMergeTargets(*merge, *row);
    merge->setEnabled(m_rows.size() > 1);
    menu->addSeparator();
    menu->addAction(tr("Move &up") + QStringLiteral("\tAlt+Up"), this, [this, row] { moveBy(*row, -1); })->setEnabled(placeOf(*row) > 0);
    menu->addAction(tr("Move &down") + QStringLiteral("\tAlt+Down"), this, [this, row] { moveBy(*row, 1); })
        ->setEnabled(placeOf(*row) + 1 < std::ssize(m_rows));
    menu->addSeparator();
    const QString remove = row->count() == 0 ? tr("R&emove (no picture has it)")
                                             : countText(row->count(), tr("R&emove (its picture stays, without a label)"),
                                                         tr("R&emove (its %1 pictures stay, without a label)"));
    menu->addAction(remove + QStringLiteral("\tDel"), this, [this, id] { Q_EMIT removeWanted(id); });
    for (QAction *action : menu->actions())
        action->setEnabled(action->isEnabled() && !m_readOnly);
    return menu;
}

void ClassesCard::addColours(QMenu &menu, const ClassRow &row)
{
    const QStringList names{tr("Orange"), tr("Blue"), tr("Green"), tr("Purple"), tr("Ochre"), tr("Violet"), tr("Red"), tr("Teal")};
    const ClassId id = row.record().id;
    for (int colour = 0; colour < names.size(); ++colour) {
        auto *action = menu.addAction(classIcon(colour), names[colour], this, [this, id, colour] { Q_EMIT colourWanted(id, colour); });
        action->setIconVisibleInMenu(true);
        action->setEnabled(row.record().colour % static_cast<int>(names.size()) != colour);
    }
}

void ClassesCard::addMergeTargets(QMenu &menu, const ClassRow &row)
{
    const ClassId from = row.record().id;
    for (const ClassRow *other : m_rows) {
        if (other == &row)
            continue;
        const QString name = other->fontMetrics().elidedText(other->text(), Qt::ElideRight, 320).replace(QLatin1Char('&'), QStringLiteral("&&"));
        menu.addAction(classIcon(other->record().colour), name, this, [this, from, into = other->record().id] { Q_EMIT mergeWanted(from, into); })
            ->setIconVisibleInMenu(true);
    }
}

void ClassesCard::moveBy(const ClassRow &row, int step)
{
    const auto place = placeOf(row) + step;
    if (place >= 0 && place < std::ssize(m_rows))
        Q_EMIT moveWanted(row.record().id, static_cast<std::size_t>(place));
}

void ClassesCard::startAdding()
{
    m_renaming = 0;
    m_edit->clear();
    m_add->hide();
    m_edit->show();
    m_edit->setFocus();
    layout()->activate();
    reveal(m_edit, 8);
}

void ClassesCard::startRenaming(ClassId id)
{
    if (const auto *row = rowOf(id)) {
        startAdding();
        m_renaming = id;
        m_edit->setText(row->text());
        m_edit->selectAll();
    }
}

void ClassesCard::reopenEdit()
{
    if (m_asked.isEmpty())
        return;
    const ClassId id = m_renaming;
    const QString name = std::exchange(m_asked, {});
    startAdding();
    m_renaming = id;
    m_edit->setText(name);
}

void ClassesCard::finishEdit()
{
    const QString name = m_edit->text().trimmed();
    const ClassId id = m_renaming;
    closeEdit();
    if (name.isEmpty())
        return;
    m_asked = name;
    if (ClassRow *row = rowOf(id))
        row->setFocus();
    if (id)
        Q_EMIT renameWanted(id, name);
    else
        Q_EMIT addWanted(name);
}

void ClassesCard::closeEdit()
{
    m_edit->hide();
    m_add->show();
}

/// What the keyboard does with a row; true where it did.
bool ClassesCard::takeRowKey(ClassRow &row, const QKeyEvent &key)
{
    const bool alone = !(key.modifiers() & ~Qt::KeypadModifier);
    const bool alt = (key.modifiers() & ~Qt::KeypadModifier) == Qt::AltModifier;
    const bool upOrDown = key.key() == Qt::Key_Up || key.key() == Qt::Key_Down;
    if (row.isAskingForKey() || !(alone || (alt && upOrDown)) || !(upOrDown || key.key() == Qt::Key_F2 || key.key() == Qt::Key_Delete))
        return false;
    if (key.type() == QEvent::ShortcutOverride)
        return true; // it comes again, as a key
    const int step = key.key() == Qt::Key_Up ? -1 : 1;
    if (m_readOnly && !(alone && upOrDown))
        return true;
    if (key.key() == Qt::Key_F2)
        startRenaming(row.record().id);
    else if (key.key() == Qt::Key_Delete)
        Q_EMIT removeWanted(row.record().id);
    else if (alt)
        moveBy(row, step);
    else if (const auto place = placeOf(row) + step; place >= 0 && place < std::ssize(m_rows)) {
        m_rows[static_cast<std::size_t>(place)]->setFocus(step < 0 ? Qt::BacktabFocusReason : Qt::TabFocusReason);
        reveal(m_rows[static_cast<std::size_t>(place)], ClassRow::kHeight);
    }
    return true;
}

bool ClassesCard::eventFilter(QObject *watched, QEvent *event)
{
    const bool pressed = event->type() == QEvent::KeyPress;
    const auto *key = pressed || event->type() == QEvent::ShortcutOverride ? static_cast<QKeyEvent *>(event) : nullptr;
    if (watched == m_edit) {
        if (pressed && key->key() == Qt::Key_Escape) {
            closeEdit();
            m_add->setFocus();
            return true;
        }
        if (event->type() == QEvent::FocusOut)
            closeEdit();
        return Card::eventFilter(watched, event);
    }
    auto *row = qobject_cast<ClassRow *>(watched);
    if (row && event->type() == QEvent::MouseButtonDblClick) {
        if (!m_readOnly)
            startRenaming(row->record().id);
        return true;
    }
    if (row && key && takeRowKey(*row, *key)) {
        event->accept();
        return true;
    }
    return Card::eventFilter(watched, event);
}

} // namespace whisker
