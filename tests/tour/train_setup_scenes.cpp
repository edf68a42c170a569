#include "tests/tour/scenes.h"

#include "tests/tour/stage.h"
#include "ui/main_window.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/setup_networks.h"
#include "ui/train/setup_settings.h"
#include "ui/train/setup_sheet.h"
#include "ui/train/train_page.h"
#include "widgets/buttons.h"

#include <QCheckBox>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QTest>

namespace whisker::test {

namespace {

void scrollTo(QWidget *widget)
{
    QCoreApplication::processEvents(); // what has changed its height is laid out anew
    for (QWidget *around = widget; around; around = around->parentWidget()) {
        if (auto *scroll = qobject_cast<QScrollArea *>(around))
            scroll->ensureWidgetVisible(widget, 0, 0);
    }
}

void chooseWays(Stage &stage)
{
    RecipePanel &recipe = *stage.train->recipe();
    stage.take("train-setup-quick");
    recipe.network()->setUnfolded(true);
    Stage::waitFor("the first speed", [&] { return recipe.network()->summary().contains("a second") || !recipe.network()->isMeasuring(); });
    stage.take("train-setup-networks");
    recipe.network()->setUnfolded(false);
    recipe.setConfig(recommendedConfig(TrainMode::FineTune));
    stage.take("train-setup-finetune");
    recipe.setConfig(recommendedConfig(TrainMode::Scratch));
    recipe.network()->setUnfolded(true);
    stage.take("train-setup-scratch-networks");
    recipe.network()->setUnfolded(false);
    stage.take("train-setup-scratch");
}

void advancedSettings(Stage &stage)
{
    RecipePanel &recipe = *stage.train->recipe();
    recipe.settings()->setUnfolded(true);
    scrollTo(recipe.settings());
    stage.take("train-setup-advanced");
    TrainConfig refused = recommendedConfig(TrainMode::Scratch);
    refused.mixup = 3;
    recipe.setConfig(refused);
    scrollTo(recipe.settings()->field("mixup"));
    stage.take("train-setup-refused");
    recipe.setConfig(recommendedConfig(TrainMode::Scratch));
    recipe.settings()->setUnfolded(false);
}

void seeTheSheet(Stage &stage)
{
    SheetCard &sheet = *stage.train->recipe()->sheet();
    stage.train->recipe()->setConfig(recommendedConfig(TrainMode::Scratch));
    Stage::waitFor("the sheet", [&] { return sheet.variants().size() == std::size_t(SheetMaker::kVariants); });
    scrollTo(&sheet);
    stage.take("train-setup-sheet");
    for (const int mixing : {5, 6})
        sheet.kindSwitch(mixing)->click();
    Stage::waitFor("mixed pictures", [&] { return !sheet.view()->captions().empty() && sheet.sentence().contains(QLatin1String("mixed")); });
    for (const bool small : {true, false}) {
        stage.resize(small);
        scrollTo(&sheet);
        stage.take("train-setup-sheet-mixed");
    }
}

void findRate(Stage &stage)
{
    RecipePanel &recipe = *stage.train->recipe();
    TrainConfig config = recommendedConfig(TrainMode::Scratch);
    config.architecture = "small";
    config.sizePx = 32; // a second for all of it
    config.batch = 8;
    recipe.setConfig(config);
    recipe.settings()->setUnfolded(true);
    Stage::waitFor("pictures to search with", [&] { return recipe.findButton()->isEnabled(); });
    recipe.findButton()->click();
    Stage::waitFor("the first rates", [&] { return recipe.rateFinder()->findChild<QProgressBar *>()->value() > 20 || !recipe.rateFinder()->isRunning(); });
    scrollTo(recipe.rateFinder());
    stage.take("train-setup-finding");
    Stage::waitFor("the search", [&] { return !recipe.rateFinder()->isRunning(); });
    scrollTo(recipe.rateFinder());
    stage.take("train-setup-found");
    recipe.rateFinder()->dismiss();
    recipe.settings()->setUnfolded(false);
}

} // namespace

void trainSetupScenes(Stage &stage)
{
    stage.window.showPage("train");
    Stage::waitFor("what to train on", [&] { return stage.session.isOpen() && !stage.session.isImporting(); });
    stage.heartbeat.start();
    chooseWays(stage);
    advancedSettings(stage);
    seeTheSheet(stage);
    findRate(stage);
    stage.figures["longest_silence_setup_ms"] = stage.heartbeat.stop();
    stage.resize(true);
    stage.take("train-setup");
    stage.resize(false);
    stage.train->recipe()->setConfig(recommendedConfig(TrainMode::Quick));
}

} // namespace whisker::test
