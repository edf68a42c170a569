#include "ui/data/filter_menu.h"

#include "ui/texts.h"
#include "widgets/text_label.h"

#include <QAction>
#include <QLocale>
#include <QMenu>
#include <QVBoxLayout>
#include <QWidgetAction>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {

constexpr std::size_t kMostGroups = 40; // a longer menu leaves the screen; the search field finds the others by their names

using Take = std::function<void(const ImageFilter &)>;

/// Menus with a style sheet draw no titles of sections by themselves.
void addTitle(QMenu &menu, const QString &text)
{
    if (!menu.isEmpty())
        menu.addSeparator();
    auto *around = new QWidget;
    auto *margins = new QVBoxLayout(around);
    margins->setContentsMargins(12, 4, 12, 2);
    auto *title = new TextLabel(text, Tone::Quiet);
    title->setSize(11, QFont::DemiBold);
    margins->addWidget(title);
    auto *action = new QWidgetAction(&menu);
    action->setDefaultWidget(around);
    action->setText(text);
    action->setEnabled(false);
    menu.addAction(action);
}

/// One line; choosing it gives `filter` with the part changed, or without it where it is set already.
void addChoice(QMenu &menu, const QString &text, qint64 count, bool set, const ImageFilter &chosen, const ImageFilter &cleared, const Take &take)
{
    const QString counted = FilterTexts::tr("%1 (%2)", "a filter and how many pictures it has").arg(text, QLocale().toString(count));
    QAction *action = menu.addAction(QString(counted).replace(QLatin1Char('&'), QStringLiteral("&&")));
    action->setCheckable(true);
    action->setChecked(set);
    action->setEnabled(set || count > 0);
    QObject::connect(action, &QAction::triggered, &menu, [take, wanted = set ? cleared : chosen] { take(wanted); });
}

using Confidence = ImageFilter::Confidence;
constexpr std::array kConfidences{Confidence{0.0, 0.5}, Confidence{0.5, 0.8}, Confidence{0.8, 0.95}, Confidence{0.95, 2.0}};

/// How many pictures each line has, of those that the chip on show has.
struct Counts {
    std::array<qint64, 5> splits{}; // by SplitChoice
    std::array<qint64, 4> states{}; // by ImageState
    qint64 unsure = 0;
    std::map<std::string, qint64> groups{};
    std::map<QString, qint64> predicted{};
    std::array<qint64, kConfidences.size()> confidences{};
};

Counts countsOf(const ImageFilter &filter, const std::vector<ImageRecord> &images, const AskModel *ask)
{
    using enum ImageFilter::SplitChoice;
    const ImageFilter chip{filter.kind, filter.classId, {}};
    Counts counts;
    for (const auto &image : images) {
        if (!chip.accepts(image))
            continue;
        const auto split = !image.split ? None : *image.split == Split::Train ? Train : *image.split == Split::Validation ? Validation : Test;
        ++counts.splits[static_cast<std::size_t>(split)];
        ++counts.states[static_cast<std::size_t>(image.state)];
        counts.unsure += image.unsure;
        if (image.group)
            ++counts.groups[*image.group];
        const auto said = ask ? (*ask)(image.id) : std::nullopt;
        if (!said)
            continue;
        ++counts.predicted[said->className];
        for (std::size_t k = 0; k < kConfidences.size(); ++k)
            counts.confidences[k] += kConfidences[k].contains(said->probability);
    }
    return counts;
}

void addGroups(QMenu &menu, const ImageFilter &filter, const Counts &counts, const Take &take)
{
    if (counts.groups.empty())
        return;
    QMenu *list = menu.addMenu(FilterTexts::tr("Group"));
    std::size_t shown = 0;
    for (const auto &[name, count] : counts.groups) {
        const bool set = filter.group == name;
        if (shown >= kMostGroups && !set)
            continue;
        ++shown;
        ImageFilter chosen = filter, cleared = filter;
        chosen.group = name;
        cleared.group.reset();
        addChoice(*list, fromUtf8(name), count, set, chosen, cleared, take);
    }
}

