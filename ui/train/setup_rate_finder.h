#pragma once

#include "engine/train/rate_finder.h"
#include "ui/job_thread.h"
#include "widgets/card.h"

#include <QString>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

class QLabel;
class QProgressBar;

namespace whisker {

class Button;
class RatePlot;

/// Tries learning rates on a thread of its own, draws what came of it, and offers the one it suggests. Lives in the GUI thread; the destructor waits
/// for a layer of the network at most, on a GPU for a step. Hidden until begin(), which takes the focus: Escape cancels while it is here.
class RateFinderCard : public Card {
    Q_OBJECT
public:
    /// The engine's findLearningRate(), or what a test puts in its place.
    using Find = std::function<Result<RateCurve>(std::shared_ptr<const Snapshot>, const TrainConfig &, const RateRange &, const TrainEvents &, std::stop_token)>;
    explicit RateFinderCard(Find find = &findLearningRate, QWidget *parent = nullptr);
    ~RateFinderCard() override;

    /// In place of a search that goes on. `snapshot` is not null.
    void begin(std::shared_ptr<const Snapshot> snapshot, const TrainConfig &config);
    void cancel(); ///< Says at once that it was cancelled; nothing where none runs.
    void dismiss(); ///< Cancels and hides.
    bool isRunning() const { return m_running; }
    QString sentence() const;
    Button *useButton() const { return m_use; }
    Button *cancelButton() const { return m_cancel; }

Q_SIGNALS:
    void rateChosen(double learningRate); ///< To be used.
    void runningChanged(bool running);

protected:
    bool event(QEvent *event) override;

private:
    void search(const std::shared_ptr<const Snapshot> &snapshot, const TrainConfig &config, int number, const std::stop_token &stop);
    void showProgress(const TrainProgress &progress);
    void showEnd(const Result<RateCurve> &found);
    void showState(const QString &sentence, bool running);

    const Find m_find;
    int m_number = 0; // of the search that is shown: what an earlier one still says is dropped
    bool m_running = false;
    std::optional<double> m_suggestion;
    QLabel *m_sentence;
    QProgressBar *m_progress;
    RatePlot *m_plot;
    Button *m_cancel;
    Button *m_close;
    Button *m_use;
    std::stop_source m_stop;
    JobThread m_thread; // last: joined before what it uses goes away
};

} // namespace whisker
