#include "engine/data/doctor.h"

#include "engine/data/import.h"
#include "engine/data/project.h"
#include "tests/support/altered_pictures.h"

#include <QTest>

#include <array>
#include <set>
#include <sqlite3.h>
#include <thread>

using namespace whisker;
using namespace whisker::test;

namespace {

std::string photographBytes(const std::string &className, std::size_t number)
{
    return fileBytes(photographs(className).at(number));
}

/// A folder of two classes with ten links to good photographs each.
void writeGoodPictures(const TestFolder &folder)
{
    for (const char *name : {"cat", "dog"}) {
        std::filesystem::create_directories(folder / "data" / name);
        const auto files = photographs(name);
        for (std::size_t i = 0; i < 10; ++i)
            std::filesystem::create_symlink(files[i * 5], folder / "data" / name / files[i * 5].filename());
    }
}

Result<DataDiagnosis> diagnosed(const std::filesystem::path &data, std::stop_token stop = {})
{
    return diagnoseData(data, {}, {}, std::move(stop));
}

/// "blurred a.jpg" for each finding, with the names of its files in order.
std::set<std::string> findingTexts(const DataDiagnosis &diagnosis)
{
    std::set<std::string> texts;
    for (const auto &finding : diagnosis.report.findings) {
        std::set<std::string> names;
        for (const auto id : finding.pictures)
            names.insert(diagnosis.pictures.at(static_cast<std::size_t>(id)).file.filename());
        std::string text = findingKindName(finding.kind);
        for (const auto &name : names)
            text += " " + name;
        texts.insert(text);
    }
    return texts;
}

QByteArray said(const std::set<std::string> &texts)
{
    QByteArray all;
    for (const auto &text : texts)
        all += text.c_str() + QByteArray("\n");
    return all;
}

void execute(const std::filesystem::path &file, const char *sql)
{
    sqlite3 *database = nullptr;
    QCOMPARE(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    QCOMPARE(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
}

} // namespace

class DoctorTest : public QObject {
    Q_OBJECT

private:
    /// A project of the good pictures.
    static Project goodProject(const TestFolder &folder)
    {
        writeGoodPictures(folder);
        auto project = std::move(Project::create(folder / "project").value());
        const std::array paths = {folder / "data"};
        importFolders(project, paths, {}, {}, {}).value();
        return project;
    }
    static DoctorReport pass(Project &project, std::stop_token stop = {}) { return diagnoseProject(project, {}, {}, std::move(stop)).value(); }

private Q_SLOTS:
    void realPhotographsAreInGoodHealth()
    {
        std::vector<std::filesystem::path> folders = {demonstrationPictures()};
        if (!sharedData().empty())
            folders.push_back(sharedData() / "cats-dogs");
        for (const auto &folder : folders) {
            const auto diagnosis = diagnosed(folder);
            QVERIFY2(diagnosis, errorText(diagnosis));
            QVERIFY(diagnosis->report.images > 300);
            QVERIFY2(diagnosis->report.findings.empty(), said(findingTexts(*diagnosis)));
        }
    }

    void eachKindOfBadPictureIsFoundAndNothingElse_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("finding");
        const auto row = [](const char *kind, const char *name, const std::string &bytes) {
            QTest::newRow(kind) << name << QByteArray::fromStdString(bytes) << QString("%1 %2").arg(kind, name);
        };
        const RgbImage image = photograph("dog", 2);
        const std::string jpeg = jpegOf(image);
        row("unreadable", "text.jpg", "this is no picture");
        row("truncated", "part.jpg", jpeg.substr(0, jpeg.size() * 8 / 10));
        row("blurred", "soft.jpg", jpegOf(blurred(image, 4)));
        row("dark", "night.jpg", jpegOf(relit(image, 0.15)));
        row("bright", "snow.jpg", jpegOf(relit(image, 0.15, 215)));
        row("tiny", "thumb.jpg", jpegOf(resized(image, 60, 45, Interpolation::Area)));
        row("aspect", "strip.jpg", jpegOf(resample(image, {0, 0, static_cast<double>(image.width), image.height / 5.0}, 400, 100, Interpolation::Bilinear)));
        row("extension", "photo.png", jpeg);
    }
    void eachKindOfBadPictureIsFoundAndNothingElse()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, finding);
        const TestFolder folder;
        writeGoodPictures(folder);
        folder.write("data/dog/" + name.toStdString(), bytes.toStdString());
        const auto diagnosis = diagnosed(folder / "data");
        QVERIFY2(diagnosis, errorText(diagnosis));
        QVERIFY2(findingTexts(*diagnosis) == std::set<std::string>{finding.toStdString()}, said(findingTexts(*diagnosis)));
        QVERIFY(diagnosis->report.findings[0].detail.ends_with('.'));
        QCOMPARE(diagnosis->report.images, 21u);
    }

    void aPictureOfOneColourIsUniform()
    {
        const TestFolder folder;
        writeGoodPictures(folder);
        folder.write("data/cat/grey.jpg", jpegOf(plain(300, 200, 120)));
        folder.write("data/cat/wall.jpg", jpegOf(plain(200, 300, 124))); // as alike as can be, and no copy of the other
        QVERIFY(findingTexts(*diagnosed(folder / "data")) == (std::set<std::string>{"uniform grey.jpg", "uniform wall.jpg"}));
    }

    void nearCopiesAreFound_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const RgbImage image = photograph("cat", 3);
        const auto row = [](const char *what, const std::string &bytes) { QTest::newRow(what) << QByteArray::fromStdString(bytes); };
        row("saved anew", jpegOf(image, 40));
        row("half size", jpegOf(resized(image, image.width / 2, image.height / 2, Interpolation::Bicubic)));
        row("brighter", jpegOf(relit(image, 1.15)));
        row("darker", jpegOf(relit(image, 0.7)));
        row("mirrored", jpegOf(mirrored(image)));
        row("cropped", jpegOf(cropped(image, 0.02)));
    }
    void nearCopiesAreFound()
    {
        QFETCH(QByteArray, bytes);
        const TestFolder folder;
        writeGoodPictures(folder);
        folder.write("data/cat/a.jpg", photographBytes("cat", 3));
        folder.write("data/cat/b.jpg", bytes.toStdString());
        const auto diagnosis = diagnosed(folder / "data");
        QVERIFY2(findingTexts(*diagnosis) == std::set<std::string>{"near_duplicate a.jpg b.jpg"}, said(findingTexts(*diagnosis)));
        QCOMPARE(diagnosis->report.nearDuplicateGroups.size(), 1u);
        QCOMPARE(diagnosis->report.nearDuplicateGroups[0], diagnosis->report.findings[0].pictures);
    }

    void theSamePictureUnderTwoLabelsIsAConflict()
    {
        const TestFolder folder;
        writeGoodPictures(folder);
        folder.write("data/cat/a.jpg", photographBytes("cat", 3));
        folder.write("data/dog/b.jpg", photographBytes("cat", 3));
        folder.write("data/cat/c.jpg", photographBytes("dog", 4));
        folder.write("data/dog/d.jpg", jpegOf(photograph("dog", 4), 50));
        folder.write("data/dog/e.jpg", photographBytes("dog", 7));
        folder.write("data/dog/f.jpg", photographBytes("dog", 7)); // a copy under the same label
        const auto diagnosis = diagnosed(folder / "data");
        const std::set<std::string> expected = {"duplicate a.jpg b.jpg", "duplicate e.jpg f.jpg", "label_conflict a.jpg b.jpg",
                                                "label_conflict c.jpg d.jpg", "near_duplicate c.jpg d.jpg"};
        QVERIFY2(findingTexts(*diagnosis) == expected, said(findingTexts(*diagnosis)));
        QVERIFY(diagnosis->report.findings[0].detail.find("cat (1) and dog (1)") != std::string::npos);
    }

    void copiesInTwoSplitsSaySo()
    {
        const TestFolder folder;
        for (const char *split : {"train", "test"}) {
            for (std::size_t i = 0; i < 20; ++i)
                folder.write(std::string(split) + (i < 10 ? "/cat/" : "/dog/") + std::to_string(i) + ".jpg",
                             photographBytes(i < 10 ? "cat" : "dog", 2 * i + (split[1] == 'e')));
        }
        folder.write("test/cat/again.jpg", jpegOf(photograph("cat", 2), 60));
        const auto diagnosis = diagnosed(folder.path());
        QVERIFY2(diagnosis, errorText(diagnosis));
        QVERIFY2(findingTexts(*diagnosis) == std::set<std::string>{"near_duplicate 1.jpg again.jpg"}, said(findingTexts(*diagnosis)));
        QVERIFY(diagnosis->report.findings[0].detail.find("in train and test") != std::string::npos);
    }

    void smallClassesAreNamedWithTheirFigures()
    {
        std::vector<DoctorPicture> pictures;
        for (int i = 0; i < 75; ++i)
            pictures.push_back({.id = i, .hash = ContentHash{1, static_cast<std::uint64_t>(i)}, .label = i < 50 ? 0 : i < 60 ? 1 : i < 69 ? 2 : 3});
        const auto report = findingsOf(pictures, std::array<std::string, 5>{"cat", "dog", "fox", "hare", "empty"}, {});
        std::vector<std::string> details;
        for (const auto &finding : report.findings) {
            QCOMPARE(finding.kind, FindingKind::Imbalance);
            details.push_back(finding.detail);
        }
        const std::vector<std::string> expected = {"dog has 10 pictures, cat has 50.", "fox has 9 pictures, cat has 50.",
                                                   "hare has 6 pictures, cat has 50.", "empty has 0 pictures, cat has 50."};
        QCOMPARE(details, expected);
        const std::span even(pictures.data() + 38, 21);
        QCOMPARE(findingsOf(even, std::array<std::string, 2>{"cat", "dog"}, {}).findings.size(), 1u); // 12 and 9: one is too small
    }

    void textsAmongPicturesAndUnlabelledPicturesAreNoTrouble()
    {
        const TestFolder folder;
        for (std::size_t i = 0; i < 4; ++i)
            folder.write(std::to_string(i) + ".jpg", photographBytes("dog", i));
        folder.write("notes.txt", "taken in May");
        const auto diagnosis = diagnosed(folder.path());
        QVERIFY2(diagnosis, errorText(diagnosis));
        QCOMPARE(diagnosis->report.images, 4u);
        QVERIFY2(diagnosis->report.findings.empty(), said(findingTexts(*diagnosis)));
    }

    void dataThatIsNotThereIsAnError()
    {
        const TestFolder folder;
        QCOMPARE(diagnosed(folder / "nowhere").error().code, ErrorCode::NotFound);
        QCOMPARE(diagnosed(folder.path()).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(diagnosed(folder.write("a.txt", "text")).error().code, ErrorCode::BadFormat);
    }

    void theSecondPassOverAProjectMeasuresOnlyWhatIsNew()
    {
        const TestFolder folder;
        auto project = goodProject(folder);
        QCOMPARE(pass(project).measured, 20u);
        QCOMPARE(pass(project).measured, 0u);
        QCOMPARE(storedMeasures(project)->size(), 20u);
        folder.write("data/cat/new.jpg", jpegOf(blurred(photograph("cat", 1), 4)));
        const std::array paths = {folder / "data"};
        importFolders(project, paths, {}, {}, {}).value();
        const auto report = pass(project);
        QCOMPARE(report.measured, 1u);
        QCOMPARE(report.findings.size(), 1u);
        QCOMPARE(report.findings[0].kind, FindingKind::Blurred);
        const auto state = project.state();
        QCOMPARE(report.findings[0].pictures[0], state->images.back().id);
        QCOMPARE(pass(project).findings, report.findings); // from what was kept
    }

    void measuresOfAnotherVersionAreMadeAnew()
    {
        const TestFolder folder;
        auto project = goodProject(folder);
        pass(project);
        execute(project.file(), "UPDATE measure SET version = 0");
        QCOMPARE(storedMeasures(project)->size(), 0u);
        QCOMPARE(pass(project).measured, 20u);
        QCOMPARE(pass(project).measured, 0u);
    }

    void keptMeasuresAreThoseThatWereMade()
    {
        const TestFolder folder;
        auto project = goodProject(folder);
        pass(project);
        const auto kept = storedMeasures(project);
        const auto state = project.state();
        for (const auto &image : state->images)
            QVERIFY(kept->at(image.hash).measures == measurePicture(image.file()).value());
    }

    void excludedPicturesAreLeftInPeace()
    {
        const TestFolder folder;
        writeGoodPictures(folder);
        folder.write("data/cat/copy.jpg", fileBytes(photographs("cat")[0]));
        auto project = std::move(Project::create(folder / "project").value());
        const std::array paths = {folder / "data"};
        importFolders(project, paths, {}, {}, {}).value();
        const auto report = pass(project);
        QCOMPARE(report.findings.size(), 1u);
        QCOMPARE(report.findings[0].kind, FindingKind::Duplicate);
        QVERIFY(project.setExcluded(std::span(report.findings[0].pictures).first(1), true));
        QVERIFY(pass(project).findings.empty());
    }

    void aFileThatIsGoneIsAFindingAndItsCopyIsMeasuredInItsPlace()
    {
        const TestFolder folder;
        writeGoodPictures(folder);
        const auto gone = folder.write("data/cat/a-gone.jpg", photographBytes("cat", 1));
        folder.write("data/cat/b-copy.jpg", photographBytes("cat", 1));
        auto project = std::move(Project::create(folder / "project").value());
        const std::array paths = {folder / "data"};
        importFolders(project, paths, {}, {}, {}).value();
        std::filesystem::remove(gone);
        const auto report = pass(project);
        QCOMPARE(report.findings.size(), 1u);
        QCOMPARE(report.findings[0].kind, FindingKind::Unreadable);
        QCOMPARE(report.measured, 22u); // the gone one too was tried
        QCOMPARE(storedMeasures(project)->size(), 21u);
    }

    void aProjectThatCannotBeWrittenSaysSo()
    {
        const TestFolder folder;
        auto project = goodProject(folder);
        execute(project.file(), "CREATE TRIGGER full BEFORE INSERT ON measure BEGIN SELECT RAISE(ABORT, 'no'); END");
        const auto report = diagnoseProject(project, {}, {}, {});
        QVERIFY(!report);
        QVERIFY(report.error().message.find("project.whisker") != std::string::npos);
        QCOMPARE(storedMeasures(project)->size(), 0u);
    }

    void progressEndsWithAllDone()
    {
        const TestFolder folder;
        auto project = goodProject(folder);
        std::vector<DoctorProgress> seen;
        diagnoseProject(project, {}, [&](const DoctorProgress &progress) { seen.push_back(progress); }, {}).value();
        QCOMPARE(seen.front().done, 0u);
        QCOMPARE(seen.back().done, 20u);
        QCOMPARE(seen.back().found, 20u);
        QCOMPARE(seen.back().left, std::chrono::milliseconds(0));
    }

    void aCancelledPassKeepsWhatItHasMeasured()
    {
        const TestFolder folder;
        auto project = goodProject(folder);
        std::stop_source stop;
        const auto report = diagnoseProject(project, {.threads = 1}, [&](const DoctorProgress &) { stop.request_stop(); }, stop.get_token());
        QVERIFY2(report, errorText(report));
        QVERIFY(report->cancelled);
        QVERIFY(report->measured < 20);
        const auto rest = pass(project);
        QVERIFY(!rest.cancelled);
        QCOMPARE(rest.measured + report->measured, 20u);
    }

    void aPassMayEndWithItsThread()
    {
        const TestFolder folder;
        auto project = goodProject(folder);
        std::atomic<bool> began = false;
        {
            const std::jthread worker([&](std::stop_token stop) {
                (void)diagnoseProject(project, {.threads = 2}, [&](const DoctorProgress &) { began = true; }, stop);
            });
            while (!began)
                std::this_thread::yield();
        }
        QVERIFY(pass(project).findings.empty());
    }

    void everyKindHasANameAndAnExplanation()
    {
        QCOMPARE(findingKinds().size(), 13u);
        for (const auto kind : findingKinds()) {
            QCOMPARE(findingKindFromName(findingKindName(kind)), kind);
            QVERIFY(*explanationOf(kind).title && *explanationOf(kind).meaning && *explanationOf(kind).advice);
        }
        QVERIFY(!findingKindFromName("sad"));
    }
};

QTEST_GUILESS_MAIN(DoctorTest)
#include "doctor_test.moc"
