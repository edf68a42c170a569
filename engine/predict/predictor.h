#pragma once

#include "engine/base/result.h"
#include "engine/image/rgb_image.h"
#include "engine/nn/device.h"
#include "engine/train/answerer.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace whisker {

struct PredictorOptions {
    Precision precision = Precision::Automatic;
    std::string device = "auto"; ///< As chooseDevice() takes it.
    int threads = 0;             ///< To decode and compute with; 0: all processors this process may use.
    bool featuresToo = false;    ///< predictFiles() and predictPictures() tell the features as well.
    bool reuseFeatures = false;  ///< predictPictures() takes from disk what is known of pictures, and leaves there what is new.
    std::filesystem::path featureFolder{}; ///< Where; empty: the user's cache.
};

/// The answer for one picture.
struct Prediction {
    std::filesystem::path file{};        ///< Empty for a picture from memory.
    std::size_t classIndex = 0;          ///< Into Predictor::classes(): the most probable.
    double probability = 0.0;            ///< Of that class.
    std::vector<double> probabilities{}; ///< In the order of classes; they sum to 1.
    bool neither = false;                ///< The model has a threshold and the probability is below it.
    double milliseconds = 0.0;           ///< Decode, preprocess and network; in a batch: its own decoding and its share of the network.
    int width = 0;                       ///< Pixels of the picture, upright; 0 where it was not opened.
    int height = 0;
    std::string note{};                  ///< What the decoder complained of ("truncated"); empty where all was well.
    std::vector<float> features{};       ///< What the classifier sees of it, where they were asked for; else empty.
};

/// A loaded model that answers for pictures. One thread at a time; that thread computes. Move only.
class Predictor {
public:
    /// Errors: as readModel(); Unsupported (no such device or precision). Takes about 0.1 s.
    static Result<Predictor> load(const std::filesystem::path &modelFile, const PredictorOptions &options = {});
    Predictor(Predictor &&) noexcept;
    Predictor &operator=(Predictor &&) noexcept;
    ~Predictor();

    const std::vector<std::string> &classes() const; ///< classes()[k] is the name of class k.
    int sizePx() const;                              ///< Side of what the network sees.
    std::string architecture() const;                ///< As in architectures().
    std::string describe() const;                    ///< For people: "EfficientNet-Lite0, 224 px, CPU, 2 threads, bf16".

    /// Errors: as decodeFile(). Never throws.
    Result<Prediction> predict(const std::filesystem::path &file) const;
    /// `image` of any size, not empty (else InvalidArgument).
    Result<Prediction> predict(const RgbImage &image) const;

    /// Index into `files` and its answer, in order of files; on the calling thread, quick, must not throw.
    using Sink = std::function<void(std::size_t index, const Result<Prediction> &answer)>;
    /// One answer a file, in the order of `files`; a bad picture is an error in its place and never the end. Decoded in parallel, `batch` (1..4096) pictures
    /// go through the network at once. `stop` is looked at between batches; what was not begun has the error Cancelled.
    std::vector<Result<Prediction>> predictFiles(std::span<const std::filesystem::path> files, int batch = 8, const Sink &sink = {},
                                                 std::stop_token stop = {}) const;
    /// The same for pictures whose content is known, in any order; see Answerer::answerPictures(). What `stop` keeps from beginning has no call.
    void predictPictures(std::span<const HashedPicture> pictures, int batch, const Sink &sink, std::stop_token stop = {}) const;

private:
    struct Data;
    explicit Predictor(std::unique_ptr<const Data> data);
    std::unique_ptr<const Data> m_data;
};

} // namespace whisker
