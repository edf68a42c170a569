#include "widgets/probability_bars.h"

#include "widgets/internal/paint.h"
#include "widgets/tabular_text.h"

#include <QFontMetrics>
#include <QHelpEvent>
#include <QLocale>
#include <QPainterPath>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace whisker {

namespace {
constexpr int kRowHeight = 32;
constexpr int kRestHeight = 24;
constexpr int kBarHeight = 12;
constexpr int kLeastBar = 64; // long names leave it that much
constexpr int kLeastName = 44;
constexpr int kNumberWidth = 62;
constexpr int kGap = 12;

ProbabilityRow sumOf(std::span<const ProbabilityRow> rows, const QString &name = {})
{
    ProbabilityRow sum{name};
    for (const ProbabilityRow &row : rows) {
        sum.share += row.share;
        if (row.count)
            sum.count = sum.count.value_or(0) + *row.count;
    }
    return sum;
}

} // namespace

ProbabilityBars::ProbabilityBars(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Probabilities"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ProbabilityBars::setRows(std::vector<ProbabilityRow> rows)
{
    std::ranges::stable_sort(rows, std::greater<>(), &ProbabilityRow::share);
    m_rows = std::move(rows);
    arrange();
}

void ProbabilityBars::setMaximumRows(int rows)
{
    m_maximumRows = std::max(1, rows);
    arrange();
}

void ProbabilityBars::arrange()
{
    QStringList texts;
    for (const ProbabilityRow &row : shownRows())
        texts.append(QStringLiteral("%1 %2").arg(row.name, figure(row)));
    if (const auto others = rest())
        texts.append(QStringLiteral("%1 %2").arg(others->name, figure(*others)));
    setAccessibleDescription(texts.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

std::span<const ProbabilityRow> ProbabilityBars::shownRows() const
{
    return std::span(m_rows).first(std::min(m_rows.size(), std::size_t(m_maximumRows)));
}

std::optional<ProbabilityRow> ProbabilityBars::rest() const
{
    const auto hidden = std::span(m_rows).subspan(shownRows().size());
    if (hidden.empty())
        return {};
    return sumOf(hidden, tr("and %n more", nullptr, int(hidden.size())));
}

QSize ProbabilityBars::sizeHint() const
{
    return {360, kRowHeight * int(shownRows().size()) + (rest() ? kRestHeight : 0)};
}

QSize ProbabilityBars::minimumSizeHint() const { return {200, sizeHint().height()}; }

int ProbabilityBars::nameWidth() const
{
    int widest = kLeastName;
    for (const ProbabilityRow &row : shownRows())
        widest = std::max(widest, fontMetrics().horizontalAdvance(row.name) + 1);
    return std::min(widest, std::max(kLeastName, width() - 2 * kGap - kNumberWidth - kLeastBar));
}

QString ProbabilityBars::shownName(const ProbabilityRow &row) const { return fontMetrics().elidedText(row.name, Qt::ElideMiddle, nameWidth()); }

QString ProbabilityBars::figure(const ProbabilityRow &row) { return row.count ? QLocale().toString(*row.count) : percentText(row.share); }

void ProbabilityBars::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    const int names = nameWidth();
    const QFont figures = themeFont(13, QFont::DemiBold);
    int y = 0;
    for (const ProbabilityRow &row : shownRows()) {
        painter.setFont(font());
        painter.setPen(colours.text);
        painter.drawText(QRect(0, y, names, kRowHeight), Qt::AlignVCenter | Qt::AlignLeft, shownName(row));
        const QRectF bar(names + kGap, y + (kRowHeight - kBarHeight) / 2.0, std::max(8, width() - names - 2 * kGap - kNumberWidth), kBarHeight);
        paintPanel(painter, bar, kBarHeight / 2.0, colours.hover);
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        QPainterPath shape;
        shape.addRoundedRect(bar, kBarHeight / 2.0, kBarHeight / 2.0);
        painter.setClipPath(shape);
        const qreal length = bar.width() * std::clamp(row.share, 0.0, 1.0);
        // Rounded at its end where it is long enough to have one; a sliver stays a sliver.
        paintPanel(painter, QRectF(bar.left(), bar.top(), length, bar.height()), length >= kBarHeight ? kBarHeight / 2.0 : 0,
                   classColour(row.classIndex));
        painter.restore();
        painter.setFont(figures);
        painter.setPen(colours.text);
        drawTabularText(painter, QRectF(width() - kNumberWidth, y, kNumberWidth, kRowHeight), Qt::AlignVCenter | Qt::AlignRight,
                        figure(row));
        y += kRowHeight;
    }
    if (const auto others = rest()) {
        painter.setFont(themeFont(12));
        painter.setPen(colours.quietText);
        painter.drawText(QRect(0, y, width() - kNumberWidth, kRestHeight), Qt::AlignVCenter | Qt::AlignLeft, others->name);
        drawTabularText(painter, QRectF(width() - kNumberWidth, y, kNumberWidth, kRestHeight), Qt::AlignVCenter | Qt::AlignRight,
                        figure(*others));
    }
}

bool ProbabilityBars::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const std::size_t at = std::size_t(std::max(0, help->pos().y()) / kRowHeight);
        if (at >= shownRows().size())
            return true;
        const ProbabilityRow &row = shownRows()[at];
        const QString exactly = row.count ? tr("%1 of %2").arg(figure(row), figure(sumOf(m_rows)))
                                          : QStringLiteral("%1 %").arg(row.share * 100, 0, 'f', 3);
        QToolTip::showText(help->globalPos(), QStringLiteral("%1: %2").arg(row.name, exactly), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace whisker
