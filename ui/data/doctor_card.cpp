#include "ui/data/doctor_card.h"

#include "ui/data/doctor_actions.h"
#include "ui/data/doctor_controller.h"
#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/sentence_label.h"
#include "widgets/tabular_text.h"
#include "widgets/theme.h"

#include <QAbstractButton>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace whisker {

namespace {

constexpr int kRowHeight = 26;
constexpr int kNumberWidth = 60;

Tone toneOf(FindingKind kind)
{
    switch (kind) {
    case FindingKind::Unreadable:
    case FindingKind::Truncated:
    case FindingKind::LabelConflict: return Tone::Bad;
    case FindingKind::Duplicate:
    case FindingKind::NearDuplicate:
    case FindingKind::Imbalance: return Tone::Warning;
    default: return Tone::Quiet;
    }
}

} // namespace

class FindingRow : public QAbstractButton {
public:
    FindingRow(FindingKind kind, QWidget *parent) : QAbstractButton(parent), m_kind(kind)
    {
        setText(findingTitle(kind));
        setToolTip(findingSentence(kind));
        setFixedHeight(kRowHeight);
        setFocusPolicy(Qt::TabFocus);
        setAttribute(Qt::WA_Hover);
        setCursor(Qt::PointingHandCursor);
    }
    void setCount(std::size_t count)
    {
        m_count = findingCount(m_kind, count);
        setAccessibleName(QStringLiteral("%1, %2").arg(text(), m_count));
        update();
    }
    const QString &count() const { return m_count; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const ThemeColours &colours = Theme::current().colours();
        QPainter painter(this);
        painter.setFont(themeFont(13));
        painter.setPen(underMouse() || hasFocus() ? colours.accentText : colours.text);
        const int room = width() - std::max(kNumberWidth, static_cast<int>(std::ceil(tabularWidth(QFontMetricsF(painter.font()), m_count))));
        painter.drawText(QRect(0, 0, room, height()), Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(text(), Qt::ElideRight, room));
        painter.setPen(colours.textOf(toneOf(m_kind)));
        drawTabularText(painter, QRectF(room, 0, width() - room, height()), Qt::AlignRight | Qt::AlignVCenter, m_count);
    }

private:
    const FindingKind m_kind;
    QString m_count;
};

DoctorCard::DoctorCard(DoctorController &doctor, QWidget *parent)
    : Card(tr("Data doctor"), parent), m_doctor(doctor), m_button(new Button({}, Button::Kind::Link, this)), m_sentence(new SentenceLabel(this))
{
    addHeaderWidget(m_button);
    addWidget(m_sentence);
    m_sentence->setForegroundRole(QPalette::PlaceholderText);
    for (const FindingKind kind : findingKinds()) {
        auto *row = new FindingRow(kind, this);
        row->hide();
        addWidget(row);
        m_rows.emplace(kind, row);
        connect(row, &QAbstractButton::clicked, this, [this, kind] { Q_EMIT findingClicked(kind); });
    }
    body()->setSpacing(0);
    connect(m_button, &Button::clicked, this, [this] { m_doctor.isRunning() ? m_doctor.cancel() : m_doctor.start(); });
    connect(&doctor, &DoctorController::started, this, [this] {
        m_failure.clear();
        showState();
    });
    connect(&doctor, &DoctorController::progressed, this, &DoctorCard::showState);
    connect(&doctor, &DoctorController::ended, this, [this](const QString &failure) {
        m_failure = failure;
        showState();
    });
    connect(&doctor, &DoctorController::diagnosisChanged, this, &DoctorCard::showFindings);
    showFindings();
}

void DoctorCard::showFindings()
{
    const auto diagnosis = m_doctor.diagnosis();
    for (const auto &[kind, row] : m_rows) {
        const std::size_t count = diagnosis ? diagnosis->countOf(kind) : 0;
        row->setCount(count);
        row->setVisible(count > 0);
    }
    showState();
}

void DoctorCard::showState()
{
    const bool running = m_doctor.isRunning();
    m_button->setText(running ? tr("Stop") : tr("Check"));
    m_button->setToolTip(running ? tr("Stop looking; what was found stays (Ctrl+D)") : tr("Look at all pictures that were not looked at yet (Ctrl+D)"));
    const auto diagnosis = m_doctor.diagnosis();
    QString text;
    const QLocale locale;
    if (running) {
        const auto &progress = m_doctor.progress();
        text = progress.found == 0 ? tr("Looking at the pictures")
                                   : tr("Looked at %1 of %2").arg(locale.toString(qulonglong(progress.done)), locale.toString(qulonglong(progress.found)));
        if (progress.left)
            text += QStringLiteral(", ") + timeLeftText(*progress.left);
    } else if (!m_failure.isEmpty()) {
        text = m_failure;
    } else if (!diagnosis) {
        text = tr("Finds broken, doubled, blurred and mislabelled pictures.");
    } else if (diagnosis->unread > 0) {
        text = countText(static_cast<qint64>(diagnosis->unread), tr("1 picture was not looked at yet."), tr("%1 pictures were not looked at yet."));
    } else if (diagnosis->report.findings.empty() && diagnosis->report.images > 0) {
        text = countText(static_cast<qint64>(diagnosis->report.images), tr("Nothing to mend in 1 picture."), tr("Nothing to mend in %1 pictures."));
    }
    m_sentence->setText(text);
    m_sentence->setVisible(!text.isEmpty());
}

QString DoctorCard::countShown(FindingKind kind) const { return m_rows.at(kind)->count(); }

QString DoctorCard::sentence() const { return m_sentence->text(); }

} // namespace whisker
