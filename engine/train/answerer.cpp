#include "engine/train/answerer.h"

#include "engine/base/path_text.h"
#include "engine/base/thread_pool.h"
#include "engine/nn/architectures.h"
#include "engine/train/internal/known_features.h"
#include "engine/train/internal/picture_pipeline.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <optional>
#include <utility>

namespace whisker {

namespace {

using Clock = std::chrono::steady_clock;

std::vector<double> softmax(const std::vector<float> &logits, double temperature)
{
    const double greatest = *std::ranges::max_element(logits);
    std::vector<double> probabilities;
    probabilities.reserve(logits.size());
    double sum = 0.0;
    for (const float logit : logits)
        sum += probabilities.emplace_back(std::exp((static_cast<double>(logit) - greatest) / temperature));
    for (double &probability : probabilities)
        probability /= sum;
    return probabilities;
}

} // namespace

struct Answerer::Data {
    ModelFile model;
    InferencePlan plan;
    Precision precision;
    int threads;
    bool featuresToo;
    mutable std::optional<internal::KnownFeatures> known; // one thread at a time, as the class says

    Result<Answer> run(const internal::PreparedPicture &picture, Clock::time_point begin) const
    {
        if (computeThreads() != threads)
            setComputeThreads(threads);
        const auto logits = plan.run(picture.rgb.pixels, 1, model.preprocessing.sizePx);
        if (!logits)
            return std::unexpected(logits.error());
        return Answer{softmax(*logits, model.temperature), picture.width, picture.height, picture.note,
                      std::chrono::duration<double, std::milli>(Clock::now() - begin).count(), {}};
    }

    Answer answerOf(internal::PictureOutput output) const
    {
        return {softmax(output.values, model.temperature), output.width,        output.height, std::move(output.note),
                output.milliseconds,                       std::move(output.features)};
    }
};

Answerer::Answerer(std::unique_ptr<const Data> data) : m_data(std::move(data)) {}
Answerer::Answerer(Answerer &&) noexcept = default;
Answerer &Answerer::operator=(Answerer &&) noexcept = default;
Answerer::~Answerer() = default;

Result<Answerer> Answerer::load(const std::filesystem::path &modelFile, const AnswererOptions &options)
{
    if (const auto device = chooseDevice(options.device); !device)
        return std::unexpected(device.error());
    const Device cpu; // the plan runs there whatever else there is
    const auto precision = choosePrecision(precisionName(options.precision), cpu);
    if (!precision)
        return std::unexpected(precision.error());
    auto model = readModel(modelFile);
    if (!model)
        return std::unexpected(model.error());
    const auto graph = buildArchitecture(model->architecture, static_cast<int>(model->classes.size()));
    if (!graph)
        return std::unexpected(graph.error());
    const int threads = options.threads > 0 ? options.threads : static_cast<int>(usableProcessors());
    setComputeThreads(threads);
    auto plan = InferencePlan::compile(*graph, model->weights, internal::planOptionsFor(model->preprocessing, *precision));
    if (!plan)
        return std::unexpected(plan.error());
    auto known = options.reuseFeatures ? internal::KnownFeatures::of(*model, *graph, *precision, options.featureFolder) : std::nullopt;
    model->weights = {}; // the plan has them
    return Answerer(std::make_unique<const Data>(*std::move(model), *std::move(plan), *precision, threads, options.featuresToo, std::move(known)));
}

const ModelFile &Answerer::model() const
{
    return m_data->model;
}

std::string Answerer::describe() const
{
    if (computeThreads() != m_data->threads)
        setComputeThreads(m_data->threads);
    return whisker::describe(Device{}, m_data->precision);
}

Result<Answer> Answerer::answer(const std::filesystem::path &file) const
{
    const auto begin = Clock::now();
    const auto picture = internal::preparePicture(file, m_data->model.preprocessing);
    if (!picture)
        return std::unexpected(picture.error());
    return m_data->run(*picture, begin);
}

Result<Answer> Answerer::answer(const RgbImage &image) const
{
    if (image.empty())
        return fail(ErrorCode::InvalidArgument, "There is no picture to answer for: it is empty.");
    const auto begin = Clock::now();
    try {
        return m_data->run({preprocess(image, m_data->model.preprocessing), image.width, image.height, {}}, begin);
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Internal, std::string("The picture can't be prepared: ") + exception.what());
    }
}

void Answerer::answerFiles(std::span<const std::filesystem::path> files, int batch, const Sink &sink, std::stop_token stop) const
{
    const auto take = [&](std::size_t index, Result<internal::PictureOutput> output) {
        if (!output) {
            sink(index, std::unexpected(std::move(output.error())));
            return;
        }
        sink(index, m_data->answerOf(*std::move(output)));
    };
    internal::runPictures(m_data->plan, m_data->model.preprocessing, files, {PlanOutput::Logits, m_data->threads, batch, m_data->featuresToo}, take, stop);
}

void Answerer::answerPictures(std::span<const HashedPicture> pictures, int batch, const Sink &sink, std::stop_token stop) const
{
    std::vector<std::filesystem::path> files;
    std::vector<std::size_t> places; // in `pictures`, of what is not known
    for (std::size_t index = 0; index < pictures.size() && !stop.stop_requested(); ++index) {
        auto features = m_data->known ? m_data->known->find(pictures[index].hash) : std::nullopt;
        if (!features) {
            files.push_back(pictures[index].file);
            places.push_back(index);
            continue;
        }
        Answer answer{softmax(m_data->known->logits(*features), m_data->model.temperature)};
        if (m_data->featuresToo)
            answer.features = *std::move(features);
        sink(index, std::move(answer));
    }
    const auto take = [&](std::size_t index, Result<internal::PictureOutput> output) {
        if (!output)
            return sink(places[index], std::unexpected(std::move(output.error())));
        if (m_data->known)
            m_data->known->add(pictures[places[index]].hash, output->features);
        sink(places[index], m_data->answerOf(*std::move(output)));
    };
    internal::runPictures(m_data->plan, m_data->model.preprocessing, files, {PlanOutput::Logits, m_data->threads, batch, m_data->featuresToo || m_data->known}, take, stop);
    if (m_data->known)
        m_data->known->keep();
}

} // namespace whisker
