// How a training ends on the Train page.
#include "ui/train/train_page.h"

#include "ui/train/result_card.h"
#include "ui/train/run_curves.h"
#include "widgets/notice_bar.h"

#include <algorithm>

namespace whisker {

/// Of the last run of this session; null while it goes on, and where it failed.
const TrainReport *TrainPage::report() const
{
    return m_end && m_end->result ? &*m_end->result : nullptr;
}

/// Of the run that goes on or was the last, as far as it is known; once it has ended, as it lies on the disk.
RunReceipt TrainPage::liveReceipt() const
{
    RunReceipt receipt = m_end && !m_end->run.folder.empty() ? m_end->run.receipt : m_begun;
    const TrainReport *ended = report();
    if (!ended)
        return receipt;
    // The same once more, for a disk that was too full for the receipt's last words.
    receipt.status = ended->outcome == TrainOutcome::Completed ? RunStatus::Completed
                     : ended->outcome == TrainOutcome::Stopped ? RunStatus::Stopped
                                                               : RunStatus::Diverged;
    receipt.epochs = ended->epochs;
    receipt.bestEpoch = ended->bestEpoch;
    receipt.validationAccuracy = ended->validationAccuracy;
    if (ended->test) {
        receipt.testCorrect = ended->test->correct;
        receipt.testTotal = ended->test->total;
    }
    return receipt;
}

void TrainPage::showLiveResult()
{
    const TrainReport *ended = report();
    m_curves->setOver(m_end.has_value());
    m_resultCard->setVisible(ended);
    showBestEpoch();
    if (!ended)
        return;
    const bool canGoOn = openRun(m_end->run).has_value();
    m_resultCard->showOutcome({liveReceipt(), ended->model, canGoOn, m_end->common});
}

/// Of the run on show: while it learns, the best so far.
void TrainPage::showBestEpoch()
{
    const TrainReport *ended = report();
    const int best = ended ? ended->bestEpoch : m_controller->progress().bestEpoch;
    m_curves->setBestEpoch(m_controller->config().mode != TrainMode::Quick ? best : 0);
}

void TrainPage::onFinished(const TrainingEnd &end)
{
    m_end = end;
    settleNews(end.result ? end.result->receipt.notes : end.run.receipt.notes);
    if (const RunReceipt receipt = liveReceipt(); receipt.status == RunStatus::Diverged) // the card says it
        std::erase_if(m_news, [&](const Notice &news) { return news.text.toStdString() == receipt.message; });
    if (m_view == View::Live)
        showLiveResult();
    if (end.result) {
        if (!end.result->model.empty() && end.result->outcome == TrainOutcome::Completed)
            Q_EMIT modelFinished(end.result->model);
        tellOfLeftOut(end.result->skipped);
    } else if (end.result.error().code != ErrorCode::Cancelled) {
        const Error &error = end.result.error();
        const std::filesystem::path &run = m_controller->runFolder();
        const bool isOfRun = !error.file.empty() && (error.file == run || error.file.parent_path() == run); // no picture mends that
        const bool dataHelps = error.code == ErrorCode::InvalidArgument && !isOfRun;
        tellOfRun(NoticeBar::Kind::Error, QString::fromStdString(error.message), dataHelps ? tr("Go to Data") : QString());
        if (m_view != View::Live)
            m_said = m_news.back();
    }
    if (!m_controller->hasLearnt())
        leaveRefused();
    nameCurves();
    updateNotice();
    updateHeader();
    updateFigures();
    updateRunning();
    focusResult();
    m_history->reload();
    if (end.result)
        judgeRepeat(*end.result);
}

/// It ended before it learnt anything: a run that was gone on with is shown as it was, and who wished for a new one sees its set-up again.
void TrainPage::leaveRefused()
{
    const std::filesystem::path &folder = m_controller->goesOnIn();
    const bool wentOn = std::ranges::find(m_history->runs(), folder, &RunSummary::folder) != m_history->runs().end();
    if (wentOn && m_view == View::Live) {
        m_history->readCurves(folder);
    } else if (wentOn || !report()) {
        if (m_view == View::Live) {
            showView(View::Setup);
            m_said = m_news.empty() ? std::nullopt : std::optional(m_news.back());
        }
        m_before = m_before == View::Live ? View::Setup : m_before;
    }
}

QString TrainPage::leftOutText(const std::vector<SkippedFile> &pictures) const
{
    const QString first = QString::fromStdString(pictures.front().reason);
    return pictures.size() == 1 ? tr("One picture was left out. %1").arg(first) : tr("%1 pictures were left out. The first: %2").arg(pictures.size()).arg(first);
}

} // namespace whisker
