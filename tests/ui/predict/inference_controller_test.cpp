#include "tests/support/test_folder.h"
#include "tests/ui/predict/fake_classifier.h"
#include "ui/texts.h"

#include <QDir>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

/// Keeps all that a controller tells.
struct Listener {
    explicit Listener(InferenceController &controller)
    {
        QObject::connect(&controller, &InferenceController::happened, &controller, [this](const std::vector<InferenceEvent> &news) {
            events.insert(events.end(), news.begin(), news.end());
        });
    }
    template <class T> std::vector<T> all() const
    {
        std::vector<T> found;
        for (const InferenceEvent &event : events)
            if (const T *one = std::get_if<T>(&event))
                found.push_back(*one);
        return found;
    }
    std::vector<InferenceEvent> events;
};

QString demonstration(const char *folder, int index)
{
    const auto found = QDir(QString::fromStdString((demonstrationPictures() / folder).string())).entryInfoList({"*.jpg"}, QDir::Files, QDir::Name);
    return found.at(index).filePath();
}

} // namespace

class InferenceControllerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void answersInTheOrderOfTheQuestions()
    {
        InferenceController controller(&loadFake);
        Listener listener(controller);
        controller.setModel("cats");
        std::vector<InferenceRequest> requests;
        for (int i = 0; i < 20; ++i)
            requests.push_back({PictureId(i + 1), demonstration("cat", i), {}});
        controller.ask(requests);
        QTRY_COMPARE(listener.all<PictureAnswered>().size(), 20u);
        for (std::size_t i = 0; i < 20; ++i)
            QCOMPARE(listener.all<PictureAnswered>()[i].id, i + 1);
        const PictureRead read = listener.all<PictureRead>().front();
        QVERIFY(!read.thumbnail.isNull());
        QVERIFY(std::min(read.thumbnail.width(), read.thumbnail.height()) <= InferenceController::kThumbnailPx);
        QVERIFY(read.fullSize.width() > read.thumbnail.width());
    }

    void aBadFileIsASentenceAndStopsNothing()
    {
        const TestFolder folder;
        const auto bad = folder.write("notes.jpg", "these are notes");
        InferenceController controller(&loadFake);
        Listener listener(controller);
        controller.setModel("cats");
        controller.ask({{1, fromUtf8(bad.string()), {}}, {2, demonstration("dog", 0), {}}});
        QTRY_COMPARE(listener.all<PictureAnswered>().size(), 1u);
        QCOMPARE(listener.all<PictureRefused>().size(), 1u);
        QVERIFY(listener.all<PictureRefused>()[0].sentence.contains("notes.jpg"));
    }

    void aPastedPictureIsAnswered()
    {
        InferenceController controller(&loadFake);
        Listener listener(controller);
        controller.setModel("cats");
        QImage pasted(40, 30, QImage::Format_ARGB32);
        pasted.fill(Qt::transparent);
        controller.ask({{7, {}, pasted}});
        QTRY_COMPARE(listener.all<PictureAnswered>().size(), 1u);
        QCOMPARE(listener.all<PictureRead>()[0].thumbnail.pixelColor(5, 5), QColor(Qt::white));
    }

    void anotherModelAnswersFromThenOn()
    {
        InferenceController controller(&loadFake);
        Listener listener(controller);
        controller.setModel("cats");
        controller.ask({{1, demonstration("cat", 0), {}}});
        QTRY_COMPARE(listener.all<PictureAnswered>().size(), 1u);
        controller.setModel("dogs");
        controller.ask({{2, demonstration("cat", 0), {}}});
        QTRY_COMPARE(listener.all<PictureAnswered>().size(), 2u);
        QCOMPARE(listener.all<PictureAnswered>()[0].answer.classIndex, 0);
        QCOMPARE(listener.all<PictureAnswered>()[1].answer.classIndex, 1);
    }

    void aModelThatCannotBeReadIsRefusedAndPicturesStillOpen()
    {
        InferenceController controller(&loadFake);
        Listener listener(controller);
        controller.setModel("broken");
        controller.ask({{1, demonstration("cat", 0), {}}});
        QTRY_COMPARE(listener.all<PictureRead>().size(), 1u);
        QVERIFY(listener.all<ModelRefused>()[0].sentence.contains("broken"));
        QVERIFY(listener.all<PictureAnswered>().empty());
    }

    void resetDropsWhatWasAsked()
    {
        InferenceController controller(&loadFake);
        Listener listener(controller);
        controller.setModel("cats");
        std::vector<InferenceRequest> requests;
        for (int i = 0; i < 200; ++i)
            requests.push_back({PictureId(i + 1), demonstration("cat", i % 50), {}});
        controller.ask(requests);
        controller.reset();
        controller.ask({{1000, demonstration("dog", 0), {}}});
        QTRY_COMPARE(listener.all<PictureAnswered>().size(), 1u);
        QCOMPARE(listener.all<PictureAnswered>()[0].id, 1000u);
    }

    void findsThePicturesOfAFolderInNaturalOrder()
    {
        const TestFolder folder;
        for (const char *name : {"a/10.jpg", "a/9.jpg", "notes.txt", "b.png"})
            folder.write(name, "x");
        InferenceController controller(&loadFake);
        Listener listener(controller);
        controller.findFiles({fromUtf8(folder.path().string())});
        QTRY_COMPARE(listener.all<FilesFound>().size(), 1u);
        const QStringList files = listener.all<FilesFound>()[0].files;
        QCOMPARE(files.size(), 3);
        QVERIFY(files[0].endsWith("a/9.jpg") && files[1].endsWith("a/10.jpg"));
    }

    void theBigPictureIsNoLargerThanAScreen()
    {
        InferenceController controller(&loadFake);
        Listener listener(controller);
        QImage huge(4000, 100, QImage::Format_RGB32);
        huge.fill(Qt::red);
        controller.show({1, {}, huge});
        QTRY_COMPARE(listener.all<PictureShown>().size(), 1u);
        QCOMPARE(listener.all<PictureShown>()[0].image.width(), InferenceController::kShownPx);
        QCOMPARE(listener.all<PictureShown>()[0].fullSize, QSize(4000, 100));
    }

    void canBeDestroyedWithAFullQueue()
    {
        InferenceController controller(&loadFake);
        controller.setModel("cats");
        std::vector<InferenceRequest> requests;
        for (int i = 0; i < 5000; ++i)
            requests.push_back({PictureId(i + 1), demonstration("cat", i % 50), {}});
        controller.ask(requests);
    }
};

QTEST_MAIN(InferenceControllerTest)
#include "inference_controller_test.moc"
