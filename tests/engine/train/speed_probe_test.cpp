#include "engine/train/speed_probe.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <cmath>

using namespace whisker;
using namespace whisker::test;

class SpeedProbeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Which of the two is greater is not asked: on a busy machine a small net's steps tell little.
    void learningAndLookingAreMeasured()
    {
        const auto speed = measureSpeed("small");
        QVERIFY2(speed, speed ? "" : speed.error().message.c_str());
        QVERIFY(std::isfinite(speed->learning) && speed->learning > 0);
        QVERIFY(std::isfinite(speed->looking) && speed->looking > 0);
    }

    void anUnknownNetworkIsAnError()
    {
        QCOMPARE(measureSpeed("vit").error().code, ErrorCode::InvalidArgument);
    }

    void itCanBeStopped()
    {
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(measureSpeed("resnet50", stop.get_token()).error().code, ErrorCode::Cancelled);
    }

    void whatWasMeasuredIsKept()
    {
        const TestFolder folder;
        const std::map<std::string, NetworkSpeed> speeds{{"lite0", {60.5, 400}}, {"small", {900, 3000}}};
        QVERIFY(readSpeeds(folder / "cache" / "speeds.json").empty());
        QVERIFY(writeSpeeds(folder / "cache" / "speeds.json", speeds));
        QVERIFY(readSpeeds(folder / "cache" / "speeds.json") == speeds);
    }

    void aFileThatIsNoneOfOursCountsAsNothing()
    {
        const TestFolder folder;
        for (const char *text : {"", "[1,2", "[]", "7", R"({"another machine":{"lite0":[1,2]}})"})
            QVERIFY(readSpeeds(folder.write("speeds.json", text)).empty());
    }
};

QTEST_GUILESS_MAIN(SpeedProbeTest)
#include "speed_probe_test.moc"
