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
constexpr int kSectionGap = 18; // with the title below it two lines: what stands beside each other is in line
constexpr int kColumnGap = 24;
constexpr int kCellGap = 8;
constexpr double kNameShare = 0.54;         // of a column, where there is one value
constexpr double kComparedNameShare = 0.29; // where there are more, or as much as the widest name takes, up to
constexpr double kMostComparedNameShare = 0.36;
constexpr int kFewLines = 3;         // no fewer stand alone at the end of a column
constexpr double kMostHigher = 1.25; // is the sheet with whole sections than with broken ones

const QString kNothing = QStringLiteral("–");

QString shown(const QString &value) { return value.isEmpty() ? kNothing : value; }

int heightOf(const auto &places)
{
    int height = 0;
    for (const auto &place : places)
        height = std::max(height, place.area.bottom() + 1);
    return height;
}

} // namespace

FactSheet::FactSheet(int leastColumn, QWidget *parent) : QWidget(parent), m_leastColumn(leastColumn)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred); // what it takes follows from its width alone
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setFont(themeFont(12));
}

void FactSheet::setSections(std::vector<FactSection> sections)
{
    m_sections = std::move(sections);
    std::erase_if(m_sections, [](const FactSection &section) { return section.lines.empty(); });
    m_widestName = 0;
    for (const FactSection &section : m_sections) {
        for (const FactLine &line : section.lines)
            m_widestName = std::max(m_widestName, fontMetrics().horizontalAdvance(line.name) + 1);
    }
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

/// One below the other, going on in the next column where one has `limit` px: with a whole section or, where sections may be `broken`, under its title once more.
/// Nothing where they don't fit into so many columns.
std::vector<FactSheet::Placed> FactSheet::placedWithin(int limit, int columns, bool broken) const
{
    std::vector<Placed> places;
    int column = 0, y = 0;
    const auto place = [&](Kind kind, const FactSection &section, const FactLine *line = nullptr) {
        const int height = kind == Kind::Title || kind == Kind::TitleAgain ? kTitleHeight : kLineHeight;
        places.push_back({kind, QRect(column, y, 1, height), &section, line});
        y += height;
    };
    const auto begin = [&](Kind title, const FactSection &section) {
        place(title, section);
        if (!section.heads.isEmpty())
            place(Kind::Heads, section);
    };
    const auto goOn = [&] {
        ++column;
        y = 0;
    };
    for (const FactSection &section : m_sections) {
        const int lines = int(section.lines.size());
        const int together = kTitleHeight + (section.heads.isEmpty() ? 0 : kLineHeight) + (broken ? std::min(lines, kFewLines) : lines) * kLineHeight;
        if (y > 0 && y + kSectionGap + together > limit)
            goOn();
        else if (y > 0)
            y += kSectionGap;
        begin(Kind::Title, section);
        for (const FactLine &line : section.lines) {
            if (broken && y + kLineHeight > limit) {
                goOn();
                begin(Kind::TitleAgain, section);
            }
            place(Kind::Line, section, &line);
        }
        if (column >= columns || y > limit)
            return {};
    }
    return places;
}

std::vector<FactSheet::Placed> FactSheet::lowest(int columns, bool broken) const
{
    int whole = 0;
    for (const FactSection &section : m_sections)
        whole += kSectionGap + kTitleHeight + (section.heads.isEmpty() ? 0 : kLineHeight) + int(section.lines.size()) * kLineHeight;
    for (int limit = (whole + columns - 1) / columns; whole > 0; limit += kLineHeight) { // `whole` px hold all of it in one column
        if (auto places = placedWithin(limit, columns, broken); !places.empty())
            return places;
    }
    return {};
}

/// Whole sections read best, but not where they make the sheet much higher.
std::vector<FactSheet::Placed> FactSheet::placed(int width) const
{
    const int columns = columnsAt(width);
    std::vector<Placed> places = lowest(columns, false);
    if (std::vector<Placed> broken = lowest(columns, true); heightOf(places) > kMostHigher * heightOf(broken))
        places = std::move(broken);
    const int columnWidth = (width - (columns - 1) * kColumnGap) / columns;
    for (Placed &place : places)
        place.area = QRect(place.area.left() * (columnWidth + kColumnGap), place.area.top(), columnWidth, place.area.height());
    return places;
}

int FactSheet::heightForWidth(int width) const { return heightOf(placed(width)); }

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
    const double compared = std::clamp<double>(m_widestName + kCellGap, kComparedNameShare * area.width(), kMostComparedNameShare * area.width());
    const int nameWidth = int(values > 1 ? compared : kNameShare * area.width());
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
        if (place.kind == Kind::Title || place.kind == Kind::TitleAgain) {
            const bool again = place.kind == Kind::TitleAgain;
            painter.setFont(themeFont(12, QFont::DemiBold));
            painter.setPen(again ? colours.quietText : colours.text);
            painter.drawText(place.area, Qt::AlignLeft | Qt::AlignVCenter, again ? tr("%1, continued").arg(place.section->title) : place.section->title);
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
