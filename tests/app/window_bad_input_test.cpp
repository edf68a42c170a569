#include "app/whisker/window.h"

#include "tests/ui/drawn_pictures.h"
#include "tests/ui/own_settings.h"
#include "ui/data/classes_card.h"
#include "ui/data/data_page.h"
#include "ui/data/image_list_model.h"
#include "ui/data/side_column.h"
#include "ui/data/skipped_card.h"
#include "ui/predict/answer_card.h"
#include "ui/predict/predict_page.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/train_page.h"
#include "widgets/image_grid.h"
#include "widgets/notice_bar.h"

#include <QApplication>
#include <QListView>
#include <QTest>

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace whisker;
using namespace whisker::test;

namespace {

/// From now on permissions count, also for root. For this thread and those it starts.
bool giveUpRightsOverPermissions()
{
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {};
    if (::syscall(SYS_capget, &header, sets) != 0)
        return false;
    constexpr unsigned kRights = 1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH;
    sets[0].effective &= ~kRights;
    sets[0].permitted &= ~kRights;
    return ::syscall(SYS_capset, &header, sets) == 0;
}

std::string pixels(int width, int height)
{
    return "P5 " + std::to_string(width) + " " + std::to_string(height) + " 255\n" + std::string(static_cast<std::size_t>(width * height), 'a');
}

std::string photographBytes(const char *className = "cat", int number = 0)
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(demonstrationPictures() / className))
        files.push_back(entry.path());
    std::ranges::sort(files);
    return fileBytes(files.at(static_cast<std::size_t>(number)));
}

/// A bar that a person sees with such words.
bool isSaid(const QWidget &window, const QString &words)
{
    return std::ranges::any_of(window.findChildren<NoticeBar *>(), [&](const NoticeBar *bar) { return bar->isVisible() && bar->text().contains(words); });
}

QStringList saidBy(const QWidget &window)
{
    QStringList texts;
    for (const NoticeBar *bar : window.findChildren<NoticeBar *>())
        texts += (bar->isVisible() ? QStringLiteral("shown: ") : QStringLiteral("hidden: ")) + bar->text();
    return texts;
}

} // namespace

#define TRY_SAID(words) QTRY_VERIFY2_WITH_TIMEOUT(isSaid(*m_window, QStringLiteral(words)), qPrintable(saidBy(*m_window).join(QLatin1Char('\n'))), 30'000)

