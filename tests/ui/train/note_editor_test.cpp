#include "engine/train/run_notes.h"
#include "tests/ui/active_window.h"
#include "tests/ui/train/written_runs.h"
#include "ui/train/note_editor.h"
#include "ui/train/run_history.h"

#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QVBoxLayout>

using namespace whisker;
using namespace whisker::test;

namespace {

using Wishes = std::vector<std::pair<std::filesystem::path, QString>>;

/// What the editor wishes to have kept.
struct Listener {
    explicit Listener(NoteEditor &editor)
    {
        QObject::connect(&editor, &NoteEditor::keepWished, &editor,
                         [this](const std::filesystem::path &folder, const QString &note) { wishes.emplace_back(folder, note); });
    }
    Wishes wishes;
};

void type(NoteEditor &editor, const QString &text)
{
    editor.field()->selectAll();
    editor.field()->insertPlainText(text);
}

const QString kTooLong = QString("a long word ").repeated(400);

} // namespace

class NoteEditorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsTypedIsKeptAfterAPause()
    {
        NoteEditor editor;
        Listener heard(editor);
        editor.showNote("runs/a", "before");
        type(editor, "now");
        QVERIFY(heard.wishes.empty());
        QTRY_COMPARE(heard.wishes, (Wishes{{"runs/a", "now"}}));
        editor.setKept("runs/a");
        QCOMPARE(editor.message(), "Kept");
    }

    void whatIsTypedIsKeptWhenAnotherRunIsShown()
    {
        NoteEditor editor;
        Listener heard(editor);
        editor.showNote("runs/a", "of a");
        type(editor, "new");
        editor.showNote("runs/b", "of b");
        QCOMPARE(editor.text(), "of b");
        editor.showNote("runs/c", "");
        QCOMPARE(heard.wishes, (Wishes{{"runs/a", "new"}})); // nothing was typed for b
    }

    void whatIsTypedIsKeptWhenTheKeyboardLeaves()
    {
        QWidget window;
        auto *column = new QVBoxLayout(&window);
        NoteEditor editor;
        QLineEdit other;
        column->addWidget(&editor);
        column->addWidget(&other);
        Listener heard(editor);
        editor.showNote("runs/a", "");
        showActive(window);
        editor.field()->setFocus();
        QTest::keyClicks(editor.field(), "ok");
        QTest::keyClick(editor.field(), Qt::Key_Tab);
        QCOMPARE(heard.wishes, (Wishes{{"runs/a", "ok"}}));
    }

    void aNoteThatIsBeingWrittenIsNotReplaced()
    {
        NoteEditor editor;
        editor.showNote("runs/a", "before");
        type(editor, "half a sen");
        editor.showNote("runs/a", "before"); // the list was read again
        QCOMPARE(editor.text(), "half a sen");
        editor.keepNow();
        editor.showNote("runs/a", "half a sen");
        editor.showNote("runs/a", "from another program");
        QCOMPARE(editor.text(), "from another program");
    }

    void whatIsTooLongIsSaidStaysAndIsKeptOnceItIsShorter()
    {
        NoteEditor editor;
        Listener heard(editor);
        editor.showNote("runs/a", "");
        type(editor, kTooLong);
        QVERIFY(editor.message().contains("4,799") || editor.message().contains("4799"));
        editor.showNote("runs/b", "of b");
        QVERIFY(heard.wishes.empty());
        QVERIFY(editor.message().isEmpty());
        editor.showNote("runs/a", "");
        QCOMPARE(editor.text(), kTooLong);
        type(editor, "short");
        editor.keepNow();
        QCOMPARE(heard.wishes, (Wishes{{"runs/a", "short"}}));
    }

    void ofWhatIsTooLongAtTheEndItsBeginningIsKept()
    {
        NoteEditor editor;
        Listener heard(editor);
        editor.showNote("runs/a", "");
        type(editor, QString::fromUtf8("ä").repeated(2001)); // 4,002 bytes
        editor.keepAtEnd();
        QCOMPARE(heard.wishes, (Wishes{{"runs/a", QString::fromUtf8("ä").repeated(2000)}}));
    }

    void whatCouldNotBeKeptIsSaidStaysAndIsTriedAgain()
    {
        NoteEditor editor;
        Listener heard(editor);
        editor.showNote("runs/a", "");
        type(editor, "important");
        editor.keepNow();
        editor.setFailed("runs/a", "important", "The disk is full.");
        QCOMPARE(editor.message(), "The disk is full.");
        editor.showNote("runs/a", ""); // as the disk has it
        QCOMPARE(editor.text(), "important");
        editor.showNote("runs/b", "");
        QCOMPARE(heard.wishes.size(), 2u);
        QCOMPARE(heard.wishes.back().second, "important");
    }

    void ofADeletedRunNothingIsKept()
    {
        NoteEditor editor;
        Listener heard(editor);
        editor.showNote("runs/a", "");
        type(editor, "too late");
        editor.forget("runs/a");
        QVERIFY(editor.text().isEmpty());
        QVERIFY(!editor.field()->isEnabled());
        editor.keepAtEnd();
        QVERIFY(heard.wishes.empty());
    }

    void theHistoryWritesItAndKnowsItAtOnce()
    {
        const TestFolder folder;
        const auto run = writeRun(folder, "a", receiptOfDay(1, 50));
        RunHistory history;
        history.setRunsFolder(folder / "runs");
        QTRY_COMPARE(history.runs().size(), 1u);
        QSignalSpy kept(&history, &RunHistory::noteKept);
        history.reload(); // reads the note of before
        history.keepNote(run, "mine");
        QCOMPARE(history.runs().front().note, "mine");
        QVERIFY(kept.wait());
        QCOMPARE(readRunNote(run), "mine");
        QCOMPARE(history.runs().front().note, "mine");
    }

    void anUnwritableFolderIsToldInASentence()
    {
        const TestFolder folder;
        const auto run = writeRun(folder, "a", receiptOfDay(1, 50));
        std::filesystem::create_directory(run / kNoteFile); // in the way, also of who may write anywhere
        folder.write("runs/a/note.txt/keep", "");
        RunHistory history;
        history.setRunsFolder(folder / "runs");
        QSignalSpy failed(&history, &RunHistory::noteFailed);
        history.keepNote(run, "mine");
        QVERIFY(failed.wait());
        QCOMPARE(failed[0][1].toString(), "mine");
        QVERIFY(!failed[0][2].toString().isEmpty());
    }

    void whatIsOnItsWayIsWrittenWhenAllIsClosed()
    {
        const TestFolder folder;
        const auto run = writeRun(folder, "a", receiptOfDay(1, 50));
        {
            RunHistory history;
            history.setRunsFolder(folder / "runs");
            for (int i = 0; i < 50; ++i)
                history.readCurves(run);
            history.keepNote(run, "first");
            history.keepNote(run, "last words");
        }
        QCOMPARE(readRunNote(run), "last words");
    }
};

QTEST_MAIN(NoteEditorTest)
#include "note_editor_test.moc"
