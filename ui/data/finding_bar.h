#pragma once

#include "engine/data/doctor.h"
#include "ui/data/doctor_actions.h"
#include "widgets/panel.h"

#include <optional>

namespace whisker {

class Button;
class SentenceLabel;
class TextLabel;

/// Stands above the grid while it shows the pictures of a finding, or those behind a bar of a chart: what they are, and what can be done. Hidden otherwise.
class FindingBar : public Panel {
    Q_OBJECT
public:
    explicit FindingBar(QWidget *parent = nullptr);

    /// `remediable`: how many pictures the remedy excludes; 0 takes the button away. `groups`: how many can be walked through.
    void showFinding(FindingKind kind, int pictures, int remediable, int groups);
    void showPictures(const QString &name, int pictures);
    std::optional<FindingKind> kind() const { return m_kind; }
    QString title() const;
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
