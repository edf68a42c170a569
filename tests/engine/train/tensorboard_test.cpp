#include "engine/train/tensorboard.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <bit>
#include <cstring>
#include <vector>

namespace whisker {

using test::errorText;
using test::fileBytes;
using test::TestFolder;

namespace {

template <class Number> Number numberAt(std::string_view bytes, std::size_t place)
{
    Number number = 0;
    std::memcpy(&number, bytes.data() + place, sizeof number);
    return number;
}

bool hasCrc(std::string_view data, std::uint32_t masked)
{
    return std::rotl(masked - 0xa282ead8u, 15) == crc32c(data);
}

/// The messages in a file of TFRecords; empty where a checksum is wrong or something is left over.
std::vector<std::string> recordsOf(const std::string &bytes)
{
    std::vector<std::string> records;
    for (std::size_t at = 0; at < bytes.size();) {
        if (bytes.size() - at < 16 || !hasCrc(std::string_view(bytes).substr(at, 8), numberAt<std::uint32_t>(bytes, at + 8)))
            return {};
        const auto size = static_cast<std::size_t>(numberAt<std::uint64_t>(bytes, at));
        if (bytes.size() - at < 16 + size)
            return {};
        records.push_back(bytes.substr(at + 12, size));
        if (!hasCrc(records.back(), numberAt<std::uint32_t>(bytes, at + 12 + size)))
            return {};
        at += 16 + size;
    }
    return records;
}

} // namespace

class TensorBoardTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theChecksumIsCastagnolis();
    void aFileBeginsWithItsVersion();
    void aPointIsAnEventWithTagStepAndValue();
    void theFirstPointSaysFromWhereOnEarlierFilesAreForgotten();
    void everyWriterHasAFileOfItsOwn();
    void ofAnEarlierPartWhatTheFolderLacksIsWritten();
    void anEarlierFileMayBeTornOrAnothers();
    void aFolderThatCannotBeMadeIsSaid();
};

void TensorBoardTest::theChecksumIsCastagnolis()
{
    QCOMPARE(crc32c("123456789"), 0xe3069283u); // the check value of RFC 3720's polynomial
    QCOMPARE(crc32c(std::string(32, '\0')), 0x8a9136aau); // RFC 3720, B.4
}

void TensorBoardTest::aFileBeginsWithItsVersion()
{
    const TestFolder folder;
    const auto writer = TensorBoardWriter::create(folder / "new/board");
    QVERIFY2(writer, errorText(writer));
    QVERIFY(writer->file().filename().native().starts_with("events.out.tfevents."));
    const auto records = recordsOf(fileBytes(writer->file()));
    QCOMPARE(records.size(), 1u);
    QVERIFY(records[0].substr(9) == "\x1a\x0d" "brain.Event:2");
}

void TensorBoardTest::aPointIsAnEventWithTagStepAndValue()
{
    const TestFolder folder;
    auto writer = TensorBoardWriter::create(folder.path());
    QVERIFY2(writer, errorText(writer));
    QVERIFY(writer->add({MetricSeries::LearningRate, 300, 1.5, 0.25}).has_value());
    const auto records = recordsOf(fileBytes(writer->file()));
    QCOMPARE(records.size(), 3u);
    const std::string &event = records[2];
    QCOMPARE(event[0], '\x09'); // wall_time, a double
    QVERIFY(std::bit_cast<double>(numberAt<std::uint64_t>(event, 1)) > 1.7e9);
    QVERIFY(event.substr(9, 3) == "\x10\xac\x02"); // step = 300
    const std::string value = std::string("\x0a\x0d") + "learning_rate" + std::string("\x15\0\0\x80\x3e", 5); // simple_value = 0.25f
    QVERIFY(event.substr(12) == std::string("\x2a\x16\x0a\x14") + value);
}

void TensorBoardTest::theFirstPointSaysFromWhereOnEarlierFilesAreForgotten()
{
    const TestFolder folder;
    const auto startBefore = [&](MetricSeries series) {
        auto writer = TensorBoardWriter::create(folder.path());
        for (int step = 7; step < 9; ++step)
            (void)writer->add({series, step, 1.5, 0.25});
        const auto records = recordsOf(fileBytes(writer->file()));
        return records.size() == 4 ? records[1].substr(9) : std::string(); // after the time
    };
    const std::string start = "\x3a\x02\x08\x01"; // session_log { status: START }
    QVERIFY(startBefore(MetricSeries::TrainingLoss) == "\x10\x07" + start);
    QVERIFY(startBefore(MetricSeries::ValidationLoss) == "\x10\x08" + start); // the loss of step 7 was not taken again
}

void TensorBoardTest::everyWriterHasAFileOfItsOwn()
{
    const TestFolder folder;
    const auto one = TensorBoardWriter::create(folder.path()), two = TensorBoardWriter::create(folder.path());
    QVERIFY(one && two);
    QVERIFY(one->file() != two->file());
}

void TensorBoardTest::ofAnEarlierPartWhatTheFolderLacksIsWritten()
{
    const TestFolder folder;
    std::vector<MetricPoint> points;
    for (int step = 1; step <= 4; ++step) {
        points.push_back({MetricSeries::TrainingLoss, step, 0.5 * step, 1.0 / step});
        points.push_back({MetricSeries::LearningRate, step, 0.5 * step, 0.1});
    }
    points.push_back({MetricSeries::ValidationLoss, 4, 2.0, 0.5});
    const auto written = [&](std::size_t earlier) {
        auto writer = TensorBoardWriter::create(folder.path());
        const bool added = writer && writer->addMissing(std::span(points).first(earlier));
        return added ? recordsOf(fileBytes(writer->file())).size() : 0;
    };
    QCOMPARE(written(0), 1u);     // its version
    QCOMPARE(written(4), 2u + 4); // and from where on they count
    QCOMPARE(written(4), 1u);     // nothing is missing
    QCOMPARE(written(8), 2u + 4); // steps 3 and 4
    QCOMPARE(written(9), 2u + 1); // a later point of a step that is known
    QCOMPARE(written(9), 1u);
}

void TensorBoardTest::anEarlierFileMayBeTornOrAnothers()
{
    const TestFolder folder;
    const std::vector<MetricPoint> points = {{MetricSeries::TrainingLoss, 1, 0.5, 0.3}, {MetricSeries::TrainingLoss, 2, 1.0, 0.2}};
    auto first = TensorBoardWriter::create(folder.path());
    QVERIFY(first && first->addMissing(points));
    std::filesystem::resize_file(first->file(), std::filesystem::file_size(first->file()) - 1);
    folder.write("events.out.tfevents.empty", "");
    folder.write("events.out.tfevents.noise", std::string(200, '\xff'));
    auto second = TensorBoardWriter::create(folder.path());
    QVERIFY(second && second->addMissing(points));
    QCOMPARE(recordsOf(fileBytes(second->file())).size(), 3u); // the one that was cut off
}

void TensorBoardTest::aFolderThatCannotBeMadeIsSaid()
{
    const TestFolder folder;
    folder.write("file", "no folder");
    const auto writer = TensorBoardWriter::create(folder / "file/board");
    QVERIFY(!writer);
    QVERIFY(writer.error().message.find("file/board") != std::string::npos);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::TensorBoardTest)
#include "tensorboard_test.moc"
