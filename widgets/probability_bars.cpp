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
} // namespace

ProbabilityBars::ProbabilityBars(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Probabilities"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ProbabilityBars::setRows(std::vector<ProbabilityRow> rows) { take(std::move(rows), -1); }
void ProbabilityBars::setCounts(std::vector<ProbabilityRow> rows, int total) { take(std::move(rows), total); }

void ProbabilityBars::take(std::vector<ProbabilityRow> rows, int total)
{
    std::ranges::stable_sort(rows, std::greater<>(), &ProbabilityRow::probability);
    m_rows = std::move(rows);
    m_total = total;
    arrange();
}

void ProbabilityBars::setMaximumRows(int rows)
{
    m_maximumRows = std::max(1, rows);
    arrange();
}

void ProbabilityBars::arrange()
{
    const std::size_t shown = std::min(m_rows.size(), std::size_t(m_maximumRows));
    m_shown.assign(m_rows.begin(), m_rows.begin() + std::ptrdiff_t(shown));
    m_hiddenCount = int(m_rows.size() - shown);
    m_hiddenProbability = 0.0;
    for (std::size_t i = shown; i < m_rows.size(); ++i)
        m_hiddenProbability += m_rows[i].probability;
    QStringList texts;
    for (const ProbabilityRow &row : m_shown)
        texts.append(QStringLiteral("%1 %2").arg(row.name, figure(row.probability)));
    if (m_hiddenCount > 0)
        texts.append(QStringLiteral("%1 %2").arg(tr("and %n more", nullptr, m_hiddenCount), figure(m_hiddenProbability)));
    setAccessibleDescription(texts.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

QSize ProbabilityBars::sizeHint() const
{
    return {360, kRowHeight * int(m_shown.size()) + (m_hiddenCount > 0 ? kRestHeight : 0)};
}

QSize ProbabilityBars::minimumSizeHint() const { return {200, sizeHint().height()}; }

int ProbabilityBars::nameWidth() const
{
    int widest = kLeastName;
    for (const ProbabilityRow &row : m_shown)
        widest = std::max(widest, fontMetrics().horizontalAdvance(row.name) + 1);
    return std::min(widest, std::max(kLeastName, width() - 2 * kGap - kNumberWidth - kLeastBar));
}

QString ProbabilityBars::shownName(const ProbabilityRow &row) const { return fontMetrics().elidedText(row.name, Qt::ElideMiddle, nameWidth()); }

QString ProbabilityBars::figure(double probability) const
{
    return m_total < 0 ? percentText(probability) : QLocale().toString(qRound(probability * m_total));
}

void ProbabilityBars::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    const int names = nameWidth();
    const QFont figures = themeFont(13, QFont::DemiBold);
    int y = 0;
    for (const ProbabilityRow &row : m_shown) {
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
        const qreal length = bar.width() * std::clamp(row.probability, 0.0, 1.0);
        // Rounded at its end where it is long enough to have one; a sliver stays a sliver.
        paintPanel(painter, QRectF(bar.left(), bar.top(), length, bar.height()), length >= kBarHeight ? kBarHeight / 2.0 : 0,
                   classColour(row.classIndex));
        painter.restore();
        painter.setFont(figures);
        painter.setPen(colours.text);
        drawTabularText(painter, QRectF(width() - kNumberWidth, y, kNumberWidth, kRowHeight), Qt::AlignVCenter | Qt::AlignRight,
                        figure(row.probability));
        y += kRowHeight;
    }
    if (m_hiddenCount > 0) {
        painter.setFont(themeFont(12));
        painter.setPen(colours.quietText);
        painter.drawText(QRect(0, y, width() - kNumberWidth, kRestHeight), Qt::AlignVCenter | Qt::AlignLeft,
                         tr("and %n more", nullptr, m_hiddenCount));
        drawTabularText(painter, QRectF(width() - kNumberWidth, y, kNumberWidth, kRestHeight), Qt::AlignVCenter | Qt::AlignRight,
                        figure(m_hiddenProbability));
    }
}

bool ProbabilityBars::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const std::size_t row = std::size_t(std::max(0, help->pos().y()) / kRowHeight);
        if (row >= m_shown.size())
            return true;
        const QString exactly = m_total < 0 ? QStringLiteral("%1 %").arg(m_shown[row].probability * 100, 0, 'f', 3)
                                            : tr("%1 of %2").arg(figure(m_shown[row].probability), QLocale().toString(m_total));
        QToolTip::showText(help->globalPos(), QStringLiteral("%1: %2").arg(m_shown[row].name, exactly), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace whisker
