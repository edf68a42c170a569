#include "engine/nn/weights.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <array>

namespace whisker {

using test::errorText;
using test::TestFolder;

class SafetensorsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsWrittenIsReadBack();
    void theSameContentGivesTheSameBytes();
    void tensorsBeginAtAMultipleOfEight();
    void metadataAreReadWithoutTheTensors();
    void aBrokenFileIsRefusedWithItsName_data();
    void aBrokenFileIsRefusedWithItsName();
    void everyCutOfAFileIsRefused();
    void aMissingFileIsNotFound();
    void aFolderIsUnreadable();
    void anUnknownElementTypeIsUnsupported();
    void dataThatDoNotFitTheirShapeAreNotWritten();
    void textThatIsNotUtf8IsNotWritten();
    void aFailedWriteLeavesTheOldFile();
};

namespace {

Weights someWeights()
{
    Weights weights;
    weights.set("layer.weight", WeightTensor::fromFloats({2, 3}, std::array<float, 6>{1, 2, 3, 4, 5, 6}));
    weights.set("flag", {DType::Bool, {3}, {std::byte(1), std::byte(0), std::byte(1)}});
    weights.set("count", {DType::Int64, {}, std::vector<std::byte>(8, std::byte(7))});
    weights.set("empty", {DType::Float16, {0, 4}, {}});
    return weights;
}

std::string lengthBytes(std::uint64_t length)
{
    return {reinterpret_cast<const char *>(&length), sizeof length};
}

/// A file with this header and `dataBytes` zeros behind it.
std::string fileWith(const std::string &header, std::size_t dataBytes)
{
    return lengthBytes(header.size()) + header + std::string(dataBytes, '\0');
}

} // namespace

void SafetensorsTest::whatIsWrittenIsReadBack()
{
    const TestFolder folder;
    const SafetensorsMetadata metadata{{"whisker", "{\"classes\":[\"Кот\",\"猫\"]}"}, {"format", "pt"}};
    const auto written = writeSafetensors(folder / "model.safetensors", someWeights(), metadata);
    QVERIFY2(written, errorText(written));
    const auto read = readSafetensors(folder / "model.safetensors");
    QVERIFY2(read, errorText(read));
    QVERIFY(read->weights == someWeights());
    QVERIFY(read->metadata == metadata);
    QCOMPARE(read->weights.find("layer.weight")->floats()[4], 5.0F);
}

void SafetensorsTest::theSameContentGivesTheSameBytes()
{
    const TestFolder folder;
    QVERIFY(writeSafetensors(folder / "a", someWeights(), {{"x", "y"}}));
    QVERIFY(writeSafetensors(folder / "b", someWeights(), {{"x", "y"}}));
    QVERIFY(test::fileBytes(folder / "a") == test::fileBytes(folder / "b"));
}

void SafetensorsTest::tensorsBeginAtAMultipleOfEight()
{
    const TestFolder folder;
    QVERIFY(writeSafetensors(folder / "a", someWeights(), {{"odd", "length"}}));
    QCOMPARE(static_cast<unsigned char>(test::fileBytes(folder / "a")[0]) % 8, 0);
}

void SafetensorsTest::metadataAreReadWithoutTheTensors()
{
    const TestFolder folder;
    QVERIFY(writeSafetensors(folder / "a", someWeights(), {{"x", "y"}}));
    const auto metadata = readSafetensorsMetadata(folder / "a");
    QVERIFY2(metadata, errorText(metadata));
    QVERIFY(*metadata == (SafetensorsMetadata{{"x", "y"}}));
}

