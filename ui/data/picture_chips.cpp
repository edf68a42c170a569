#include "ui/data/picture_chips.h"

#include "ui/project_session.h"
#include "ui/suggestion_controller.h"
#include "ui/texts.h"

#include <algorithm>

namespace whisker {

namespace {

const auto kAll = QStringLiteral("all");
const auto kUnlabelled = QStringLiteral("unlabelled");
const auto kSuggestions = QStringLiteral("suggestions");
const auto kDisagrees = QStringLiteral("disagrees");
const auto kProblems = QStringLiteral("problems");
const auto kExcluded = QStringLiteral("excluded");

QString classChip(ClassId id) { return QStringLiteral("class %1").arg(id); }

} // namespace

PictureChips::PictureChips(const ProjectSession &session, QWidget *parent) : ChipRow(parent), m_session(session) {}

void PictureChips::followSuggestions(const SuggestionController &suggestions) { m_suggestions = &suggestions; }

void PictureChips::showAll() { setCurrentId(kAll); }

void PictureChips::showClass(ClassId id) { setCurrentId(classChip(id)); }

bool PictureChips::showsSuggestions() const { return currentId() == kSuggestions; }

bool PictureChips::showsGuesses() const { return showsSuggestions() || currentId() == kDisagrees; }

void PictureChips::showCounts(const ImageCounts &counts)
{
    std::vector<ChipItem> chips{{kAll, tr("All")}};
    for (const auto &record : m_session.state().classes) {
        const auto count = counts.ofClass.find(record.id);
        chips.push_back({classChip(record.id), fromUtf8(record.name), record.colour, count == counts.ofClass.end() ? 0 : count->second});
    }
    chips.push_back({kUnlabelled, tr("Unlabelled"), -1, counts.unlabelled});
    addGuesses(chips);
    if (counts.problems > 0)
        chips.push_back({kProblems, tr("Problems"), -1, counts.problems});
    if (counts.excluded > 0)
        chips.push_back({kExcluded, tr("Excluded"), -1, counts.excluded});
    setChips(chips);
}

/// One that is chosen stays when its last picture has got its label.
void PictureChips::addGuesses(std::vector<ChipItem> &chips) const
{
    if (!m_suggestions)
        return;
    const auto open = std::ranges::count_if(m_suggestions->teachingOrder(), [this](ImageId id) {
        const auto *image = m_session.image(id);
        return image && !image->label && !image->excluded;
    });
    const auto add = [&](const QString &id, const QString &text, std::ptrdiff_t count) {
        if (count > 0 || currentId() == id)
            chips.push_back({id, text, -1, static_cast<int>(count)});
    };
    add(kSuggestions, tr("Suggestions"), open);
    add(kDisagrees, tr("Model disagrees"), std::ssize(m_suggestions->disagreements()));
}

void PictureChips::applyTo(ImageFilter &filter) const
{
    const QString chip = currentId();
    filter.kind = ImageFilter::Kind::All;
    filter.classId = 0;
    if (chip == kUnlabelled)
        filter.kind = ImageFilter::Kind::Unlabelled;
    else if (chip == kProblems)
        filter.kind = ImageFilter::Kind::Problems;
    else if (chip == kExcluded)
        filter.kind = ImageFilter::Kind::Excluded;
    else if (m_suggestions && showsGuesses())
        applyGuesses(filter);
    for (const auto &record : m_session.state().classes) {
        if (chip == classChip(record.id)) {
            filter.kind = ImageFilter::Kind::Class;
            filter.classId = record.id;
        }
    }
}

void PictureChips::applyGuesses(ImageFilter &filter) const
{
    const bool suggests = showsSuggestions();
    const auto order = suggests ? m_suggestions->teachingOrder() : m_suggestions->disagreements();
    filter.only = std::make_shared<const std::unordered_set<ImageId>>(order.begin(), order.end());
    if (suggests) {
        filter.kind = ImageFilter::Kind::Unlabelled;
        filter.onlyName = tr("Suggestions");
        filter.ownOrder = ownOrder(tr("Most useful first"), tr("Those that teach the model most come first."), order);
        return;
    }
    filter.onlyName = tr("Model disagrees");
    filter.ownOrder = ownOrder(tr("Surest first"), tr("Those come first of which the model is surest that their label is wrong."), order);
    auto unlike = std::make_shared<std::unordered_map<ImageId, ClassId>>();
    for (const ImageId id : order) {
        const auto *record = m_session.classNamed(m_suggestions->guess(id)->className);
        unlike->emplace(id, record ? record->id : 0);
    }
    filter.unlike = std::move(unlike);
}

} // namespace whisker
