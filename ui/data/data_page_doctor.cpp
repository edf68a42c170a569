// The part of the Data page that belongs to the doctor: its findings in the grid, and what it is doing in the status line.
#include "ui/data/data_page.h"
#include "ui/data/doctor_card.h"
#include "ui/data/doctor_controller.h"
#include "ui/data/finding_bar.h"
#include "ui/data/finding_view.h"
#include "ui/data/side_column.h"
#include "ui/project_session.h"
#include "ui/texts.h"
#include "widgets/image_grid.h"

#include <QShortcut>

namespace whisker {

void DataPage::buildDoctor()
{
    m_findings = new FindingView(m_session, *m_doctor, *m_model, *m_grid, *m_findingBar, this);
    connect(m_findings, &FindingView::changed, this, &DataPage::applyFilter);
    connect(m_findingBar, &FindingBar::closed, m_grid, qOverload<>(&QWidget::setFocus));
    connect(m_side->doctor(), &DoctorCard::findingClicked, this, [this](FindingKind kind) {
        showPicturesAgain();
        m_findings->showFinding(kind);
        m_grid->setFocus();
    });
    const auto onKey = [this](const QKeySequence &keys, auto does) { connect(new QShortcut(keys, this), &QShortcut::activated, this, does); };
    onKey(Qt::CTRL | Qt::Key_D, [this] { m_doctor->isRunning() ? m_doctor->cancel() : m_doctor->start(); });
    onKey(Qt::CTRL | Qt::SHIFT | Qt::Key_X, [this] { m_findings->remedy(); });
    onKey(Qt::Key_F3, [this] { m_findings->selectGroup(1); });
    onKey(Qt::SHIFT | Qt::Key_F3, [this] { m_findings->selectGroup(-1); });
    connect(m_doctor, &DoctorController::started, this, &DataPage::showActivity);
    connect(m_doctor, &DoctorController::progressed, this, &DataPage::showActivity);
    connect(m_doctor, &DoctorController::ended, this, &DataPage::showActivity);
}

/// First what is selected, then what is on show.
void DataPage::stepBack()
{
    if (m_grid->selectedRows().isEmpty() && m_findings->isOn())
        m_findings->leave();
    else
        m_grid->clearSelection();
}

/// Every picture of the project, in place of another view of it.
void DataPage::showPicturesAgain() {}

std::optional<PageActivity> DataPage::doctorActivity() const
{
    if (!m_doctor->isRunning())
        return {};
    PageActivity activity{tr("Data doctor looks at the pictures")};
    const auto &progress = m_doctor->progress();
    if (progress.found > 0)
        activity.share = static_cast<double>(progress.done) / static_cast<double>(progress.found);
    if (progress.left)
        activity.left = timeLeftText(*progress.left);
    return activity;
}

} // namespace whisker
