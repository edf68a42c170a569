#include "ui/predict/inference_controller.h"

#include "engine/base/start_thread.h"
#include "engine/base/thread_pool.h"
#include "engine/base/thread_priority.h"
#include "engine/image/decode.h"
#include "engine/image/resample.h"
#include "ui/predict/picture_files.h"
#include "ui/texts.h"

#include <QMetaObject>
#include <algorithm>
#include <chrono>

namespace whisker {

namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

bool isAboutModel(const InferenceEvent &event)
{
    return std::holds_alternative<ModelReady>(event) || std::holds_alternative<ModelRefused>(event);
}

Result<DecodedImage> read(const InferenceRequest &request, int shortEdgePx)
{
    if (request.path.isEmpty())
        return decodedFromPasted(request.pasted);
    return decodeFile(toPath(request.path), {.shortEdgeAtLeastPx = shortEdgePx});
}

/// No edge longer than `edgePx`.
QImage shrunk(const RgbImage &image, int edgePx)
{
    const int edge = std::max(image.width, image.height);
    if (edge <= edgePx)
        return toQImage(image);
    const double scale = double(edgePx) / edge;
    return toQImage(resized(image, std::max(1, int(image.width * scale)), std::max(1, int(image.height * scale)),
                            Interpolation::Area));
}

} // namespace

/// What was decoded of one request.
struct InferenceController::ReadPicture {
    Result<DecodedImage> decoded = fail(ErrorCode::Cancelled, {});
    double readMs = 0.0;
    QImage thumbnail;

    void readFrom(const InferenceRequest &request, int shortEdgePx)
    {
        const auto start = Clock::now();
        decoded = read(request, shortEdgePx);
        readMs = millisecondsSince(start);
        if (decoded)
            thumbnail = thumbnailOf(decoded->rgb, kThumbnailPx);
    }
};

InferenceController::InferenceController(ClassifierLoader loader, QObject *parent)
    : QObject(parent), m_loader(std::move(loader)), m_thread(startThread([this](std::stop_token stop) { work(stop); }))
{
}

InferenceController::~InferenceController() = default;

void InferenceController::setModel(const std::filesystem::path &modelFile)
{
    const std::scoped_lock lock(m_mutex);
    m_model = modelFile;
    m_wished.notify_one();
}

void InferenceController::findFiles(const QStringList &paths)
{
    const std::scoped_lock lock(m_mutex);
    m_lists.push_back(paths);
    m_wished.notify_one();
}

void InferenceController::ask(std::vector<InferenceRequest> requests)
{
    const std::scoped_lock lock(m_mutex);
    m_asked.insert(m_asked.end(), std::make_move_iterator(requests.begin()), std::make_move_iterator(requests.end()));
    m_wished.notify_one();
}

void InferenceController::askInstead(std::vector<InferenceRequest> requests)
{
    const std::scoped_lock lock(m_mutex);
    m_asked.assign(std::make_move_iterator(requests.begin()), std::make_move_iterator(requests.end()));
    m_wished.notify_one();
}

void InferenceController::show(InferenceRequest request)
{
    const std::scoped_lock lock(m_mutex);
    m_show = std::move(request);
    m_wished.notify_one();
}

void InferenceController::forget(PictureId id)
{
    const std::scoped_lock lock(m_mutex);
    std::erase_if(m_asked, [id](const InferenceRequest &request) { return request.id == id; });
    if (m_show && m_show->id == id)
        m_show.reset();
}

void InferenceController::reset()
{
    const std::scoped_lock lock(m_mutex);
    ++m_generation;
    m_lists.clear();
    m_show.reset();
    m_asked.clear();
    std::erase_if(m_events, [](const InferenceEvent &event) { return !isAboutModel(event); });
}

