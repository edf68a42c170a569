#include "engine/train/internal/picture_pipeline.h"

#include "engine/base/path_text.h"
#include "engine/image/decode.h"
#include "engine/nn/device.h"
#include "engine/train/internal/ordered_loader.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <fmt/format.h>
#include <mutex>
#include <new>
#include <utility>

namespace whisker::internal {

namespace {

using Clock = std::chrono::steady_clock;
using Chunk = std::vector<Result<PictureOutput>>;

double millisecondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

/// A plan for each of several threads: a plan serves one at a time.
class PlanPool {
public:
    PlanPool(const InferencePlan &plan, std::size_t count)
    {
        m_clones.reserve(count - 1);
        m_free.push_back(&plan);
        while (m_free.size() < count)
            m_free.push_back(&m_clones.emplace_back(plan.clone()));
    }

    /// Calls `use` with a plan that nobody else has. Never more threads than plans.
    template <class Use> auto with(const Use &use)
    {
        const InferencePlan *plan = nullptr;
        {
            const std::scoped_lock lock(m_mutex);
            plan = m_free.back();
            m_free.pop_back();
        }
        auto result = use(*plan);
        const std::scoped_lock lock(m_mutex);
        m_free.push_back(plan);
        return result;
    }

private:
    std::vector<InferencePlan> m_clones;
    std::mutex m_mutex;
    std::vector<const InferencePlan *> m_free;
};

/// One chunk's way through the network.
class ChunkRunner {
public:
    ChunkRunner(PlanPool &plans, const Preprocessing &preprocessing, const PictureSource &source, const PipelineOptions &options)
        : m_plans(plans), m_preprocessing(preprocessing), m_source(source), m_options(options)
    {
    }

    /// Of `count` pictures from `first` on.
    Chunk run(std::size_t first, std::size_t count) const
    {
        try {
            return decodeAndCompute(first, count);
        } catch (const std::bad_alloc &) {
            const Error error{ErrorCode::Internal, fmt::format("There was not enough memory for {} pictures at once: close other programs.", count)};
            return Chunk(count, std::unexpected(error));
        }
    }

private:
    Chunk decodeAndCompute(std::size_t first, std::size_t count) const
    {
        const std::size_t pictureBytes = 3 * static_cast<std::size_t>(m_preprocessing.sizePx) * static_cast<std::size_t>(m_preprocessing.sizePx);
        std::vector<std::uint8_t> pixels(pictureBytes * static_cast<std::size_t>(m_options.chunk));
        Chunk chunk;
        chunk.reserve(count);
        for (std::size_t i = 0; i < count; ++i)
            chunk.push_back(decode(first + i, std::span(pixels).subspan(i * pictureBytes, pictureBytes)));
        if (std::ranges::any_of(chunk, [](const auto &picture) { return picture.has_value(); }))
            compute(pixels, chunk);
        return chunk;
    }

    Result<PictureOutput> decode(std::size_t index, std::span<std::uint8_t> target) const
    {
        const auto begin = Clock::now();
        auto picture = m_source(index);
        if (!picture)
            return std::unexpected(std::move(picture.error()));
        std::ranges::copy(picture->rgb.pixels, target.begin());
        return PictureOutput{{}, picture->width, picture->height, std::move(picture->note), millisecondsSince(begin), {}};
    }

    void compute(std::span<const std::uint8_t> pixels, Chunk &chunk) const
    {
        const auto begin = Clock::now();
        const auto values = m_plans.with([&](const InferencePlan &plan) { return throughNetwork(plan, pixels); });
        const double share = millisecondsSince(begin) / static_cast<double>(chunk.size());
        for (std::size_t i = 0; i < chunk.size(); ++i) {
            if (!chunk[i])
                continue;
            if (!values) {
                chunk[i] = std::unexpected(values.error());
                continue;
            }
            chunk[i]->values = rowOf(values->logits, i);
            chunk[i]->features = rowOf(values->features, i);
            chunk[i]->milliseconds += share;
        }
    }

