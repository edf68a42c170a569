#include "tests/support/test_folder.h"
#include "tests/ui/active_window.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/setup_sheet.h"
#include "widgets/buttons.h"

#include <QCheckBox>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

using namespace whisker;
using namespace whisker::test;

namespace {

/// `count` photographs to learn from, copied into `folder`.
std::shared_ptr<const Snapshot> photographs(const TestFolder &folder, int count)
{
    Snapshot snapshot{{"cat", "dog"}, {}};
    for (const auto &file : std::filesystem::directory_iterator(demonstrationPictures() / "cat")) {
        if (int(snapshot.entries.size()) == count)
            break;
        const auto copy = folder / file.path().filename();
        std::filesystem::copy_file(file.path(), copy);
        snapshot.entries.push_back({copy, 0, Split::Train, {std::uint64_t(snapshot.entries.size()), 0}});
    }
    return std::make_shared<const Snapshot>(std::move(snapshot));
}

TrainConfig unchanged()
{
    TrainConfig config = recommendedConfig(TrainMode::Scratch);
    config.augmentation.minArea = config.augmentation.maxAspect = 1.0;
    config.augmentation.flip = false;
    config.augmentation.brightness = config.augmentation.contrast = config.augmentation.saturation = 0.0;
    return config;
}

} // namespace

class SetupSheetTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void showsTwelveVariantsAsLargeAsTheNetworkSeesThem()
    {
        const TestFolder folder;
        SheetCard card;
        card.setSnapshot(photographs(folder, 2));
        card.showConfig(recommendedConfig(TrainMode::Scratch));
        showActive(card);
        QTRY_COMPARE(card.variants().size(), 12u);
        QCOMPARE(card.variants()[0].size(), QSize(128, 128));
        QVERIFY(card.variants()[0] != card.variants()[1]);
        QVERIFY(card.sentence().contains("twelve times"));
    }

    void withEverythingOffAllAreTheSame()
    {
        const TestFolder folder;
        SheetCard card;
        card.setSnapshot(photographs(folder, 1));
        card.showConfig(unchanged());
        showActive(card);
        QTRY_COMPARE(card.variants().size(), 12u);
        QVERIFY(std::ranges::all_of(card.variants(), [&](const QImage &variant) { return variant == card.variants()[0]; }));
        QVERIFY(!card.kindSwitch(1)->isChecked());
        QVERIFY(!card.anotherButton()->isEnabled()); // there is no other
    }

    void eachKindCanBeSwitchedOffAndOn()
    {
        const TestFolder folder;
        RecipePanel panel;
        panel.setSnapshot(photographs(folder, 1));
        panel.setConfig(recommendedConfig(TrainMode::Scratch));
        showActive(panel);
        for (int kind = 0; kind < 5; ++kind)
            panel.sheet()->kindSwitch(kind)->click();
        QCOMPARE(panel.config(), unchanged());
        for (int kind = 0; kind < 5; ++kind)
            panel.sheet()->kindSwitch(kind)->click();
        QCOMPARE(panel.config(), recommendedConfig(TrainMode::Scratch));
    }

    void theShapeOfPicturesIsSeenAsWell()
    {
        const TestFolder folder;
        SheetCard card;
        card.setSnapshot(photographs(folder, 1));
        TrainConfig config = unchanged();
        card.showConfig(config);
        showActive(card);
        QTRY_COMPARE(card.variants().size(), 12u);
        const QImage cropped = card.variants()[0];
        config.fit = Fit::Letterbox;
        card.showConfig(config);
        QTRY_VERIFY(card.variants()[0] != cropped);
    }

    void anotherPictureGivesAnotherSheet()
    {
        const TestFolder folder;
        SheetCard card;
        card.setSnapshot(photographs(folder, 2));
        card.showConfig(unchanged());
        showActive(card);
        QTRY_COMPARE(card.variants().size(), 12u);
        const QImage first = card.variants()[0];
        card.anotherButton()->click();
        QTRY_VERIFY(card.variants()[0] != first);
        card.anotherButton()->click();
        QTRY_COMPARE(card.variants()[0], first);
    }

    void theSheetOfAVanishedPictureSaysSo()
    {
        const TestFolder folder;
        const auto snapshot = photographs(folder, 1);
        std::filesystem::remove(snapshot->entries[0].file);
        SheetCard card;
        card.setSnapshot(snapshot);
        card.showConfig(recommendedConfig(TrainMode::Scratch));
        showActive(card);
        const QString name = QString::fromStdString(snapshot->entries[0].file.filename().string());
        QTRY_VERIFY(card.sentence().contains(name));
        QVERIFY(card.variants().empty());
    }

    void withoutPicturesItSaysSo()
    {
        SheetCard card;
        card.showConfig(recommendedConfig(TrainMode::Scratch));
        showActive(card);
        QVERIFY(card.sentence().contains("no picture"));
    }

    void quickHasNoSheet()
    {
        const TestFolder folder;
        RecipePanel panel;
        panel.setSnapshot(photographs(folder, 1));
        showActive(panel);
        QVERIFY(!panel.sheet()->isVisible());
        panel.setConfig(recommendedConfig(TrainMode::FineTune));
        QVERIFY(panel.sheet()->isVisible());
    }

    void canBeDestroyedWhileASheetIsMade()
    {
        const TestFolder folder;
        SheetCard card;
        card.setSnapshot(photographs(folder, 1));
        card.showConfig(recommendedConfig(TrainMode::Scratch));
        showActive(card);
    }
};

QTEST_MAIN(SetupSheetTest)
#include "setup_sheet_test.moc"
