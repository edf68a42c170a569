#include "tests/support/test_folder.h"
#include "tests/ui/active_window.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/setup_field.h"
#include "ui/train/setup_settings.h"
#include "ui/train/setup_sheet.h"
#include "widgets/buttons.h"

#include <QCheckBox>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

using namespace whisker;
using namespace whisker::test;

namespace {

/// `cats` photographs of cats to learn from, copied into `folder`, and then `dogs` of dogs.
std::shared_ptr<const Snapshot> photographs(const TestFolder &folder, int cats, int dogs = 0)
{
    Snapshot snapshot{{"cat", "dog"}, {}};
    const auto add = [&](const char *name, int label, int count) {
        for (const auto &file : std::filesystem::directory_iterator(demonstrationPictures() / name)) {
            if (count-- == 0)
                break;
            const auto copy = folder / file.path().filename();
            std::filesystem::copy_file(file.path(), copy);
            snapshot.entries.push_back({copy, label, Split::Train, {std::uint64_t(snapshot.entries.size()), 0}});
        }
    };
    add("cat", 0, cats);
    add("dog", 1, dogs);
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

TrainConfig mixing(double mixup, double cutmix)
{
    TrainConfig config = unchanged();
    config.mixup = mixup;
    config.cutmix = cutmix;
    return config;
}

bool areAllEqual(const std::vector<QImage> &variants)
{
    return std::ranges::all_of(variants, [&](const QImage &variant) { return variant == variants[0]; });
}

/// How many pictures are told to count as a cat and a dog, in shares that make a whole.
qsizetype countedAsBoth(const SheetCard &card)
{
    static const QRegularExpression both(QStringLiteral("^(\\d+) % cat, (\\d+) % dog$"));
    return std::ranges::count_if(card.view()->captions(), [](const QString &caption) {
        const auto match = both.match(caption);
        return match.hasMatch() && match.captured(1).toInt() + match.captured(2).toInt() == 100;
    });
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
        QVERIFY(areAllEqual(card.variants()));
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

    void whatIsMixedInIsSeenAndWhatThePictureThenCountsAs()
    {
        const TestFolder folder;
        const auto snapshot = photographs(folder, 1, 1);
        for (const TrainConfig &config : {mixing(1.0, 0.0), mixing(0.0, 1.0)}) {
            SheetCard card;
            card.setSnapshot(snapshot);
            card.showConfig(config);
            showActive(card);
            QTRY_COMPARE(card.variants().size(), 12u);
            QVERIFY(!areAllEqual(card.variants()));
            QVERIFY2(countedAsBoth(card) > 6, qPrintable(QStringList(card.view()->captions().begin(), card.view()->captions().end()).join('|')));
            QVERIFY(card.sentence().contains("the label is mixed too"));
        }
    }

    void aPictureMixedWithOneOfItsClassCountsAsThatAlone()
    {
        const TestFolder folder;
        SheetCard card;
        card.setSnapshot(photographs(folder, 2));
        card.showConfig(mixing(1.0, 0.0));
        showActive(card);
        QTRY_COMPARE(card.variants().size(), 12u);
        QVERIFY(std::ranges::find(card.view()->captions(), QStringLiteral("100 % cat")) != card.view()->captions().end());
        QCOMPARE(countedAsBoth(card), 0);
    }

    void nothingIsMixedWhereABatchHasOnePicture()
    {
        const TestFolder folder;
        SheetCard card;
        card.setSnapshot(photographs(folder, 1, 1));
        TrainConfig config = mixing(1.0, 1.0);
        config.batch = 1;
        card.showConfig(config);
        showActive(card);
        QTRY_COMPARE(card.variants().size(), 12u);
        QVERIFY(areAllEqual(card.variants()));
        QVERIFY(!card.sentence().contains("mixed"));
    }

    void aPartnerThatVanishedIsLeftOut()
    {
        const TestFolder folder;
        const auto snapshot = photographs(folder, 1, 1);
        std::filesystem::remove(snapshot->entries[1].file);
        SheetCard card;
        card.setSnapshot(snapshot);
        card.showConfig(mixing(1.0, 0.0));
        showActive(card);
        QTRY_COMPARE(card.variants().size(), 12u);
        QVERIFY(areAllEqual(card.variants()));
        QCOMPARE(countedAsBoth(card), 0);
    }

    void mixingIsSwitchedWithItsFields()
    {
        const TestFolder folder;
        RecipePanel panel;
        panel.setSnapshot(photographs(folder, 1, 1));
        panel.setConfig(recommendedConfig(TrainMode::Scratch));
        showActive(panel);
        const auto typed = [&](const char *field) { return static_cast<NumberEdit *>(panel.settings()->field(QLatin1String(field))->control())->number(); };
        panel.sheet()->kindSwitch(5)->click();
        panel.sheet()->kindSwitch(6)->click();
        QCOMPARE(panel.config().mixup, 0.2);
        QCOMPARE(panel.config().cutmix, 1.0);
        QCOMPARE(typed("mixup"), std::optional(0.2));
        QCOMPARE(typed("cutmix"), std::optional(1.0));
        panel.sheet()->kindSwitch(5)->click();
        QCOMPARE(panel.config().mixup, 0.0);
        QCOMPARE(typed("mixup"), std::optional(0.0));
        QCOMPARE(panel.config().cutmix, 1.0);
    }

    void aSwitchBringsBackWhatItTookAway()
    {
        RecipePanel panel;
        panel.setConfig(mixing(0.35, 0.0));
        showActive(panel);
        QVERIFY(panel.sheet()->kindSwitch(5)->isChecked());
        panel.sheet()->kindSwitch(5)->click();
        QCOMPARE(panel.config(), mixing(0.0, 0.0));
        panel.sheet()->kindSwitch(5)->click();
        QCOMPARE(panel.config(), mixing(0.35, 0.0));
        panel.setConfig(mixing(3.0, 0.0)); // which is refused, and not remembered
        panel.setConfig(mixing(0.0, 0.0));
        panel.sheet()->kindSwitch(5)->click();
        QCOMPARE(panel.config(), mixing(0.35, 0.0));
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
