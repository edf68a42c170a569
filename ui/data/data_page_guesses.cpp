// The part of the Data page that shows what the model says of pictures.
#include "ui/data/data_page.h"
#include "ui/data/image_list_model.h"
#include "ui/data/labelling_view.h"
#include "ui/project_session.h"
#include "ui/suggestion_controller.h"
#include "ui/texts.h"
#include "widgets/chip_row.h"
#include "widgets/image_grid.h"
#include "widgets/notice_bar.h"

#include <QAction>
#include <algorithm>

namespace whisker {

namespace {

constexpr int kGuessesShownMs = 250;
constexpr int kWorthTelling = 300; // pictures: under a second
const auto kSuggestions = QStringLiteral("suggestions");
const auto kDisagrees = QStringLiteral("disagrees");

using Places = std::unordered_map<ImageId, int>;

std::shared_ptr<const Places> placesOf(const std::vector<ImageId> &order)
{
    auto places = std::make_shared<Places>();
    for (const ImageId id : order)
        places->emplace(id, static_cast<int>(places->size()));
    return places;
}

} // namespace

void DataPage::followSuggestions(const SuggestionController &suggestions)
{
    m_suggestions = &suggestions;
    m_model->followSuggestions(suggestions);
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
        if (m_chips->currentId() == kSuggestions)
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

bool DataPage::showsGuesses() const
{
    return m_chips->currentId() == kSuggestions || m_chips->currentId() == kDisagrees;
}

/// One that is chosen stays when its last picture has got its label.
void DataPage::addGuessChips(std::vector<ChipItem> &chips) const
{
    if (!m_suggestions)
        return;
    const auto open = std::ranges::count_if(m_suggestions->teachingOrder(), [this](ImageId id) {
        const auto *image = m_session.image(id);
        return image && !image->label && !image->excluded;
    });
    const auto add = [&](const QString &id, const QString &text, std::ptrdiff_t count) {
        if (count > 0 || m_chips->currentId() == id)
            chips.push_back({id, text, -1, static_cast<int>(count)});
    };
    add(kSuggestions, tr("Suggestions"), open);
    add(kDisagrees, tr("Model disagrees"), std::ssize(m_suggestions->disagreements()));
}

void DataPage::filterByGuess(const QString &chip, ImageFilter &filter) const
{
    if (!m_suggestions || (chip != kSuggestions && chip != kDisagrees))
        return;
    const bool suggests = chip == kSuggestions;
    const auto order = suggests ? m_suggestions->teachingOrder() : m_suggestions->disagreements();
    filter.kind = suggests ? ImageFilter::Kind::Unlabelled : ImageFilter::Kind::All;
    filter.onlyName = suggests ? tr("Suggestions") : tr("Model disagrees");
    filter.only = std::make_shared<const std::unordered_set<ImageId>>(order.begin(), order.end());
    filter.places = placesOf(order);
    if (suggests)
        return;
    auto unlike = std::make_shared<std::unordered_map<ImageId, ClassId>>();
    for (const ImageId id : order) {
        const auto *record = m_session.classNamed(m_suggestions->guess(id)->className);
        unlike->emplace(id, record ? record->id : 0);
    }
    filter.unlike = std::move(unlike);
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
    m_confirm->setEnabled(!groups.empty());
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
