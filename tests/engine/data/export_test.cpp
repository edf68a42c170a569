#include "engine/data/export.h"

#include "tests/engine/data/pictures.h"

#include <QTest>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sys/resource.h>
#include <thread>

using namespace whisker;
using namespace whisker::test;

namespace {

/// Two classes of three pictures, one without label, in a new project.
struct Pets {
    TestFolder folder{};
    Project project;

    Pets() : project(std::move(Project::create(folder / "project").value()))
    {
        writePictures(folder, "pets/cat", 3, 0);
        writePictures(folder, "pets/dog", 3, 10);
        folder.write("pets/loose.ppm", picture(99));
        if (!importAll(project, {folder / "pets"}))
            qFatal("the pictures can't be imported");
    }

    Result<ExportReport> exportTo(const std::string &name, ExportOptions options = {}, const ExportSink &sink = {}, std::stop_token stop = {}) const
    {
        return exportPictures(project, folder / name, options, sink, stop);
    }
};

/// Names of all files below `folder`, sorted, hidden ones too.
std::vector<std::string> filesBelow(const std::filesystem::path &folder)
{
    std::vector<std::string> names;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_directory())
            names.push_back(entry.path().lexically_relative(folder).native());
    }
    std::ranges::sort(names);
    return names;
}

/// A file may have no more bytes than this in the meantime: what a full disk does to a write.
class FileLimit {
public:
    explicit FileLimit(rlim_t bytes)
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        m_handler = ::signal(SIGXFSZ, SIG_IGN); // NOLINT: the write then fails with EFBIG
        const rlimit limit = {bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileLimit(const FileLimit &) = delete;
    FileLimit &operator=(const FileLimit &) = delete;
    ~FileLimit()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        ::signal(SIGXFSZ, m_handler);
    }

private:
    rlimit m_before{};
    sighandler_t m_handler;
};

} // namespace

class ExportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void labelsComeBackThroughAListWithoutLoss()
    {
        const TestFolder folder;
        auto project = std::move(Project::create(folder / "project").value());
        writePictures(folder, "a/cat", 4, 0);
        writePictures(folder, "a/the \"big\", dog; 3 m", 4, 10);
        folder.write("a/cat/comma, quote \" and\nline.ppm", picture(50));
        folder.write("a/cat/ blank .ppm", picture(51));
        folder.write("a/cat/latin \xE9.ppm", picture(52));
        folder.write("a/cat/file.ppm", picture(53));
        QVERIFY(importAll(project, {folder / "a"}));
        folder.write("a/none.ppm", picture(54));
        QVERIFY(importAll(project, {folder / "a"}));
        auto before = *project.state();
        QVERIFY(project.setExcluded(std::array{before.images[0].id, before.images[5].id}, true));
        QVERIFY(project.setUnsure(std::array{before.images[1].id, before.images[12].id}, true));
        QVERIFY(project.setGroup(std::array{before.images[2].id, before.images[3].id}, "the \"old\", grey one"));
        before = *project.state();
        for (const std::string list : {"a/labels.csv", "elsewhere.csv"}) {
            QCOMPARE(exportLabels(project, folder / list).value(), 13u);
            auto again = std::move(Project::create(folder / ("again for " + list.substr(0, 1))).value());
            const auto report = importAll(again, {folder / list});
            QVERIFY2(report, errorText(report));
            QVERIFY2(report->skipped.empty(), report->skipped.empty() ? "" : report->skipped[0].reason.c_str());
            const auto after = *again.state();
            QCOMPARE(after.images.size(), before.images.size());
            for (std::size_t i = 0; i < after.images.size(); ++i) {
                const auto &was = before.images[i], &is = after.images[i];
                QCOMPARE(is.file(), was.file());
                QCOMPARE(is.split, was.split);
                QCOMPARE(is.excluded, was.excluded);
                QCOMPARE(is.unsure, was.unsure);
                QCOMPARE(is.splitFixed, was.splitFixed);
                QCOMPARE(is.group ? *is.group : "", was.group ? *was.group : "");
                QCOMPARE(is.label.has_value(), was.label.has_value());
                if (is.label)
                    QCOMPARE(std::ranges::find(after.classes, *is.label, &ClassRecord::id)->name, std::ranges::find(before.classes, *was.label, &ClassRecord::id)->name);
            }
        }
    }

    void aLabelListThatCantBeWrittenIsExplained()
    {
        const Pets pets;
        const auto result = exportLabels(pets.project, pets.folder / "nowhere/labels.csv");
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::NotFound);
    }

    void picturesBecomeClassFoldersInEachKind_data()
    {
        QTest::addColumn<int>("as");
        QTest::newRow("copies") << static_cast<int>(ExportAs::Copies);
        QTest::newRow("hard links") << static_cast<int>(ExportAs::HardLinks);
        QTest::newRow("symbolic links") << static_cast<int>(ExportAs::SymbolicLinks);
    }
    void picturesBecomeClassFoldersInEachKind()
    {
        QFETCH(int, as);
        const Pets pets;
        const auto report = pets.exportTo("out", {.as = static_cast<ExportAs>(as)});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->exported, 6u);
        QCOMPARE(report->unlabelled, 1u);
        QCOMPARE(filesBelow(pets.folder / "out"), (std::vector<std::string>{"cat/0.ppm", "cat/1.ppm", "cat/2.ppm", "dog/10.ppm", "dog/11.ppm", "dog/12.ppm"}));
        QCOMPARE(fileBytes(pets.folder / "out/dog/11.ppm"), picture(11));
        QCOMPARE(std::filesystem::is_symlink(pets.folder / "out/dog/11.ppm"), as == static_cast<int>(ExportAs::SymbolicLinks));
        QCOMPARE(std::filesystem::hard_link_count(pets.folder / "pets/dog/11.ppm"), as == static_cast<int>(ExportAs::HardLinks) ? 2u : 1u);
        QCOMPARE(std::filesystem::last_write_time(pets.folder / "out/dog/11.ppm"), std::filesystem::last_write_time(pets.folder / "pets/dog/11.ppm"));
    }

    void splitsStandAboveTheClassesAndComeBack()
    {
        const Pets pets;
        const auto report = pets.exportTo("out", {.splits = true});
        QVERIFY2(report, errorText(report));
        auto again = std::move(Project::create(pets.folder / "again").value());
        QVERIFY(importAll(again, {pets.folder / "out"}));
        const auto before = pets.project.state(), after = again.state();
        for (const Split split : {Split::Train, Split::Validation, Split::Test})
            QCOMPARE(countOf(*after, "cat", split), countOf(*before, "cat", split));
    }

    void namesThatClashAreMadeUniqueAlsoButForCase()
    {
        const TestFolder folder;
        auto project = std::move(Project::create(folder / "project").value());
        for (const std::string name : {"one/x/a.ppm", "one/y/a.ppm", "one/z/A.PPM", "one/z/a (2).ppm"})
            folder.write(name, picture(static_cast<int>(name[4]) + static_cast<int>(name[6]) * 3 + static_cast<int>(name.size())));
        writePictures(folder, "two", 1, 900);
        QVERIFY(importAll(project, {folder.path()}));
        const auto report = exportPictures(project, folder / "out", {}, {}, {});
        QVERIFY2(report, errorText(report));
        QCOMPARE(filesBelow(folder / "out/one"), (std::vector<std::string>{"A (3).PPM", "a (2) (2).ppm", "a (2).ppm", "a.ppm"}));
    }

    void classNamesAreMadeFitForFolders_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("folder");
        QTest::newRow("slash") << QByteArray("cats/dogs") << QByteArray("cats_dogs");
        QTest::newRow("folder above") << QByteArray("..") << QByteArray("__");
        QTest::newRow("this folder") << QByteArray(".") << QByteArray("_");
        QTest::newRow("hidden") << QByteArray(".cat") << QByteArray("_cat");
        QTest::newRow("Windows marks") << QByteArray("a<b>:\"c\\d|e?f*") << QByteArray("a_b___c_d_e_f_");
        QTest::newRow("reserved") << QByteArray("Aux") << QByteArray("Aux_");
        QTest::newRow("reserved with ending") << QByteArray("com1.x") << QByteArray("com1_.x");
        QTest::newRow("dot at the end") << QByteArray("cat.") << QByteArray("cat_");
        QTest::newRow("quotes, umlauts") << QByteArray("'Käfer'") << QByteArray("'Käfer'");
        QTest::newRow("longer than a disk allows") << QByteArray("ä").repeated(200) << QByteArray("ä").repeated(100);
    }
    void classNamesAreMadeFitForFolders()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, folder);
        Pets pets;
        Project &project = pets.project;
        QVERIFY(project.renameClass(project.state()->classes[0].id, name.toStdString()));
        const auto report = exportPictures(project, pets.folder / "out", {}, {}, {});
        QVERIFY2(report, errorText(report));
        QVERIFY(std::filesystem::exists(pets.folder / "out" / folder.toStdString() / "0.ppm"));
        QCOMPARE(report->renamedClasses.size(), name == folder ? 0u : 1u);
    }

    void aFolderThatHoldsSomethingIsLeftAsItIs()
    {
        const Pets pets;
        const auto kept = pets.folder.write("out/cat/0.ppm", "mine");
        const auto report = pets.exportTo("out");
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(fileBytes(kept), "mine");
        QCOMPARE(filesBelow(pets.folder / "out").size(), 1u);
    }

    void whatAppearsMeanwhileIsNotWrittenOver()
    {
        const TestFolder folder;
        auto project = std::move(Project::create(folder / "project").value());
        writePictures(folder, "cat", 2, 0);
        for (int i = 0; i < 40; ++i)
            folder.write("dog/" + std::to_string(i) + ".ppm", picture(i + 100) + std::string(1'000'000, 'x'));
        QVERIFY(importAll(project, {folder / "cat", folder / "dog"}));
        const std::jthread other([&] {
            std::error_code ignored;
            while (!std::filesystem::exists(folder / "out/dog/1.ppm", ignored))
                std::this_thread::yield();
            folder.write("out/dog/9.ppm", "mine");
        });
        const auto report = exportPictures(project, folder / "out", {}, {}, {});
        QVERIFY(!report);
        QVERIFY2(report.error().message.find("9.ppm is there already") != std::string::npos, errorText(report));
        QCOMPARE(fileBytes(folder / "out/dog/9.ppm"), "mine");
    }

    void missingPicturesAreListedAndStopNothing()
    {
        const Pets pets;
        std::filesystem::remove(pets.folder / "pets/cat/1.ppm");
        const auto report = pets.exportTo("out");
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->exported, 5u);
        QCOMPARE(report->skipped.size(), 1u);
        QCOMPARE(report->skipped[0].file, pets.folder / "pets/cat/1.ppm");
        QCOMPARE(filesBelow(pets.folder / "out").size(), 5u);
    }

    void cancelLeavesWholeFilesAlone()
    {
        const TestFolder folder;
        auto project = std::move(Project::create(folder / "project").value());
        writePictures(folder, "cat", 2, 0);
        for (int i = 0; i < 40; ++i) // of 1 MB: what is behind the picture belongs to the file
            folder.write("dog/" + std::to_string(i) + ".ppm", picture(i + 100) + std::string(1'000'000, 'x'));
        QVERIFY(importAll(project, {folder / "cat", folder / "dog"}));
        std::stop_source stop;
        const std::jthread breaker([&] {
            std::error_code ignored;
            while (!std::filesystem::exists(folder / "out/dog/3.ppm", ignored))
                std::this_thread::yield();
            stop.request_stop();
        });
        const auto report = exportPictures(project, folder / "out", {}, {}, stop.get_token());
        QVERIFY2(report, errorText(report));
        for (const auto &name : filesBelow(folder / "out")) {
            QVERIFY2(!name.contains(".whisker"), name.c_str());
            QVERIFY2(fileBytes(folder / "out" / name) == fileBytes(folder / name), name.c_str());
        }
        QCOMPARE(filesBelow(folder / "out").size(), report->exported);
        QCOMPARE(report->cancelled, report->exported < 42);
    }

    void aStopBeforeItsBeginExportsNothing()
    {
        const Pets pets;
        std::stop_source stop;
        stop.request_stop();
        const auto report = pets.exportTo("out", {}, {}, stop.get_token());
        QVERIFY2(report, errorText(report));
        QVERIFY(report->cancelled);
        QVERIFY(filesBelow(pets.folder / "out").empty());
    }

    void aFullDiskIsSaidAndLeavesNoTornFile()
    {
        const TestFolder folder;
        auto project = std::move(Project::create(folder / "project").value());
        writePictures(folder, "cat", 2, 0);
        folder.write("dog/large.ppm", picture(100) + std::string(300'000, 'x'));
        QVERIFY(importAll(project, {folder / "cat", folder / "dog"}));
        const FileLimit limit(200'000);
        const auto report = exportPictures(project, folder / "out", {}, {}, {});
        QVERIFY(!report);
        QVERIFY2(report.error().message.find("large.ppm") != std::string::npos, errorText(report));
        QCOMPARE(filesBelow(folder / "out"), (std::vector<std::string>{"cat/0.ppm", "cat/1.ppm"}));
    }

    void nothingToExportIsExplained()
    {
        const TestFolder folder;
        const auto project = std::move(Project::create(folder / "project").value());
        const auto report = exportPictures(project, folder / "out", {}, {}, {});
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!std::filesystem::exists(folder / "out"));
    }

    void progressEndsWithAllPictures()
    {
        const Pets pets;
        ExportProgress last;
        QVERIFY(pets.exportTo("out", {}, [&](const ExportProgress &progress) { last = progress; }));
        QCOMPARE(last.done, 6u);
        QCOMPARE(last.found, 6u);
    }
};

QTEST_GUILESS_MAIN(ExportTest)
#include "export_test.moc"
