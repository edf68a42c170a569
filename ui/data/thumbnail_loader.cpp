#include "ui/data/thumbnail_loader.h"

#include "engine/base/start_thread.h"
#include "engine/base/thread_priority.h"

#include <algorithm>

namespace whisker {

QImage imageOf(const RgbImage &picture)
{
    const QImage view(picture.pixels.data(), picture.width, picture.height, static_cast<qsizetype>(picture.rowBytes()),
                      QImage::Format_RGB888);
    return view.convertToFormat(QImage::Format_RGB32);
}

ThumbnailLoader::ThumbnailLoader(Load load, std::size_t threads, QObject *parent) : QObject(parent), m_load(std::move(load))
{
    for (std::size_t k = 0; k < threads; ++k)
        m_threads.push_back(startThread([this](std::stop_token stop) { work(stop); }));
}

ThumbnailLoader::~ThumbnailLoader()
{
    for (auto &thread : m_threads)
        thread.request_stop(); // all of them before the first is waited for
}

void ThumbnailLoader::setWanted(std::vector<Request> requests)
{
    {
        const std::scoped_lock lock(m_mutex);
        std::erase_if(requests, [this](const Request &request) { return std::ranges::find(m_underWay, request.id) != m_underWay.end(); });
        m_wanted.assign(std::make_move_iterator(requests.begin()), std::make_move_iterator(requests.end()));
    }
    m_wantedChanged.notify_all();
}

void ThumbnailLoader::work(std::stop_token stop)
{
    stepBehindWindow();
    while (true) {
        Request request;
        {
            std::unique_lock lock(m_mutex);
            m_wantedChanged.wait(lock, stop, [this] { return !m_wanted.empty(); });
            if (stop.stop_requested())
                return;
            request = std::move(m_wanted.front());
            m_wanted.pop_front();
            m_underWay.push_back(request.id);
        }
        auto picture = m_load(request.file);
        hand(picture ? Outcome{request.id, imageOf(*picture), {}} : Outcome{request.id, {}, std::move(picture.error())});
    }
}

void ThumbnailLoader::hand(Outcome outcome)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_outcomes.push_back(std::move(outcome));
        if (m_outcomes.size() > 1)
            return;
    }
    QMetaObject::invokeMethod(this, &ThumbnailLoader::deliver, Qt::QueuedConnection);
}

void ThumbnailLoader::deliver()
{
    std::vector<Outcome> outcomes;
    {
        const std::scoped_lock lock(m_mutex);
        outcomes.swap(m_outcomes);
        for (const auto &outcome : outcomes)
            std::erase(m_underWay, outcome.id);
    }
    for (const auto &outcome : outcomes) {
        if (outcome.image.isNull())
            Q_EMIT failed(outcome.id, outcome.error);
        else
            Q_EMIT loaded(outcome.id, outcome.image);
    }
}

} // namespace whisker
