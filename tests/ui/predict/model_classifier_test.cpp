#include "engine/base/atomic_file.h"
#include "engine/data/load_data.h"
#include "engine/image/decode.h"
#include "engine/train/run_folder.h"
#include "engine/train/train.h"
#include "tests/support/test_folder.h"
#include "ui/predict/inference_controller.h"

#include <QTest>

using namespace whisker;
using namespace whisker::test;

/// The real engine behind the page: a model trained on some of the demonstration's pictures.
class ModelClassifierTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        auto data = loadData(demonstrationPictures());
        QVERIFY2(data, errorText(data));
        // Every seventh picture: enough for a head, quick to look at.
        Snapshot few{data->snapshot.classes, {}};
        for (std::size_t i = 0; i < data->snapshot.entries.size(); i += 7)
            few.entries.push_back(data->snapshot.entries[i]);
        sortEntries(few);
        TrainOutput output;
        output.runFolder = m_folder / "run";
        output.cacheFolder = m_folder / "cache";
        const auto report = train(std::make_shared<const Snapshot>(few), {}, output);
        QVERIFY2(report, errorText(report));
        m_model = report->model;
    }

    void answersAlikeWithOneThreadAndWithAll()
    {
        auto classifier = loadClassifier(m_model);
        QVERIFY2(classifier, errorText(classifier));
        const auto picture = decodeFile(demonstrationPictures() / "cat" / "Bombay_121.jpg", {.shortEdgeAtLeastPx = (*classifier)->shortEdgePx()});
        QVERIFY2(picture, errorText(picture));
        const auto all = (*classifier)->classify(picture->rgb, 2);
        QVERIFY2(all, errorText(all));
        const auto one = (*classifier)->classify(picture->rgb, 1);
        QVERIFY2(one, errorText(one));
        QCOMPARE((*classifier)->summary().classes.value(all->classIndex), "cat");
        QVERIFY(std::abs(all->probabilities[0] - one->probabilities[0]) < 0.01);
        QVERIFY(all->networkMs > 0.0);
    }

    void knowsItsRecipeAndItsTest()
    {
        const auto classifier = loadClassifier(m_model);
        QVERIFY2(classifier, errorText(classifier));
        const ModelSummary &summary = (*classifier)->summary();
        QCOMPARE(summary.recipe, "Quick model");
        QVERIFY(summary.trainedAtMs > 0);
        QVERIFY(summary.testAccuracy.value_or(0.0) > 0.6);
    }

    void aModelIsNamedByWhatItIs_data()
    {
        QTest::addColumn<TrainMode>("mode");
        QTest::addColumn<QString>("startModel");
        QTest::addColumn<int>("bestEpoch");
        QTest::addColumn<QString>("recipe");
        QTest::newRow("fine-tuned") << TrainMode::FineTune << "" << 2 << "Fine-tuned model";
        QTest::newRow("fine-tuning was no better") << TrainMode::FineTune << "" << 0 << "Quick model";
        QTest::newRow("nor where it was continued") << TrainMode::FineTune << "/earlier.safetensors" << 0 << "Model as it began";
        QTest::newRow("from scratch") << TrainMode::Scratch << "" << 2 << "Model from scratch";
        QTest::newRow("continued, no better") << TrainMode::Scratch << "/earlier.safetensors" << 0 << "Model as it began";
    }
    void aModelIsNamedByWhatItIs()
    {
        QFETCH(TrainMode, mode);
        QFETCH(QString, startModel);
        QFETCH(int, bestEpoch);
        const std::filesystem::path folder = m_model.parent_path();
        const auto run = readRunSummary(folder);
        QVERIFY2(run, errorText(run));
        RunReceipt receipt = run->receipt;
        receipt.config.mode = mode;
        receipt.startModel = startModel.toStdString();
        receipt.bestEpoch = bestEpoch;
        QVERIFY(writeFileAtomically(folder / kReceiptFile, toJson(receipt)));
        const auto classifier = loadClassifier(m_model);
        QVERIFY(writeFileAtomically(folder / kReceiptFile, toJson(run->receipt)));
        QVERIFY2(classifier, errorText(classifier));
        QTEST((*classifier)->summary().recipe, "recipe");
    }

    void aMissingModelIsASentenceThatNamesIt()
    {
        const auto classifier = loadClassifier(m_folder / "gone.safetensors");
        QVERIFY(!classifier);
        QVERIFY(QString::fromStdString(classifier.error().message).contains("gone.safetensors"));
    }

private:
    TestFolder m_folder;
    std::filesystem::path m_model;
};

QTEST_GUILESS_MAIN(ModelClassifierTest)
#include "model_classifier_test.moc"
