#pragma once

#include "ui/data/image_filter.h"
#include "widgets/card.h"

class QCheckBox;

namespace whisker {

class Button;
class DoctorController;
class ProjectSession;
class ShareBars;
class SplitsDivide;

/// How the labelled pictures are divided, with a panel that divides them again and the lock of the test set.
class SplitsCard : public Card {
    Q_OBJECT
public:
    SplitsCard(ProjectSession &session, const DoctorController &doctor, QWidget *parent = nullptr);

    void showCounts(const ImageCounts &counts);
    void toggleDivide(); ///< Opens the panel, or closes it.
    ShareBars *bars() const { return m_bars; }
    SplitsDivide *divide() const { return m_divide; }
    QCheckBox *lock() const { return m_lock; }

Q_SIGNALS:
    void dividePanelClosed();

private:
    void applyDivision();
    void closeDivide();
    void showLock();
    ProjectSession &m_session;
    const DoctorController &m_doctor;
    ShareBars *m_bars;
    Button *m_button;
    SplitsDivide *m_divide;
    QCheckBox *m_lock;
};

} // namespace whisker
