// Where the keyboard is on the Train page: with what one does next, also where what had it has gone.
#include "ui/train/train_page.h"

#include "ui/train/recipe_panel.h"
#include "ui/train/result_card.h"
#include "ui/train/runs_view.h"
#include "widgets/buttons.h"

#include <array>

namespace whisker {

QWidget *TrainPage::focusTarget()
{
    if (m_view == View::Runs)
        return m_allRuns->focusTarget();
    for (QWidget *next : std::array<QWidget *, 5>{m_pause, m_stop, m_goOn, m_resultCard->tryButton(), m_primary}) {
        if (next->isVisibleTo(this) && next->isEnabled())
            return next;
    }
    return m_view == View::Setup && !m_controller->isRunning() ? m_recipe->focusTarget() : this; // a run that is being stopped leaves nothing to do
}

void TrainPage::focusNext()
{
    if (isVisible()) // else it would take the focus from the page in front
        focusTarget()->setFocus();
}

/// Qt gives the focus of what is hidden or disabled to whatever comes after it, as a switch of the curves.
void TrainPage::keepFocus(const QWidget *before)
{
    if (before && isAncestorOf(before) && !(before->isVisibleTo(this) && before->isEnabled()))
        focusNext();
}

/// Where the page itself, or the button that was the nearest to it, kept the place of what comes only now.
void TrainPage::focusResult()
{
    const QWidget *focused = window()->focusWidget();
    if (focused == this || focused == m_primary)
        focusNext();
}

} // namespace whisker
