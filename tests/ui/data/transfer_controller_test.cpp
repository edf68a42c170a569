#include "ui/data/transfer_controller.h"

#include "tests/ui/drawn_pictures.h"

#include <QTest>
#include <QThread>
#include <algorithm>

using namespace whisker;
using namespace whisker::test;

namespace {

std::ptrdiff_t missing(const ProjectSession &session)
{
    return std::ranges::count(session.state().images, ImageState::Missing, &ImageRecord::state);
}

} // namespace

class TransferControllerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void exportsLabelsAndPictures()
    {
        const TestFolder root;
        ProjectSession session;
        TransferController transfer(session);
        QVERIFY(openWith(session, root, {drawPictures(root, "cat", 3), drawPictures(root, "dog", 3)}));
        QSignalSpy labels(&transfer, &TransferController::labelsExported), pictures(&transfer, &TransferController::picturesExported);
        QSignalSpy ended(&transfer, &TransferController::ended), progressed(&transfer, &TransferController::progressed);
        transfer.exportLabels(displayText(root / "labels.csv"));
        transfer.exportPictures(displayText(root / "out"), {.splits = true});
        QVERIFY(transfer.isBusy());
        QTRY_COMPARE(ended.count(), 2);
        QCOMPARE(labels.count(), 1);
        QCOMPARE(labels[0][1].toULongLong(), 6u);
        QCOMPARE(pictures.count(), 1);
        QCOMPARE(pictures[0][1].value<ExportReport>().exported, 6u);
        QVERIFY(!progressed.isEmpty());
        QVERIFY(!transfer.isBusy());
        QVERIFY(std::filesystem::exists(root / "labels.csv"));
    }

    void aFailureIsASentence()
    {
        const TestFolder root;
        ProjectSession session;
        TransferController transfer(session);
        QVERIFY(openWith(session, root, {drawPictures(root, "cat", 3)}));
        QSignalSpy failed(&transfer, &TransferController::failed), ended(&transfer, &TransferController::ended);
        transfer.exportLabels(displayText(root / "nowhere/labels.csv"));
        transfer.exportPictures(displayText(root / "cat"), {});
        transfer.relink(displayText(root / "nowhere"));
        QTRY_COMPARE(ended.count(), 3);
        QCOMPARE(failed.count(), 3);
    }

    void aMovedFolderIsFoundAndShown()
    {
        const TestFolder root;
        ProjectSession session;
        TransferController transfer(session);
        QVERIFY(openWith(session, root, {drawPictures(root, "cat", 3), drawPictures(root, "dog", 3)}));
        std::filesystem::create_directories(root / "elsewhere");
        std::filesystem::rename(root / "cat", root / "elsewhere/cat");
        QSignalSpy relinked(&transfer, &TransferController::relinked);
        transfer.relink(displayText(root / "dog"));
        QVERIFY(relinked.wait());
        QCOMPARE(relinked[0][0].value<RelinkReport>().missing.size(), 3u);
        QTRY_COMPARE(missing(session), 3);
        transfer.relink(displayText(root / "elsewhere"));
        QVERIFY(relinked.wait());
        QTRY_COMPARE(missing(session), 0);
        QVERIFY(std::ranges::all_of(session.state().images, [](const auto &image) { return std::filesystem::exists(image.file()); }));
    }

    void aRenamedFolderIsFoundWhenTheProjectIsOpened()
    {
        const TestFolder root;
        ProjectSession session;
        QVERIFY(openWith(session, root, {drawPictures(root, "cat", 3), drawPictures(root, "dog", 3)}));
        std::filesystem::rename(root / "cat", root / "felines");
        TransferController transfer(session);
        QSignalSpy relinked(&transfer, &TransferController::relinked), started(&transfer, &TransferController::started);
        session.open(root / "project");
        QVERIFY(relinked.wait());
        QCOMPARE(relinked[0][0].value<RelinkReport>().relinked, 3u);
        QTRY_COMPARE(missing(session), 0);
        QVERIFY(started.isEmpty());
    }

    void destructionWhileExportingEndsSoon()
    {
        const TestFolder root;
        ProjectSession session;
        QVERIFY(openWith(session, root, {manyPictures(root, "cat", 2000), drawPictures(root, "dog", 2)}));
        TransferController transfer(session);
        transfer.exportPictures(displayText(root / "out"), {});
    }

    void cancelIsSaidInTheReport()
    {
        const TestFolder root;
        ProjectSession session;
        QVERIFY(openWith(session, root, {manyPictures(root, "cat", 2000), drawPictures(root, "dog", 2)}));
        TransferController transfer(session);
        QSignalSpy exported(&transfer, &TransferController::picturesExported);
        transfer.exportPictures(displayText(root / "out"), {});
        transfer.cancel();
        QVERIFY(exported.wait());
        QVERIFY(exported[0][1].value<ExportReport>().cancelled);
    }
};

QTEST_MAIN(TransferControllerTest)
#include "transfer_controller_test.moc"
