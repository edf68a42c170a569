#include "ui/data/image_list_model.h"

#include "tests/ui/drawn_pictures.h"
#include "widgets/image_grid.h"

#include <QAbstractItemModelTester>
#include <QTest>
#include <atomic>

using namespace whisker;
using namespace whisker::test;

namespace {

RgbImage smallPicture()
{
    return RgbImage::ofSize(8, 6);
}

ThumbnailState stateAt(const ImageListModel &model, int row)
{
    return static_cast<ThumbnailState>(model.index(row).data(StateRole).toInt());
}

} // namespace

class ImageListModelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void keepsTheRulesOfModelsThroughImportLabelsFiltersAndUndo();
    void loadsWhatIsOnShowBeforeAnythingElse();
    void loadsNothingFarFromWhatIsOnShow();
    void aBrokenFileIsShownAsBrokenAndTriedOnce();
    void filtersByClassAndByName();
    void aPictureThatGetsAnotherLabelLeavesItsFilter();
    void undoBringsItBackToItsPlace();
    void sortsByNameWithNumbersAsNumbers();
    void combinesMarksSplitsStatesAndGroups();
    void anotherOrderKeepsWhatIsSelected();
    void sortsByTheFilesSize();
    void putsTheMostAlikeFirstThoughNothingWasMeasured();
    void aPictureThatIsNotThereCannotBeComparedWith();
    void goesAwayWhileItCompares();
    void anotherProjectTakesThePlaceOfTheOld();
    void goesAwayWhileItLoads();

private:
    std::unique_ptr<TestFolder> m_root;
    std::unique_ptr<ProjectSession> m_session;
};

void ImageListModelTest::init()
{
    m_root = std::make_unique<TestFolder>();
    m_session = std::make_unique<ProjectSession>();
    QVERIFY(openWith(*m_session, *m_root, {drawPictures(*m_root, "cat", 12), drawPictures(*m_root, "dog", 60)}));
}

void ImageListModelTest::cleanup()
{
    m_session.reset();
    m_root.reset();
}

void ImageListModelTest::keepsTheRulesOfModelsThroughImportLabelsFiltersAndUndo()
{
    ImageListModel model(*m_session, [](const auto &) { return smallPicture(); }, 2);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setVisibleRange(0, 20);
    QSignalSpy changed(m_session.get(), &ProjectSession::imagesChanged);
    QSignalSpy finished(m_session.get(), &ProjectSession::importFinished);
    model.setFilter({ImageFilter::Kind::Class, m_session->classOfKey(1)->id, {}});
    const auto ids = idsOf(*m_session);
    m_session->setLabel({ids[0], ids[3], ids[5]}, m_session->classOfKey(2)->id);
    QVERIFY(changed.wait());
    m_session->undo();
    QVERIFY(changed.wait());
    model.setFilter({});
    m_session->importPaths({drawPictures(*m_root, "owl", 30)});
    QVERIFY(finished.wait());
    QCOMPARE(model.rowCount(), 102);
    QSignalSpy removed(m_session.get(), &ProjectSession::imagesRemoved);
    m_session->undo(); // the whole import
    QVERIFY(removed.wait());
    QCOMPARE(model.rowCount(), 72);
}

void ImageListModelTest::loadsWhatIsOnShowBeforeAnythingElse()
{
    std::mutex mutex;
    std::vector<std::string> order;
    ImageListModel model(*m_session, [&](const std::filesystem::path &file) {
        const std::scoped_lock lock(mutex);
        order.push_back(file.filename());
        return smallPicture();
    }, 1);
    model.setVisibleRange(20, 24);
    QTRY_COMPARE(stateAt(model, 24), ThumbnailState::Ready);
    QTRY_COMPARE(stateAt(model, 29), ThumbnailState::Ready);
    const std::scoped_lock lock(mutex);
    for (int k = 0; k < 5; ++k)
        QCOMPARE(fromUtf8(order[static_cast<std::size_t>(k)]), model.index(20 + k).data(NameRole).toString());
}

