#pragma once

#include "engine/base/result.h"
#include "engine/image/content_hash.h"
#include "engine/image/rgb_image.h"
#include "engine/nn/device.h"
#include "engine/train/model_file.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace whisker {

struct AnswererOptions {
    Precision precision = Precision::Automatic;
    std::string device = "auto"; ///< As chooseDevice() takes it.
    int threads = 0;             ///< 0: all processors this process may use.
    bool featuresToo = false;    ///< answerFiles() and answerPictures() tell the features as well.
    bool reuseFeatures = false;  ///< answerPictures() takes from disk what is known, and leaves there what is new, where the model lets it.
    std::filesystem::path featureFolder{}; ///< Where; empty: the user's cache, which training uses too.
};

/// A picture whose content is known.
struct HashedPicture {
    std::filesystem::path file{};
    ContentHash hash{};
};

/// What a model says of one picture.
struct Answer {
    std::vector<double> probabilities{}; ///< In the order of the classes; softmax of the logits over the model's temperature.
    int width = 0;                       ///< Pixels of the picture, upright; 0 where its features came from disk, so that it was not opened.
    int height = 0;
    std::string note{};                  ///< What the decoder complained of; empty where all was well.
    double milliseconds = 0.0;           ///< Decode, preprocess, and its share of the network's time.
    std::vector<float> features{};       ///< What the classifier sees, where they were asked for; else empty.
};

/// A model file made ready to answer: the one way from pictures to probabilities for evaluation and prediction. One thread at a time; that thread computes.
class Answerer {
public:
    /// Errors: as readModel(); Unsupported (no such device or precision), InvalidArgument (no such device).
    static Result<Answerer> load(const std::filesystem::path &modelFile, const AnswererOptions &options);
    Answerer(Answerer &&) noexcept;
    Answerer &operator=(Answerer &&) noexcept;
    ~Answerer();

    const ModelFile &model() const;  ///< Without weights.
    std::string describe() const;    ///< "CPU, 2 threads, bf16".

    /// On all of the threads, for the least delay. Errors: as decodeFile(); InvalidArgument (an empty picture).
    Result<Answer> answer(const std::filesystem::path &file) const;
    Result<Answer> answer(const RgbImage &image) const;

    /// Called for each file in order, on the calling thread; quick; must not throw.
    using Sink = std::function<void(std::size_t index, Result<Answer> answer)>;
    /// Many files at the highest rate, `batch` >= 1 through the network at once; what `stop` keeps from beginning has no call.
    void answerFiles(std::span<const std::filesystem::path> files, int batch, const Sink &sink, std::stop_token stop = {}) const;

    /// The same, in any order, with AnswererOptions::reuseFeatures: a model that Quick made answers for pictures whose features are on disk without opening them, some ten
    /// thousand a second. Other models answer as by answerFiles().
    void answerPictures(std::span<const HashedPicture> pictures, int batch, const Sink &sink, std::stop_token stop = {}) const;

private:
    struct Data;
    explicit Answerer(std::unique_ptr<const Data> data);
    std::unique_ptr<const Data> m_data;
};

} // namespace whisker
