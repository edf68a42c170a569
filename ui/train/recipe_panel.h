#pragma once

#include "engine/train/train_config.h"
#include "ui/train/setup_rate_finder.h"
#include "ui/train/setup_speeds.h"

#include <QString>
#include <QWidget>
#include <array>
#include <memory>
#include <span>
#include <string>

class QButtonGroup;

namespace whisker {

class Button;
class NetworkCard;
class RecipeCard;
class SetupSettings;
class SheetCard;

inline constexpr std::array kAllModes{TrainMode::Quick, TrainMode::FineTune, TrainMode::Scratch}; ///< In the order of their cards.

/// What a way of training begins with in the window: right for a beginner. From scratch the pictures are smaller than the network was made for,
/// so that a first run takes minutes.
TrainConfig recommendedConfig(TrainMode mode);

/// What the panel has done on threads of its own; a test puts other things in their place.
struct SetupFunctions {
    SetupSpeeds::Measure measure = &measureSpeed;
    RateFinderCard::Find find = &findLearningRate;
};

/// Chooses how to train: one of three cards, the network, and the settings. Each way keeps its own settings while one looks at the others. GUI thread.
class RecipePanel : public QWidget {
    Q_OBJECT
public:
    explicit RecipePanel(QWidget *parent = nullptr, const SetupFunctions &functions = {});

    /// As chosen, zeros and empty fields left as they are; where a field is refused, with its value from before that edit.
    const TrainConfig &config() const { return m_config; }
    /// As the way was set up when one last looked at it.
    const TrainConfig &configOf(TrainMode mode) const;
    /// The other ways get what `others` says of them, or what is recommended. Emits configChanged() where it or the problem differs.
    void setConfig(const TrainConfig &config, std::span<const TrainConfig> others = {});
    /// Why it can't be trained so, as a sentence that also stands beside the setting at fault; empty where it can.
    const QString &problem() const { return m_problem; }
    SetupSettings *settings() const { return m_settings; }
    NetworkCard *network() const { return m_network; }
    RateFinderCard *rateFinder() const { return m_finder; }
    SheetCard *sheet() const { return m_sheet; }
    Button *findButton() const { return m_find; }
    QWidget *focusTarget() const; ///< The way that is chosen.
    void setSnapshot(std::shared_ptr<const Snapshot> snapshot); ///< What there is to train on; null: nothing is known yet.
    void setTraining(bool training); ///< While something is trained the panel leaves the processors alone.

Q_SIGNALS:
    void configChanged(); ///< Or its problem.

private:
    std::array<RecipeCard *, kAllModes.size()> makeCards();
    void chooseMode(TrainMode mode);
    void chooseNetwork(const std::string &architecture);
    void takeEdit();
    void takeSwitches();
    void backToDefaults();
    void findRate();
    void useRate(double learningRate);
    void updateFinder();
    void showConfig(const TrainConfig &config);

    TrainConfig m_config;
    std::array<TrainConfig, kAllModes.size()> m_kept; // of each mode
    QString m_problem;
    QButtonGroup *m_group;
    const std::array<RecipeCard *, kAllModes.size()> m_cards;
    SetupSpeeds m_speeds;
    NetworkCard *m_network;
    SetupSettings *m_settings;
    RateFinderCard *m_finder;
    Button *m_find;
    SheetCard *m_sheet;
    std::shared_ptr<const Snapshot> m_snapshot;
    bool m_training = false;
};

} // namespace whisker
