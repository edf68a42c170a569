#include "engine/train/network_offer.h"
#include "engine/train/speed_probe.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <cmath>
#include <vector>

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

    void onlyWhatIsNotKnownIsMeasured()
    {
        const TestFolder folder;
        const auto file = folder / "speeds.json";
        QVERIFY(writeSpeeds(file, {{"lite0", {60.5, 400}}}));
        std::vector<std::string> asked;
        std::size_t told = 0;
        const SpeedMeasure measure = [&](std::string_view name, std::stop_token) -> Result<NetworkSpeed> {
            asked.emplace_back(name);
            return name == "resnet50" ? fail(ErrorCode::Internal, "no memory") : Result<NetworkSpeed>(NetworkSpeed{1, 2});
        };
        const NetworkSpeeds speeds = measureSpeeds(architectures(), file, measure, [&](const NetworkSpeeds &known) { told += known.contains("lite0"); }, {});
        QCOMPARE(asked.size(), architectures().size() - 1);
        QCOMPARE(speeds.size(), architectures().size() - 1); // without the one that failed
        QCOMPARE(told, speeds.size());
        QVERIFY(speeds.at("lite0") == (NetworkSpeed{60.5, 400}));
        QVERIFY(readSpeeds(file) == speeds);
        asked.clear();
        (void)measureSpeeds(architectures(), file, measure, [](const NetworkSpeeds &) {}, {});
        QCOMPARE(asked, std::vector<std::string>{"resnet50"});
    }

    void aStoppedMeasuringKeepsWhatIsKnown()
    {
        const TestFolder folder;
        std::stop_source stop;
        const SpeedMeasure measure = [&](std::string_view, std::stop_token) -> Result<NetworkSpeed> {
            static int calls = 0;
            if (++calls == 2)
                stop.request_stop();
            return NetworkSpeed{1, 2};
        };
        QCOMPARE(measureSpeeds(architectures(), folder / "speeds.json", measure, [](const NetworkSpeeds &) {}, stop.get_token()).size(), 1u);
        QCOMPARE(readSpeeds(folder / "speeds.json").size(), 1u);
    }

    void anOfferIsReckonedForTheSizeThatIsWanted()
    {
        const ArchitectureInfo network = *findArchitecture("resnet18");
        const NetworkOffer own = networkOffer(network, {}, NetworkSpeed{40, 120}), none = networkOffer(network, {}, std::nullopt);
        QCOMPARE(own.sizePx, 224);
        QVERIFY(own.weights > 11'000'000 && own.weights < 12'000'000);
        QVERIFY(own.speed == (NetworkSpeed{40, 120}) && !none.speed);
        const NetworkOffer half = networkOffer(network, {.sizePx = 112, .batch = 64}, NetworkSpeed{40, 120});
        QVERIFY(half.speed->learning > 120 && half.speed->learning < 180); // about a quarter of the work
        QCOMPARE(half.weights, own.weights);
        QVERIFY(half.trainingBytes < own.trainingBytes); // a quarter of the pixels, twice the pictures
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
