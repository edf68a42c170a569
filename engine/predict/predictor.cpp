#include "engine/predict/predictor.h"

#include "engine/base/path_text.h"
#include "engine/nn/architectures.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace whisker {

namespace {

constexpr int kLargestBatch = 4096;

Prediction predictionFrom(Answer answer, std::filesystem::path file, const std::optional<double> &threshold)
{
    const auto best = std::ranges::max_element(answer.probabilities);
    Prediction prediction;
    prediction.file = std::move(file);
    prediction.classIndex = static_cast<std::size_t>(best - answer.probabilities.begin());
    prediction.probability = *best;
    prediction.neither = threshold && prediction.probability < *threshold;
    prediction.probabilities = std::move(answer.probabilities);
    prediction.milliseconds = answer.milliseconds;
    prediction.width = answer.width;
    prediction.height = answer.height;
    prediction.note = std::move(answer.note);
    prediction.features = std::move(answer.features);
    return prediction;
}

} // namespace

struct Predictor::Data {
    Answerer answerer;
};

Predictor::Predictor(std::unique_ptr<const Data> data) : m_data(std::move(data)) {}
Predictor::Predictor(Predictor &&) noexcept = default;
Predictor &Predictor::operator=(Predictor &&) noexcept = default;
Predictor::~Predictor() = default;

Result<Predictor> Predictor::load(const std::filesystem::path &modelFile, const PredictorOptions &options)
{
    try {
        auto answerer = Answerer::load(modelFile, {options.precision, options.device, options.threads, options.featuresToo, options.reuseFeatures, options.featureFolder});
        if (!answerer)
            return std::unexpected(answerer.error());
        return Predictor(std::make_unique<const Data>(*std::move(answerer)));
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Internal, pathText(modelFile) + " can't be loaded: " + exception.what(), modelFile);
    }
}

const std::vector<std::string> &Predictor::classes() const
{
    return m_data->answerer.model().classes;
}

int Predictor::sizePx() const
{
    return m_data->answerer.model().preprocessing.sizePx;
}

std::string Predictor::architecture() const
{
    return m_data->answerer.model().architecture;
}

std::string Predictor::describe() const
{
    const auto known = findArchitecture(architecture());
    return std::string(known ? known->title : "") + ", " + std::to_string(sizePx()) + " px, " + m_data->answerer.describe();
}

Result<Prediction> Predictor::predict(const std::filesystem::path &file) const
{
    auto answer = m_data->answerer.answer(file);
    if (!answer)
        return std::unexpected(std::move(answer.error()));
    return predictionFrom(*std::move(answer), file, m_data->answerer.model().threshold);
}

Result<Prediction> Predictor::predict(const RgbImage &image) const
{
    auto answer = m_data->answerer.answer(image);
    if (!answer)
        return std::unexpected(std::move(answer.error()));
    return predictionFrom(*std::move(answer), {}, m_data->answerer.model().threshold);
}

std::vector<Result<Prediction>> Predictor::predictFiles(std::span<const std::filesystem::path> files, int batch, const Sink &sink,
                                                        std::stop_token stop) const
{
    const auto most = static_cast<int>(std::min<std::size_t>(kLargestBatch, std::max<std::size_t>(files.size(), 1)));
    std::vector<Result<Prediction>> predictions(files.size(), fail(ErrorCode::Cancelled, "Prediction was stopped before this picture."));
    const auto take = [&](std::size_t index, Result<Answer> answer) {
        if (answer)
            predictions[index] = predictionFrom(*std::move(answer), files[index], m_data->answerer.model().threshold);
        else
            predictions[index] = std::unexpected(std::move(answer.error()));
        if (sink)
            sink(index, predictions[index]);
    };
    m_data->answerer.answerFiles(files, std::clamp(batch, 1, most), take, stop);
    return predictions;
}

void Predictor::predictPictures(std::span<const HashedPicture> pictures, int batch, const Sink &sink, std::stop_token stop) const
{
    const auto take = [&](std::size_t index, Result<Answer> answer) {
        if (answer)
            sink(index, predictionFrom(*std::move(answer), pictures[index].file, m_data->answerer.model().threshold));
        else
            sink(index, std::unexpected(std::move(answer.error())));
    };
    m_data->answerer.answerPictures(pictures, std::clamp(batch, 1, kLargestBatch), take, stop);
}

} // namespace whisker