void SafetensorsTest::aBrokenFileIsRefusedWithItsName_data()
{
    const auto tensor = [](const char *type, const char *shape, const char *offsets) {
        return std::string("{\"t\":{\"dtype\":\"") + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
    };
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char *name, const std::string &bytes) { QTest::newRow(name) << QByteArray::fromStdString(bytes); };
    row("empty", "");
    row("seven bytes", "1234567");
    row("text", "This is no safetensors file at all, but a letter.");
    row("header longer than the file", lengthBytes(1000) + "{}");
    row("header of 2^64 - 1 bytes", lengthBytes(~std::uint64_t(0)) + "{}");
    row("header is no JSON", fileWith("{\"t\":", 0));
    row("header is a list", fileWith("[]", 0));
    row("header is not UTF-8", fileWith("{\"\xff\":1}", 0));
    row("entry is a number", fileWith("{\"t\":1}", 0));
    row("entry without shape", fileWith("{\"t\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4));
    row("negative extent", fileWith(tensor("F32", "[-1]", "[0,4]"), 4));
    row("shape that overflows", fileWith(tensor("F32", "[4294967296,4294967296]", "[0,4]"), 4));
    row("shape too small for its place", fileWith(tensor("F32", "[1]", "[0,8]"), 8));
    row("type too wide for its place", fileWith(tensor("F64", "[1]", "[0,4]"), 4));
    row("place behind the end", fileWith(tensor("F32", "[2]", "[0,8]"), 4));
    row("place that ends before it begins", fileWith(tensor("F32", "[1]", "[4,0]"), 4));
    row("three offsets", fileWith(tensor("F32", "[1]", "[0,4,8]"), 4));
    row("fractional offset", fileWith(tensor("F32", "[1]", "[0,4.5]"), 4));
    row("overlap", fileWith("{\"s\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                             "\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4));
    row("hole", fileWith(tensor("F32", "[1]", "[4,8]"), 8));
    row("bytes of no tensor", fileWith(tensor("F32", "[1]", "[0,4]"), 8));
    row("metadata that are no strings", fileWith("{\"__metadata__\":{\"a\":1}}", 0));
}

void SafetensorsTest::aBrokenFileIsRefusedWithItsName()
{
    QFETCH(QByteArray, bytes);
    const TestFolder folder;
    const auto file = folder.write("broken.safetensors", bytes.toStdString());
    const auto read = readSafetensors(file);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::BadFormat);
    QVERIFY(read.error().message.contains("broken.safetensors"));
    QVERIFY(!readSafetensorsMetadata(file));
}

void SafetensorsTest::everyCutOfAFileIsRefused()
{
    const TestFolder folder;
    QVERIFY(writeSafetensors(folder / "whole", someWeights(), {}));
    const std::string whole = test::fileBytes(folder / "whole");
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto read = readSafetensors(folder.write("cut", whole.substr(0, length)));
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::BadFormat);
    }
}

void SafetensorsTest::aMissingFileIsNotFound()
{
    const TestFolder folder;
    const auto read = readSafetensors(folder / "nowhere.safetensors");
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::NotFound);
    QVERIFY(read.error().message.contains("nowhere.safetensors"));
}

void SafetensorsTest::aFolderIsUnreadable()
{
    const TestFolder folder;
    const auto read = readSafetensors(folder.path());
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Unreadable);
}

void SafetensorsTest::anUnknownElementTypeIsUnsupported()
{
    const TestFolder folder;
    const auto read = readSafetensors(
        folder.write("f8", fileWith("{\"t\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1)));
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Unsupported);
}

void SafetensorsTest::dataThatDoNotFitTheirShapeAreNotWritten()
{
    const TestFolder folder;
    Weights weights;
    weights.set("t", {DType::Float32, {2}, std::vector<std::byte>(4)});
    const auto written = writeSafetensors(folder / "a", weights, {});
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::InvalidArgument);
    QVERIFY(!std::filesystem::exists(folder / "a"));
}

void SafetensorsTest::textThatIsNotUtf8IsNotWritten()
{
    const TestFolder folder;
    const auto written = writeSafetensors(folder / "a", {}, {{"name", "\xff"}});
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::InvalidArgument);
}

void SafetensorsTest::aFailedWriteLeavesTheOldFile()
{
    const TestFolder folder;
    QVERIFY(writeSafetensors(folder / "a", someWeights(), {}));
    Weights wrong = someWeights();
    wrong.find("flag")->data.clear();
    QVERIFY(!writeSafetensors(folder / "a", wrong, {}));
    QVERIFY(readSafetensors(folder / "a")->weights == someWeights());
    const auto nowhere = writeSafetensors(folder / "no" / "a", someWeights(), {});
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().code, ErrorCode::NotFound);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::SafetensorsTest)
#include "safetensors_test.moc"
