#include "engine/base/path_text.h"
#include "engine/data/load_data.h"

#include "tests/engine/data/pictures.h"

#include <QTest>

#include <algorithm>
#include <filesystem>
#include <unistd.h>

using namespace whisker;
using namespace whisker::test;

namespace {

std::size_t countIn(const Snapshot &snapshot, Split split)
{
    return snapshot.indicesOf(split).size();
}

QString sentence(const Result<LoadedData> &result)
{
    return result ? QString() : QString::fromStdString(result.error().message);
}

} // namespace

class LoadDataTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFolderOfClassFoldersIsDividedBySharesAndSeed()
    {
        const TestFolder folder;
        writePictures(folder, "dog", 20, 100);
        writePictures(folder, "cat/below/deep", 20, 0);
        const auto data = loadData(folder.path());
        QVERIFY2(data, errorText(data));
        QCOMPARE(data->snapshot.classes, (std::vector<std::string>{"cat", "dog"}));
        QCOMPARE(countIn(data->snapshot, Split::Train), 28u);
        QCOMPARE(countIn(data->snapshot, Split::Validation), 6u);
        QCOMPARE(countIn(data->snapshot, Split::Test), 6u);
        QCOMPARE(loadData(folder.path())->snapshot.digest(), data->snapshot.digest());
        QVERIFY(loadData(folder.path(), {.seed = 1})->snapshot.digest() != data->snapshot.digest());
        QVERIFY(data->skipped.empty());
    }

    void foldersThatComeSplitStaySo()
    {
        const TestFolder folder;
        writePictures(folder, "train/cat", 4, 0);
        writePictures(folder, "train/dog", 4, 10);
        writePictures(folder, "valid/cat", 2, 20);
        writePictures(folder, "Test/dog", 3, 30);
        const auto data = loadData(folder.path());
        QVERIFY2(data, errorText(data));
        for (const auto &entry : data->snapshot.entries) {
            const auto parts = pathText(entry.file.lexically_relative(folder.path()));
            QCOMPARE(splitFromName(parts.substr(0, parts.find('/'))), std::optional(entry.split));
        }
    }

    void withoutValidationAFifthOfTrainIsCutOff()
    {
        const TestFolder folder;
        writePictures(folder, "train/cat", 10, 0);
        writePictures(folder, "train/dog", 10, 10);
        writePictures(folder, "test/cat", 5, 20);
        writePictures(folder, "test/dog", 5, 30);
        const auto data = loadData(folder.path());
        QVERIFY2(data, errorText(data));
        QCOMPARE(countIn(data->snapshot, Split::Train), 16u);
        QCOMPARE(countIn(data->snapshot, Split::Validation), 4u);
        QCOMPARE(countIn(data->snapshot, Split::Test), 10u);
    }

    void aClassMayBeCalledTrain()
    {
        const TestFolder folder;
        writePictures(folder, "train", 4, 0);
        writePictures(folder, "car", 4, 10);
        const auto data = loadData(folder.path());
        QVERIFY2(data, errorText(data));
        QCOMPARE(data->snapshot.classes, (std::vector<std::string>{"car", "train"}));
    }

    void theSamePicturesGiveTheSameListWhereverTheyLie()
    {
        const TestFolder one, other;
        for (const auto *folder : {&one, &other}) {
            writePictures(*folder, "a", 5, 0);
            writePictures(*folder, "b", 5, 10);
        }
        QCOMPARE(loadData(one.path())->snapshot.digest(), loadData(other.path())->snapshot.digest());
    }

    void aProjectGivesItsLabelledPictures()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 10, 0);
        writePictures(folder, "dog", 10, 10);
        {
            auto project = Project::create(folder / "project");
            QVERIFY2(project, errorText(project));
            QVERIFY(importAll(*project, {folder / "cat", folder / "dog"}));
            const auto ids = idsOf(*project->state());
            QVERIFY(project->setExcluded(std::array{ids[0]}, true));
            QVERIFY(project->setState(ids[1], ImageState::Unreadable, "it does not decode"));
            QVERIFY(project->setLabel(std::array{ids[2]}, std::nullopt));
        }
        for (const auto &data : {folder / "project", folder / "project/project.whisker"}) {
            const auto loaded = loadData(data);
            QVERIFY2(loaded, errorText(loaded));
            QCOMPARE(loaded->snapshot.entries.size(), 17u);
            QCOMPARE(loaded->skipped.size(), 1u);
        }
    }

    void everyNameOnTheDiskWorks()
    {
        const TestFolder folder;
        for (const char *name : {"with space", "caf\u00e9", "\u732b", "\U0001F431", "bad\xFF\xFE"})
            folder.write(std::filesystem::path(name) / "\u56fe \U0001F436\xC3.jpg", picture(static_cast<unsigned char>(name[3])));
        folder.write("caf\u00e9/second.ppm", picture(1000));
        const auto data = loadData(folder.path(), {.purpose = DataPurpose::Measuring});
        QVERIFY2(data, errorText(data));
        QCOMPARE(data->snapshot.classes.size(), 5u);
        QCOMPARE(data->snapshot.classes[0], "bad\uFFFD\uFFFD");
        for (const auto &entry : data->snapshot.entries)
            QVERIFY(std::filesystem::exists(entry.file));
    }

    void whatIsNoPictureIsListedAndStopsNothing()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 3, 0);
        writePictures(folder, "dog", 3, 10);
        folder.write("dog/text.jpg", "this is no picture");
        folder.write("dog/empty.png", "");
        folder.write("dog/page.jpg", "<?xml version=\"1.0\"?><svg/>");
        folder.write("dog/renamed.txt", picture(50));
        folder.write("dog/.hidden", "x");
        folder.write("dog/Thumbs.db", "x");
        std::filesystem::create_directories(folder / "nothing");
        std::filesystem::create_symlink(folder / "gone.jpg", folder / "dog/broken.jpg");
        const auto data = loadData(folder.path());
        QVERIFY2(data, errorText(data));
        QCOMPARE(data->snapshot.entries.size(), 7u);
        std::vector<std::string> names;
        for (const auto &skipped : data->skipped) {
            names.push_back(skipped.file.filename().native());
            QVERIFY2(skipped.reason.ends_with('.'), skipped.reason.c_str());
        }
        QCOMPARE(names, (std::vector<std::string>{"broken.jpg", "empty.png", "page.jpg", "text.jpg", "nothing"}));
    }

    void linksAreFollowedAndTheirLoopsEnd()
    {
        const TestFolder folder;
        const TestFolder elsewhere;
        writePictures(elsewhere, "more", 2, 30);
        writePictures(folder, "cat", 2, 0);
        writePictures(folder, "dog", 2, 10);
        std::filesystem::create_directory_symlink(folder / "cat", folder / "cat/again");
        std::filesystem::create_directory_symlink(elsewhere / "more", folder / "dog/more");
        std::filesystem::create_symlink("self", folder / "dog/self");
        const auto data = loadData(folder.path());
        QVERIFY2(data, errorText(data));
        QCOMPARE(data->snapshot.entries.size(), 6u);
        QCOMPARE(data->skipped.size(), 1u);
    }

    void aTruncatedPhotographIsUsedIfMostOfItDecodes()
    {
        const TestFolder folder;
        writePictures(folder, "dog", 2, 10);
        writePictures(folder, "cat", 2, 0);
        const auto photograph = std::filesystem::directory_iterator(demonstrationPictures() / "cat")->path();
        const std::string bytes = fileBytes(photograph);
        folder.write("cat/most.jpg", std::string_view(bytes).substr(0, bytes.size() * 9 / 10));
        folder.write("cat/little.jpg", std::string_view(bytes).substr(0, bytes.size() / 10));
        const auto data = loadData(folder.path());
        QVERIFY2(data, errorText(data));
        QCOMPARE(data->snapshot.entries.size(), 5u);
        QCOMPARE(data->skipped.size(), 1u);
        QCOMPARE(data->skipped[0].file.filename(), "little.jpg");
    }

    void aFolderThatIsNotThereIsNamed()
    {
        const TestFolder folder;
        const auto data = loadData(folder / "none");
        QVERIFY(!data);
        QCOMPARE(data.error().code, ErrorCode::NotFound);
        QVERIFY2(sentence(data).contains("none"), errorText(data));
    }

    void dataThatCantBeLearntFromIsExplained()
    {
        const TestFolder empty;
        QVERIFY2(sentence(loadData(empty.path())).contains("holds no pictures"), errorText(loadData(empty.path())));

        const TestFolder loose;
        loose.write("1.ppm", picture(1));
        QVERIFY2(sentence(loadData(loose.path())).contains("no folders of classes"), errorText(loadData(loose.path())));

        const TestFolder single;
        writePictures(single, "cat", 5, 0);
        QVERIFY2(sentence(loadData(single.path())).contains("one class only (cat)"), errorText(loadData(single.path())));
        QVERIFY(loadData(single.path(), {.purpose = DataPurpose::Measuring}));

        writePictures(single, "dog", 1, 10);
        QVERIFY2(sentence(loadData(single.path())).contains("too few pictures of dog"), errorText(loadData(single.path())));
        single.write("dog/copy.ppm", picture(10));
        QVERIFY(!loadData(single.path()));
        writePictures(single, "dog", 1, 11);
        QVERIFY(loadData(single.path()));
    }

    void aFileThatIsNoProjectIsExplained()
    {
        const TestFolder folder;
        const auto file = folder.write("cat.jpg", picture(1));
        QVERIFY2(sentence(loadData(file)).contains("neither a folder nor a project"), errorText(loadData(file)));
    }

    void aStopEndsIt()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 5, 0);
        std::stop_source stop;
        stop.request_stop();
        const auto data = loadData(folder.path(), {}, stop.get_token());
        QVERIFY(!data);
        QCOMPARE(data.error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(LoadDataTest)
#include "load_data_test.moc"
