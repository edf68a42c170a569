#include "engine/train/model_file.h"
#include "engine/nn/architectures.h"
#include "tests/support/test_folder.h"

#include <QTest>

namespace whisker {

using test::errorText;
using test::TestFolder;

namespace {

ModelFile smallModel()
{
    ModelFile model;
    model.architecture = "small";
    model.classes = {"cat", "døg"};
    model.preprocessing = imageNetPreprocessing(32);
    model.temperature = 1.5;
    model.threshold = 0.6;
    model.receipt = R"({"seed":7})";
    for (const WeightSpec &spec : weightSpecs(*buildArchitecture("small", 2))) {
        std::int64_t count = 1;
        for (const std::int64_t length : spec.shape)
            count *= length;
        model.weights.set(spec.name, WeightTensor::fromFloats(spec.shape, std::vector<float>(static_cast<std::size_t>(count), 0.5F)));
    }
    return model;
}

/// The file of `smallModel()` with other words in its metadata.
std::filesystem::path withMetadata(const TestFolder &folder, const std::string &text)
{
    const auto written = writeSafetensors(folder / "other.safetensors", smallModel().weights, {{"whisker", text}});
    return written ? folder / "other.safetensors" : std::filesystem::path();
}

} // namespace

class ModelFileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aModelIsReadAsItWasWritten();
    void itsDescriptionIsReadWithoutWeights();
    void aFileCutInHalfIsRefused();
    void aFileOfANewerVersionIsRefused();
    void weightsOfSomethingElseAreNoModel();
    void aMissingWeightIsNamed();
    void aMissingFileIsNamed();
    void anotherFormOfMetadataIsRefused_data();
    void anotherFormOfMetadataIsRefused();
};

void ModelFileTest::aModelIsReadAsItWasWritten()
{
    const TestFolder folder;
    const auto written = writeModel(folder / "m.safetensors", smallModel());
    QVERIFY2(written, errorText(written));
    const auto read = readModel(folder / "m.safetensors");
    QVERIFY2(read, errorText(read));
    QCOMPARE(read->architecture, "small");
    QVERIFY(read->classes == smallModel().classes);
    QVERIFY(read->preprocessing == smallModel().preprocessing);
    QCOMPARE(read->temperature, 1.5);
    QCOMPARE(read->threshold.value_or(0.0), 0.6);
    QCOMPARE(read->receipt, R"({"seed":7})");
    QVERIFY(read->weights == smallModel().weights);
}

void ModelFileTest::itsDescriptionIsReadWithoutWeights()
{
    const TestFolder folder;
    QVERIFY(writeModel(folder / "m.safetensors", smallModel()).has_value());
    const auto read = readModelDescription(folder / "m.safetensors");
    QVERIFY2(read, errorText(read));
    QCOMPARE(read->classes.size(), 2u);
    QCOMPARE(read->weights.size(), 0u);
}

void ModelFileTest::aFileCutInHalfIsRefused()
{
    const TestFolder folder;
    QVERIFY(writeModel(folder / "m.safetensors", smallModel()).has_value());
    const std::string bytes = test::fileBytes(folder / "m.safetensors");
    const auto read = readModel(folder.write("half.safetensors", std::string_view(bytes).substr(0, bytes.size() / 2)));
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::BadFormat);
    QVERIFY(read.error().message.find("half.safetensors") != std::string::npos);
}

void ModelFileTest::aFileOfANewerVersionIsRefused()
{
    const TestFolder folder;
    const auto read = readModel(withMetadata(folder, R"({"format":2})"));
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::NewerVersion);
    QVERIFY(read.error().message.find("update") != std::string::npos);
}

void ModelFileTest::weightsOfSomethingElseAreNoModel()
{
    const TestFolder folder;
    QVERIFY(writeSafetensors(folder / "w.safetensors", smallModel().weights, {}).has_value());
    QCOMPARE(readModel(folder / "w.safetensors").error().code, ErrorCode::BadFormat);
    QCOMPARE(readModel(folder.write("text.safetensors", "hello")).error().code, ErrorCode::BadFormat);
    QCOMPARE(readModel(folder.write("empty.safetensors", "")).error().code, ErrorCode::BadFormat);
}

void ModelFileTest::aMissingWeightIsNamed()
{
    const TestFolder folder;
    ModelFile model = smallModel();
    const std::string name = model.weights.begin()->first;
    model.weights.remove(name);
    QVERIFY(writeModel(folder / "m.safetensors", model).has_value());
    const auto read = readModel(folder / "m.safetensors");
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::BadFormat);
    QVERIFY(read.error().message.find(name) != std::string::npos);
}

void ModelFileTest::aMissingFileIsNamed()
{
    const TestFolder folder;
    const auto read = readModel(folder / "nowhere.safetensors");
    QCOMPARE(read.error().code, ErrorCode::NotFound);
    QVERIFY(read.error().message.find("nowhere.safetensors") != std::string::npos);
}

void ModelFileTest::anotherFormOfMetadataIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray preprocessing = QByteArray::fromStdString(toJson(imageNetPreprocessing(32)));
    QTest::newRow("no JSON") << QByteArray("{");
    QTest::newRow("a number") << QByteArray("3");
    QTest::newRow("no format") << QByteArray("{}");
    QTest::newRow("no classes") << R"({"format":1,"architecture":"small","classes":[],"preprocessing":)" + preprocessing + "}";
    QTest::newRow("unknown net") << R"({"format":1,"architecture":"vgg","classes":["a","b"],"preprocessing":)" + preprocessing + "}";
    QTest::newRow("other classes") << R"({"format":1,"architecture":"small","classes":["a"],"preprocessing":)" + preprocessing + "}";
    QTest::newRow("temperature 0") << R"({"format":1,"architecture":"small","classes":["a","b"],"calibration":{"temperature":0},"preprocessing":)" +
                                          preprocessing + "}";
    QTest::newRow("no preprocessing") << QByteArray(R"({"format":1,"architecture":"small","classes":["a","b"],"preprocessing":{}})");
}

void ModelFileTest::anotherFormOfMetadataIsRefused()
{
    QFETCH(QByteArray, text);
    const TestFolder folder;
    const auto read = readModel(withMetadata(folder, text.toStdString()));
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::BadFormat);
    QVERIFY(read.error().message.find("other.safetensors") != std::string::npos);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::ModelFileTest)
#include "model_file_test.moc"
