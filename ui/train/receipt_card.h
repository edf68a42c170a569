#pragma once

#include "ui/train/run_texts.h"
#include "widgets/card.h"

#include <filesystem>
#include <vector>

class QScrollArea;

namespace whisker {

class FactSheet;
class NoteEditor;
class SentenceLabel;

/// The receipt of one run in words: what became of it, what it learnt from, its settings, the machine; what it had to say itself; and a person's note.
class ReceiptCard : public Card {
    Q_OBJECT
public:
    explicit ReceiptCard(QWidget *parent = nullptr);

    /// `names`: of the project's runs, among which it may continue or repeat one.
    void showRun(const RunSummary &run, const RunNames &names);
    void showNothing(); ///< No run is chosen.
    NoteEditor *note() const { return m_note; }
    FactSheet *facts() const { return m_facts; }
    QString remarks() const; ///< Why it failed, and its own notes: sentences.

private:
    SentenceLabel *m_remarks;
    FactSheet *m_facts;
    QScrollArea *m_scroll;
    NoteEditor *m_note;
    std::filesystem::path m_run; // on show
};

} // namespace whisker
