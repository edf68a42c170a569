#pragma once

#include "engine/base/result.h"
#include "engine/image/preprocess.h"
#include "engine/nn/inference_plan.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace whisker::internal {

/// What the network says of one picture.
struct PictureOutput {
    std::vector<float> values{};  ///< Logits or features.
    int width = 0;                ///< Pixels of the picture in the file, upright.
    int height = 0;
    std::string note{};           ///< What the decoder complained of; empty where all was well.
    double milliseconds = 0.0;    ///< Its own decoding and its share of the network's time.
    std::vector<float> features{}; ///< Beside the logits, where PipelineOptions asked for them.
};

struct PipelineOptions {
    PlanOutput output = PlanOutput::Logits;
    int threads = 1;    ///< Processors to use.
    int chunk = 8;      ///< Pictures that go through the network at once; 8 fit the cache.
    bool featuresToo = false; ///< Beside the logits, from the same pass.
    int pipelines = 16; ///< At most so many chunks at once: beyond it memory for activations outgrows the gain.
};

/// How many chunks are computed at once; each takes memory for its activations, and for the weights in a layout of its own.
int pipelinesFor(std::size_t pictures, const PipelineOptions &options);

/// Is it the network that failed, for want of memory mostly, which is no fault of the picture? Of an error that a PictureSink gets.
bool isOfNetwork(const Error &error);

/// decodeFile() no larger than needed, then preprocess(); with what the decoder said.
struct PreparedPicture {
    RgbImage rgb{};
    int width = 0; ///< As PictureOutput has it; 0 where the source does not tell.
    int height = 0;
    std::string note{};
};
/// Never throws; errors name the file.
Result<PreparedPicture> preparePicture(const std::filesystem::path &file, const Preprocessing &preprocessing);

/// Gives a picture as it goes into the network. Called from several threads at once; errors name the picture's file; must not throw.
using PictureSource = std::function<Result<PreparedPicture>(std::size_t index)>;

/// Called for each picture in order, on the thread that runs the pipeline; quick; must not throw.
using PictureSink = std::function<void(std::size_t index, Result<PictureOutput> output)>;

/// From pictures 0..count-1 to answers: each thread takes a chunk of them, decodes and computes it by itself. That keeps all processors busy without a
/// division between decoding and computing to be guessed, and spares the network the waiting of its threads for each other at every layer, which costs
/// most where other programs use the processors too. A picture's values do not depend on which others are asked for:
/// every chunk is filled up to the same length.
///
/// Blocks until all is done, or `stop` is asked for: then what was not begun has no call. Errors go to the sink: of a picture, or
/// of the network (as InferencePlan::run()) to all of a chunk.
void runPictures(const InferencePlan &plan, const Preprocessing &preprocessing, std::size_t count, const PictureSource &source,
                 const PipelineOptions &options, const PictureSink &sink, std::stop_token stop = {});
/// Of files, by preparePicture().
void runPictures(const InferencePlan &plan, const Preprocessing &preprocessing, std::span<const std::filesystem::path> files,
                 const PipelineOptions &options, const PictureSink &sink, std::stop_token stop = {});

/// The options with which a plan sees what `preprocessing` says.
PlanOptions planOptionsFor(const Preprocessing &preprocessing, Precision precision);

} // namespace whisker::internal
