#include "engine/predict/predictor.h"
#include "ui/suggestion_controller.h"
#include "ui/texts.h"

#include <utility>
#include <vector>

namespace whisker {

namespace {

constexpr int kBatch = 8; // fits the processor's cache

class ModelGuesser : public PictureGuesser {
public:
    explicit ModelGuesser(Predictor predictor) : m_predictor(std::move(predictor)) {}

    QStringList classes() const override
    {
        QStringList names;
        for (const auto &name : m_predictor.classes())
            names.append(fromUtf8(name));
        return names;
    }

    void guess(std::span<const HashedPicture> pictures, const Sink &sink, std::stop_token stop) override
    {
        const auto take = [&](std::size_t index, const Result<Prediction> &answer) { sink(index, answer ? guessOf(*answer) : PictureGuess{}); };
        m_predictor.predictPictures(pictures, kBatch, take, stop);
    }

private:
    PictureGuess guessOf(const Prediction &answer) const
    {
        const std::vector<float> probabilities(answer.probabilities.begin(), answer.probabilities.end());
        PictureGuess guess;
        guess.className = fromUtf8(m_predictor.classes()[answer.classIndex]);
        guess.probability = answer.probability;
        guess.uncertainty = uncertainty(probabilities);
        guess.sketch = sketchOf(answer.features);
        return guess;
    }

    Predictor m_predictor;
};

} // namespace

Result<std::unique_ptr<PictureGuesser>> loadGuesser(const std::filesystem::path &modelFile)
{
    PredictorOptions options;
    options.featuresToo = true;
    options.reuseFeatures = true;
    auto predictor = Predictor::load(modelFile, options);
    if (!predictor)
        return std::unexpected(predictor.error());
    return std::make_unique<ModelGuesser>(*std::move(predictor));
}

} // namespace whisker
