#include "tests/ui/active_window.h"
#include "tests/ui/drawn_pictures.h"
#include "tests/ui/train/page_button.h"
#include "tests/ui/train/shown_recipe.h"
#include "tests/ui/train/told_runs.h"
#include "ui/train/pinned_card.h"
#include "ui/train/pinned_row.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/setup_settings.h"
#include "ui/train/setup_sheet.h"
#include "ui/train/train_page.h"

#include <QCheckBox>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

/// A window on a project, closed when it goes.
class Window {
public:
    Window()
    {
        showActive(page);
        page.followSession(session);
        QObject::connect(&session, &ProjectSession::opened, &page, [this] {
            session.requestSnapshot(&page, [this](const auto &) { isUpToDate = true; }); // answered after the page's own, which was connected first
        });
    }
    bool opens(const TestFolder &folder, bool reading = false)
    {
        const std::filesystem::path project = folder / "project";
        isUpToDate = false;
        if (!std::filesystem::exists(project))
            session.create(project);
        else
            reading ? session.openForReading(project) : session.open(project);
        return QTest::qWaitFor([&] { return session.isOpen() && session.projectFolder() == project && isUpToDate; }, 20'000);
    }
    void type(const char *field, const char *text)
    {
        auto *edit = qobject_cast<NumberEdit *>(page.recipe()->settings()->field(field)->control());
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }
    void choose(const char *way) { card(*page.recipe(), way)->click(); }
    void unpinAll()
    {
        while (!page.pinned()->rows().empty())
            QTest::keyClick(page.pinned()->rows().front(), Qt::Key_Delete);
    }
    QStringList pinned() const
    {
        QStringList names;
        for (const PinnedRow *row : page.pinned()->rows())
            names.append(displayText(row->file().filename()));
        return names;
    }

    ProjectSession session;
    TrainPage page{&endlessRun};

private:
    bool isUpToDate = false;
};

QString picture(const TestFolder &folder, const char *name)
{
    QImage image(24, 18, QImage::Format_RGB32);
    image.fill(Qt::red);
    image.save(displayText(folder / name));
    return displayText(folder / name);
}

} // namespace

