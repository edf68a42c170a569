// The part of the Data page that belongs to the doctor: its findings in the grid, and what it is doing in the status line.
#include "ui/data/data_page.h"
#include "ui/data/doctor_card.h"
#include "ui/data/doctor_controller.h"
#include "ui/data/finding_bar.h"
#include "ui/data/finding_view.h"
#include "ui/data/health_view.h"
#include "ui/data/image_list_model.h"
#include "ui/data/order_button.h"
#include "ui/data/picture_chips.h"
#include "ui/data/side_column.h"
#include "ui/data/splits_card.h"
#include "ui/project_session.h"
#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/image_grid.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QShortcut>
#include <QStackedWidget>

namespace whisker {

void DataPage::buildDoctor()
{
    m_findings = new FindingView(m_session, *m_doctor, *m_model, *m_grid, *m_findingBar, this);
    connect(m_findings, &FindingView::changed, this, &DataPage::applyFilter);
    connect(m_findingBar, &FindingBar::closed, m_grid, qOverload<>(&QWidget::setFocus));
    const auto showFinding = [this](FindingKind kind) {
        showPicturesAgain();
        m_findings->showFinding(kind);
        m_grid->setFocus();
    };
    connect(m_side->doctor(), &DoctorCard::findingClicked, this, showFinding);
    const auto onKey = [this](const QKeySequence &keys, auto does) { connect(new QShortcut(keys, this), &QShortcut::activated, this, does); };
    onKey(Qt::CTRL | Qt::Key_D, [this] { m_doctor->isRunning() ? m_doctor->cancel() : m_doctor->start(); });
    onKey(Qt::CTRL | Qt::SHIFT | Qt::Key_X, [this] { m_findings->remedy(); });
    onKey(Qt::Key_F3, [this] { m_findings->selectGroup(1); });
    onKey(Qt::SHIFT | Qt::Key_F3, [this] { m_findings->selectGroup(-1); });
    onKey(Qt::CTRL | Qt::SHIFT | Qt::Key_D, [this] {
        showPicturesAgain();
        m_side->splitsCard()->toggleDivide();
    });
    onKey(Qt::CTRL | Qt::SHIFT | Qt::Key_L, [this] { m_side->splitsCard()->lock()->click(); });
    onKey(Qt::CTRL | Qt::Key_H, [this] { toggleHealth(); });
    connect(m_side->splitsCard(), &SplitsCard::dividePanelClosed, m_grid, qOverload<>(&QWidget::setFocus));
    m_health = new HealthView(m_session, *m_doctor, this);
    m_body->addWidget(m_health);
    m_healthButton->setToolTip(tr("Counts, sizes and findings at a glance (Ctrl+H)"));
    connect(m_healthButton, &Button::clicked, this, &DataPage::toggleHealth);
    connect(m_health, &HealthView::left, this, &DataPage::toggleHealth);
    connect(m_health, &HealthView::findingWanted, this, showFinding);
    connect(m_health, &HealthView::picturesWanted, this, [this](const QString &name, const std::vector<ImageId> &ids) {
        showPicturesAgain();
        m_findings->showPictures(name, ids);
        m_grid->setFocus();
    });
    connect(m_chips, &ChipRow::currentChanged, this, [this] { showHealth(false); });
    connect(m_doctor, &DoctorController::started, this, &DataPage::showActivity);
    connect(m_doctor, &DoctorController::progressed, this, &DataPage::showActivity);
    connect(m_doctor, &DoctorController::ended, this, &DataPage::showActivity);
}

/// First what is selected, then what is on show.
void DataPage::stepBack()
{
    if (m_grid->selectedRows().isEmpty() && m_findings->isOn())
        m_findings->leave();
    else if (m_grid->selectedRows().isEmpty() && !m_extraFilter.isPlain())
        clearFilters();
    else
        m_grid->clearSelection();
}

/// Every picture of the project, in place of another view of it.
void DataPage::showPicturesAgain()
{
    showHealth(false);
    m_search->clear();
    m_chips->showAll();
}

void DataPage::toggleHealth() { showHealth(!m_showsHealth); }

void DataPage::showHealth(bool shown)
{
    if (shown == m_showsHealth)
        return;
    m_showsHealth = shown;
    m_healthButton->setText(shown ? tr("Pictures") : tr("Health"));
    m_orderButton->setVisible(!shown);
    if (shown && m_findings->isOn())
        m_findings->leave();
    showBody(countImages(m_session.state().images));
}

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
