#include "ui/predict/picture_list_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace whisker;

class PictureListModelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void appendsInOrderAndNeverUsesAnIdTwice()
    {
        PictureListModel model;
        const QAbstractItemModelTester tester(&model);
        QCOMPARE(model.addFiles({"/a/cat.jpg", "/a/dog.jpg"}), 0);
        const PictureId first = model.at(0).id;
        model.clear();
        QCOMPARE(model.addPasted(QImage(8, 8, QImage::Format_RGB32)), 0);
        QVERIFY(model.at(0).id > first + 1);
        QCOMPARE(model.rowOf(first), -1);
    }

    void whatComesBackForAClosedPictureIsDropped()
    {
        PictureListModel model;
        model.addFiles({"/a/cat.jpg"});
        const PictureId id = model.at(0).id;
        model.clear();
        model.setAnswer(id, {});
        model.setError(id, "gone");
        model.setRead(id, {}, {});
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.answeredCount(), 0);
    }

    void countsAnswersAndErrorsOnce()
    {
        PictureListModel model;
        const QAbstractItemModelTester tester(&model);
        model.addFiles({"/a/cat.jpg", "/a/notes.jpg"});
        model.setAnswer(model.at(0).id, {});
        model.setAnswer(model.at(0).id, {});
        model.setError(model.at(1).id, "notes.jpg: not a picture");
        QCOMPARE(model.answeredCount(), 2);
        QCOMPARE(model.index(1).data(StateRole).toInt(), int(ThumbnailState::Broken));
        QCOMPARE(model.index(1).data(Qt::ToolTipRole).toString(), "notes.jpg: not a picture");
        model.forgetAnswers();
        QCOMPARE(model.answeredCount(), 0);
    }
};

QTEST_MAIN(PictureListModelTest)
#include "picture_list_model_test.moc"
