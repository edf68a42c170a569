#include "engine/train/internal/device_feed.h"
#include "tests/support/late_device.h"

#include <QTest>

#include <ATen/ATen.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace whisker {

using internal::DeviceFeed;
using test::LateDevice;

namespace {

const at::Device kLate(c10::kPrivateUse1, 0);

c10::Stream newStream()
{
    return c10::impl::VirtualGuardImpl(kLate.type()).getStreamFromGlobalPool(kLate, false);
}

/// Batches of several sizes, each with values of its own.
std::vector<at::Tensor> batchOf(int number)
{
    const std::int64_t pictures = number % 3 == 1 ? 5 : 8;
    return {at::full({pictures, 4, 4, 3}, number, at::kByte), at::full({pictures}, 1000 + number, at::kLong)};
}

/// On the computing stream, and later: the device takes its time.
std::vector<at::Tensor> computed(const std::vector<at::Tensor> &inputs)
{
    std::vector<at::Tensor> results;
    for (const at::Tensor &input : inputs) {
        results.push_back(at::empty(input.sizes(), input.options()));
        results.back().copy_(input, true);
    }
    return results;
}

bool isBatch(const std::vector<at::Tensor> &found, int number)
{
    const std::vector<at::Tensor> expected = batchOf(number);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const at::Tensor here = at::from_blob(found[i].data_ptr(), found[i].sizes(), expected[i].options());
        if (!here.equal(expected[i]))
            return false;
    }
    return found.size() == expected.size();
}

} // namespace

class DeviceFeedTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { LateDevice::install(); }
    void whateverTheOrderEachStepSeesItsBatch();
    void buffersAreMadeOnce();
    void onTheCpuTensorsAreHandedThrough();
};

void DeviceFeedTest::whateverTheOrderEachStepSeesItsBatch()
{
    constexpr int kBatches = 8;
    for (int seed = 0; seed < 200; ++seed) {
        LateDevice::drawOrder(static_cast<std::uint64_t>(seed));
        const c10::Stream compute = newStream();
        const c10::StreamGuard onCompute(compute);
        DeviceFeed feed(kLate, compute);
        std::vector<std::vector<at::Tensor>> results;
        const auto send = [&](int number) {
            std::vector<at::Tensor> batch = batchOf(number);
            const std::size_t place = feed.send(batch);
            for (at::Tensor &tensor : batch)
                tensor.zero_(); // the next picture is decoded there
            return place;
        };
        std::size_t now = send(0);
        for (int number = 0; number < kBatches; ++number) {
            const std::size_t next = send(number + 1);
            results.push_back(computed(feed.receive(now)));
            feed.done(now);
            now = next;
        }
        LateDevice::finish();
        for (int number = 0; number < kBatches; ++number)
            QVERIFY2(isBatch(results[static_cast<std::size_t>(number)], number), qPrintable(QString("seed %1, batch %2").arg(seed).arg(number)));
    }
}

void DeviceFeedTest::buffersAreMadeOnce()
{
    const c10::Stream compute = newStream();
    const c10::StreamGuard onCompute(compute);
    DeviceFeed feed(kLate, compute);
    const int before = LateDevice::allocations();
    for (int number = 0; number < 20; ++number) {
        const std::size_t place = feed.send(batchOf(number));
        QCOMPARE(feed.receive(place).size(), 2u);
        feed.done(place);
    }
    QVERIFY(LateDevice::allocations() - before <= 2 * 2 * (2 + 2)); // two places with pixels and labels, pinned and on the device, of two sizes at most
    LateDevice::finish();
}

void DeviceFeedTest::onTheCpuTensorsAreHandedThrough()
{
    DeviceFeed feed(at::kCPU, std::nullopt);
    const std::vector<at::Tensor> batch = batchOf(3);
    const std::size_t place = feed.send(batch);
    QVERIFY(feed.receive(place)[0].is_same(batch[0]));
    feed.done(place);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::DeviceFeedTest)
#include "device_feed_test.moc"
