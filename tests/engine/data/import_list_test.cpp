#include "engine/data/import.h"
#include "tests/engine/data/pictures.h"

#include <QTest>

#include <algorithm>
#include <filesystem>

using namespace whisker;
using namespace whisker::test;

namespace {

/// Pictures a.ppm, b.ppm, ... (six) beside the list, and the project that it is imported into.
struct ListFolder {
    TestFolder folder{};
    Project project;

    ListFolder() : project(std::move(Project::create(folder / "project").value()))
    {
        for (int i = 0; i < 6; ++i)
            folder.write("photos/" + std::string(1, static_cast<char>('a' + i)) + ".ppm", picture(i));
    }

    Result<ImportReport> import(const std::string &name, std::string_view text)
    {
        return importAll(project, {folder.write("photos/" + name, text)});
    }

    /// "a=cat b=dog": name and label of each picture, in the order in which they came.
    std::string labels() const
    {
        std::string text;
        const auto state = project.state();
        for (const auto &image : state->images) {
            const auto record = std::ranges::find_if(state->classes, [&](const auto &one) { return one.id == image.label; });
            if (!text.empty())
                text += ' ';
            text.append(image.name, 0, image.name.find('.')).append("=").append(record == state->classes.end() ? "" : record->name);
        }
        return text;
    }
};

std::string reasons(const ImportReport &report)
{
    std::string text;
    for (const auto &skipped : report.skipped)
        text += skipped.file.filename().native() + ": " + skipped.reason + "\n";
    return text;
}

std::string utf16(std::string_view ascii, bool bigEndian, bool mark)
{
    std::string text = !mark ? "" : bigEndian ? "\xFE\xFF" : "\xFF\xFE";
    for (const char letter : ascii)
        {
        if (bigEndian)
            text.push_back(0);
        text.push_back(letter);
        if (!bigEndian)
            text.push_back(0);
    }
    return text;
}

} // namespace

class ImportListTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aListIsReadHoweverItIsWritten_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char *what, const char *name, std::string_view text) {
            QTest::newRow(what) << QByteArray(name) << QByteArray(text.data(), static_cast<qsizetype>(text.size()));
        };
        row("commas", "list.csv", "a.ppm,cat\nb.ppm,dog\n");
        row("semicolons", "list.csv", "a.ppm;cat\nb.ppm;dog\n");
        row("tabs", "list.tsv", "a.ppm\tcat\nb.ppm\tdog\n");
        row("semicolons and commas in the names", "list.csv", "file;label;note\na.ppm;cat;one, two\nb.ppm;dog;three, four\n");
        row("stated separator", "list.csv", "sep=;\r\na.ppm;cat\r\nb.ppm;dog\r\n");
        row("header", "list.csv", "Filename,Class\na.ppm,cat\nb.ppm,dog\n");
        row("header in another order", "list.csv", "category,width,image\ncat,3,a.ppm\ndog,3,b.ppm\n");
        row("quotes", "list.csv", "\"file\",\"label\"\n\"a.ppm\",\"cat\"\n\"b.ppm\",\"dog\"\n");
        row("blanks around fields", "list.csv", " a.ppm , cat \nb.ppm, \"dog\" \n");
        row("CRLF, no end of line at the end", "list.csv", "a.ppm,cat\r\n\r\nb.ppm,dog");
        row("CR alone", "list.csv", "a.ppm,cat\rb.ppm,dog\r");
        row("byte order mark", "list.csv", "\xEF\xBB\xBF" "file,label\na.ppm,cat\nb.ppm,dog\n");
        row("UTF-16, little-endian", "list.csv", utf16("file\tlabel\r\na.ppm\tcat\r\nb.ppm\tdog\r\n", false, true));
        row("UTF-16, big-endian", "list.txt", utf16("file,label\na.ppm,cat\nb.ppm,dog\n", true, true));
        row("UTF-16 without a mark", "list.csv", utf16("a.ppm,cat\nb.ppm,dog\n", false, false));
        row("backslashes", "list.csv", ".\\a.ppm,cat\n..\\photos\\b.ppm,dog\n");
        row("the same row twice", "list.csv", "a.ppm,cat\nb.ppm,dog\n./a.ppm,CAT\nb.ppm,\n");
        row("array of objects", "list.json", R"([{"file": "a.ppm", "label": "cat", "width": 3}, {"path": "b.ppm", "class": "dog"}])");
        row("object of file and label", "list.json", R"({"a.ppm": "cat", "b.ppm": {"label": "dog"}})");
        row("JSON lines", "list.jsonl", "{\"file\": \"a.ppm\", \"label\": \"cat\"}\n\n{\"file\": \"b.ppm\", \"label\": \"dog\"}\r\n");
    }
    void aListIsReadHoweverItIsWritten()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, text);
        ListFolder list;
        const auto report = list.import(name.toStdString(), text.toStdString());
        QVERIFY2(report, errorText(report));
        QCOMPARE(list.labels(), "a=cat b=dog");
        QCOMPARE(reasons(*report), "");
    }

    void whatIsDoubtfulIsSaidAndTheRestGoesOn_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("labels");
        QTest::addColumn<QByteArray>("said");
        const auto row = [](const char *what, const char *name, const char *text, const char *labels, const char *said) {
            QTest::newRow(what) << QByteArray(name) << QByteArray(text) << QByteArray(labels) << QByteArray(said);
        };
        row("unknown file", "list.csv", "a.ppm,cat\nz.ppm,dog\n", "a=cat", "z.ppm: There is no such file (line 2 of list.csv).");
        row("a folder", "list.csv", "a.ppm,cat\n.,dog\n", "a=cat", "photos: It is a folder, not a picture (line 2 of list.csv).");
        row("Windows path", "list.csv", "a.ppm,cat\nC:\\photos\\b.ppm,dog\n", "a=cat", "A path of a Windows computer");
        row("contradiction", "list.csv", "a.ppm,cat\nb.ppm,cat\na.ppm,dog\n", "b=cat",
            "a.ppm: Left out, for the list contradicts itself: line 1 of list.csv says cat, line 3 of list.csv says dog.");
        row("two splits", "list.csv", "a.ppm,cat,train\na.ppm,cat,test\nb.ppm,cat,train\n", "b=cat", "line 1 of list.csv says train, line 2 of list.csv says test");
        row("mark without an end", "list.csv", "a.ppm,cat\n\"b.ppm,dog\nc.ppm,dog\n", "a=cat c=dog",
            "list.csv: In line 2 a quotation mark opens here and isn't closed; it was left out.");
        row("mark closed by the next field's", "list.csv", "\"a.ppm,cat\n\"b.ppm\",dog\n\"c.ppm\",cat\n", "b=dog c=cat", "In line 1 a quotation mark opens here");
        row("mark in the label closed a line later", "list.csv", "a.ppm,\"cat\nb.ppm,\"dog\nc.ppm,dog\n", "c=dog", "line");
        row("label over two lines", "list.csv", "a.ppm,\"c\nat\"\nb.ppm,dog\n", "b=dog", "In line 1 its label runs over several lines");
        row("text behind a mark", "list.csv", "\"a\".ppm,cat\nb.ppm,dog\n", "a=cat b=dog", "In line 1 text stands behind a closing quotation mark; it was read as it stands.");
        row("mark inside", "list.csv", "a.ppm,the \"cat\"\nb.ppm,dog\n", "a=the \"cat\" b=dog", "In line 1 a quotation mark stands inside a field");
        const std::string longLabel = std::string("a.ppm,").append(300, 'x').append("\nb.ppm,dog\n");
        row("label of 300 letters", "list.csv", longLabel.c_str(), "b=dog", "255 letters");
        row("no file", "list.csv", "a.ppm,cat\n,dog\n", "a=cat", "In line 2 no file is named");
        row("unknown split", "list.csv", "a.ppm,cat,holdout\nb.ppm,cat,train\n", "a=cat b=cat", "“holdout” is no split (train, validation or test)");
        row("torn JSON line", "list.jsonl", "{\"file\": \"a.ppm\", \"label\": \"cat\"}\n{\"file\": \"b.p\n{\"file\": \"c.ppm\", \"label\": \"dog\"}\n",
            "a=cat c=dog", "In line 2 it isn't valid JSON; it was left out.");
        row("entry of another kind", "list.json", R"(["a.ppm", {"file": "b.ppm", "label": "cat"}, {"file": "c.ppm", "label": ["x"]}])", "b=cat",
            "In entry 1 it is no object with a file and a label; it was left out; in entry 3 its label is no text; it was left out.");
        row("two groups", "list.json", R"([{"file": "a.ppm", "label": "cat", "group": "x"}, {"file": "a.ppm", "group": "y"}, {"file": "b.ppm", "label": "dog"}])",
            "b=dog", "entry 1 of list.json says group x, entry 2 of list.json says group y");
        row("group over two lines", "list.json", R"([{"file": "a.ppm", "label": "cat", "group": "x\ny"}])", "a=cat", "In entry 1 its group is too long or runs over");
        row("name of blanks", "list.json", R"([{"file": "  ", "label": "cat"}, {"file": "a.ppm", "label": "cat"}])", "a=cat", "In entry 1 no file is named");
        row("name with a zero", "list.json", R"({"a.ppm\u0000x": "cat", "b.ppm": "dog"})", "b=dog", "There is no such file (entry 1 of list.json).");
        row("equal keys that differ", "list.json", R"({"a.ppm": "cat", "b.ppm": "dog", "a.ppm": "dog"})", "b=dog", "entry 1 of list.json says cat, entry 3 of list.json says dog");
    }
    void whatIsDoubtfulIsSaidAndTheRestGoesOn()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, labels);
        QFETCH(QByteArray, said);
        ListFolder list;
        const auto report = list.import(name.toStdString(), text.toStdString());
        QVERIFY2(report, errorText(report));
        QCOMPARE(list.labels(), labels.toStdString());
        QVERIFY2(reasons(*report).find(said.toStdString()) != std::string::npos, reasons(*report).c_str());
    }

    void aListThatCantBeUsedIsExplained_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("empty") << QByteArray("list.csv") << QByteArray("") << QByteArray("names no picture");
        QTest::newRow("header alone") << QByteArray("list.csv") << QByteArray("file,label\n") << QByteArray("names no picture");
        QTest::newRow("no text") << QByteArray("list.csv") << QByteArray("a,b\0\1\2\3", 7) << QByteArray("is no text");
        QTest::newRow("torn JSON") << QByteArray("list.json") << QByteArray("[\n{\"file\": \"a.ppm\",\n") << QByteArray("isn't valid JSON: look at line 3");
        QTest::newRow("too large a number") << QByteArray("list.json") << QByteArray(R"([{"file": "a.ppm", "label": "cat", "weight": 1e999}])")
                                            << QByteArray("has a number in it that is too large");
        QTest::newRow("a number") << QByteArray("list.json") << QByteArray("7") << QByteArray("is no list");
        QTest::newRow("all unknown") << QByteArray("list.csv") << QByteArray("x.ppm,cat\n") << QByteArray("");
    }
    void aListThatCantBeUsedIsExplained()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, said);
        ListFolder list;
        const auto report = list.import(name.toStdString(), text.toStdString());
        QVERIFY(!report);
        QVERIFY2(report.error().message.find(said.toStdString()) != std::string::npos, errorText(report));
        QVERIFY2(report.error().message.find(name.toStdString()) != std::string::npos, errorText(report));
    }

    void latinLettersAreReadAsWindowsWritesThem()
    {
        ListFolder list;
        const auto report = list.import("list.csv", "a.ppm,caf\xE9\nb.ppm,\x80uro\n");
        QVERIFY2(report, errorText(report));
        QCOMPARE(list.labels(), "a=café b=€uro");
    }

    void aNameWithTheListsOwnBytesIsFound()
    {
        ListFolder list;
        list.folder.write("photos/\xE9.ppm", picture(50));
        const auto report = list.import("list.csv", "\xE9.ppm,cat\n");
        QVERIFY2(report, errorText(report));
        QCOMPARE(list.labels(), "\xE9=cat");
    }

    void anEmptyLabelIsNoLabelAndSplitsAreKept()
    {
        ListFolder list;
        const auto report = list.import("list.csv", "file,label,split\na.ppm,cat,train\nb.ppm,cat,val\nc.ppm,cat,TEST\nd.ppm,,\n");
        QVERIFY2(report, errorText(report));
        QCOMPARE(list.labels(), "a=cat b=cat c=cat d=");
        const auto state = list.project.state();
        QCOMPARE(state->images[0].split, std::optional(Split::Train));
        QCOMPARE(state->images[1].split, std::optional(Split::Validation));
        QCOMPARE(state->images[2].split, std::optional(Split::Test));
        QVERIFY(!state->images[3].split);
    }

    void whatALaterRowAddsToAPictureIsTakenOver()
    {
        ListFolder list;
        const auto report = list.import("list.csv", "file,label,excluded,unsure,group\na.ppm,cat,,,\na.ppm,,yes,yes,garden\nb.ppm,dog,,,  \n");
        QVERIFY2(report, errorText(report));
        QCOMPARE(list.labels(), "a=cat b=dog");
        const auto state = list.project.state();
        QVERIFY(state->images[0].excluded && state->images[0].unsure);
        QVERIFY(state->images[0].group);
        QCOMPARE(*state->images[0].group, "garden");
        QVERIFY(!state->images[1].group);
    }

    void absolutePathsAndFileUrisAreTaken()
    {
        ListFolder list;
        const auto a = (list.folder / "photos/a.ppm").native(), b = (list.folder / "photos/b.ppm").native();
        QVERIFY(importAll(list.project, {list.folder.write("elsewhere/list.csv", a + ",cat\nfile://" + b.substr(0, b.size() - 5) + "%62.ppm,dog\n")}));
        QCOMPARE(list.labels(), "a=cat b=dog");
    }

    void aLabelThatThePictureHasIsKeptAndTheListIsToldSo()
    {
        ListFolder list;
        QVERIFY(list.import("list.csv", "a.ppm,cat\nb.ppm,\n"));
        const auto report = list.import("other.csv", "a.ppm,dog\nb.ppm,dog\n");
        QVERIFY2(report, errorText(report));
        QCOMPARE(list.labels(), "a=cat b=dog");
        QCOMPARE(reasons(*report), "a.ppm: It is labelled cat already, and the list says dog: its label was kept.\n");
    }

    void listsAndFoldersComeTogether()
    {
        ListFolder list;
        writePictures(list.folder, "owls", 2, 100);
        writePictures(list.folder, "bats", 2, 200);
        const auto csv = list.folder.write("photos/list.csv", "a.ppm,cat\n");
        QVERIFY(importAll(list.project, {list.folder / "owls", csv, list.folder / "bats"}));
        QCOMPARE(list.labels(), "a=cat 200=bats 201=bats 100=owls 101=owls");
    }

    void aTextFileThatIsAPictureComesAsAPicture()
    {
        ListFolder list;
        QVERIFY(list.import("list.txt", picture(300)));
        QCOMPARE(list.labels(), "list=");
    }

    void cancelEndsALongList()
    {
        ListFolder list;
        std::string text;
        for (int i = 0; i < 5000; ++i)
            text += "a.ppm,cat\n";
        std::stop_source stop;
        stop.request_stop();
        const auto report = importFolders(list.project, std::vector{list.folder.write("photos/list.csv", text)}, {}, {}, stop.get_token());
        QVERIFY2(report, errorText(report));
        QVERIFY(report->cancelled);
        QVERIFY(list.project.state()->images.empty());
    }
};

QTEST_GUILESS_MAIN(ImportListTest)
#include "import_list_test.moc"
