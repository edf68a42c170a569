// The part of the Data page that shows what the model says of pictures.
#include "ui/data/data_page.h"
#include "ui/data/image_list_model.h"
#include "ui/data/labelling_view.h"
#include "ui/data/picture_chips.h"
#include "ui/project_session.h"
#include "ui/suggestion_controller.h"
#include "ui/texts.h"
#include "widgets/image_grid.h"
#include "widgets/notice_bar.h"

#include <QAction>
#include <algorithm>

namespace whisker {

namespace {

constexpr int kGuessesShownMs = 250;
constexpr int kWorthTelling = 300; // pictures: under a second

} // namespace

void DataPage::followSuggestions(const SuggestionController &suggestions)
{
    m_suggestions = &suggestions;
    m_model->followSuggestions(suggestions);
    m_chips->followSuggestions(suggestions);
    m_labelling->followSuggestions(suggestions);
    m_guessesSoon.setSingleShot(true);
    m_guessesSoon.setInterval(kGuessesShownMs);
    connect(&m_guessesSoon, &QTimer::timeout, this, &DataPage::refresh);
    connect(&suggestions, &SuggestionController::guessed, this, [this] {
        if (!m_guessesSoon.isActive())
            m_guessesSoon.start();
    });
    connect(&suggestions, &SuggestionController::progressed, this, &DataPage::showActivity);
    connect(&suggestions, &SuggestionController::refusalChanged, this, &DataPage::showRefusal);
    connect(&suggestions, &SuggestionController::orderChanged, this, [this] {
        if (m_chips->showsSuggestions())
            applyFilter();
        m_refreshSoon.start();
    });
    refresh();
}

/// Where it takes longer than a moment.
std::optional<PageActivity> DataPage::guessActivity() const
{
    if (!m_suggestions)
        return {};
    const auto &[done, total] = m_suggestions->progress();
    if (total - done < kWorthTelling)
        return {};
    return PageActivity{tr("The model looks at picture %L1 of %L2").arg(done + 1).arg(total), static_cast<double>(done) / total, {}};
}

/// A model that can't be asked is told of until another is in use.
void DataPage::showRefusal()
{
    if (!m_suggestions->refusal().isEmpty())
        m_notice->showNotice(NoticeBar::Kind::Information, m_suggestions->refusal());
    else if (m_notice->text() == m_shownRefusal)
        m_notice->dismiss();
    m_shownRefusal = m_suggestions->refusal();
}

/// So that Enter confirms at once.
void DataPage::goToFirst()
{
    if (m_model->rowCount() == 0)
        return;
    m_grid->setFocus();
    m_grid->setCurrentIndex(m_model->index(0));
}

/// The guesses for what is selected, where each has one that the project has a class for; else nothing.
std::vector<LabelGroup> DataPage::selectedGuesses() const
{
    std::vector<LabelGroup> groups;
    for (const ImageId id : selectedImages()) {
        const auto *image = m_session.image(id);
        const auto *guess = image ? m_model->shownGuess(*image) : nullptr;
        const auto *record = guess ? m_session.classNamed(guess->className) : nullptr;
        if (!record)
            return {};
        auto group = std::ranges::find(groups, record->id, &LabelGroup::label);
        if (group == groups.end())
            group = groups.insert(groups.end(), LabelGroup{record->id, {}});
        group->images.push_back(id);
    }
    return groups;
}

/// Enter confirms where there is something to confirm; a name is then typed with Shift+Enter.
void DataPage::refreshConfirm()
{
    const auto groups = selectedGuesses();
    const auto *record = groups.size() == 1 ? m_session.classRecord(groups.front().label) : nullptr;
    m_confirm->setEnabled(!groups.empty() && !m_session.isReadOnly());
    m_confirm->setText(record ? tr("Yes, %1").arg(fromUtf8(record->name)) : tr("Yes to all"));
    m_confirm->setToolTip(tr("Label them as the model says"));
    m_typeLabel->setShortcut(groups.empty() ? QKeySequence(Qt::Key_Return) : QKeySequence(Qt::SHIFT | Qt::Key_Return));
    m_confirm->setShortcut(groups.empty() ? QKeySequence() : QKeySequence(Qt::Key_Return));
}

void DataPage::confirmGuesses()
{
    auto groups = selectedGuesses();
    if (groups.empty())
        return;
    m_stepOn = true;
    m_session.setLabels(std::move(groups));
    m_grid->setFocus();
}

} // namespace whisker
