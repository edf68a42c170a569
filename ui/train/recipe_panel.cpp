#include "ui/train/recipe_panel.h"

#include "ui/train/recipe_card.h"
#include "ui/train/setup_networks.h"
#include "ui/train/setup_settings.h"
#include "ui/train/setup_sheet.h"
#include "widgets/buttons.h"
#include "widgets/reveal.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <utility>

namespace whisker {

namespace {

constexpr int kScratchPx = 128;

std::size_t indexOf(TrainMode mode)
{
    return static_cast<std::size_t>(mode);
}

/// 0: what the network was made for.
int recommendedPx(TrainMode mode, const std::string &architecture)
{
    return mode == TrainMode::Scratch && architecture != "small" ? kScratchPx : 0;
}

} // namespace

TrainConfig recommendedConfig(TrainMode mode)
{
    TrainConfig config;
    config.mode = mode;
    config.sizePx = recommendedPx(mode, config.architecture);
    return config;
}

RecipePanel::RecipePanel(QWidget *parent, const SetupFunctions &functions)
    : QWidget(parent), m_group(new QButtonGroup(this)), m_cards(makeCards()), m_speeds(functions.measure), m_network(new NetworkCard(m_speeds, this)),
      m_settings(new SetupSettings(this)), m_finder(new RateFinderCard(functions.find, this)), m_find(new Button(tr("Find..."))),
      m_sheet(new SheetCard(this))
{
    for (const TrainMode mode : kAllModes)
        m_kept[indexOf(mode)] = recommendedConfig(mode);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(m_cards.front()->parentWidget());
    column->addWidget(m_network);
    column->addWidget(m_settings);
    column->addWidget(m_finder);
    column->addWidget(m_sheet);
    m_settings->field(QStringLiteral("learningRate"))->addBeside(m_find);
    showConfig(m_kept[indexOf(TrainMode::Quick)]);

    connect(m_group, &QButtonGroup::idToggled, this, [this](int mode, bool checked) {
        if (checked) // the other button's toggle says the same
            chooseMode(static_cast<TrainMode>(mode));
    });
    connect(m_network, &NetworkCard::chosen, this, &RecipePanel::chooseNetwork);
    connect(m_find, &Button::clicked, this, &RecipePanel::findRate);
    connect(m_finder, &RateFinderCard::runningChanged, this, [this](bool running) {
        m_speeds.setPaused(running || m_training);
        if (!running && !m_training && m_finder->isVisible())
            revealSoon(m_finder);
    });
    connect(m_finder, &RateFinderCard::rateChosen, this, &RecipePanel::useRate);
    connect(m_sheet, &SheetCard::configChanged, this, &RecipePanel::takeSwitches);
    connect(m_settings, &SetupSettings::edited, this, &RecipePanel::takeEdit);
    connect(m_settings, &SetupSettings::defaultsWished, this, &RecipePanel::backToDefaults);
}

/// In a row of their own. Tab goes from widget to widget as they are made: these come first.
std::array<RecipeCard *, kAllModes.size()> RecipePanel::makeCards()
{
    auto *box = new QWidget(this);
    auto *row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    const std::array cards{new RecipeCard(tr("Quick"), tr("A network that has seen a million photographs stays as it is; only its last step is learned."),
                                          tr("Right for nearly all photographs, from ten a class: takes seconds."), box),
                           new RecipeCard(tr("Fine-tune"), tr("Goes on from quick: the whole network adapts itself a little to your pictures."),
                                          tr("Right with hundreds of pictures, when quick is not good enough: takes minutes."), box),
                           new RecipeCard(tr("From scratch"), tr("A network that knows nothing learns from your pictures alone."),
                                          tr("Right for pictures unlike photographs, and to watch how learning goes: minutes to hours."), box)};
    for (const TrainMode mode : kAllModes) {
        m_group->addButton(cards[indexOf(mode)], static_cast<int>(mode));
        giveKey(*cards[indexOf(mode)], Qt::ALT | Qt::Key(Qt::Key_1 + static_cast<int>(mode)), cards[indexOf(mode)]->text());
        row->addWidget(cards[indexOf(mode)], 1);
    }
    return cards;
}

void RecipePanel::chooseMode(TrainMode mode)
{
    if (mode == m_config.mode)
        return;
    m_kept[indexOf(m_config.mode)] = m_config;
    showConfig(m_kept[indexOf(mode)]);
    Q_EMIT configChanged();
}

void RecipePanel::chooseNetwork(const std::string &architecture)
{
    const std::string before = std::exchange(m_config.architecture, architecture);
    if (m_config.sizePx == recommendedPx(m_config.mode, before)) // another network sees best at another size; what a person has typed stays
        m_config.sizePx = recommendedPx(m_config.mode, architecture);
    m_settings->showSetting(QStringLiteral("sizePx"), m_config);
    takeEdit();
}

void RecipePanel::setTraining(bool training)
{
    m_training = training;
    if (training)
        m_finder->cancel();
    m_speeds.setPaused(training || m_finder->isRunning());
    updateFinder();
}

void RecipePanel::setSnapshot(std::shared_ptr<const Snapshot> snapshot)
{
    m_snapshot = std::move(snapshot);
    m_sheet->setSnapshot(m_snapshot);
    updateFinder();
}

/// A search begins with random weights, as training from scratch does and no other way.
void RecipePanel::updateFinder()
{
    m_find->setVisible(m_config.mode == TrainMode::Scratch);
    m_find->setEnabled(m_snapshot && !m_snapshot->entries.empty() && !m_training && m_problem.isEmpty());
    giveKey(*m_find, Qt::ALT | Qt::Key_L,
            m_training ? tr("A training run goes on: wait for its end.") : tr("Tries rates on your pictures and suggests one: takes seconds with a small network, minutes with a large one."));
    if (m_config.mode != TrainMode::Scratch)
        m_finder->dismiss();
}

void RecipePanel::findRate()
{
    m_finder->begin(m_snapshot, m_config);
    revealSoon(m_finder);
}

void RecipePanel::useRate(double learningRate)
{
    m_config.learningRate = learningRate;
    showConfig(m_config);
    Q_EMIT configChanged();
}

/// Those of the sheet. What was typed and is refused stays in its field.
void RecipePanel::takeSwitches()
{
    const TrainConfig switched = m_sheet->config();
    m_config.augmentation = switched.augmentation;
    for (const auto &[id, member] : {std::pair(QStringLiteral("mixup"), &TrainConfig::mixup), std::pair(QStringLiteral("cutmix"), &TrainConfig::cutmix)}) {
        if (std::exchange(m_config.*member, switched.*member) != switched.*member)
            m_settings->showSetting(id, m_config);
    }
    takeEdit();
}

void RecipePanel::takeEdit()
{
    TrainConfig typed = m_config;
    m_settings->writeTo(typed);
    m_problem = m_settings->check(typed);
    m_config = m_settings->accepted();
    m_network->showConfig(m_config);
    m_sheet->showConfig(m_config);
    updateFinder();
    Q_EMIT configChanged();
}

void RecipePanel::backToDefaults()
{
    TrainConfig config = recommendedConfig(m_config.mode);
    config.architecture = m_config.architecture; // stands outside of the settings
    config.sizePx = recommendedPx(config.mode, config.architecture);
    showConfig(config);
    Q_EMIT configChanged();
}

QWidget *RecipePanel::focusTarget() const
{
    return m_cards[indexOf(m_config.mode)];
}

const TrainConfig &RecipePanel::configOf(TrainMode mode) const
{
    return mode == m_config.mode ? m_config : m_kept[indexOf(mode)];
}

void RecipePanel::setConfig(const TrainConfig &config, std::span<const TrainConfig> others)
{
    for (const TrainMode mode : kAllModes)
        m_kept[indexOf(mode)] = recommendedConfig(mode);
    for (const TrainConfig &other : others)
        m_kept[indexOf(other.mode)] = other;
    const bool differs = config != m_config || !m_problem.isEmpty(); // which may come of a text alone
    showConfig(config);
    if (differs)
        Q_EMIT configChanged();
}

void RecipePanel::showConfig(const TrainConfig &config)
{
    m_config = config;
    m_cards[indexOf(config.mode)]->setChecked(true); // chooseMode() finds nothing to do
    m_network->showConfig(config);
    m_settings->showConfig(config);
    m_problem = m_settings->check(config);
    m_sheet->setVisible(config.mode != TrainMode::Quick); // quick looks at each picture once, as it is
    m_sheet->showConfig(config);
    updateFinder();
}

} // namespace whisker
