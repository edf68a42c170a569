#pragma once

#include "engine/train/run_folder.h"
#include "engine/train/train.h"
#include "widgets/card.h"

#include <QString>
#include <filesystem>
#include <optional>

class QLabel;

namespace whisker {

class Button;
class TextLabel;

/// What a run came to, from its report or its receipt.
struct RunOutcome {
    RunStatus status = RunStatus::Completed;
    std::optional<double> validationAccuracy;
    int validationImages = 0; ///< 0: not known.
    int testRight = 0;
    int testCount = 0; ///< 0: no test was made.
    double seconds = 0.0;
    std::filesystem::path model; ///< Empty: it left none.
    QString message; ///< Why it failed or diverged.
};
RunOutcome outcomeOf(const TrainReport &report, int validationImages);
RunOutcome outcomeOf(const RunSummary &run);

/// How good a finished run is on pictures it has not seen, said honestly, and what to do next.
class ResultCard : public Card {
    Q_OBJECT
public:
    explicit ResultCard(QWidget *parent = nullptr);
    void showOutcome(const RunOutcome &outcome);
    QString headline() const;
    QString sentence() const;
    QString certainty() const;
    Button *tryButton() const { return m_try; }

Q_SIGNALS:
    void tryWished(const std::filesystem::path &modelFile);

private:
    TextLabel *m_figure;
    QLabel *m_sentence;
    QLabel *m_certainty;
    Button *m_try;
    std::filesystem::path m_model;
};

} // namespace whisker
