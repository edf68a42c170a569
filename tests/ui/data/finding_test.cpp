#include "tests/support/camera_jpeg.h"
#include "tests/ui/drawn_pictures.h"
#include "tests/ui/fake_guesser.h"
#include "ui/data/data_page.h"
#include "ui/data/filter_bar.h"
#include "ui/data/filter_menu.h"
#include "ui/data/filter_order.h"
#include "ui/data/image_list_model.h"
#include "ui/data/row_maker.h"
#include "widgets/buttons.h"

#include <QMenu>
#include <QStandardPaths>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

std::vector<ImageRecord> named(const std::vector<std::string> &names)
{
    std::vector<ImageRecord> images;
    for (const auto &name : names) {
        ImageRecord image;
        image.id = static_cast<ImageId>(images.size()) + 1;
        image.name = name;
        images.push_back(image);
    }
    return images;
}

std::vector<std::string> inOrder(const std::vector<ImageRecord> &images, const ImageRanks &ranks)
{
    auto sorted = images;
    std::ranges::stable_sort(sorted, {}, [&](const ImageRecord &image) { return ranks.of(image.id); });
    std::vector<std::string> names;
    std::ranges::transform(sorted, std::back_inserter(names), &ImageRecord::name);
    return names;
}

} // namespace

class FindingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

    void namesSortByTheirNumbersWhateverTheirCase()
    {
        const std::vector<std::string> sorted{"a b.png", "a_b.png", "Cat2.png", "cat03.png", "cat10.png", "cat10b.png", "dog.png", "Dog 1.png"};
        auto mixed = sorted;
        std::ranges::reverse(mixed);
        const auto images = named(mixed);
        const auto plain = inOrder(images, ranksByName(images));
        auto withAccent = mixed; // the collator's own keys: the same order
        withAccent.push_back("\xC3\xA9t\xC3\xA9.png");
        const auto accented = named(withAccent);
        auto collated = inOrder(accented, ranksByName(accented));
        std::erase(collated, "\xC3\xA9t\xC3\xA9.png");
        QCOMPARE(plain, collated);
        QVERIFY(std::ranges::find(plain, "Cat2.png") < std::ranges::find(plain, "cat03.png"));
        QVERIFY(std::ranges::find(plain, "cat03.png") < std::ranges::find(plain, "cat10.png"));
    }

    void equalNamesShareTheirRank()
    {
        const auto images = named({"b.png", "a.png", "A.png"});
        const auto ranks = ranksByName(images);
        QCOMPARE(ranks.of(2), ranks.of(3));
        QVERIFY(ranks.of(1) > ranks.of(2));
        QVERIFY(ranks.of(77) > ranks.of(1)); // unknown ones come last
    }

    void theCameraClockCountsBeforeTheFilesTime()
    {
        const TestFolder folder;
        const auto place = std::make_shared<const std::filesystem::path>(folder.path());
        auto images = named({"old.png", "camera.jpg", "new.png", "gone.png"});
        for (auto &image : images)
            image.folder = place;
        folder.write("old.png", "no picture");
        folder.write("new.png", "");
        folder.write("camera.jpg", withExif("\xFF\xD8\xFF\xD9", cameraBlock()));
        constexpr std::int64_t kYear = 31'557'600'000'000'000;
        images[0].modifiedNs = 20 * kYear; // 1990
        images[1].modifiedNs = 55 * kYear;
        images[2].modifiedNs = 60 * kYear; // 2030
        TakenTimes known;
        const auto ranks = ranksByTaken(images, known, [](double) {}, {});
        QCOMPARE(inOrder(images, *ranks), (std::vector<std::string>{"new.png", "camera.jpg", "old.png", "gone.png"}));
        QCOMPARE(known.at(2).second, 20240503142210);
        std::filesystem::remove(folder / "camera.jpg"); // its time is known
        QCOMPARE(inOrder(images, *ranksByTaken(images, known, [](double) {}, {})), (std::vector<std::string>{"new.png", "camera.jpg", "old.png", "gone.png"}));
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!ranksByTaken(images, known, [](double) {}, stop.get_token()));
    }

    void rowsOfALongListComeInTurns()
    {
        RowMaker maker;
        std::vector<ImageId> rows;
        connect(&maker, &RowMaker::made, this, [&](const std::vector<ImageId> &ids) { rows = ids; });
        const auto ask = [](std::size_t index) {
            return index % 2 ? std::optional(RowMaker::Row(0, -static_cast<std::int64_t>(index), static_cast<ImageId>(index))) : std::nullopt;
        };
        maker.begin(300'000, [](std::size_t) { return std::nullopt; });
        maker.begin(300'000, ask); // the first is dropped
        QVERIFY(maker.isBusy());
        QVERIFY(rows.empty());
        QTRY_COMPARE(rows.size(), 150'000U);
        QVERIFY(!maker.isBusy());
        QCOMPARE(rows.front(), 299'999);
        rows.clear();
        maker.begin(300'000, ask);
        maker.cancel();
        maker.begin(10, ask);
        QTRY_COMPARE(rows.size(), 5U); // of what was cancelled nothing came
        maker.begin(300'000, ask); // goes away meanwhile
    }

    void picturesAreFoundByWhatTheModelSays()
    {
        Page page;
        QVERIFY(page.open());
        page.session.announceModel(page.root / "model");
        ImageFilter filter;
        filter.predicted = QStringLiteral("dog");
        page.data.setExtraFilter(filter);
        QTRY_COMPARE(page.data.model()->rowCount(), 4); // comes in as the model answers
        QCOMPARE(page.data.filterBar()->partCount(), 1);
        QCOMPARE(page.data.filterBar()->part(0)->text(), QStringLiteral("Model says dog"));
        filter.predicted.reset();
        filter.confidence = ImageFilter::Confidence{0.8, 0.86}; // of numbers 2 and 3
        page.data.setExtraFilter(filter);
        QCOMPARE(page.data.model()->rowCount(), 4);
        filter.predicted = QStringLiteral("cat");
        page.data.setExtraFilter(filter);
        QCOMPARE(page.data.model()->rowCount(), 2);
        page.session.announceModel(page.root / "wrong"); // 95 % sure of everything
        QTRY_COMPARE(page.data.model()->rowCount(), 0);
        filter.confidence = ImageFilter::Confidence{0.95, 2.0};
        page.data.setExtraFilter(filter);
        QTRY_COMPARE(page.data.model()->rowCount(), 4);
        page.data.setExtraFilter({});
        QCOMPARE(page.data.model()->rowCount(), 8);
        QVERIFY(page.data.extraFilter().isPlain());
    }

    void theMenuCountsWhatTheModelSays()
    {
        const auto images = named({"cat1.png", "cat2.png", "dog1.png"});
        const AskModel ask = [](ImageId id) -> std::optional<ModelSays> {
            return id == 3 ? std::nullopt : std::optional(ModelSays{QStringLiteral("R&D"), id == 1 ? 0.4 : 0.99});
        };
        QMenu menu;
        ImageFilter chosen;
        fillFilterMenu(menu, {}, images, &ask, [&](const ImageFilter &filter) { chosen = filter; });
        QVERIFY(lineOf(menu, QStringLiteral("R&&D (2)")));
        QVERIFY(lineOf(menu, QStringLiteral("Under 50 % sure (1)")));
        QVERIFY(!lineOf(menu, QStringLiteral("50 to 80 % sure (0)"))->isEnabled());
        lineOf(menu, QStringLiteral("95 % sure and more (1)"))->trigger();
        QVERIFY(chosen.confidence && chosen.confidence->contains(1.0) && !chosen.confidence->contains(0.94));
        fillFilterMenu(menu, chosen, images, &ask, [&](const ImageFilter &filter) { chosen = filter; });
        lineOf(menu, QStringLiteral("95 % sure and more (1)"))->trigger();
        QVERIFY(chosen.isPlain());
    }

    void withoutAModelTheMenuSaysSo()
    {
        QMenu menu;
        fillFilterMenu(menu, {}, named({"a.png"}), nullptr, [](const ImageFilter &) {});
        QAction *line = lineOf(menu, QStringLiteral("There is no model yet: train one first."));
        QVERIFY(line && !line->isEnabled());
        const AskModel silent = [](ImageId) { return std::nullopt; };
        fillFilterMenu(menu, {}, named({"a.png"}), &silent, [](const ImageFilter &) {});
        QVERIFY(lineOf(menu, QStringLiteral("It has not looked at these pictures yet.")));
    }

private:
    struct Page {
        TestFolder root;
        ProjectSession session;
        SuggestionController suggestions{session, fakeGuessers()};
        DataPage data{session};

        bool open()
        {
            qputenv("XDG_CACHE_HOME", QByteArray::fromStdString((root / "cache").string()));
            data.followSuggestions(suggestions);
            data.resize(1100, 700);
            data.show();
            return openWith(session, root, {drawPictures(root, "cat", 4), drawPictures(root, "dog", 4)});
        }
    };

    static QAction *lineOf(const QMenu &menu, const QString &text)
    {
        for (QAction *action : menu.actions()) {
            if (action->text() == text)
                return action;
            if (QAction *found = action->menu() ? lineOf(*action->menu(), text) : nullptr)
                return found;
        }
        return nullptr;
    }
};

QTEST_MAIN(FindingTest)
#include "finding_test.moc"
