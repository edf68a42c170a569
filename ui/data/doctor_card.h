#pragma once

#include "engine/data/doctor.h"
#include "widgets/card.h"

#include <map>

namespace whisker {

class Button;
class DoctorController;
class FindingRow;
class SentenceLabel;

/// What the doctor found: a line a kind with its count, the worst first; a sentence where nothing was found, or while it looks.
class DoctorCard : public Card {
    Q_OBJECT
public:
    explicit DoctorCard(DoctorController &doctor, QWidget *parent = nullptr);
    QString countShown(FindingKind kind) const; ///< As findingCount(); "0" where it has no line.
    QString sentence() const;                   ///< Empty where none is shown.
    Button *button() const { return m_button; }

Q_SIGNALS:
    void findingClicked(whisker::FindingKind kind);

private:
    void showFindings();
    void showState();
    DoctorController &m_doctor;
    Button *m_button;
    SentenceLabel *m_sentence;
    std::map<FindingKind, FindingRow *> m_rows;
    QString m_failure;
};

} // namespace whisker
