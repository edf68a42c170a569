#include "tests/tour/scenes.h"

#include "tests/tour/stage.h"
#include "ui/main_window.h"
#include "ui/train/curve_tools.h"
#include "ui/train/pinned_card.h"
#include "ui/train/pinned_row.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/run_curves.h"
#include "ui/train/train_page.h"
#include "widgets/curve_plot.h"
#include "widgets/notice_bar.h"

#include <QCheckBox>
#include <QTest>
#include <algorithm>

namespace whisker::test {

namespace {

void runWithPins(Stage &stage)
{
    auto &train = *stage.train;
    stage.window.showPage("train");
    TrainConfig config;
    config.mode = TrainMode::Scratch;
    config.architecture = "small";
    config.epochs = 6;
    config.sizePx = 64;
    train.recipe()->setConfig(config);
    const QStringList files = stage.pictureFiles();
    Stage::drop(*train.pinned(), {files[0], files[files.size() / 3], files[files.size() - 1]});
    Stage::drop(*train.pinned(), {QString::fromStdString(stage.home.write("pinned.jpg", "words").string())});
    train.start();
    const auto &rows = train.pinned()->rows();
    Stage::waitFor("answers for the pinned pictures", [&] {
        return !train.controller()->isRunning() || (train.controller()->progress().epoch >= 4 && rows[0]->answerCount() > 3);
    });
    stage.take("train-pinned");
    Stage::waitFor("the end of the run", [&] { return !train.controller()->isRunning(); });
    if (rows[0]->answerCount() == 0 || rows.size() != 3 || !train.pinned()->sentence().contains(QLatin1String("pinned.jpg")))
        Stage::giveUp("the pinned pictures were not answered");
    train.pinned()->add({files[1]});
    stage.take("train-curves");
}

void lookCloser(Stage &stage)
{
    RunCurves &curves = *stage.train->curves();
    curves.tools()->logarithmic()->setChecked(true);
    stage.take("train-curves-log");
    curves.tools()->logarithmic()->setChecked(false);
    std::vector<MetricPoint> past = stage.train->controller()->points();
    for (MetricPoint &point : past)
        point.value *= point.series == MetricSeries::ValidationAccuracy ? 0.9 : 1.2;
    curves.setOverlays({{"an earlier run", std::move(past)}});
    curves.loss()->setFocus();
    for (int i = 0; i < 3; ++i)
        QTest::keyClick(curves.loss(), Qt::Key_Plus);
    QTest::keyClick(curves.loss(), Qt::Key_Right);
    Stage::waitFor("values at the crosshair", [&] { return !curves.loss()->readout().isEmpty(); });
    stage.take("train-curves-zoomed");
    QTest::keyClick(curves.loss(), Qt::Key_Home);
    stage.take("train-curves-overlay");
}

void save(Stage &stage)
{
    RunCurves &curves = *stage.train->curves();
    curves.saveTable(stage.home / "curves.csv");
    Stage::waitFor("the table", [&] { return curves.notice()->text().contains("curves.csv"); });
    curves.savePicture(stage.home / "curves.png");
    Stage::waitFor("the picture", [&] { return curves.notice()->text().contains("curves.png"); });
    stage.take("train-curves-saved");
    curves.notice()->dismiss();
    stage.resize(true);
    stage.take("train-curves");
    stage.resize(false);
    curves.setOverlays({});
    stage.train->pinned()->removeAll();
}

} // namespace

void curveScenes(Stage &stage)
{
    runWithPins(stage);
    lookCloser(stage);
    save(stage);
}

} // namespace whisker::test
