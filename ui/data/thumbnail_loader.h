#pragma once

#include "engine/base/result.h"
#include "engine/data/project_values.h"
#include "engine/image/rgb_image.h"

#include <QImage>
#include <QObject>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace whisker {

/// Makes pictures small on threads of its own. Lives in the GUI thread, emits there, never waits but in its destructor, and there for the
/// pictures under way alone.
class ThumbnailLoader : public QObject {
    Q_OBJECT
public:
    /// Called on the threads, several at once.
    using Load = std::function<Result<RgbImage>(const std::filesystem::path &)>;
    struct Request {
        ImageId id = 0;
        std::filesystem::path file;
        bool operator==(const Request &) const = default;
    };

    /// `threads` >= 1: as many pictures are under way at once, not one more.
    ThumbnailLoader(Load load, std::size_t threads, QObject *parent = nullptr);
    ~ThumbnailLoader() override;

    /// What is to be loaded from now on, the most urgent first; takes the place of what still waits, so that nobody waits for what was scrolled away. What is
    /// under way is not begun again.
    void setWanted(std::vector<Request> requests);

Q_SIGNALS:
    void loaded(whisker::ImageId id, const QImage &image); ///< QImage::Format_RGB32, as painting likes it.
    void failed(whisker::ImageId id, const whisker::Error &error);

private:
    struct Outcome {
        ImageId id = 0;
        QImage image;
        Error error;
    };
    void work(std::stop_token stop);
    void hand(Outcome outcome);
    void deliver();

    const Load m_load;
    std::mutex m_mutex; // for the next four
    std::condition_variable_any m_wantedChanged;
    std::deque<Request> m_wanted;
    std::vector<ImageId> m_underWay;
    std::vector<Outcome> m_outcomes; // not heard yet; an event is on its way as long as there is one
    std::vector<std::jthread> m_threads; // last: joined before what they use goes away
};

/// A copy for painting, any size.
QImage imageOf(const RgbImage &picture);

} // namespace whisker