/// What a project remembers of the Train page.
class TrainPageKeptTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyWayIsKeptAsItWasSetUp()
    {
        const TestFolder folder, other;
        std::array<TrainConfig, 3> wanted;
        {
            Window window;
            QVERIFY(window.opens(folder));
            window.choose("From scratch");
            window.type("epochs", "7");
            window.page.recipe()->sheet()->kindSwitch(1)->click();
            window.choose("Fine-tune");
            window.type("learningRate", "0.0005");
            window.choose("Quick");
            window.type("sizePx", "160");
            for (const TrainMode mode : kAllModes)
                wanted[std::size_t(mode)] = window.page.recipe()->configOf(mode);
            QCOMPARE(wanted[std::size_t(TrainMode::Scratch)].epochs, 7);
            QVERIFY(!wanted[std::size_t(TrainMode::Scratch)].augmentation.flip);
        }
        Window window;
        QVERIFY(window.opens(folder));
        QCOMPARE(window.page.recipe()->config(), wanted[std::size_t(TrainMode::Quick)]);
        window.choose("Fine-tune");
        QCOMPARE(window.page.recipe()->config(), wanted[std::size_t(TrainMode::FineTune)]);
        window.choose("From scratch");
        QCOMPARE(window.page.recipe()->config(), wanted[std::size_t(TrainMode::Scratch)]);
        QVERIFY(window.opens(other));
        for (const TrainMode mode : kAllModes)
            QCOMPARE(window.page.recipe()->configOf(mode), recommendedConfig(mode));
    }

    void aWayThatOneComesBackToIsKeptAsItIsNow()
    {
        const TestFolder folder;
        {
            Window window;
            QVERIFY(window.opens(folder));
            window.choose("From scratch");
            window.type("epochs", "7");
            window.choose("Quick");
            window.choose("From scratch");
            window.type("epochs", "9");
        }
        Window window;
        QVERIFY(window.opens(folder));
        QCOMPARE(window.page.recipe()->config().epochs, 9);
        window.choose("Quick");
        window.choose("From scratch");
        QCOMPARE(window.page.recipe()->config().epochs, 9);
    }

    void whatIsDamagedOrForeignIsIgnored()
    {
        const TestFolder folder, other;
        {
            Window window;
            QVERIFY(window.opens(folder));
            window.session.setSetting("train/config/scratch", R"({"mode":"scratch","epochs":)");
            window.session.setSetting("train/config/finetune", R"({"mode":"scratch","epochs":7})");
            window.session.setSetting("train/pinned", R"([1, null, "relative.jpg", ["a"]])");
        }
        Window window;
        QVERIFY(window.opens(folder));
        for (const TrainMode mode : kAllModes)
            QCOMPARE(window.page.recipe()->configOf(mode), recommendedConfig(mode));
        QCOMPARE(window.pinned(), QStringList());
        window.session.setSetting("train/pinned", "no list");
        QVERIFY(window.opens(other));
        QVERIFY(window.opens(folder));
        QCOMPARE(window.pinned(), QStringList());
    }

    void pinnedPicturesAreKeptButForThoseThatAreGone()
    {
        const TestFolder folder;
        {
            Window window;
            QVERIFY(window.opens(folder));
            window.page.pinned()->add({picture(folder, "b.png"), picture(folder, "gone.png"), picture(folder, "a.png")});
        }
        std::filesystem::remove(folder / "gone.png");
        Window window;
        QVERIFY(window.opens(folder));
        QTRY_COMPARE(window.pinned(), QStringList({"b.png", "a.png"}));
        QCOMPARE(window.page.pinned()->sentence(), "Drop more here; Del takes one off.");
        QCOMPARE(window.page.controller()->pins().files().size(), 2u);
    }

    void whatIsAwayForATimeStaysPinned()
    {
        const TestFolder folder, drive;
        {
            Window window;
            QVERIFY(window.opens(folder));
            window.page.pinned()->add({picture(drive, "away.png"), picture(folder, "a.png")});
        }
        std::filesystem::rename(drive / "away.png", drive / "not mounted");
        {
            Window window;
            QVERIFY(window.opens(folder));
            QTRY_COMPARE(window.pinned(), QStringList("a.png"));
            window.page.pinned()->add({picture(folder, "b.png")});
        }
        std::filesystem::rename(drive / "not mounted", drive / "away.png");
        Window window;
        QVERIFY(window.opens(folder));
        QCOMPARE(window.pinned(), QStringList({"a.png", "b.png", "away.png"}));
    }

    void eachProjectHasPinnedPicturesOfItsOwn()
    {
        const TestFolder one, two;
        Window window;
        QVERIFY(window.opens(one));
        window.page.pinned()->add({picture(one, "one.png")});
        QVERIFY(window.opens(two));
        QCOMPARE(window.pinned(), QStringList());
        window.page.pinned()->add({picture(two, "two.png")});
        QVERIFY(window.opens(one));
        QCOMPARE(window.pinned(), QStringList("one.png"));
        window.unpinAll();
        QVERIFY(window.opens(two));
        QCOMPARE(window.pinned(), QStringList("two.png"));
        QVERIFY(window.opens(one));
        QCOMPARE(window.pinned(), QStringList());
    }

    void whatIsPinnedIsKeptAtOnce()
    {
        const TestFolder folder;
        Window window, reader;
        QVERIFY(window.opens(folder));
        window.page.pinned()->add({picture(folder, "a.png")});
        bool isWritten = false;
        window.session.requestSnapshot(&window.page, [&](const auto &) { isWritten = true; }); // behind it in the queue
        QTRY_VERIFY(isWritten);
        QVERIFY(reader.opens(folder, true)); // as after a crash
        QTRY_COMPARE(reader.pinned(), QStringList("a.png"));
    }

    void aProjectThatIsOpenForReadingIsLeftAsItIs()
    {
        const TestFolder folder;
        {
            Window writer;
            QVERIFY(writer.opens(folder));
            writer.page.pinned()->add({picture(folder, "a.png")});
        }
        {
            Window reader;
            QVERIFY(reader.opens(folder, true));
            QTRY_COMPARE(reader.pinned(), QStringList("a.png"));
            QSignalSpy failed(&reader.session, &ProjectSession::failed);
            reader.choose("From scratch");
            reader.type("epochs", "7");
            reader.unpinAll();
            QVERIFY(reader.opens(folder, true));
            QCOMPARE(failed.count(), 0);
        }
        Window window;
        QVERIFY(window.opens(folder));
        QCOMPARE(window.page.recipe()->config(), recommendedConfig(TrainMode::Quick));
        QCOMPARE(window.pinned(), QStringList("a.png"));
    }

    void aTextThatIsRefusedIsNotKept()
    {
        const TestFolder folder;
        {
            Window window;
            QVERIFY(window.opens(folder));
            window.choose("From scratch");
            window.type("epochs", "7");
            window.type("learningRate", "1,000");
            QVERIFY(!window.page.recipe()->problem().isEmpty());
        }
        TrainConfig wanted = recommendedConfig(TrainMode::Scratch);
        wanted.epochs = 7;
        Window window;
        QVERIFY(window.opens(folder));
        QCOMPARE(window.page.recipe()->config(), wanted);
    }
};

QTEST_MAIN(TrainPageKeptTest)
#include "train_page_kept_test.moc"
