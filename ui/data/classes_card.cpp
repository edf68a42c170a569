#include "ui/data/classes_card.h"

#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/tabular_text.h"
#include "widgets/theme.h"

#include <QAbstractButton>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QVBoxLayout>

namespace whisker {

namespace {
constexpr int kRowHeight = 32;
constexpr int kDot = 10;
constexpr int kKeyWidth = 28;    // the badge and the gap before it
constexpr int kLongestName = 80; // more is a mistake in pasting
} // namespace

class ClassRow : public QAbstractButton {
public:
    explicit ClassRow(QWidget *parent) : QAbstractButton(parent)
    {
        setFixedHeight(kRowHeight);
        setFocusPolicy(Qt::TabFocus);
        setAttribute(Qt::WA_Hover);
        setContextMenuPolicy(Qt::CustomContextMenu);
        setCursor(Qt::PointingHandCursor);
    }

    void show(const ClassRecord &record, int count)
    {
        m_record = record;
        m_count = count;
        const QString name = fromUtf8(record.name);
        setText(name);
        setAccessibleName(QStringLiteral("%1, %2").arg(name, countText(count, tr("1 picture"), tr("%1 pictures"))));
        const QString key = fromUtf8(record.key);
        setToolTip(key.isEmpty() ? name : tr("%1: the key %2 gives this label to what is selected").arg(name, key));
        update();
    }
    const ClassRecord &record() const { return m_record; }
    int count() const { return m_count; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const ThemeColours &colours = Theme::current().colours();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(classColour(m_record.colour));
        painter.drawEllipse(QRectF(0, (height() - kDot) / 2.0, kDot, kDot));
        const QString key = fromUtf8(m_record.key);
        const QRect count(width() - kKeyWidth - 60, 0, 60, height());
        painter.setPen(colours.quietText);
        painter.setFont(themeFont(13));
        drawTabularText(painter, count, Qt::AlignRight | Qt::AlignVCenter, QLocale().toString(m_count));
        const QRect name(22, 0, count.left() - 22, height());
        painter.setPen(underMouse() || hasFocus() ? colours.accentText : colours.text);
        painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(text(), Qt::ElideRight, name.width() - 8));
        if (!key.isEmpty()) {
            const int badge = keyBadgeWidth(key);
            paintKeyBadge(painter, QRectF(width() - badge, (height() - 18) / 2.0, badge, 18), key);
        }
    }

private:
    ClassRecord m_record;
    int m_count = 0;
};

ClassesCard::ClassesCard(QWidget *parent) : Card(tr("Classes"), parent), m_edit(new QLineEdit(this))
{
    m_edit->hide();
    m_edit->setMaxLength(kLongestName);
    m_edit->setPlaceholderText(tr("Name of the class"));
    m_edit->setAccessibleName(tr("Name of the class"));
    m_edit->installEventFilter(this);
    m_add = new Button(tr("Add a class"), Button::Kind::Quiet, this);
    m_add->setAccessibleName(tr("Add a class"));
    body()->setSpacing(0);
    body()->addWidget(m_edit);
    body()->addWidget(m_add, 0, Qt::AlignLeft);
    connect(m_add, &Button::clicked, this, &ClassesCard::startAdding);
    connect(m_edit, &QLineEdit::returnPressed, this, &ClassesCard::finishEdit);
}

void ClassesCard::setClasses(const std::vector<ClassRecord> &classes, const std::map<ClassId, int> &counts)
{
    while (m_rows.size() > classes.size()) {
        m_rows.back()->deleteLater();
        m_rows.back()->hide();
        m_rows.pop_back();
    }
    while (m_rows.size() < classes.size()) {
        auto *row = new ClassRow(this);
        connect(row, &ClassRow::clicked, this, [this, row] { Q_EMIT classClicked(row->record().id); });
        connect(row, &ClassRow::customContextMenuRequested, this,
                [this, row](const QPoint &place) { showMenu(row->record().id, row->mapToGlobal(place)); });
        row->installEventFilter(this);
        body()->insertWidget(static_cast<int>(m_rows.size()), row);
        m_rows.push_back(row);
    }
    for (std::size_t k = 0; k < classes.size(); ++k) {
        const auto count = counts.find(classes[k].id);
        m_rows[k]->show(classes[k], count == counts.end() ? 0 : count->second);
    }
}

int ClassesCard::countShown(const QString &className) const
{
    for (const auto *row : m_rows) {
        if (row->text() == className)
            return row->count();
    }
    return -1;
}

void ClassesCard::showMenu(ClassId id, const QPoint &place)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Rename"), this, [this, id] { startRenaming(id); });
    menu->addAction(tr("Remove (its pictures stay, without a label)"), this, [this, id] { Q_EMIT removeWanted(id); });
    menu->popup(place);
}

void ClassesCard::startAdding()
{
    m_renaming = 0;
    m_edit->clear();
    m_add->hide();
    m_edit->show();
    m_edit->setFocus();
}

void ClassesCard::startRenaming(ClassId id)
{
    for (const auto *row : m_rows) {
        if (row->record().id == id) {
            startAdding();
            m_renaming = id;
            m_edit->setText(row->text());
            m_edit->selectAll();
        }
    }
}

void ClassesCard::finishEdit()
{
    const QString name = m_edit->text().trimmed();
    const ClassId id = m_renaming;
    closeEdit();
    if (name.isEmpty())
        return;
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

bool ClassesCard::eventFilter(QObject *watched, QEvent *event)
{
    const auto *key = event->type() == QEvent::KeyPress ? static_cast<QKeyEvent *>(event) : nullptr;
    if (watched == m_edit) {
        if (key && key->key() == Qt::Key_Escape) {
            closeEdit();
            m_add->setFocus();
            return true;
        }
        if (event->type() == QEvent::FocusOut)
            closeEdit();
        return Card::eventFilter(watched, event);
    }
    if (event->type() == QEvent::MouseButtonDblClick || (key && key->key() == Qt::Key_F2)) {
        startRenaming(static_cast<ClassRow *>(watched)->record().id);
        return true;
    }
    return Card::eventFilter(watched, event);
}

} // namespace whisker
