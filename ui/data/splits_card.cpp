#include "ui/data/splits_card.h"

#include "ui/data/doctor_controller.h"
#include "ui/data/splits_divide.h"
#include "ui/project_session.h"
#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/reveal.h"
#include "widgets/share_bars.h"

#include <QCheckBox>

namespace whisker {

SplitsCard::SplitsCard(ProjectSession &session, const DoctorController &doctor, QWidget *parent)
    : Card(tr("Splits"), parent), m_session(session), m_doctor(doctor), m_bars(new ShareBars(this)),
      m_button(new Button(tr("Divide..."), Button::Kind::Link, this)), m_divide(new SplitsDivide(this)), m_lock(new QCheckBox(tr("Lock the test set"), this))
{
    setToolTip(tr("The model learns from Train, stops by Validation, and is measured with Test, which it never saw before."));
    m_button->setToolTip(tr("Divide the labelled pictures by other shares (Ctrl+Shift+D)"));
    m_lock->setToolTip(tr("No picture enters or leaves the test set, so that models stay comparable (Ctrl+Shift+L)"));
    addHeaderWidget(m_button);
    addWidget(m_bars);
    addWidget(m_lock);
    addWidget(m_divide);
    connect(m_button, &Button::clicked, this, &SplitsCard::toggleDivide);
    connect(m_lock, &QCheckBox::clicked, this, [this](bool locked) { m_session.setTestLocked(locked); });
    connect(m_divide, &SplitsDivide::left, this, &SplitsCard::closeDivide);
    connect(m_divide, &SplitsDivide::applied, this, &SplitsCard::applyDivision);
    connect(&session, &ProjectSession::opened, this, [this] {
        m_divide->hide();
        showLock();
    });
    connect(&session, &ProjectSession::settingsChanged, this, &SplitsCard::showLock);
    connect(&session, &ProjectSession::failed, this, &SplitsCard::showLock); // the tick goes back where it was not done
    showLock();
}

void SplitsCard::showLock()
{
    m_lock->setEnabled(m_session.isOpen() && !m_session.isReadOnly());
    m_button->setEnabled(m_lock->isEnabled());
    m_lock->setChecked(m_session.isOpen() && m_session.rules().testLocked);
}

void SplitsCard::toggleDivide()
{
    if (m_divide->isVisible())
        return closeDivide();
    if (!m_button->isEnabled())
        return;
    const SplitRules rules = m_session.rules();
    int movable = 0, inTest = 0;
    for (const auto &image : m_session.state().images) {
        if (!image.label || !image.usable())
            continue;
        const bool locked = rules.testLocked && image.split == Split::Test;
        inTest += locked;
        movable += !locked && !image.splitFixed;
    }
    m_divide->open(rules, movable, inTest, m_doctor.diagnosis() != nullptr);
    revealSoon(m_divide);
}

void SplitsCard::closeDivide()
{
    m_divide->hide();
    Q_EMIT dividePanelClosed();
}

void SplitsCard::applyDivision()
{
    std::vector<std::vector<ImageId>> together;
    if (m_divide->keepsNearCopies() && m_doctor.diagnosis())
        together = m_doctor.diagnosis()->report.nearDuplicateGroups;
    m_session.assignSplits(m_divide->shares(), m_divide->seed(), std::move(together));
    closeDivide();
}

void SplitsCard::showCounts(const ImageCounts &counts)
{
    // The bars take counts by colour, so that a class has its own wherever it stands in the list.
    const auto &classes = m_session.state().classes;
    int colours = 0;
    for (const auto &record : classes)
        colours = std::max(colours, record.colour + 1);
    std::vector<ShareRow> rows;
    for (const QString &label : {tr("Train"), tr("Validation"), tr("Test")})
        rows.push_back({label, std::vector<int>(static_cast<std::size_t>(colours))});
    QStringList names(colours);
    for (const auto &record : classes) {
        names[record.colour] = fromUtf8(record.name);
        const auto counted = counts.ofSplit.find(record.id);
        for (std::size_t split = 0; split < rows.size() && counted != counts.ofSplit.end(); ++split)
            rows[split].counts[static_cast<std::size_t>(record.colour)] += counted->second[split];
    }
    m_bars->setRows(std::move(rows), names);
}

} // namespace whisker
