#include "engine/predict/bench.h"
#include "tests/support/test_folder.h"

#include <QTest>

namespace whisker {

using test::errorText;

namespace {

BenchOptions shortOptions()
{
    BenchOptions options;
    options.batches = {1, 2};
    options.precisions = {Precision::Float32};
    options.windowSeconds = 0.01;
    options.windows = 1;
    options.threads = 1;
    return options;
}

} // namespace

class BenchTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anArchitectureIsTimedForEachBatch();
    void whatIsNeitherFileNorArchitectureIsSaid();
    void aBatchOfNothingIsRefused();
    void aStopIsAnError();
};

void BenchTest::anArchitectureIsTimedForEachBatch()
{
    int told = 0;
    const auto rows = benchmark("small", shortOptions(), [&](const BenchRow &) { ++told; });
    QVERIFY2(rows, errorText(rows));
    QCOMPARE(rows->size(), 2u);
    QCOMPARE(told, 2);
    QCOMPARE((*rows)[1].model, "small");
    QCOMPARE((*rows)[1].batch, 2);
    QVERIFY((*rows)[1].milliseconds > 0.0);
    QVERIFY(std::abs((*rows)[1].imagesPerSecond * (*rows)[1].milliseconds - 2000.0) < 1e-6);
}

void BenchTest::whatIsNeitherFileNorArchitectureIsSaid()
{
    const auto rows = benchmark("nowhere.safetensors", shortOptions());
    QVERIFY(!rows);
    QVERIFY(rows.error().message.find("nowhere.safetensors") != std::string::npos);
    QVERIFY(rows.error().message.find("lite0") != std::string::npos);
}

void BenchTest::aBatchOfNothingIsRefused()
{
    BenchOptions options = shortOptions();
    options.batches = {0};
    QCOMPARE(benchmark("small", options).error().code, ErrorCode::InvalidArgument);
}

void BenchTest::aStopIsAnError()
{
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(benchmark("small", shortOptions(), {}, stop.get_token()).error().code, ErrorCode::Cancelled);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::BenchTest)
#include "bench_test.moc"