/// What a person sees in the window of what can't be used, and that nothing is lost by it.
class WindowBadInputTest : public QObject {
    Q_OBJECT

private:
    template <class P> P *page(const char *id)
    {
        m_window->showPage(QString::fromLatin1(id));
        return qobject_cast<P *>(m_window->page(QString::fromLatin1(id)));
    }
    /// As a drop does; true when the import has ended.
    bool import(const QStringList &paths)
    {
        QSignalSpy finished(m_session.get(), &ProjectSession::importFinished);
        m_session->importPaths(paths);
        return finished.wait(20'000);
    }
    QString shown(const std::filesystem::path &name) const { return displayText(*m_root / name); }
    QString reasonOf(const QString &name)
    {
        const auto *list = page<DataPage>("data")->side()->skipped()->list()->model();
        for (int row = 0; row < list->rowCount(); ++row)
            if (list->index(row, 0).data().toString() == name)
                return list->index(row, 0).data(Qt::UserRole).toString();
        return {};
    }
    int rowOf(const QString &name)
    {
        const auto *pictures = page<DataPage>("data")->model();
        for (int row = 0; row < pictures->rowCount(); ++row)
            if (pictures->index(row).data(NameRole).toString() == name || pictures->index(row).data().toString() == name)
                return row;
        return -1;
    }
    bool reopen()
    {
        m_window.reset();
        m_session = std::make_unique<ProjectSession>();
        m_window = makeWindow(*m_session);
        m_window->resize(1280, 800);
        m_window->show();
        QSignalSpy opened(m_session.get(), &ProjectSession::opened);
        m_session->open(*m_root / "project");
        return opened.wait();
    }

    TestFolder m_home;
    std::unique_ptr<TestFolder> m_root;
    std::unique_ptr<ProjectSession> m_session;
    std::unique_ptr<MainWindow> m_window;

private Q_SLOTS:
    void initTestCase() { useOwnSettings(m_home); }

    void init()
    {
        m_root = std::make_unique<TestFolder>();
        m_session = std::make_unique<ProjectSession>();
        m_window = makeWindow(*m_session);
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(openWith(*m_session, *m_root, {drawPictures(*m_root, "cat", 6), drawPictures(*m_root, "dog", 6)}));
        QTRY_COMPARE(m_session->state().images.size(), 12u);
    }

    void cleanup()
    {
        m_window.reset();
        m_session.reset();
        m_root.reset();
    }

    void aFolderWithoutPicturesIsNamedAndNothingIsLost()
    {
        std::filesystem::create_directory(*m_root / "none");
        page<DataPage>("data");
        QVERIFY(import({shown("none")}));
        TRY_SAID("none holds no pictures: choose a folder");
        QCOMPARE(m_session->state().images.size(), 12u);
    }

    void aClassWithOnePictureIsSaidWhereOneTrains()
    {
        m_root->write("fox/a.ppm", "P6 1 1 255\nabc");
        QVERIFY(import({drawPictures(*m_root, "cow", 4), shown("fox")}));
        auto *train = page<TrainPage>("train");
        TRY_SAID("too few pictures of fox");
        train->start();
        QVERIFY(!train->controller()->isRunning());
    }

    void whatIsNoPictureIsListedWithWhatToDo()
    {
        m_root->write("bad/a.ppm", "P6 1 1 255\nabc");
        m_root->write("bad/empty.jpg", "");
        m_root->write("bad/list.jpg", "<?xml version=\"1.0\"?><VRTDataset><SRC>/vsicurl/http://127.0.0.1:9/a</SRC></VRTDataset>");
        std::filesystem::create_symlink(*m_root / "gone.jpg", *m_root / "bad/link.jpg");
        m_root->write("bad/secret.jpg", photographBytes());
        std::filesystem::permissions(*m_root / "bad/secret.jpg", std::filesystem::perms::none);
        m_root->write("bad/locked/b.jpg", photographBytes());
        std::filesystem::permissions(*m_root / "bad/locked", std::filesystem::perms::none);
        const bool imported = import({shown("bad"), shown("cat")});
        std::filesystem::permissions(*m_root / "bad/locked", std::filesystem::perms::owner_all);
        QVERIFY(imported);
        QCOMPARE(m_session->state().images.size(), 13u);
        TRY_SAID("1 picture came in, 5 files could not be used.");
        auto *card = page<DataPage>("data")->side()->skipped();
        QTRY_VERIFY(card->isVisible());
        QCOMPARE(card->count(), 5);
        QCOMPARE(reasonOf("empty.jpg"), "The file is empty. Copy it here again, or take it out.");
        QVERIFY2(reasonOf("list.jpg").contains("it is an XML or HTML text. Save it as JPEG or PNG"), qPrintable(reasonOf("list.jpg")));
        QCOMPARE(reasonOf("link.jpg"), "A link to something that isn't there any more. Restore that, or take the link out.");
        QVERIFY2(reasonOf("secret.jpg").contains("permission denied", Qt::CaseInsensitive), qPrintable(reasonOf("secret.jpg")));
        QCOMPARE(reasonOf("locked"), "Permission denied: change its permissions to use it.");
        QVERIFY(reopen());
        QCOMPARE(m_session->state().images.size(), 13u);
    }

    void oddPicturesShowAndAreAnswered()
    {
        const QStringList names = {"with  spaces.jpg", "Ünï çödé.jpg", "猫の写真.jpg", "🐈😀.jpg", "cut late.jpg", "png.jpg", "one.ppm", "wide.ppm"};
        const std::string cat = photographBytes();
        const auto write = [&](const char *name, const std::string &bytes) { m_root->write(std::string("odd/猫 é😀/") + name, bytes); };
        for (std::size_t i = 0; i < 4; ++i)
            write(names[static_cast<qsizetype>(i)].toUtf8(), cat + std::string(i, '\0')); // so that each is a picture of its own
        write("cut late.jpg", photographBytes("cat", 1).substr(0, photographBytes("cat", 1).size() * 4 / 5));
        write("png.jpg", fileBytes(*m_root / "dog/dog0.png") + "x");
        write("one.ppm", "P6 1 1 255\nabc");
        write("wide.ppm", pixels(30'000, 20));
        QVERIFY(import({shown("odd")}));
        QCOMPARE(m_session->state().images.size(), 20u);
        QTRY_COMPARE(page<DataPage>("data")->side()->classes()->countShown(QStringLiteral("猫 é😀")), 8);
        for (const QString &name : names) {
            QTRY_VERIFY2(rowOf(name) >= 0, qPrintable(name));
            const auto index = page<DataPage>("data")->model()->index(rowOf(name));
            page<DataPage>("data")->grid()->scrollTo(index);
            QTRY_VERIFY2(!index.data(ThumbnailRole).value<QImage>().isNull(), qPrintable(name));
            QCOMPARE(index.data(BadgeRole).toString() == "cut short", name == "cut late.jpg");
        }

        auto *predict = page<PredictPage>("predict");
        predict->setModel(trainedModel());
        predict->addPaths({shown("odd")});
        QTRY_COMPARE_WITH_TIMEOUT(predict->pictures()->rowCount(), 8, 30'000);
        QTRY_COMPARE_WITH_TIMEOUT(predict->pictures()->answeredCount(), 8, 30'000);
        for (int row = 0; row < 8; ++row) {
            const ListedPicture &picture = predict->pictures()->at(row);
            QVERIFY2(picture.answer && picture.error.isEmpty(), qPrintable(picture.name + picture.error));
            predict->setCurrentRow(row);
            QTRY_COMPARE(predict->answerCard()->sentence().contains("The file is damaged"), picture.name == "cut late.jpg");
        }
    }

    void aProjectOfANewerVersionIsRefusedAndTheOpenOneStays()
    {
        QSignalSpy opened(m_session.get(), &ProjectSession::opened);
        std::string newer = fileBytes(*m_root / "project/project.whisker");
        newer.replace(60, 4, std::string("\0\0\0\x63", 4)); // user_version, https://www.sqlite.org/fileformat.html, section 1.3
        m_root->write("newer/project.whisker", newer);
        m_session->open(*m_root / "newer");
        TRY_SAID("made by a newer Whisker: update this one");
        QCOMPARE(opened.count(), 0);
        QCOMPARE(m_session->state().images.size(), 12u);
        QCOMPARE(fileBytes(*m_root / "newer/project.whisker"), newer);
    }

    void aReadOnlyProjectIsSaidToBeOne()
    {
        cleanupWindow();
        std::filesystem::permissions(*m_root / "project/project.whisker", std::filesystem::perms(0444));
        std::filesystem::permissions(*m_root / "project", std::filesystem::perms(0555));
        const bool opened = reopen();
        const bool readOnly = m_session->isReadOnly();
        std::filesystem::permissions(*m_root / "project", std::filesystem::perms(0755));
        QVERIFY(opened);
        QVERIFY(readOnly);
        TRY_SAID("can be looked at, but not changed");
        QCOMPARE(m_session->state().images.size(), 12u);
    }

    void halfAModelIsRefusedByName()
    {
        const std::string model = fileBytes(trainedModel());
        const auto half = m_root->write("half.safetensors", model.substr(0, model.size() / 2));
        auto *predict = page<PredictPage>("predict");
        predict->setModel(half);
        TRY_SAID("half.safetensors is not a whole safetensors file");
        predict->addPaths({shown("cat")});
        QTRY_COMPARE_WITH_TIMEOUT(predict->pictures()->rowCount(), 6, 30'000);
        QTRY_COMPARE(predict->answerCard()->headline(), "No answer");
        QVERIFY(predict->answerCard()->sentence().contains("half.safetensors"));
    }

    void missingWeightsAreSaidWithWhatToRun()
    {
        const QByteArray before = qgetenv("WHISKER_RESOURCES");
        std::filesystem::create_directory(*m_root / "no-resources");
        qputenv("WHISKER_RESOURCES", QByteArray::fromStdString((*m_root / "no-resources").string()));
        auto *train = page<TrainPage>("train");
        train->start();
        QTRY_VERIFY_WITH_TIMEOUT(isSaid(*m_window, QStringLiteral("lite0.safetensors are missing: run packaging/setup.sh")), 20'000);
        qputenv("WHISKER_RESOURCES", before);
        QVERIFY(!train->controller()->isRunning());
        QCOMPARE(m_session->state().images.size(), 12u);
    }

private:
    void cleanupWindow()
    {
        m_window.reset();
        m_session.reset();
    }
    /// A quick run's, of this window.
    std::filesystem::path trainedModel()
    {
        if (!m_model.empty())
            return m_model;
        ProjectSession session;
        const auto window = makeWindow(session);
        window->show();
        m_trained = std::make_unique<TestFolder>();
        if (!openWith(session, *m_trained, {drawPictures(*m_trained, "cat", 8), drawPictures(*m_trained, "dog", 8)}))
            return {};
        window->showPage(QStringLiteral("train"));
        QSignalSpy announced(&session, &ProjectSession::modelInUseChanged);
        qobject_cast<TrainPage *>(window->page(QStringLiteral("train")))->start();
        if (announced.isEmpty() && !announced.wait(60'000))
            return {};
        return m_model = session.modelInUse();
    }

    std::unique_ptr<TestFolder> m_trained;
    std::filesystem::path m_model;
};

int main(int argc, char **argv)
{
    if (!giveUpRightsOverPermissions())
        return EXIT_FAILURE;
    QApplication application(argc, argv);
    WindowBadInputTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "window_bad_input_test.moc"
