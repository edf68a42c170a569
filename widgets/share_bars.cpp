#include "widgets/share_bars.h"

#include "widgets/internal/paint.h"
#include "widgets/tabular_text.h"

#include <QFontMetrics>
#include <QHelpEvent>
#include <QLocale>
#include <QPainterPath>
#include <QToolTip>
#include <numeric>

namespace whisker {

namespace {
constexpr int kRowHeight = 26;
constexpr int kBarHeight = 8;
constexpr int kLabelWidth = 84;
constexpr int kNumberWidth = 42;
} // namespace

int ShareRow::total() const { return std::accumulate(counts.begin(), counts.end(), 0); }

ShareBars::ShareBars(QWidget *parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); }

void ShareBars::setRows(std::vector<ShareRow> rows, const QStringList &classNames)
{
    m_rows = std::move(rows);
    m_classNames = classNames;
    QStringList texts;
    for (const ShareRow &row : m_rows)
        texts.append(description(row));
    setAccessibleName(texts.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

QString ShareBars::description(const ShareRow &row) const
{
    QStringList parts;
    for (std::size_t k = 0; k < row.counts.size(); ++k) {
        const QString name = m_classNames.value(qsizetype(k), tr("class %1").arg(k + 1));
        parts.append(QStringLiteral("%1 %2").arg(name, QLocale().toString(row.counts[k])));
    }
    return tr("%1: %2 (%3)").arg(row.label, QLocale().toString(row.total()), parts.join(QStringLiteral(", ")));
}

QSize ShareBars::sizeHint() const { return {232, kRowHeight * int(m_rows.size())}; }
QSize ShareBars::minimumSizeHint() const { return {180, sizeHint().height()}; }

void ShareBars::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    const int sum = std::accumulate(m_rows.begin(), m_rows.end(), 0, [](int so, const ShareRow &row) { return so + row.total(); });
    int y = 0;
    for (const ShareRow &row : m_rows) {
        painter.setPen(colours.quietText);
        painter.drawText(QRect(0, y, kLabelWidth - 8, kRowHeight), Qt::AlignVCenter | Qt::AlignLeft,
                         fontMetrics().elidedText(row.label, Qt::ElideRight, kLabelWidth - 8));
        drawTabularText(painter, QRectF(width() - kNumberWidth, y, kNumberWidth, kRowHeight), Qt::AlignVCenter | Qt::AlignRight,
                        QLocale().toString(row.total()));
        const QRectF bar(kLabelWidth, y + (kRowHeight - kBarHeight) / 2.0, width() - kLabelWidth - kNumberWidth - 8, kBarHeight);
        paintPanel(painter, bar, kBarHeight / 2.0, colours.hover);
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        QPainterPath shape;
        shape.addRoundedRect(bar, kBarHeight / 2.0, kBarHeight / 2.0);
        painter.setClipPath(shape);
        qreal x = bar.left();
        for (std::size_t k = 0; k < row.counts.size(); ++k) {
            const qreal part = sum > 0 ? bar.width() * row.counts[k] / sum : 0;
            painter.fillRect(QRectF(x, bar.top(), part, bar.height()), classColour(int(k)));
            x += part;
        }
        painter.restore();
        y += kRowHeight;
    }
}

bool ShareBars::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const std::size_t row = std::size_t(std::max(0, help->pos().y()) / kRowHeight);
        if (row < m_rows.size())
            QToolTip::showText(help->globalPos(), description(m_rows[row]), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace whisker