void ImageListModelTest::loadsNothingFarFromWhatIsOnShow()
{
    std::atomic<int> loads = 0;
    ImageListModel model(*m_session, [&](const auto &) { ++loads; return smallPicture(); }, 2);
    model.setVisibleRange(0, 4);
    QTRY_COMPARE(stateAt(model, 9), ThumbnailState::Ready);
    QTRY_COMPARE(loads.load(), 10);
    QCOMPARE(stateAt(model, 40), ThumbnailState::Waiting);
}

void ImageListModelTest::aBrokenFileIsShownAsBrokenAndTriedOnce()
{
    std::atomic<int> loads = 0;
    ImageListModel model(*m_session, [&](const std::filesystem::path &file) -> Result<RgbImage> {
        ++loads;
        return fail(ErrorCode::Unreadable, "It does not decode.", file);
    }, 1);
    QSignalSpy broken(&model, &ImageListModel::brokenFound);
    model.setVisibleRange(0, 0);
    QTRY_COMPARE(broken.count(), 2); // it and the page of one row below
    QCOMPARE(stateAt(model, 0), ThumbnailState::Broken);
    model.setVisibleRange(-1, -1);
    model.setVisibleRange(0, 1);
    QTRY_COMPARE(broken.count(), 4);
    QCOMPARE(loads.load(), 4);
}

void ImageListModelTest::filtersByClassAndByName()
{
    ImageListModel model(*m_session, [](const auto &) { return smallPicture(); }, 1);
    model.setFilter({ImageFilter::Kind::Class, m_session->classOfKey(1)->id, {}});
    QCOMPARE(model.rowCount(), 12);
    model.setFilter({ImageFilter::Kind::All, 0, QStringLiteral("DOG59")});
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0).data(NameRole).toString(), QStringLiteral("dog59.png"));
    model.setFilter({ImageFilter::Kind::Unlabelled, 0, {}});
    QCOMPARE(model.rowCount(), 0);
}

void ImageListModelTest::aPictureThatGetsAnotherLabelLeavesItsFilter()
{
    ImageListModel model(*m_session, [](const auto &) { return smallPicture(); }, 1);
    model.setFilter({ImageFilter::Kind::Class, m_session->classOfKey(1)->id, {}});
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    const auto id = model.idAt(4);
    m_session->setLabel({id}, m_session->classOfKey(2)->id);
    QVERIFY(removed.wait());
    QCOMPARE(model.rowCount(), 11);
    QCOMPARE(model.rowOf(id), -1);
}

void ImageListModelTest::undoBringsItBackToItsPlace()
{
    ImageListModel model(*m_session, [](const auto &) { return smallPicture(); }, 1);
    model.setFilter({ImageFilter::Kind::Class, m_session->classOfKey(1)->id, {}});
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved), inserted(&model, &QAbstractItemModel::rowsInserted);
    const auto id = model.idAt(4);
    m_session->setLabel({id}, m_session->classOfKey(2)->id);
    QVERIFY(removed.wait());
    m_session->undo();
    QVERIFY(inserted.wait());
    QCOMPARE(model.rowOf(id), 4);
}

void ImageListModelTest::sortsByNameWithNumbersAsNumbers()
{
    ImageListModel model(*m_session, [](const auto &) { return smallPicture(); }, 1);
    model.setOrder(ImageListModel::Order::Name);
    QCOMPARE(model.index(2).data(NameRole).toString(), QStringLiteral("cat2.png"));
    QCOMPARE(model.index(11).data(NameRole).toString(), QStringLiteral("cat11.png"));
    QCOMPARE(model.index(12).data(NameRole).toString(), QStringLiteral("dog0.png"));
}

