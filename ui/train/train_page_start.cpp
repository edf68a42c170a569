// How a training begins on the Train page: anew, or from the last model with what has changed since.
#include "ui/train/train_page.h"

#include "ui/train/continued_texts.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/run_texts.h"
#include "widgets/buttons.h"
#include "widgets/notice_bar.h"

#include <QShortcut>
#include <QTimer>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {

/// With the defaults filled in, so that the page can say them before the run begins.
TrainConfig definite(const TrainConfig &config)
{
    return completed(config).value_or(config); // a config that makes no sense is refused by the run itself, with a sentence
}

} // namespace

void TrainPage::start()
{
    if (m_controller->isRunning() || refusesRuns() || !m_primary->isEnabled())
        return;
    beginWhenReady(Wish::Start);
}

void TrainPage::beginWhenReady(Wish wish)
{
    m_wish = wish;
    if (m_materialTimer && m_materialTimer->isActive()) {
        m_materialTimer->stop();
        requestMaterial();
    }
    if (m_materialRequests == 0)
        begin();
}

void TrainPage::begin()
{
    const Wish wish = std::exchange(m_wish, Wish::None);
    if (wish == Wish::None || !m_material.snapshot || !m_material.obstacle.isEmpty())
        return;
    const RunSummary *last = m_history->lastCompleted();
    if (wish == Wish::Continue && last) {
        const TrainConfig config = continuedConfig(last->receipt.config);
        beginRun(completed(config, true).value_or(config), last->folder / kModelFile);
    } else if (wish == Wish::Start && m_recipe->problem().isEmpty()) {
        beginRun(definite(m_recipe->config()), {});
    }
}

/// A run would be written into the project: says why none can be, where that is so.
bool TrainPage::refusesRuns()
{
    if (m_material.readOnly)
        say(NoticeBar::Kind::Warning, m_material.obstacle);
    return m_material.readOnly;
}

/// A run begins: what is said of an earlier one goes.
void TrainPage::leaveLastRun()
{
    m_end.reset();
    m_news.clear();
    m_leftOutText.clear();
    m_said.reset();
    m_closed.clear();
    withdrawOffer();
}

void TrainPage::beginRun(const TrainConfig &config, const std::filesystem::path &startModel)
{
    leaveLastRun();
    beginPinned(m_material.snapshot->classes);
    RunReceipt receipt;
    receipt.config = config;
    receipt.classes = m_material.snapshot->classes;
    receipt.trainImages = m_material.snapshot->indicesOf(Split::Train).size();
    receipt.validationImages = m_material.snapshot->indicesOf(Split::Validation).size();
    receipt.testImages = m_material.snapshot->indicesOf(Split::Test).size();
    receipt.startModel = startModel;
    beginsWith(std::move(receipt));
    m_controller->start(m_material.snapshot, config, m_material.runsFolder, startModel);
    showView(View::Live);
    focusNext();
}

void TrainPage::makeContinue()
{
    connect(m_changesCard, &ChangesCard::continueWished, this, &TrainPage::continueLast);
    for (const int key : {int(Qt::Key_Return), int(Qt::Key_Enter)}) {
        auto *shortcut = new QShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key(key)), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, &TrainPage::continueLast);
    }
}

void TrainPage::updateContinue()
{
    const RunSummary *last = m_history->lastCompleted();
    const bool possible = last && last->hasModel && !m_controller->isRunning() && m_material.snapshot && m_material.obstacle.isEmpty();
    m_changesCard->offerContinuing(possible, possible ? tr("Goes on learning from the model of %1, set up as that run was (%2) whatever is chosen below, on the pictures and labels of now "
                                                           "(Ctrl+Shift+Return)")
                                                            .arg(m_history->nameOf(*last), recipeTitle(last->receipt.config))
                                                      : QString());
}

void TrainPage::continueLast()
{
    if (m_changesCard->continueButton()->isVisibleTo(this) && !m_controller->isRunning())
        beginWhenReady(Wish::Continue);
}

/// "run of 14:05 quick, continues the run of 13:58 quick, CPU, 2 threads, bf16": what is cut off where there is no room is the least of it.
QString TrainPage::pastText(const RunSummary &run) const
{
    const QString which = joined(tr("run of %1").arg(m_history->nameOf(run)), originText(run, m_history->names()));
    return joined(which, QString::fromStdString(run.receipt.device));
}

} // namespace whisker
