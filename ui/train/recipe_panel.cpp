#include "ui/train/recipe_panel.h"

#include "ui/train/recipe_card.h"
#include "ui/train/setup_settings.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <utility>

namespace whisker {

namespace {

constexpr std::array kAllModes{TrainMode::Quick, TrainMode::FineTune, TrainMode::Scratch};
constexpr int kScratchPx = 128;

std::size_t indexOf(TrainMode mode)
{
    return static_cast<std::size_t>(mode);
}

} // namespace

TrainConfig recommendedConfig(TrainMode mode)
{
    TrainConfig config;
    config.mode = mode;
    if (mode == TrainMode::Scratch)
        config.sizePx = kScratchPx;
    return config;
}

RecipePanel::RecipePanel(QWidget *parent) : QWidget(parent), m_group(new QButtonGroup(this)), m_settings(new SetupSettings(this))
{
    for (const TrainMode mode : kAllModes)
        m_kept[indexOf(mode)] = recommendedConfig(mode);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(makeCards());
    column->addWidget(m_settings);
    showConfig(m_kept[indexOf(TrainMode::Quick)]);

    connect(m_group, &QButtonGroup::idToggled, this, [this](int mode, bool checked) {
        if (checked) // the other button's toggle says the same
            chooseMode(static_cast<TrainMode>(mode));
    });
    connect(m_settings, &SetupSettings::edited, this, &RecipePanel::takeEdit);
    connect(m_settings, &SetupSettings::defaultsWished, this, &RecipePanel::backToDefaults);
}

QWidget *RecipePanel::makeCards()
{
    auto *box = new QWidget(this);
    auto *row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    m_cards = {new RecipeCard(tr("Quick"), tr("A network that has seen a million photographs stays as it is; only its last step is learned."),
                              tr("Right for nearly all photographs, from ten a class: takes seconds."), box),
               new RecipeCard(tr("Fine-tune"), tr("Goes on from quick: the whole network adapts itself a little to your pictures."),
                              tr("Right with hundreds of pictures, when quick is not good enough: takes minutes."), box),
               new RecipeCard(tr("From scratch"), tr("A network that knows nothing learns from your pictures alone."),
                              tr("Right for pictures unlike photographs, and to watch how learning goes: minutes to hours."), box)};
    for (const TrainMode mode : kAllModes) {
        m_group->addButton(m_cards[indexOf(mode)], static_cast<int>(mode));
        row->addWidget(m_cards[indexOf(mode)], 1);
    }
    return box;
}

void RecipePanel::chooseMode(TrainMode mode)
{
    if (mode == m_config.mode)
        return;
    m_kept[indexOf(m_config.mode)] = m_config;
    showConfig(m_kept[indexOf(mode)]);
    Q_EMIT configChanged();
}

void RecipePanel::takeEdit()
{
    m_settings->writeTo(m_config);
    m_problem = m_settings->check(m_config);
    Q_EMIT configChanged();
}

void RecipePanel::backToDefaults()
{
    TrainConfig config = recommendedConfig(m_config.mode);
    config.architecture = m_config.architecture; // stands outside of the settings
    showConfig(config);
    Q_EMIT configChanged();
}

void RecipePanel::setConfig(const TrainConfig &config)
{
    for (const TrainMode mode : kAllModes)
        m_kept[indexOf(mode)] = recommendedConfig(mode);
    const bool differs = config != m_config;
    showConfig(config);
    if (differs)
        Q_EMIT configChanged();
}

void RecipePanel::showConfig(const TrainConfig &config)
{
    m_config = config;
    m_cards[indexOf(config.mode)]->setChecked(true); // chooseMode() finds nothing to do
    m_settings->showConfig(config);
    m_problem = m_settings->check(config);
}

} // namespace whisker
