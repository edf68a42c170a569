#include "widgets/rail.h"

#include "widgets/internal/paint.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QKeySequence>
#include <QShortcut>
#include <QVBoxLayout>

namespace whisker {

namespace {
constexpr int kWidth = 88;
constexpr int kIconEdge = 24;
constexpr int kChevronEdge = 12;
} // namespace

class RailButton : public QAbstractButton {
public:
    RailButton(Icon icon, const QString &label, QWidget *parent) : QAbstractButton(parent), m_icon(icon)
    {
        setText(label);
        setAccessibleName(label);
        setCheckable(true);
        setFont(themeFont(11, QFont::Medium));
        setFixedSize(72, 60);
        setFocusPolicy(Qt::StrongFocus);
        setAttribute(Qt::WA_Hover);
    }
    void setOpensMenu()
    {
        m_opensMenu = true;
        setCheckable(false);
    }
    void setBusy(bool busy)
    {
        m_busy = busy;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const ThemeColours &colours = Theme::current().colours();
        QPainter painter(this);
        if (isChecked())
            paintPanel(painter, rect(), kCardRadius, colours.accentGround);
        else if (underMouse())
            paintPanel(painter, rect(), kCardRadius, mixed(colours.rail, colours.text, 0.05));
        if (showsFocus(*this))
            paintFocusRing(painter, rect(), kCardRadius);
        const QColor ink = isChecked() ? colours.accentText : colours.quietText;
        const QPoint corner((width() - kIconEdge) / 2, 7);
        painter.drawPixmap(corner, iconPixmap(m_icon, kIconEdge, ink, devicePixelRatioF()));
        if (m_opensMenu)
            painter.drawPixmap(corner + QPoint(kIconEdge + 2, (kIconEdge - kChevronEdge) / 2),
                               iconPixmap(Icon::More, kChevronEdge, ink, devicePixelRatioF()));
        if (m_busy) {
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setPen(QPen(isChecked() ? colours.accentGround : colours.rail, 2));
            painter.setBrush(colours.good);
            painter.drawEllipse(QPointF(corner) + QPointF(kIconEdge, 3), 5, 5);
        }
        painter.setPen(ink);
        painter.drawText(QRect(2, 34, width() - 4, 18), Qt::AlignCenter, fontMetrics().elidedText(text(), Qt::ElideRight, width() - 4));
    }

private:
    Icon m_icon;
    bool m_busy = false;
    bool m_opensMenu = false;
};

Rail::Rail(QWidget *parent) : QWidget(parent), m_column(new QVBoxLayout(this)), m_group(new QButtonGroup(this))
{
    setAccessibleName(tr("Pages"));
    setFixedWidth(kWidth);
    m_column->setContentsMargins(8, 12, 8, 12);
    m_column->setSpacing(4);
    m_column->addStretch(1);
    connect(m_group, &QButtonGroup::idClicked, this, &Rail::pageChosen);
}

int Rail::addPage(Icon icon, const QString &label)
{
    const int index = pageCount();
    auto *button = new RailButton(icon, label, this);
    m_buttons.push_back(button);
    m_group->addButton(button, index);
    m_column->insertWidget(index, button);
    if (index < 9) {
        const QKeySequence keys(Qt::CTRL | Qt::Key(Qt::Key_1 + index));
        auto *shortcut = new QShortcut(keys, this);
        connect(shortcut, &QShortcut::activated, button, &QAbstractButton::click);
        button->setToolTip(QStringLiteral("%1 (%2)").arg(label, keys.toString(QKeySequence::NativeText)));
    }
    if (index == 0)
        button->setChecked(true);
    return index;
}

QAbstractButton *Rail::addMenuButton(Icon icon, const QString &label)
{
    auto *button = new RailButton(icon, label, this);
    button->setOpensMenu();
    m_column->addWidget(button);
    return button;
}

int Rail::pageCount() const { return int(m_buttons.size()); }

int Rail::currentPage() const { return m_group->checkedId(); }

void Rail::setCurrentPage(int index)
{
    if (index >= 0 && index < pageCount())
        m_buttons[std::size_t(index)]->setChecked(true);
}

void Rail::setBusy(int index, bool busy)
{
    if (index >= 0 && index < pageCount())
        m_buttons[std::size_t(index)]->setBusy(busy);
}

void Rail::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    painter.fillRect(rect(), colours.rail);
    painter.fillRect(QRect(width() - 1, 0, 1, height()), colours.line);
}

} // namespace whisker
