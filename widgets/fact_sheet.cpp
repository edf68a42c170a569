#include "widgets/fact_sheet.h"

#include "widgets/tabular_text.h"
#include "widgets/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace whisker {

namespace {

constexpr int kLineHeight = 22;
constexpr int kTitleHeight = 26;
constexpr int kSectionGap = 14;
constexpr int kColumnGap = 24;
constexpr int kCellGap = 8;
constexpr double kNameShare = 0.54;         // of a column, where there is one value
constexpr double kComparedNameShare = 0.29; // where there are more

const QString kNothing = QStringLiteral("–");

QString shown(const QString &value) { return value.isEmpty() ? kNothing : value; }

} // namespace

FactSheet::FactSheet(int leastColumn, QWidget *parent) : QWidget(parent), m_leastColumn(leastColumn)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setFont(themeFont(12));
}

void FactSheet::setSections(std::vector<FactSection> sections)
{
    m_sections = std::move(sections);
    std::erase_if(m_sections, [](const FactSection &section) { return section.lines.empty(); });
    setAccessibleDescription(text());
    updateGeometry();
    update();
}

QString FactSheet::text() const
{
    QStringList lines;
    for (const FactSection &section : m_sections) {
        lines.append((QStringList(section.title) + section.heads).join(u'\t'));
        for (const FactLine &line : section.lines)
            lines.append((QStringList(line.name) + line.values).join(u'\t'));
    }
    return lines.join(u'\n');
}

QString FactSheet::value(const QString &name, int index) const
{
    for (const FactSection &section : m_sections) {
        const auto line = std::ranges::find(section.lines, name, &FactLine::name);
        if (line != section.lines.end())
            return line->values.value(index);
    }
    return {};
}

int FactSheet::columnsAt(int width) const
{
    return m_leastColumn > 0 ? std::max(1, (width + kColumnGap) / (m_leastColumn + kColumnGap)) : 1;
}

/// One below the other, going on in the next column where one has its share of the whole.
std::vector<FactSheet::Placed> FactSheet::placed(int width) const
{
    std::vector<Placed> units;
    int whole = 0;
    for (const FactSection &section : m_sections) {
        units.push_back({Kind::Title, QRect(0, 0, 0, kTitleHeight), &section, nullptr});
        if (!section.heads.isEmpty())
            units.push_back({Kind::Heads, QRect(0, 0, 0, kLineHeight), &section, nullptr});
        for (const FactLine &line : section.lines)
            units.push_back({Kind::Line, QRect(0, 0, 0, kLineHeight), &section, &line});
        whole += kSectionGap;
    }
    for (const Placed &unit : units)
        whole += unit.area.height();
    const int columns = columnsAt(width);
    const int share = (whole + columns - 1) / columns;
    const int columnWidth = (width - (columns - 1) * kColumnGap) / columns;
    int column = 0, y = 0;
    for (std::size_t i = 0; i < units.size(); ++i) {
        Placed &unit = units[i];
        const bool begins = unit.kind == Kind::Title;
        const int needed = unit.area.height() + (begins ? kSectionGap + 2 * kLineHeight : 0); // no title stands alone at the end of a column
        if (y > 0 && y + needed > share && column + 1 < columns) {
            ++column;
            y = 0;
        }
        if (begins && y > 0)
            y += kSectionGap;
        unit.area = QRect(column * (columnWidth + kColumnGap), y, columnWidth, unit.area.height());
        y += unit.area.height();
    }
    return units;
}

int FactSheet::heightForWidth(int width) const
{
    int height = 0;
    for (const Placed &place : placed(width))
        height = std::max(height, place.area.bottom() + 1);
    return height;
}

QSize FactSheet::sizeHint() const
{
    const int width = std::max(m_leastColumn, 240);
    return {width, heightForWidth(width)};
}

QSize FactSheet::minimumSizeHint() const { return {120, kLineHeight}; }

/// Of the name and of each value.
QList<QRect> FactSheet::cells(const Placed &place) const
{
    const int values = std::max<int>(1, int(place.kind == Kind::Line ? place.line->values.size() : place.section->heads.size()));
    const QRect area = place.area;
    const int nameWidth = int(area.width() * (values > 1 ? kComparedNameShare : kNameShare));
    const int valueWidth = (area.width() - nameWidth) / values;
    QList<QRect> cells{QRect(area.left(), area.top(), nameWidth - kCellGap, area.height())};
    for (int i = 0; i < values; ++i)
        cells.append(QRect(area.left() + nameWidth + i * valueWidth, area.top(), valueWidth - (i + 1 < values ? kCellGap : 0), area.height()));
    return cells;
}

void FactSheet::paintCells(QPainter &painter, const Placed &place) const
{
    const ThemeColours &colours = Theme::current().colours();
    const QStringList texts = place.kind == Kind::Line ? QStringList(place.line->name) + place.line->values : QStringList(QString()) + place.section->heads;
    const QList<QRect> areas = cells(place);
    for (qsizetype i = 0; i < texts.size() && i < areas.size(); ++i) {
        const bool quiet = i == 0 || place.kind == Kind::Heads;
        painter.setFont(themeFont(12, i > 0 && place.kind == Kind::Line && place.line->stressed ? QFont::DemiBold : QFont::Normal));
        painter.setPen(quiet || texts[i].isEmpty() ? colours.quietText : colours.text);
        const QString text = i == 0 || place.kind == Kind::Heads ? texts[i] : shown(texts[i]);
        drawTabularText(painter, areas[i], Qt::AlignLeft | Qt::AlignVCenter, QFontMetrics(painter.font()).elidedText(text, Qt::ElideRight, areas[i].width()));
    }
}

void FactSheet::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const ThemeColours &colours = Theme::current().colours();
    for (const Placed &place : placed(width())) {
        if (place.kind == Kind::Title) {
            painter.setFont(themeFont(12, QFont::DemiBold));
            painter.setPen(colours.text);
            painter.drawText(place.area, Qt::AlignLeft | Qt::AlignVCenter, place.section->title);
            continue;
        }
        paintCells(painter, place);
        if (!place.section->heads.isEmpty()) {
            painter.setPen(colours.line);
            painter.drawLine(place.area.bottomLeft(), place.area.bottomRight());
        }
    }
}

bool FactSheet::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    for (const Placed &place : placed(width())) {
        if (place.kind != Kind::Line || !place.area.contains(help->pos()))
            continue;
        const QStringList texts = QStringList(place.line->name) + place.line->values;
        const QList<QRect> areas = cells(place);
        for (qsizetype i = 0; i < texts.size() && i < areas.size(); ++i) {
            if (areas[i].contains(help->pos()) && QFontMetrics(font()).horizontalAdvance(texts[i]) > areas[i].width()) {
                QToolTip::showText(help->globalPos(), texts[i], this);
                return true;
            }
        }
    }
    QToolTip::hideText();
    return true;
}

} // namespace whisker
