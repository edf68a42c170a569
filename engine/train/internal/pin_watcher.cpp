#include "engine/train/internal/pin_watcher.h"

#include "engine/base/start_thread.h"
#include "engine/nn/inference_plan.h"
#include "engine/train/internal/network_trainer.h"
#include "engine/train/internal/picture_pipeline.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace whisker::internal {

namespace {

constexpr double kShareOfTime = 0.01;
constexpr std::chrono::milliseconds kLookInterval(50);  // at the board; a person does not pin faster
constexpr std::chrono::milliseconds kLeastInterval(100); // between two answers, however cheap they are
constexpr std::chrono::milliseconds kLastWait(1000);

std::vector<float> softmax(std::span<const float> logits)
{
    const float greatest = *std::ranges::max_element(logits);
    std::vector<float> shares;
    double sum = 0.0;
    for (const float logit : logits) {
        shares.push_back(std::exp(logit - greatest));
        sum += shares.back();
    }
    for (float &share : shares)
        share = static_cast<float>(share / sum);
    return shares;
}

} // namespace

PinReader::PinReader(std::shared_ptr<const PinBoard> board, Preprocessing preprocessing)
    : m_board(std::move(board)), m_preprocessing(std::move(preprocessing)), m_thread(startThread([this](std::stop_token stop) { work(stop); }))
{
}

std::optional<std::filesystem::path> PinReader::missing() const
{
    for (const auto &file : m_board->files()) {
        if (!m_pictures.contains(file))
            return file;
    }
    return std::nullopt;
}

void PinReader::work(std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    while (!stop.stop_requested()) {
        const auto file = missing();
        if (!file) {
            m_changed.wait(lock, stop, [this] { return missing().has_value(); });
            continue;
        }
        lock.unlock();
        auto prepared = preparePicture(*file, m_preprocessing);
        auto picture = prepared ? std::make_shared<const Result<RgbImage>>(std::move(prepared->rgb))
                                : std::make_shared<const Result<RgbImage>>(std::unexpected(std::move(prepared.error())));
        lock.lock();
        m_pictures[*file] = std::move(picture);
        m_changed.notify_all();
    }
}

std::vector<std::pair<std::filesystem::path, PinReader::Picture>> PinReader::ready()
{
    std::vector<std::pair<std::filesystem::path, Picture>> pictures;
    const auto files = m_board->files();
    const std::scoped_lock lock(m_mutex);
    for (const auto &file : files) {
        if (const auto found = m_pictures.find(file); found != m_pictures.end())
            pictures.emplace_back(*found);
    }
    // What was taken off is read again if it comes back: it may have been mended.
    std::erase_if(m_pictures, [&](const auto &known) { return std::ranges::find(files, known.first) == files.end(); });
    if (pictures.size() < files.size())
        m_changed.notify_all();
    return pictures;
}

void PinReader::wait(std::chrono::milliseconds atMost)
{
    std::unique_lock lock(m_mutex);
    m_changed.notify_all();
    m_changed.wait_for(lock, atMost, [this] { return !missing().has_value(); });
}

PinWatcher::PinWatcher(RunContext &context, const ArchitectureGraph &graph, const Preprocessing &preprocessing)
    : m_context(context), m_graph(graph), m_preprocessing(preprocessing)
{
    if (context.output.pins)
        m_reader = std::make_unique<PinReader>(context.output.pins, preprocessing);
}

bool PinWatcher::due(const Pictures &pictures) const
{
    const auto untold = [this](const auto &picture) { return !m_told.contains(picture.first); };
    return !pictures.empty() && (Clock::now() >= m_next || std::ranges::any_of(pictures, untold));
}

void PinWatcher::watch(const NetworkTrainer &trainer, std::int64_t step, double epoch)
{
    if (!m_reader || Clock::now() - m_looked < kLookInterval)
        return;
    m_looked = Clock::now();
    const Pictures pictures = m_reader->ready();
    std::erase_if(m_told, [&](const auto &file) {
        return std::ranges::none_of(pictures, [&](const auto &picture) { return picture.first == file; });
    });
    if (!due(pictures))
        return;
    const auto begin = Clock::now();
    answer(pictures, trainer.weights(), step, epoch, false);
    const auto cost = Clock::now() - begin;
    m_next = Clock::now() + std::max<Clock::duration>(kLeastInterval, std::chrono::duration_cast<Clock::duration>(cost / kShareOfTime));
}

void PinWatcher::finish(const NetworkTrainer &trainer, std::int64_t step, double epoch)
{
    if (m_reader)
        answerAll(trainer.weights(), step, epoch, false);
}

void PinWatcher::finish(const Weights &kept, std::int64_t step, double epoch)
{
    if (m_reader)
        answerAll(kept, step, epoch, true);
}

void PinWatcher::answerAll(const Weights &weights, std::int64_t step, double epoch, bool kept)
{
    m_reader->wait(kLastWait);
    if (const Pictures pictures = m_reader->ready(); !pictures.empty())
        answer(pictures, weights, step, epoch, kept);
}

void PinWatcher::tellUnreadable(const Pictures &pictures, std::int64_t step, double epoch)
{
    for (const auto &[file, picture] : pictures) {
        if (!*picture && m_told.insert(file).second)
            m_context.recorder.pinned({file, step, epoch, {}, picture->error().message});
    }
}

void PinWatcher::answer(const Pictures &pictures, const Weights &weights, std::int64_t step, double epoch, bool kept)
{
    tellUnreadable(pictures, step, epoch);
    std::vector<std::filesystem::path> files;
    std::vector<std::uint8_t> pixels;
    for (const auto &[file, picture] : pictures) {
        if (!*picture)
            continue;
        files.push_back(file);
        pixels.insert(pixels.end(), (*picture)->pixels.begin(), (*picture)->pixels.end());
    }
    if (files.empty())
        return;
    const auto plan = InferencePlan::compile(m_graph, weights, planOptionsFor(m_preprocessing, m_context.precision));
    if (!plan)
        return m_context.recorder.note("The pinned pictures can't be answered: " + plan.error().message);
    const auto logits = plan->run(pixels, static_cast<int>(files.size()), m_preprocessing.sizePx);
    if (!logits)
        return m_context.recorder.note("The pinned pictures can't be answered: " + logits.error().message);
    if (!std::ranges::all_of(*logits, [](float logit) { return std::isfinite(logit); }))
        return; // the next step ends the run, and says why
    const std::size_t classes = logits->size() / files.size();
    for (std::size_t i = 0; i < files.size(); ++i) {
        m_context.recorder.pinned({files[i], step, epoch, softmax(std::span(*logits).subspan(i * classes, classes)), {}, kept});
        m_told.insert(files[i]);
    }
}

} // namespace whisker::internal
