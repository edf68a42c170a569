#include "widgets/chip_row.h"

#include "widgets/internal/paint.h"

#include <QButtonGroup>
#include <QEvent>
#include <QFontMetrics>
#include <QLocale>
#include <QMenu>
#include <algorithm>

namespace whisker {

namespace {
constexpr int kHeight = 24;
constexpr int kPadding = 11;
constexpr int kDot = 10;
constexpr int kDotGap = 6;
constexpr int kGap = 12;
constexpr int kWidestText = 180;
} // namespace

Chip::Chip(const QString &text, int classIndex, QWidget *parent) : QAbstractButton(parent), m_classIndex(classIndex)
{
    setText(text);
    setAccessibleName(text);
    setCheckable(true);
    setFont(themeFont(12));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Chip::setCount(int count)
{
    if (count == m_count)
        return;
    m_count = count;
    setAccessibleDescription(count < 0 ? QString() : QLocale().toString(count));
    updateGeometry();
    update();
}

void Chip::setClassIndex(int classIndex)
{
    m_classIndex = classIndex;
    updateGeometry();
    update();
}

QString Chip::shownText() const
{
    const QString name = fontMetrics().elidedText(text(), Qt::ElideMiddle, kWidestText);
    return m_count < 0 ? name : QStringLiteral("%1 %2").arg(name, QLocale().toString(m_count));
}

QSize Chip::sizeHint() const
{
    const int dot = m_classIndex >= 0 ? kDot + kDotGap : 0;
    return {fontMetrics().horizontalAdvance(shownText()) + dot + 2 * kPadding + 1, kHeight};
}

void Chip::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    if (!isEnabled())
        painter.setOpacity(0.5);
    const QColor fill = isChecked() ? colours.accentGround : underMouse() || isDown() ? colours.hover : colours.panel;
    paintPanel(painter, rect(), height() / 2.0 - 0.5, fill, isChecked() ? colours.accent : colours.line);
    if (showsFocus(*this))
        paintFocusRing(painter, rect(), height() / 2.0);
    QRect area = rect().adjusted(kPadding, 0, -kPadding, 0);
    if (m_classIndex >= 0) {
        paintClassDot(painter, QPointF(area.left() + kDot / 2.0, height() / 2.0), kDot, m_classIndex);
        area.setLeft(area.left() + kDot + kDotGap);
    }
    painter.setPen(isChecked() ? colours.accentText : colours.text);
    painter.drawText(area, Qt::AlignVCenter | Qt::AlignLeft, shownText());
}

void Chip::enterEvent(QEnterEvent *event)
{
    update();
    QAbstractButton::enterEvent(event);
}

void Chip::leaveEvent(QEvent *event)
{
    update();
    QAbstractButton::leaveEvent(event);
}

ChipRow::ChipRow(QWidget *parent) : QWidget(parent), m_group(new QButtonGroup(this)), m_more(new Chip({}, Chip::kNoClass, this))
{
    setAccessibleName(tr("Filter"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_more->setCheckable(false);
    m_more->hide();
    connect(m_more, &Chip::clicked, this, &ChipRow::showMore);
}

ChipRow::~ChipRow() = default;

void ChipRow::setChips(const std::vector<ChipItem> &chips)
{
    std::vector<Entry> entries;
    for (const ChipItem &item : chips) {
        Chip *button = chip(item.id);
        if (!button) {
            button = new Chip(item.text, item.classIndex, this);
            m_group->addButton(button);
            connect(button, &Chip::clicked, this, [this, id = item.id] { choose(id); });
        }
        button->setText(item.text);
        button->setAccessibleName(item.text);
        if (button->classIndex() != item.classIndex)
            button->setClassIndex(item.classIndex);
        button->setCount(item.count);
        entries.push_back({item.id, button});
    }
    for (const Entry &old : m_chips) {
        if (std::ranges::none_of(entries, [&](const Entry &entry) { return entry.chip == old.chip; }))
            delete old.chip;
    }
    m_chips = std::move(entries);
    if (!chip(m_currentId)) {
        m_currentId.clear();
        if (!m_chips.empty())
            choose(m_chips.front().id);
    }
    placeChips();
    updateGeometry();
}

QString ChipRow::currentId() const { return m_currentId; }

void ChipRow::setCurrentId(const QString &id)
{
    if (chip(id))
        choose(id);
}

void ChipRow::choose(const QString &id)
{
    chip(id)->setChecked(true);
    if (id == m_currentId)
        return;
    m_currentId = id;
    placeChips();
    Q_EMIT currentChanged(id);
}

int ChipRow::chipCount() const { return int(m_chips.size()); }

Chip *ChipRow::chip(const QString &id) const
{
    const auto found = std::ranges::find(m_chips, id, &Entry::id);
    return found == m_chips.end() ? nullptr : found->chip;
}

void ChipRow::placeChips()
{
    int needed = -kGap;
    for (const Entry &entry : m_chips)
        needed += entry.chip->sizeHint().width() + kGap;
    m_more->setText(tr("%n more", nullptr, int(m_chips.size())));
    const Chip *chosen = chip(m_currentId);
    int room = width();
    if (needed > room) {
        room -= m_more->sizeHint().width() + kGap;
        if (chosen)
            room -= chosen->sizeHint().width() + kGap;
    }
    int x = 0;
    int left = 0; // without room
    for (const Entry &entry : m_chips) {
        const QSize size = entry.chip->sizeHint();
        const bool isChosen = entry.chip == chosen;
        const bool fits = needed <= width() || isChosen || x + size.width() <= room;
        entry.chip->setVisible(fits);
        if (!fits) {
            ++left;
            room = std::min(room, x); // nothing after the first that has no room jumps the queue
            continue;
        }
        entry.chip->setGeometry(x, 0, size.width(), kHeight);
        x += size.width() + kGap;
        if (isChosen && needed > width())
            room += size.width() + kGap;
    }
    m_more->setVisible(left > 0);
    m_more->setText(tr("%n more", nullptr, left));
    m_more->setGeometry(x, 0, m_more->sizeHint().width(), kHeight);
}

void ChipRow::showMore()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const Entry &entry : m_chips) {
        if (!entry.chip->isHidden())
            continue;
        const QString count = entry.chip->count() < 0 ? QString() : QLocale().toString(entry.chip->count());
        QString text = entry.chip->text();
        QAction *action = menu->addAction(text.replace("&", "&&") + u'\t' + count);
        connect(action, &QAction::triggered, this, [this, id = entry.id] { setCurrentId(id); });
    }
    menu->popup(m_more->mapToGlobal(QPoint(0, m_more->height() + 4)));
}

QSize ChipRow::sizeHint() const
{
    int width = -kGap;
    for (const Entry &entry : m_chips)
        width += entry.chip->sizeHint().width() + kGap;
    return {std::max(0, width), kHeight};
}

QSize ChipRow::minimumSizeHint() const { return {std::min(160, sizeHint().width()), kHeight}; }

void ChipRow::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    placeChips();
}

bool ChipRow::event(QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest) // a chip's text got longer
        placeChips();
    return QWidget::event(event);
}

} // namespace whisker
