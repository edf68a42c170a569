#include "engine/base/locations.h"
#include "engine/nn/architectures.h"
#include "engine/nn/weights.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>
#include <set>

namespace whisker {

using test::errorText;

class ArchitecturesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void parameterCountsAreThoseOfTheReference_data();
    void parameterCountsAreThoseOfTheReference();
    void everyGraphCanBeRunInItsOrder();
    void pretrainedWeightsFitTheirGraphs();
    void anAliasGivesTheSameGraph();
    void anUnknownNameListsTheOnesThereAre();
    void aNetworkWithoutClassesIsRefused();
    void samePaddingPadsAsTensorFlow_data();
    void samePaddingPadsAsTensorFlow();
};

namespace {

std::int64_t learntCount(const ArchitectureGraph &graph)
{
    std::int64_t sum = 0;
    for (const WeightSpec &spec : weightSpecs(graph)) {
        std::int64_t count = 1;
        for (const std::int64_t extent : spec.shape)
            count *= extent;
        sum += spec.learnt() ? count : 0;
    }
    return sum;
}

} // namespace

/// Counts: torchvision 0.20, "Models and pre-trained weights"; timm 1.0, tf_efficientnet_lite0..2.
void ArchitecturesTest::parameterCountsAreThoseOfTheReference_data()
{
    QTest::addColumn<qint64>("count");
    QTest::addColumn<int>("features");
    QTest::newRow("resnet18") << qint64(11'689'512) << 512;
    QTest::newRow("resnet34") << qint64(21'797'672) << 512;
    QTest::newRow("resnet50") << qint64(25'557'032) << 2048;
    QTest::newRow("mobilenet_v2") << qint64(3'504'872) << 1280;
    QTest::newRow("lite0") << qint64(4'652'008) << 1280;
    QTest::newRow("lite1") << qint64(5'416'680) << 1280;
    QTest::newRow("lite2") << qint64(6'092'072) << 1280;
}

void ArchitecturesTest::parameterCountsAreThoseOfTheReference()
{
    QFETCH(qint64, count);
    QFETCH(int, features);
    const auto graph = buildArchitecture(QTest::currentDataTag(), 1000);
    QVERIFY2(graph, errorText(graph));
    QCOMPARE(learntCount(*graph), count);
    QCOMPARE(graph->featureCount(), features);
}

void ArchitecturesTest::everyGraphCanBeRunInItsOrder()
{
    for (const ArchitectureInfo &info : architectures()) {
        const auto graph = buildArchitecture(info.name, 3);
        QVERIFY2(graph, errorText(graph));
        QCOMPARE(graph->inputPx, info.defaultPx);
        std::set<std::string> names;
        for (std::size_t i = 0; i < graph->nodes.size(); ++i) {
            const GraphNode &node = graph->nodes[i];
            QVERIFY(names.insert(node.name).second);
            QCOMPARE(node.inputs.size(), node.kind == NodeKind::Add ? 2u : 1u);
            for (const int input : node.inputs)
                QVERIFY(input >= kPictureInput && input < static_cast<int>(i));
        }
        QCOMPARE(graph->nodes.back().outputChannels, 3);
        QCOMPARE(graph->classifierNode, static_cast<int>(graph->nodes.size()) - 1);
    }
}

void ArchitecturesTest::pretrainedWeightsFitTheirGraphs()
{
    for (const ArchitectureInfo &info : architectures()) {
        const auto file = resourceFolder() / "weights" / info.pretrainedFile;
        if (info.pretrainedFile.empty())
            continue;
        const auto read = readSafetensors(file);
        QVERIFY2(read, errorText(read));
        const auto graph = buildArchitecture(info.name, 1000);
        for (const WeightSpec &spec : weightSpecs(*graph)) {
            const WeightTensor *tensor = read->weights.find(spec.name);
            QVERIFY2(tensor, spec.name.c_str());
            QVERIFY2(tensor->shape == spec.shape, spec.name.c_str());
        }
        QCOMPARE(read->weights.size(), weightSpecs(*graph).size());
    }
}

void ArchitecturesTest::anAliasGivesTheSameGraph()
{
    const auto graph = buildArchitecture("efficientnet-lite1", 2);
    QVERIFY2(graph, errorText(graph));
    QCOMPARE(graph->name, "lite1");
    QCOMPARE(graph->inputPx, 240);
}

void ArchitecturesTest::anUnknownNameListsTheOnesThereAre()
{
    for (const char *name : {"vgg16", "", "efficientnet-lite9", "Lite0"}) {
        const auto graph = buildArchitecture(name, 2);
        QVERIFY(!graph);
        QCOMPARE(graph.error().code, ErrorCode::InvalidArgument);
        QVERIFY(graph.error().message.contains("resnet18"));
    }
}

void ArchitecturesTest::aNetworkWithoutClassesIsRefused()
{
    const auto graph = buildArchitecture("small", 0);
    QVERIFY(!graph);
    QCOMPARE(graph.error().code, ErrorCode::InvalidArgument);
}

void ArchitecturesTest::samePaddingPadsAsTensorFlow_data()
{
    QTest::addColumn<int>("input");
    QTest::addColumn<int>("kernel");
    QTest::addColumn<int>("stride");
    QTest::addColumn<int>("before");
    QTest::addColumn<int>("after");
    QTest::newRow("even, stride 2, 3 x 3") << 224 << 3 << 2 << 0 << 1;
    QTest::newRow("even, stride 2, 5 x 5") << 56 << 5 << 2 << 1 << 2;
    QTest::newRow("odd, stride 2, 5 x 5") << 15 << 5 << 2 << 2 << 2;
    QTest::newRow("stride 1, 3 x 3") << 7 << 3 << 1 << 1 << 1;
    QTest::newRow("1 x 1") << 7 << 1 << 1 << 0 << 0;
    QTest::newRow("stride beyond the kernel") << 8 << 1 << 2 << 0 << 0;
}

void ArchitecturesTest::samePaddingPadsAsTensorFlow()
{
    QFETCH(int, input);
    QFETCH(int, kernel);
    QFETCH(int, stride);
    QFETCH(int, before);
    QFETCH(int, after);
    QVERIFY(samePadding(input, kernel, stride) == (SidePadding{before, after}));
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::ArchitecturesTest)
#include "architectures_test.moc"