void addModel(QMenu &menu, const ImageFilter &filter, const Counts &counts, bool answers, const Take &take)
{
    addTitle(menu, FilterTexts::tr("What the model says"));
    if (!answers || counts.predicted.empty()) {
        menu.addAction(answers ? FilterTexts::tr("It has not looked at these pictures yet.") : FilterTexts::tr("There is no model yet: train one first."))->setEnabled(false);
        if (!filter.asksModel())
            return;
    }
    auto predicted = counts.predicted;
    if (filter.predicted)
        predicted.try_emplace(*filter.predicted, 0); // can be taken away though nothing is left of it
    QMenu *classes = menu.addMenu(FilterTexts::tr("Class"));
    for (const auto &[name, count] : predicted) {
        ImageFilter chosen = filter, cleared = filter;
        chosen.predicted = name;
        cleared.predicted.reset();
        addChoice(*classes, name, count, filter.predicted == name, chosen, cleared, take);
    }
    QMenu *confidences = menu.addMenu(FilterTexts::tr("Confidence"));
    for (std::size_t k = 0; k < kConfidences.size(); ++k) {
        ImageFilter chosen = filter, cleared = filter;
        chosen.confidence = kConfidences[k];
        cleared.confidence.reset();
        addChoice(*confidences, FilterTexts::confidence(kConfidences[k]), counts.confidences[k], filter.confidence == kConfidences[k], chosen, cleared, take);
    }
}

} // namespace

QString FilterTexts::split(ImageFilter::SplitChoice choice)
{
    switch (choice) {
    case ImageFilter::SplitChoice::Any: return tr("Any split");
    case ImageFilter::SplitChoice::Train: return tr("Training");
    case ImageFilter::SplitChoice::Validation: return tr("Validation");
    case ImageFilter::SplitChoice::Test: return tr("Test");
    case ImageFilter::SplitChoice::None: return tr("In no split");
    }
    return {};
}

QString FilterTexts::state(ImageState state)
{
    switch (state) {
    case ImageState::Ok: return tr("Whole files");
    case ImageState::Truncated: return tr("Cut short");
    case ImageState::Unreadable: return tr("Unreadable");
    case ImageState::Missing: return tr("Missing");
    }
    return {};
}

QString FilterTexts::unsure() { return tr("Not sure"); }

QString FilterTexts::group(const std::string &group) { return tr("Group %1").arg(fromUtf8(group)); }

QString FilterTexts::predicted(const QString &className) { return tr("Model says %1").arg(className); }

QString FilterTexts::confidence(const ImageFilter::Confidence &confidence)
{
    const int from = qRound(confidence.from * 100), below = qRound(confidence.below * 100);
    if (confidence.from <= 0)
        return tr("Under %1 % sure").arg(below);
    return confidence.below > 1 ? tr("%1 % sure and more").arg(from) : tr("%1 to %2 % sure").arg(from).arg(below);
}

void fillFilterMenu(QMenu &menu, const ImageFilter &filter, const std::vector<ImageRecord> &images, const AskModel *ask, const Take &take)
{
    menu.clear();
    const Counts counts = countsOf(filter, images, ask);
    using enum ImageFilter::SplitChoice;
    addTitle(menu, FilterTexts::tr("Split"));
    for (const auto choice : {Train, Validation, Test, None}) {
        ImageFilter chosen = filter, cleared = filter;
        chosen.split = choice;
        cleared.split = Any;
        addChoice(menu, FilterTexts::split(choice), counts.splits[static_cast<std::size_t>(choice)], filter.split == choice, chosen, cleared, take);
    }
    addTitle(menu, FilterTexts::tr("File"));
    for (const auto state : {ImageState::Ok, ImageState::Truncated, ImageState::Unreadable, ImageState::Missing}) {
        ImageFilter chosen = filter, cleared = filter;
        chosen.state = state;
        cleared.state.reset();
        addChoice(menu, FilterTexts::state(state), counts.states[static_cast<std::size_t>(state)], filter.state == state, chosen, cleared, take);
    }
    addTitle(menu, FilterTexts::tr("Marks"));
    ImageFilter chosen = filter, cleared = filter;
    chosen.unsureOnly = true;
    cleared.unsureOnly = false;
    addChoice(menu, FilterTexts::unsure(), counts.unsure, filter.unsureOnly, chosen, cleared, take);
    addGroups(menu, filter, counts, take);
    addModel(menu, filter, counts, ask != nullptr, take);
}

} // namespace whisker
