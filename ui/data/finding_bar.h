#pragma once

#include "engine/data/doctor.h"
#include "ui/data/doctor_actions.h"
#include "widgets/panel.h"

#include <optional>

namespace whisker {

class Button;
class SentenceLabel;
class TextLabel;

/// What the bar says of a finding.
struct FindingShown {
    FindingKind kind = FindingKind::Unreadable;
    std::size_t count = 0; ///< Diagnosis::countOf(): more than pictures where some are excluded.
    int pictures = 0;      ///< On show.
    int remediable = 0;    ///< How many pictures the remedy excludes; 0 takes the button away.
    int groups = 0;        ///< How many can be walked through.
    QString detail{};      ///< Sentences with figures, before what is said of the kind; may be empty.
};

/// Stands above the grid while it shows the pictures of a finding, or those behind a bar of a chart: what they are, and what can be done. Hidden otherwise.
class FindingBar : public Panel {
    Q_OBJECT
public:
    explicit FindingBar(QWidget *parent = nullptr);

    void showFinding(const FindingShown &finding);
    void showPictures(const QString &name, int pictures);
    std::optional<FindingKind> kind() const { return m_kind; }
    QString title() const;
    QString sentence() const;
    Button *remedyButton() const { return m_remedy; }
    Button *nextButton() const { return m_next; }
    Button *closeButton() const { return m_close; }

Q_SIGNALS:
    void remedyWanted();
    void groupWanted(int step); ///< 1: the next, -1: the one before.
    void closed();

private:
    std::optional<FindingKind> m_kind;
    TextLabel *m_title;
    SentenceLabel *m_sentence;
    Button *m_previous;
    Button *m_next;
    Button *m_remedy;
    Button *m_close;
};

} // namespace whisker