    /// What is asked for stands as "logits", also where it is the features alone.
    Result<PlanResult> throughNetwork(const InferencePlan &plan, std::span<const std::uint8_t> pixels) const
    {
        if (m_options.featuresToo)
            return plan.runBoth(pixels, m_options.chunk, m_preprocessing.sizePx);
        auto values = plan.run(pixels, m_options.chunk, m_preprocessing.sizePx, m_options.output);
        if (!values)
            return std::unexpected(std::move(values.error()));
        return PlanResult{{}, std::move(*values)};
    }

    std::vector<float> rowOf(const std::vector<float> &values, std::size_t row) const
    {
        const auto count = static_cast<std::ptrdiff_t>(values.size()) / m_options.chunk;
        const auto first = values.begin() + static_cast<std::ptrdiff_t>(row) * count;
        return {first, first + count};
    }

    PlanPool &m_plans;
    const Preprocessing &m_preprocessing;
    const PictureSource &m_source;
    const PipelineOptions m_options;
};

} // namespace

Result<PreparedPicture> preparePicture(const std::filesystem::path &file, const Preprocessing &preprocessing)
{
    try {
        auto decoded = decodeFile(file, DecodeOptions{decodeShortEdgePx(preprocessing)});
        if (!decoded)
            return std::unexpected(std::move(decoded.error()));
        return PreparedPicture{preprocess(decoded->rgb, preprocessing), decoded->fullWidth, decoded->fullHeight, std::move(decoded->note)};
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Internal, pathText(file) + " can't be decoded: " + exception.what(), file);
    }
}

PlanOptions planOptionsFor(const Preprocessing &preprocessing, Precision precision)
{
    return {precision, preprocessing.mean, preprocessing.std};
}

int pipelinesFor(std::size_t pictures, const PipelineOptions &options)
{
    const auto length = static_cast<std::size_t>(options.chunk);
    const std::size_t chunks = std::max<std::size_t>((pictures + length - 1) / length, 1);
    const int most = std::max(1, std::min(options.threads, options.pipelines));
    return static_cast<int>(std::min(static_cast<std::size_t>(most), chunks));
}

bool isOfNetwork(const Error &error)
{
    return error.file.empty(); // those of a picture name it
}

void runPictures(const InferencePlan &plan, const Preprocessing &preprocessing, std::size_t count, const PictureSource &source,
                 const PipelineOptions &options, const PictureSink &sink, std::stop_token stop)
{
    const auto length = static_cast<std::size_t>(options.chunk);
    const std::size_t chunks = (count + length - 1) / length;
    const auto pipelines = static_cast<std::size_t>(pipelinesFor(count, options));
    const int share = std::max(1, options.threads / static_cast<int>(pipelines));
    PlanPool plans(plan, pipelines);
    const ChunkRunner runner(plans, preprocessing, source, options);
    const int callersThreads = computeThreads();
    {
        OrderedLoader<Chunk> loader(0, chunks, pipelines, 2 * pipelines, [&](std::size_t number) {
            if (computeThreads() != share)
                setComputeThreads(share);
            const std::size_t first = number * length;
            return runner.run(first, std::min(length, count - first));
        });
        for (std::size_t number = 0; number < chunks && !stop.stop_requested(); ++number) {
            Chunk chunk = loader.next();
            for (std::size_t i = 0; i < chunk.size(); ++i)
                sink(number * length + i, std::move(chunk[i]));
        }
    }
    setComputeThreads(callersThreads); // MKL has one number for all threads, and the others have changed it
}

void runPictures(const InferencePlan &plan, const Preprocessing &preprocessing, std::span<const std::filesystem::path> files,
                 const PipelineOptions &options, const PictureSink &sink, std::stop_token stop)
{
    const auto source = [&](std::size_t index) { return preparePicture(files[index], preprocessing); };
    runPictures(plan, preprocessing, files.size(), source, options, sink, std::move(stop));
}

} // namespace whisker::internal