bool InferenceController::nextWish(Wish &wish, std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    const bool wished = m_wished.wait(lock, stop, [this] { return m_model || m_show || !m_lists.empty() || !m_asked.empty(); });
    if (!wished || stop.stop_requested())
        return false;
    wish = {};
    wish.generation = m_generation;
    if (m_model) {
        wish.model = std::exchange(m_model, {});
    } else if (m_show) {
        wish.show = std::exchange(m_show, {});
    } else if (!m_lists.empty()) {
        wish.list = std::move(m_lists.front());
        m_lists.pop_front();
    } else {
        const auto end = m_asked.begin() + std::ptrdiff_t(std::min(m_asked.size(), kTogether));
        wish.asked.assign(std::make_move_iterator(m_asked.begin()), std::make_move_iterator(end));
        m_asked.erase(m_asked.begin(), end);
    }
    return true;
}

void InferenceController::work(std::stop_token stop)
{
    stepBehindWindow();
    Wish wish;
    while (nextWish(wish, stop)) {
        m_workGeneration = wish.generation;
        if (wish.model)
            load(*wish.model);
        else if (wish.show)
            display(*wish.show);
        else if (wish.list)
            list(*wish.list, stop);
        else
            answer(wish.asked, stop);
    }
    m_classifier.reset(); // where it was made
}

int InferenceController::threads() const
{
    return m_trainingGoesOn ? 1 : int(usableProcessors());
}

void InferenceController::load(const std::filesystem::path &file)
{
    m_classifier.reset(); // two models at once would be twice the memory
    if (file.empty()) {
        post(ModelReady{nullptr});
        return;
    }
    auto classifier = m_loader(file);
    if (!classifier) {
        post(ModelRefused{file, QString::fromStdString(classifier.error().message)});
        return;
    }
    m_classifier = std::move(*classifier);
    post(ModelReady{std::make_shared<const ModelSummary>(m_classifier->summary())});
}

void InferenceController::list(const QStringList &paths, std::stop_token stop)
{
    post(listPictureFiles(paths, kMaxFiles, stop));
}

void InferenceController::display(const InferenceRequest &request)
{
    // A quarter of the pixels of a large photograph is decoded where that still fills the view.
    const auto decoded = read(request, kShownPx / 2);
    if (!decoded) {
        post(PictureRefused{request.id, QString::fromStdString(decoded.error().message)});
        return;
    }
    post(PictureShown{request.id, shrunk(decoded->rgb, kShownPx), QSize(decoded->fullWidth, decoded->fullHeight)});
}

void InferenceController::answer(const std::vector<InferenceRequest> &requests, std::stop_token stop)
{
    const int shortEdgePx = std::max(kThumbnailPx, m_classifier ? m_classifier->shortEdgePx() : 0);
    std::vector<ReadPicture> pictures(requests.size());
    parallelFor(
        requests.size(), std::size_t(threads()),
        [&](std::size_t i) { pictures[i].readFrom(requests[i], shortEdgePx); }, stop);
    for (std::size_t i = 0; i < requests.size() && !stop.stop_requested(); ++i)
        answerOne(requests[i], pictures[i]);
}

void InferenceController::answerOne(const InferenceRequest &request, const ReadPicture &picture)
{
    if (!picture.decoded) {
        post(PictureRefused{request.id, QString::fromStdString(picture.decoded.error().message)});
        return;
    }
    const DecodedImage &decoded = *picture.decoded;
    post(PictureRead{request.id, picture.thumbnail, QSize(decoded.fullWidth, decoded.fullHeight)});
    if (!m_classifier)
        return;
    auto answer = m_classifier->classify(decoded.rgb, threads());
    if (!answer) {
        post(PictureRefused{request.id, QString::fromStdString(answer.error().message)});
        return;
    }
    answer->readMs = picture.readMs;
    answer->note = QString::fromStdString(decoded.note);
    post(PictureAnswered{request.id, std::move(*answer)});
}

void InferenceController::post(InferenceEvent event)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_workGeneration != m_generation && !isAboutModel(event))
            return; // closed meanwhile
        m_events.push_back(std::move(event));
        if (m_events.size() > 1)
            return; // the event under way carries this one too
    }
    QMetaObject::invokeMethod(this, &InferenceController::drain, Qt::QueuedConnection);
}

void InferenceController::drain()
{
    std::vector<InferenceEvent> events;
    {
        const std::scoped_lock lock(m_mutex);
        events.swap(m_events);
    }
    if (!events.empty())
        Q_EMIT happened(events);
}

} // namespace whisker