void ImageListModelTest::combinesMarksSplitsStatesAndGroups()
{
    ImageListModel model(*m_session, [](const auto &) { return smallPicture(); }, 1);
    const auto ids = idsOf(*m_session);
    QSignalSpy changed(m_session.get(), &ProjectSession::imagesChanged);
    m_session->setUnsure({ids[0], ids[1], ids[20]}, true);
    QVERIFY(changed.wait());
    m_session->setGroup({ids[1], ids[2]}, QStringLiteral("Tom"));
    QVERIFY(changed.wait());
    m_session->setSplit({ids[1]}, Split::Test);
    QVERIFY(changed.wait() || m_session->image(ids[1])->split == Split::Test);
    ImageFilter filter;
    filter.unsureOnly = true;
    model.setFilter(filter);
    QCOMPARE(model.rowCount(), 3);
    filter.group = "Tom";
    model.setFilter(filter);
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.idAt(0), ids[1]);
    filter.split = ImageFilter::SplitChoice::Train;
    model.setFilter(filter);
    QCOMPARE(model.rowCount(), 0);
    filter.split = ImageFilter::SplitChoice::Any;
    filter.state = ImageState::Missing;
    model.setFilter(filter);
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(!filter.isPlain());
    model.setFilter(filter.plain());
    QCOMPARE(model.rowCount(), 72);
}

void ImageListModelTest::anotherOrderKeepsWhatIsSelected()
{
    ImageListModel model(*m_session, [](const auto &) { return smallPicture(); }, 1);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QItemSelectionModel selection(&model);
    const ImageId id = model.idAt(4);
    selection.select(model.index(4), QItemSelectionModel::Select);
    model.sortBySimilarity(model.idAt(60));
    QTRY_COMPARE(model.order(), ImageListModel::Order::Similar);
    QCOMPARE(selection.selectedIndexes().size(), 1);
    QCOMPARE(model.idAt(selection.selectedIndexes().front().row()), id);
    model.setOrder(ImageListModel::Order::Added);
    QCOMPARE(selection.selectedIndexes().front().row(), 4);
}

void ImageListModelTest::sortsByTheFilesSize()
{
    ImageListModel model(*m_session, [](const auto &) { return smallPicture(); }, 1);
    model.setOrder(ImageListModel::Order::Bytes);
    for (int row = 1; row < model.rowCount(); ++row)
        QVERIFY(m_session->image(model.idAt(row - 1))->bytes >= m_session->image(model.idAt(row))->bytes);
}

void ImageListModelTest::putsTheMostAlikeFirstThoughNothingWasMeasured()
{
    ImageListModel model(*m_session, [](const auto &) { return smallPicture(); }, 1);
    QSignalSpy sorted(&model, &ImageListModel::sorted);
    const ImageId to = model.idAt(30);
    model.sortBySimilarity(to);
    QVERIFY(model.isSorting());
    QVERIFY(sorted.wait());
    QVERIFY(!model.isSorting());
    QCOMPARE(model.idAt(0), to);
    QCOMPARE(model.similarTo(), to);
    QCOMPARE(model.rowCount(), 72);
}

void ImageListModelTest::aPictureThatIsNotThereCannotBeComparedWith()
{
    ImageListModel model(*m_session, [](const auto &) { return smallPicture(); }, 1);
    std::filesystem::remove(m_session->image(model.idAt(3))->file());
    QSignalSpy failed(&model, &ImageListModel::sortFailed);
    model.sortBySimilarity(model.idAt(3));
    QVERIFY(failed.wait());
    QCOMPARE(model.order(), ImageListModel::Order::Added);
}

void ImageListModelTest::goesAwayWhileItCompares()
{
    ImageListModel model(*m_session, [](const auto &) { return smallPicture(); }, 1);
    model.sortBySimilarity(model.idAt(3));
}

void ImageListModelTest::anotherProjectTakesThePlaceOfTheOld()
{
    ImageListModel model(*m_session, [](const auto &) { return smallPicture(); }, 1);
    model.setVisibleRange(0, 10);
    QSignalSpy opened(m_session.get(), &ProjectSession::opened);
    m_session->create(*m_root / "empty");
    QVERIFY(opened.wait());
    QCOMPARE(model.rowCount(), 0);
}

void ImageListModelTest::goesAwayWhileItLoads()
{
    std::atomic<int> begun = 0;
    {
        ImageListModel model(*m_session, [&](const auto &) { ++begun; return RgbImage::ofSize(2000, 2000); }, 2);
        model.setVisibleRange(0, 71);
        QTRY_VERIFY(begun > 0);
    }
    QVERIFY(begun < 72); // it waited for those under way alone
}

QTEST_MAIN(ImageListModelTest)
#include "image_list_model_test.moc"
