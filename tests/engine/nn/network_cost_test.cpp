#include "engine/nn/architectures.h"
#include "engine/nn/network_cost.h"

#include <QTest>

using namespace whisker;

class NetworkCostTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void multiplicationsAndWeightsAreThoseThatTorchvisionTells_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<qint64>("multiplyAdds");
        QTest::addColumn<qint64>("learnt");
        QTest::newRow("ResNet-18") << "resnet18" << qint64(1'814'073'344) << qint64(11'689'512);
        QTest::newRow("ResNet-50") << "resnet50" << qint64(4'089'184'256) << qint64(25'557'032);
        QTest::newRow("MobileNetV2") << "mobilenet_v2" << qint64(300'774'272) << qint64(3'504'872);
    }

    void multiplicationsAndWeightsAreThoseThatTorchvisionTells()
    {
        QFETCH(QString, name);
        QFETCH(qint64, multiplyAdds);
        QFETCH(qint64, learnt);
        const auto graph = buildArchitecture(name.toStdString(), 1000);
        QVERIFY(graph);
        const NetworkCost cost = costOf(*graph, 224);
        QCOMPARE(cost.multiplyAdds, multiplyAdds);
        QVERIFY(cost.weights >= learnt); // running statistics as well
        QVERIFY(double(cost.weights) < 1.02 * double(learnt));
    }

    void halfTheSizeIsAQuarterOfTheWork()
    {
        const auto graph = buildArchitecture("lite0", 2);
        QVERIFY(graph);
        const double whole = double(costOf(*graph, 256).multiplyAdds);
        const double half = double(costOf(*graph, 128).multiplyAdds);
        QVERIFY(std::abs(half / whole - 0.25) < 0.01);
    }

    void aLargerBatchNeedsMoreMemoryAndBf16Less()
    {
        const NetworkCost cost{.multiplyAdds = 0, .weights = 10, .activations = 100};
        QCOMPARE(trainingBytes(cost, 1, Precision::Float32), 560);
        QCOMPARE(trainingBytes(cost, 2, Precision::Float32), 960);
        QCOMPARE(trainingBytes(cost, 1, Precision::BFloat16), 360);
    }
};

QTEST_GUILESS_MAIN(NetworkCostTest)
#include "network_cost_test.moc"
