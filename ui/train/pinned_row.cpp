#include "ui/train/pinned_row.h"

#include "ui/texts.h"
#include "widgets/focus_ring.h"
#include "widgets/icons.h"
#include "widgets/tabular_text.h"
#include "widgets/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QTextLayout>
#include <QToolButton>
#include <algorithm>

namespace whisker {

namespace {
constexpr int kTextLeft = PinnedRow::kThumbnailPx + 12;
constexpr int kShareWidth = 70; // "model kept", small, below the share
constexpr int kRemovePx = 20;
constexpr qreal kRadius = 6;
constexpr int kDotPx = 8;

/// True before a run, while it goes on, and after its end.
QString waitingText()
{
    return PinnedRow::tr("Answered while a run goes on");
}
} // namespace

QStringList linesThatFit(const QString &text, const QFont &font, const QSizeF &room)
{
    QTextLayout layout(text, font);
    layout.beginLayout();
    const QFontMetricsF metrics(font);
    const int most = std::max(1, int(room.height() / metrics.lineSpacing()));
    QStringList lines;
    for (QTextLine line = layout.createLine(); line.isValid() && lines.size() < most; line = layout.createLine()) {
        line.setLineWidth(room.width());
        const bool last = lines.size() + 1 == most;
        const QString words = text.mid(line.textStart(), last ? -1 : line.textLength()).trimmed();
        lines.append(metrics.elidedText(words, Qt::ElideRight, room.width()));
    }
    layout.endLayout();
    return lines;
}

PinnedRow::PinnedRow(std::filesystem::path file, QWidget *parent) : QWidget(parent), m_file(std::move(file)), m_remove(new QToolButton(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFixedHeight(kHeight);
    m_remove->setIcon(icon(Icon::Close, Tone::Quiet));
    m_remove->setAutoRaise(true);
    m_remove->setIconSize({14, 14});
    m_remove->setFixedSize(kRemovePx, kRemovePx);
    m_remove->setFocusPolicy(Qt::NoFocus);
    m_remove->setToolTip(tr("Take it off (Del)"));
    m_remove->setAccessibleName(tr("Take it off"));
    m_remove->hide();
    connect(m_remove, &QToolButton::clicked, this, &PinnedRow::removeWished);
    describe();
}

void PinnedRow::setThumbnail(const QImage &picture)
{
    m_picture = picture;
    update();
}

void PinnedRow::begin(const QStringList &classes, const std::vector<int> &colours)
{
    m_classes = classes;
    m_colours = colours;
    m_answers.clear();
    m_kept.reset();
    m_leaders.clear();
    describe();
}

void PinnedRow::addAnswer(const PinnedAnswer &answer)
{
    m_kept = answer.kept ? std::optional(answer) : std::nullopt;
    if (!answer.kept || m_answers.empty())
        addPoint(answer);
    describe();
}

void PinnedRow::addPoint(const PinnedAnswer &answer)
{
    const auto later = std::ranges::find_if(m_answers, [&](const PinnedAnswer &known) { return known.step > answer.step; });
    if (later != m_answers.end()) {
        m_answers.erase(later, m_answers.end());
        m_leaders.clear();
        for (const PinnedAnswer &known : m_answers)
            addLeader(leadingClass(known));
    }
    m_answers.push_back(answer);
    addLeader(leadingClass(answer));
}

void PinnedRow::addLeader(std::size_t label)
{
    if (std::ranges::find(m_leaders, label) == m_leaders.end())
        m_leaders.push_back(label);
}

std::size_t PinnedRow::leadingClass(const PinnedAnswer &answer)
{
    const std::vector<float> &shares = answer.probabilities;
    return std::size_t(std::ranges::max_element(shares) - shares.begin());
}

std::size_t PinnedRow::leadingClass() const { return leadingClass(shown()); }

QStringList PinnedRow::leaders() const
{
    QStringList names;
    for (const std::size_t label : m_leaders)
        names.append(m_classes.value(qsizetype(label)));
    return names;
}

QString PinnedRow::leader() const { return m_answers.empty() ? QString() : m_classes.value(qsizetype(leadingClass())); }

double PinnedRow::share() const { return m_answers.empty() ? 0.0 : double(shown().probabilities[leadingClass()]); }

int PinnedRow::colourOf(std::size_t label) const
{
    const int known = label < m_colours.size() ? m_colours[label] : -1;
    return known >= 0 ? known : int(label);
}

void PinnedRow::describe()
{
    const QString answer = m_answers.empty() ? tr("not answered yet") : leader() + u' ' + percentText(share());
    const QString said = m_kept ? tr("%1, says the model kept").arg(answer) : answer;
    setAccessibleName(displayText(m_file.filename()));
    setAccessibleDescription(said);
    setToolTip(QStringLiteral("%1\n%2").arg(displayText(m_file), m_answers.empty() ? waitingText() : said));
    update();
}

void PinnedRow::paintThumbnail(QPainter &painter) const
{
    const QRectF area(0, (kHeight - kThumbnailPx) / 2.0, kThumbnailPx, kThumbnailPx);
    const ThemeColours &colours = Theme::current().colours();
    painter.setPen(Qt::NoPen);
    if (m_picture.isNull()) {
        painter.setBrush(colours.hover);
        painter.drawRoundedRect(area, kRadius, kRadius);
        painter.drawPixmap(area.center() - QPointF(12, 12), iconPixmap(Icon::Picture, 24, colours.quietText, devicePixelRatioF()));
        return;
    }
    QPainterPath shape;
    shape.addRoundedRect(area, kRadius, kRadius);
    QRectF part({}, area.size().scaled(m_picture.size(), Qt::KeepAspectRatio));
    part.moveCenter(QRectF(m_picture.rect()).center());
    painter.save();
    painter.setClipPath(shape);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(area, m_picture, part);
    painter.restore();
}

/// A line for each class that was ever on top: where another one comes up they cross, and none is taken for the other.
void PinnedRow::paintCurves(QPainter &painter, const QRectF &area) const
{
    constexpr double kPale = 0.5;
    painter.setPen(QPen(Theme::current().colours().line, 1));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    for (const std::size_t label : m_leaders) {
        QColor colour = classColour(colourOf(label));
        colour.setAlphaF(kPale);
        if (label != leadingClass())
            paintCurve(painter, area, label, QPen(colour, 1.0));
    }
    paintCurve(painter, area, leadingClass(), QPen(classColour(colourOf(leadingClass())), 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
}

/// How sure the network was of a class, from 0 to 1 upwards, from the run's beginning to its latest answer.
void PinnedRow::paintCurve(QPainter &painter, const QRectF &area, std::size_t label, const QPen &pen) const
{
    const double first = m_answers.front().epoch;
    const double span = std::max(1e-9, m_answers.back().epoch - first);
    QPolygonF line;
    for (const PinnedAnswer &answer : m_answers) {
        const double x = (answer.epoch - first) / span;
        const QPointF point(area.left() + x * area.width(), area.bottom() - double(answer.probabilities[label]) * area.height());
        if (line.isEmpty() || point.x() - line.last().x() >= 0.5) // more than that nobody sees; all are kept
            line.append(point);
        else
            line.last() = point;
    }
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    if (line.size() == 1) // it knows no course yet
        painter.drawLine(QLineF(line[0], line[0] + QPointF(2, 0)));
    else
        painter.drawPolyline(line);
}

void PinnedRow::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ThemeColours &colours = Theme::current().colours();
    paintThumbnail(painter);
    const QRectF text(kTextLeft, 4, width() - kTextLeft - kShareWidth - 4, 20);
    if (m_answers.empty()) {
        const QRectF room(kTextLeft, 4, width() - kTextLeft - kRemovePx - 4, kHeight - 8);
        painter.setPen(colours.quietText);
        painter.setFont(themeFont(12));
        painter.drawText(room, Qt::AlignVCenter, linesThatFit(waitingText(), painter.font(), room.size()).join(u'\n'));
    } else {
        painter.setPen(Qt::NoPen);
        painter.setBrush(classColour(colourOf(leadingClass())));
        painter.drawEllipse(QRectF(text.left(), text.center().y() - kDotPx / 2.0, kDotPx, kDotPx));
        const QRectF name = text.adjusted(kDotPx + 6, 0, 0, 0);
        painter.setFont(themeFont(13));
        painter.setPen(colours.text);
        painter.drawText(name, Qt::AlignVCenter, painter.fontMetrics().elidedText(leader(), Qt::ElideRight, int(name.width())));
        paintCurves(painter, QRectF(kTextLeft, 28, width() - kTextLeft - kShareWidth - 12, 24));
        painter.setPen(colours.text);
        painter.setFont(themeFont(13, QFont::DemiBold));
        const QRectF right(width() - kShareWidth - 4, 28, kShareWidth, 24);
        drawTabularText(painter, m_kept ? right.translated(0, -6) : right, Qt::AlignRight | Qt::AlignVCenter, percentText(share()));
        if (m_kept) {
            painter.setPen(colours.quietText);
            painter.setFont(themeFont(11));
            painter.drawText(QRectF(right.left(), 40, right.width(), 16), Qt::AlignRight | Qt::AlignVCenter, tr("model kept"));
        }
    }
    if (hasFocus())
        paintFocusRing(painter, rect(), kRadius + 1);
}

void PinnedRow::resizeEvent(QResizeEvent *) { m_remove->move(width() - kRemovePx - 3, 4); }

void PinnedRow::enterEvent(QEnterEvent *) { m_remove->show(); }

void PinnedRow::leaveEvent(QEvent *) { m_remove->setVisible(hasFocus()); }

void PinnedRow::focusInEvent(QFocusEvent *)
{
    m_remove->show();
    update();
}

void PinnedRow::focusOutEvent(QFocusEvent *)
{
    m_remove->setVisible(underMouse());
    update();
}

void PinnedRow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace)
        Q_EMIT removeWished();
    else
        QWidget::keyPressEvent(event);
}

} // namespace whisker
