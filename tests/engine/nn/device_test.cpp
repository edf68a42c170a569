#include "engine/nn/device.h"
#include "tests/support/test_folder.h"

#include <QTest>

namespace whisker {

using test::errorText;

class DeviceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theCpuIsAlwaysThereAndFirst();
    void automaticTakesAGpuOnlyWhereThereIsOne();
    void aGpuThatIsNotThereIsRefusedWithAdvice();
    void nonsenseIsRefused_data();
    void nonsenseIsRefused();
    void precisionIsMadeDefinite();
    void anUnknownPrecisionIsRefused();
    void threadsAreSetAndDescribed();
};

void DeviceTest::theCpuIsAlwaysThereAndFirst()
{
    const auto devices = availableDevices();
    QVERIFY(!devices.empty());
    QCOMPARE(devices[0].kind, Device::Kind::Cpu);
    const auto cpu = chooseDevice("cpu");
    QVERIFY2(cpu, errorText(cpu));
    QVERIFY(*cpu == devices[0]);
    QCOMPARE(deviceName(*cpu), "cpu");
}

void DeviceTest::automaticTakesAGpuOnlyWhereThereIsOne()
{
    const auto device = chooseDevice("auto");
    QVERIFY2(device, errorText(device));
    QCOMPARE(device->kind, availableDevices().size() > 1 ? Device::Kind::Cuda : Device::Kind::Cpu);
}

void DeviceTest::aGpuThatIsNotThereIsRefusedWithAdvice()
{
    const auto beyond = "cuda:" + std::to_string(availableDevices().size() - 1);
    const auto device = chooseDevice(beyond);
    QVERIFY(!device);
    QCOMPARE(device.error().code, ErrorCode::Unsupported);
    QVERIFY(device.error().message.contains(beyond));
    QVERIFY(device.error().message.contains("--device cpu"));
}

void DeviceTest::nonsenseIsRefused_data()
{
    QTest::addColumn<QString>("wish");
    for (const char *wish : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:0x", "cuda:99999999999", "CPU"})
        QTest::newRow(wish) << wish;
}

void DeviceTest::nonsenseIsRefused()
{
    QFETCH(QString, wish);
    const auto device = chooseDevice(wish.toStdString());
    QVERIFY(!device);
    QCOMPARE(device.error().code, ErrorCode::InvalidArgument);
}

void DeviceTest::precisionIsMadeDefinite()
{
    const Device cpu = *chooseDevice("cpu");
    QCOMPARE(*choosePrecision("fp32", cpu), Precision::Float32);
    QCOMPARE(*choosePrecision("auto", cpu), hasBFloat16(cpu) ? Precision::BFloat16 : Precision::Float32);
    const auto bf16 = choosePrecision("bf16", cpu);
    QCOMPARE(bf16.has_value(), hasBFloat16(cpu));
    if (!bf16)
        QVERIFY(bf16.error().message.contains("--precision fp32"));
}

void DeviceTest::anUnknownPrecisionIsRefused()
{
    const auto precision = choosePrecision("int4", *chooseDevice("cpu"));
    QVERIFY(!precision);
    QCOMPARE(precision.error().code, ErrorCode::InvalidArgument);
}

void DeviceTest::threadsAreSetAndDescribed()
{
    const Device cpu = *chooseDevice("cpu");
    setComputeThreads(1);
    QCOMPARE(describe(cpu, Precision::Float32), "CPU, 1 thread, fp32");
    setComputeThreads(2);
    QCOMPARE(computeThreads(), 2);
    QCOMPARE(describe(cpu, Precision::BFloat16), "CPU, 2 threads, bf16");
    setComputeThreads(0);
    QVERIFY(computeThreads() >= 1);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::DeviceTest)
#include "device_test.moc"
