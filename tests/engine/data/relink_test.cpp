#include "engine/data/relink.h"

#include "tests/engine/data/pictures.h"

#include <QTest>

#include <algorithm>
#include <filesystem>

using namespace whisker;
using namespace whisker::test;

namespace {

namespace fs = std::filesystem;

/// Three cats and three dogs, labelled, in a new project.
struct Pets {
    TestFolder folder{};
    Project project;

    Pets() : project(std::move(Project::create(folder / "project").value()))
    {
        writePictures(folder, "photos/cat", 3, 0);
        writePictures(folder, "photos/dog", 3, 10);
        if (!importAll(project, {folder / "photos"}))
            qFatal("the pictures can't be imported");
    }

    Result<RelinkReport> relinkIn(const std::string &name) { return relink(project, folder / name, {}, {}); }
    std::ptrdiff_t missing() const { return std::ranges::count(project.state()->images, ImageState::Missing, &ImageRecord::state); }
};

/// What must survive a move.
std::vector<std::tuple<ImageId, std::optional<ClassId>, std::optional<Split>, ContentHash>> knowledge(const Project &project)
{
    std::vector<std::tuple<ImageId, std::optional<ClassId>, std::optional<Split>, ContentHash>> known;
    const auto state = project.state();
    for (const auto &image : state->images)
        known.emplace_back(image.id, image.label, image.split, image.hash);
    return known;
}

} // namespace

class RelinkTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void missingFilesAreShownAsMissingAndTheirLabelsKept()
    {
        Pets pets;
        const auto before = knowledge(pets.project);
        fs::rename(pets.folder / "photos/cat", pets.folder / "away");
        const auto change = checkPlaces(pets.project);
        QVERIFY2(change, errorText(change));
        QCOMPARE(change->images.size(), 3u);
        QCOMPARE(pets.missing(), 3);
        QVERIFY(knowledge(pets.project) == before);
        QCOMPARE(pets.project.state()->history.undo, std::optional<std::string>("Imported 6 pictures"));
        fs::rename(pets.folder / "away", pets.folder / "photos/cat");
        QCOMPARE(checkPlaces(pets.project)->images.size(), 3u);
        QCOMPARE(pets.missing(), 0);
    }

    void aMovedFolderIsFoundByContentWhateverItsFilesAreCalled()
    {
        Pets pets;
        const auto before = knowledge(pets.project);
        fs::create_directories(pets.folder / "disk/deep");
        fs::rename(pets.folder / "photos", pets.folder / "disk/deep/animals");
        fs::rename(pets.folder / "disk/deep/animals/cat/1.ppm", pets.folder / "disk/other name.ppm");
        writePictures(pets.folder, "disk/others", 20, 500); // of the same size, and none of them
        const auto report = pets.relinkIn("disk");
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->relinked, 6u);
        QVERIFY(report->missing.empty());
        QCOMPARE(pets.missing(), 0);
        QVERIFY(knowledge(pets.project) == before);
        QCOMPARE(pets.project.state()->images[1].file(), pets.folder / "disk/other name.ppm");
        QCOMPARE(importAll(pets.project, {pets.folder / "disk/deep/animals"})->added, 0u);
    }

    void whatIsStillMissingIsListed()
    {
        Pets pets;
        fs::rename(pets.folder / "photos", pets.folder / "moved");
        fs::remove(pets.folder / "moved/dog/11.ppm");
        const auto report = pets.relinkIn("moved");
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->relinked, 5u);
        QCOMPARE(report->missing.size(), 1u);
        QCOMPARE(report->missing[0].file, pets.folder / "photos/dog/11.ppm");
        QCOMPARE(pets.missing(), 1);
    }

    void equalPicturesKeepTheirNamesAndEachFileIsTakenOnce()
    {
        const TestFolder folder;
        auto project = std::move(Project::create(folder / "project").value());
        for (const std::string name : {"a/cat/x.ppm", "a/cat/y.ppm", "a/dog/x.ppm"})
            folder.write(name, picture(1));
        QVERIFY(importAll(project, {folder / "a"}));
        fs::rename(folder / "a", folder / "b");
        const auto report = relink(project, folder / "b", {}, {});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->relinked, 3u);
        const auto state = project.state();
        QCOMPARE(state->images[0].file(), folder / "b/cat/x.ppm");
        QCOMPARE(state->images[1].file(), folder / "b/cat/y.ppm");
        QCOMPARE(state->images[2].file(), folder / "b/dog/x.ppm");
    }

    void aPictureOfTheProjectIsNotTakenForAnother()
    {
        const TestFolder folder;
        auto project = std::move(Project::create(folder / "project").value());
        folder.write("a/cat/x.ppm", picture(1));
        folder.write("a/dog/y.ppm", picture(1));
        QVERIFY(importAll(project, {folder / "a"}));
        fs::remove(folder / "a/cat/x.ppm");
        const auto report = relink(project, folder / "a", {}, {});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->relinked, 0u);
        QCOMPARE(report->missing.size(), 1u);
    }

    void aPlaceThatAnUndoneImportHadIsFreed()
    {
        Pets pets;
        fs::copy(pets.folder / "photos/cat", pets.folder / "copy");
        QVERIFY(importAll(pets.project, {pets.folder / "copy"}));
        QVERIFY(pets.project.undo());
        fs::remove_all(pets.folder / "photos/cat");
        const auto report = pets.relinkIn("copy");
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->relinked, 3u);
        QCOMPARE(pets.missing(), 0);
        QCOMPARE(pets.project.state()->images[0].file(), pets.folder / "copy/0.ppm");
    }

    void aFolderRenamedInItsPlaceIsFoundByItself_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<int>("found");
        QTest::newRow("a class folder") << QByteArray("photos/cat") << QByteArray("photos/felines") << 3;
        QTest::newRow("the folder above") << QByteArray("photos") << QByteArray("pictures") << 6;
        QTest::newRow("moved elsewhere") << QByteArray("photos/cat") << QByteArray("project/cat") << 0;
    }
    void aFolderRenamedInItsPlaceIsFoundByItself()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(int, found);
        Pets pets;
        writePictures(pets.folder, "photos/bystander", 3, 700);
        writePictures(pets.folder, "bystander", 3, 800);
        fs::rename(pets.folder / from.toStdString(), pets.folder / to.toStdString());
        QCOMPARE(relinkRenamed(pets.project, {}, {})->relinked, 0u); // nobody has looked yet which are gone
        QVERIFY(checkPlaces(pets.project));
        const auto report = relinkRenamed(pets.project, {}, {});
        QVERIFY2(report, errorText(report));
        QCOMPARE(static_cast<int>(report->relinked), found);
    }

    void aTruncatedPictureThatComesBackIsStillTruncated()
    {
        const TestFolder folder;
        const auto whole = fileBytes(demonstrationPictures() / "cat/Abyssinian_12.jpg");
        folder.write("a/cat/cut.jpg", whole.substr(0, whole.size() * 3 / 4));
        auto project = std::move(Project::create(folder / "project").value());
        QVERIFY(importAll(project, {folder / "a"}));
        const auto before = project.state()->images.at(0);
        QCOMPARE(before.state, ImageState::Truncated);
        fs::rename(folder / "a", folder / "b");
        QVERIFY(checkPlaces(project));
        QCOMPARE(project.state()->images[0].state, ImageState::Missing);
        fs::rename(folder / "b", folder / "a");
        QVERIFY(checkPlaces(project));
        QVERIFY(project.state()->images[0] == before);
        fs::rename(folder / "a", folder / "b");
        const auto report = relink(project, folder / "b", {}, {});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->relinked, 1u);
        QCOMPARE(project.state()->images[0].state, ImageState::Truncated);
        QVERIFY(project.state()->images[0].reason);
    }

    void anotherPictureInTheOldPlaceIsSeen()
    {
        Pets pets;
        fs::rename(pets.folder / "photos/cat", pets.folder / "away");
        QVERIFY(checkPlaces(pets.project));
        pets.folder.write("photos/cat/0.ppm", picture(77));
        pets.folder.write("photos/cat/1.ppm", "no picture");
        QVERIFY(checkPlaces(pets.project));
        const auto state = pets.project.state();
        QCOMPARE(state->images[0].state, ImageState::Ok);
        QVERIFY(state->images[0].hash == hashFile(pets.folder / "photos/cat/0.ppm").value());
        QVERIFY(state->images[0].label);
        QCOMPARE(state->images[1].state, ImageState::Unreadable);
        QCOMPARE(state->images[2].state, ImageState::Missing);
    }

    void aPlaceThatAnotherMissingPictureHasIsNotTakenFromIt()
    {
        Pets pets;
        writePictures(pets.folder, "photos/old", 1, 300);
        QVERIFY(importAll(pets.project, {pets.folder / "photos"}));
        fs::rename(pets.folder / "photos/old", pets.folder / "gone");
        QVERIFY(checkPlaces(pets.project));
        fs::remove_all(pets.folder / "photos/cat");
        QVERIFY(checkPlaces(pets.project));
        pets.folder.write("photos/old/300.ppm", picture(0)); // a cat, where a missing picture has been
        pets.folder.write("photos/old/0.ppm", picture(1));
        const auto report = relinkRenamed(pets.project, {}, {});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->relinked, 1u);
        QCOMPARE(static_cast<std::ptrdiff_t>(report->missing.size()), pets.missing());
        QCOMPARE(pets.missing(), 3);
        const auto kept = std::ranges::find(report->missing, pets.folder / "photos/cat/0.ppm", &SkippedFile::file);
        QVERIFY(kept != report->missing.end() && kept->reason.contains("photos/old/300.ppm"));
    }

    void foldersThatChangedTheirNamesInTurnAreFound()
    {
        Pets pets;
        for (int i = 0; i < 3; ++i) // so that the names are the same
            fs::rename(pets.folder / ("photos/dog/1" + std::to_string(i) + ".ppm"), pets.folder / ("photos/dog/" + std::to_string(i) + ".ppm"));
        auto checked = relink(pets.project, pets.folder / "photos", {}, {});
        QCOMPARE(checked->relinked, 3u);
        fs::rename(pets.folder / "photos/dog", pets.folder / "away");
        QVERIFY(checkPlaces(pets.project));
        fs::rename(pets.folder / "photos/cat", pets.folder / "away2");
        QVERIFY(checkPlaces(pets.project));
        fs::rename(pets.folder / "away", pets.folder / "photos/older");
        fs::rename(pets.folder / "away2", pets.folder / "photos/dog"); // where the dogs were
        const auto report = relinkRenamed(pets.project, {}, {});
        QVERIFY2(report, errorText(report));
        const auto state = pets.project.state();
        QCOMPARE(pets.missing(), 0);
        for (const auto &image : state->images)
            QVERIFY(image.hash == hashFile(image.file()).value());
    }

    void progressBringsEveryChange()
    {
        Pets pets;
        auto shown = *pets.project.state();
        fs::rename(pets.folder / "photos", pets.folder / "moved");
        bool applied = true;
        std::size_t relinked = 0;
        const auto sink = [&](const RelinkProgress &progress) {
            applied = applied && applyChange(shown, progress.change);
            relinked = progress.relinked;
        };
        QVERIFY(relink(pets.project, pets.folder / "moved", sink, {}));
        QVERIFY(applied);
        QCOMPARE(relinked, 6u);
        QVERIFY(shown == *pets.project.state());
    }

    void cancelKeepsWhatWasFound()
    {
        Pets pets;
        fs::rename(pets.folder / "photos", pets.folder / "moved");
        std::stop_source stop;
        const auto report = relink(pets.project, pets.folder / "moved", [&](const RelinkProgress &) { stop.request_stop(); }, stop.get_token());
        QVERIFY2(report, errorText(report));
        QVERIFY(report->cancelled);
        QCOMPARE(static_cast<std::ptrdiff_t>(report->missing.size()), pets.missing());
    }

    void aFolderThatIsNotThereIsExplained()
    {
        Pets pets;
        const auto report = pets.relinkIn("nowhere");
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(RelinkTest)
#include "relink_test.moc"
