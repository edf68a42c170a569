#pragma once

#include "engine/train/run_folder.h"
#include "ui/train/common_class.h"
#include "widgets/card.h"

#include <QString>
#include <filesystem>
#include <optional>

namespace whisker {

class Button;
class SentenceLabel;
class TextLabel;

/// What a run came to.
struct RunOutcome {
    RunReceipt receipt{};
    std::filesystem::path model{}; ///< Empty: it left none.
    bool canGoOn = false;
    CommonClasses common{}; ///< Of the pictures that it was begun with.
};

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
    SentenceLabel *m_sentence;
    SentenceLabel *m_certainty;
    Button *m_try;
    std::filesystem::path m_model;
};

} // namespace whisker
