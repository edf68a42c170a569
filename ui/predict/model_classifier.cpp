#include "engine/base/thread_pool.h"
#include "engine/image/preprocess.h"
#include "engine/predict/predictor.h"
#include "engine/train/model_file.h"
#include "engine/train/run_folder.h"
#include "ui/predict/inference_controller.h"

#include <QCoreApplication>
#include <QDateTime>

namespace whisker {

namespace {

struct ModelTexts {
    Q_DECLARE_TR_FUNCTIONS(ModelSummary)
};

/// How the model was made: none of a run's epochs may have got more right than what it began with.
QString recipeText(const RunReceipt &receipt)
{
    const bool kept = keepsItsStart(receipt);
    if (kept && !receipt.startModel.empty())
        return ModelTexts::tr("Model as it began");
    switch (kept ? TrainMode::Quick : receipt.config.mode) {
    case TrainMode::Quick: return ModelTexts::tr("Quick model");
    case TrainMode::FineTune: return ModelTexts::tr("Fine-tuned model");
    case TrainMode::Scratch: break;
    }
    return ModelTexts::tr("Model from scratch");
}

ModelSummary summaryOf(const std::filesystem::path &file, const ModelFile &model)
{
    ModelSummary summary;
    summary.file = file;
    for (const std::string &name : model.classes)
        summary.classes.append(QString::fromStdString(name));
    auto receipt = runReceiptFromJson(model.receipt);
    if (!receipt)
        return summary; // made elsewhere: it answers all the same
    // The test comes after the model is written, so the run's own receipt knows more.
    if (const auto run = readRunSummary(file.parent_path()); run && run->receipt.started == receipt->started)
        receipt = run->receipt;
    summary.recipe = recipeText(*receipt);
    summary.stoppedEarly = receipt->status != RunStatus::Completed;
    summary.validationAccuracy = receipt->validationAccuracy;
    if (receipt->testCorrect && receipt->testTotal && *receipt->testTotal > 0)
        summary.testAccuracy = double(*receipt->testCorrect) / double(*receipt->testTotal);
    const auto started = QDateTime::fromString(QString::fromStdString(receipt->started), Qt::ISODate);
    if (started.isValid())
        summary.trainedAtMs = started.toMSecsSinceEpoch();
    return summary;
}

/// Loaded, and asked once: the first answer sets up the network's kernels, which no picture's time should count.
Result<Predictor> readyPredictor(const std::filesystem::path &file, const PredictorOptions &options = {})
{
    auto predictor = Predictor::load(file, options);
    if (predictor)
        if (const auto asked = predictor->predict(RgbImage::ofSize(predictor->sizePx(), predictor->sizePx())); !asked)
            return std::unexpected(asked.error());
    return predictor;
}

class ModelClassifier : public PictureClassifier {
public:
    ModelClassifier(ModelSummary summary, const Preprocessing &preprocessing, Predictor predictor)
        : m_summary(std::move(summary)), m_shortEdgePx(decodeShortEdgePx(preprocessing)), m_predictor(std::move(predictor))
    {
    }

    const ModelSummary &summary() const override { return m_summary; }
    int shortEdgePx() const override { return m_shortEdgePx; }

    Result<PictureAnswer> classify(const RgbImage &picture, int threads) override
    {
        takeThreads(threads);
        const auto prediction = m_predictor.predict(picture);
        if (!prediction)
            return std::unexpected(prediction.error());
        PictureAnswer answer;
        answer.probabilities = prediction->probabilities;
        answer.classIndex = int(prediction->classIndex);
        answer.neither = prediction->neither;
        answer.networkMs = prediction->milliseconds;
        return answer;
    }

private:
    /// A predictor's threads are settled when it is loaded. A run begins or ends seldom, and loading takes 0.1 s.
    void takeThreads(int threads)
    {
        if (threads == m_threads)
            return;
        m_threads = threads;
        PredictorOptions options;
        options.threads = threads;
        if (auto again = readyPredictor(m_summary.file, options)) // a model deleted meanwhile goes on with the threads it had
            m_predictor = std::move(*again);
    }

    ModelSummary m_summary;
    int m_shortEdgePx;
    int m_threads = int(usableProcessors()); // what Predictor::load() takes by itself
    Predictor m_predictor;
};

} // namespace

Result<std::unique_ptr<PictureClassifier>> loadClassifier(const std::filesystem::path &modelFile)
{
    auto description = readModelDescription(modelFile);
    if (!description)
        return std::unexpected(description.error());
    auto predictor = readyPredictor(modelFile);
    if (!predictor)
        return std::unexpected(predictor.error());
    return std::make_unique<ModelClassifier>(summaryOf(modelFile, *description), description->preprocessing, std::move(*predictor));
}

} // namespace whisker
