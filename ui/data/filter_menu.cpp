#include "ui/data/filter_menu.h"

#include "ui/texts.h"

#include <QAction>
#include <QLocale>
#include <QMenu>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {

constexpr std::size_t kMostGroups = 40; // a longer menu leaves the screen; the search field finds the others by their names

using Take = std::function<void(const ImageFilter &)>;

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

void addGroups(QMenu &menu, const ImageFilter &filter, const std::vector<ImageRecord> &images, const Take &take)
{
    std::map<std::string, qint64> groups;
    for (const auto &image : images) {
        if (image.group)
            ++groups[*image.group];
    }
    if (groups.empty())
        return;
    QMenu *list = menu.addMenu(FilterTexts::tr("Group"));
    std::size_t shown = 0;
    for (const auto &[name, count] : groups) {
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

void fillFilterMenu(QMenu &menu, const ImageFilter &filter, const std::vector<ImageRecord> &images, const Take &take)
{
    menu.clear();
    // Counts of each line alone: what is excluded counts only where the chips show it.
    const auto countOf = [&](const ImageFilter &part) {
        ImageFilter alone = part;
        alone.kind = filter.kind;
        alone.classId = filter.classId;
        return std::ranges::count_if(images, [&](const ImageRecord &image) { return alone.accepts(image); });
    };
    using enum ImageFilter::SplitChoice;
    menu.addSection(FilterTexts::tr("Split"));
    for (const auto choice : {Train, Validation, Test, None}) {
        ImageFilter chosen = filter, cleared = filter, alone;
        alone.split = chosen.split = choice;
        cleared.split = Any;
        addChoice(menu, FilterTexts::split(choice), countOf(alone), filter.split == choice, chosen, cleared, take);
    }
    menu.addSection(FilterTexts::tr("File"));
    for (const auto state : {ImageState::Ok, ImageState::Truncated, ImageState::Unreadable, ImageState::Missing}) {
        ImageFilter chosen = filter, cleared = filter, alone;
        alone.state = chosen.state = state;
        cleared.state.reset();
        addChoice(menu, FilterTexts::state(state), countOf(alone), filter.state == state, chosen, cleared, take);
    }
    menu.addSection(FilterTexts::tr("Marks"));
    ImageFilter chosen = filter, cleared = filter, alone;
    alone.unsureOnly = chosen.unsureOnly = true;
    cleared.unsureOnly = false;
    addChoice(menu, FilterTexts::unsure(), countOf(alone), filter.unsureOnly, chosen, cleared, take);
    addGroups(menu, filter, images, take);
}

} // namespace whisker
