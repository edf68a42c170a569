#include "tests/engine/data/pictures.h"
#include "tests/support/failing_disk.h"

#include <QTest>

#include <algorithm>

using namespace whisker;
using namespace whisker::test;

namespace {

/// A folder net/ of pictures that can be listed whatever happens, and a project beside it.
struct Network {
    TestFolder folder{};
    Project project;

    Network() : project(std::move(Project::create(folder / "project").value()))
    {
        writePictures(folder, "net/cat", 200, 0);
        writePictures(folder, "net/dog", 300, 1000);
        writePictures(folder, "net/fox", 50, 2000);
        writePictures(folder, "local", 5, 3000);
    }
    Result<ImportReport> importWith(const ImportSink &sink)
    {
        return importFolders(project, std::vector{folder / "net"}, {.threads = 1}, sink, {});
    }
};

bool allAreOk(const Project &project)
{
    const auto state = project.state();
    return std::ranges::all_of(state->images, [](const auto &image) { return image.state == ImageState::Ok; });
}

} // namespace

class FailingNetworkTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNetworkThatFailsDuringAnImportIsOneSentence()
    {
        Network network;
        FailingDisk disk(network.folder.path());
        const auto report = network.importWith([&](const ImportProgress &) { disk.loseReads(network.folder / "net"); });
        QVERIFY2(report, errorText(report));
        QVERIFY(report->added > 0 && report->added < 200);
        QCOMPARE(report->skipped.size(), 1u);
        QCOMPARE(report->skipped[0].file, network.folder / "net");
        const auto left = std::to_string(550 - report->added);
        QCOMPARE(report->skipped[0].reason, "Its disk or network failed while it was read, and " + left +
                                                " files were left out: import it again when it is back. What came in before stays in.");
        QCOMPARE(network.project.state()->skipped, report->skipped);

        disk.loseReads({});
        const auto again = network.importWith({});
        QVERIFY2(again, errorText(again));
        QVERIFY(again->skipped.empty());
        QCOMPARE(network.project.state()->images.size(), 550u);
    }

    void picturesThatAreKnownStayAsTheyWere()
    {
        Network network;
        FailingDisk disk(network.folder.path());
        QVERIFY(network.importWith({}));
        for (int i = 0; i < 200; ++i) // changed, so that the second import reads them
            network.folder.write("net/cat/" + std::to_string(i) + ".ppm", picture(i) + " ");
        disk.loseReads(network.folder / "net");
        const auto report = network.importWith({});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->skipped.size(), 1u);
        QCOMPARE(report->skipped[0].file, network.folder / "net/cat"); // no other file had to be read
        QCOMPARE(report->known, 350u);
        QVERIFY(allAreOk(network.project));
    }

    void whatLiesElsewhereComesInAllTheSame()
    {
        Network network;
        FailingDisk disk(network.folder.path());
        disk.loseReads(network.folder / "net");
        const std::vector paths = {network.folder / "net", network.folder / "local"};
        const auto report = importFolders(network.project, paths, {.meaning = FolderMeaning::Unlabelled}, {}, {});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->added, 5u);
        QCOMPARE(report->skipped.size(), 1u);
        QCOMPARE(report->skipped[0].file, network.folder / "net");
    }

    void oneFileThatCantBeReadIsNamed()
    {
        Network network;
        std::filesystem::create_directory(network.folder / "net/cat/bad");
        std::filesystem::rename(network.folder / "net/cat/7.ppm", network.folder / "net/cat/bad/7.ppm");
        FailingDisk disk(network.folder.path());
        disk.loseReads(network.folder / "net/cat/bad");
        const auto report = network.importWith({});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->added, 549u);
        QCOMPARE(report->skipped.size(), 1u);
        QCOMPARE(report->skipped[0].file, network.folder / "net/cat/bad/7.ppm");
        QVERIFY(report->skipped[0].reason.contains("disk reports an error"));
    }
};

int main(int count, char **arguments)
{
    useTemporaryFoldersInMemory(); // no sync is waited for: FailingDisk remembers what it would have kept
    QCoreApplication application(count, arguments);
    FailingNetworkTest test;
    return QTest::qExec(&test, count, arguments);
}

#include "failing_network_test.moc"
