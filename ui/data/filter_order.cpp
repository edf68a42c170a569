#include "ui/data/filter_order.h"

#include "engine/data/project.h"
#include "engine/image/measures.h"
#include "ui/texts.h"

#include <QCollator>
#include <QElapsedTimer>
#include <QLocale>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {

constexpr int kReportMs = 200;

/// A collator of its own: they are not to be shared by threads.
QCollator nameOrder()
{
    // The C locale compares bytes and knows no numbers.
    QCollator made(QLocale().language() == QLocale::C ? QLocale(QLocale::English) : QLocale());
    made.setNumericMode(true);
    made.setCaseSensitivity(Qt::CaseInsensitive);
    return made;
}

/// Null where the file does not decode.
const PictureMeasures *measuresOf(const ImageRecord &image, KnownContents &known)
{
    auto found = known.find(image.hash);
    if (found == known.end()) {
        auto measured = measurePicture(image.file());
        KnownContent content;
        if (measured)
            content.measures = std::move(*measured);
        else
            content.problem = measured.error().message;
        found = known.emplace(image.hash, std::move(content)).first;
    }
    return found->second.problem.empty() ? &found->second.measures : nullptr;
}

} // namespace

ImageRanks ranksByName(const std::vector<ImageRecord> &images)
{
    const QCollator collator = nameOrder();
    std::vector<std::pair<QCollatorSortKey, ImageId>> keyed;
    keyed.reserve(images.size());
    for (const auto &image : images)
        keyed.emplace_back(collator.sortKey(fromUtf8(image.name)), image.id);
    std::ranges::stable_sort(keyed, [](const auto &left, const auto &right) { return left.first < right.first; });
    ImageRanks ranks;
    ranks.reserve(keyed.size());
    int rank = -1;
    for (std::size_t k = 0; k < keyed.size(); ++k) {
        if (k == 0 || keyed[k - 1].first < keyed[k].first)
            ++rank; // pictures of one name share it, and stand as they came
        ranks.emplace(keyed[k].second, rank);
    }
    return ranks;
}

std::shared_ptr<const ImageRanks> ranksBySimilarity(const std::vector<ImageRecord> &images, ImageId to, KnownContents &known, const ShareDone &onShare,
                                                    std::stop_token stop)
{
    const auto chosen = std::ranges::find(images, to, &ImageRecord::id);
    const auto *wanted = chosen == images.end() ? nullptr : measuresOf(*chosen, known);
    if (!wanted)
        return {};
    const auto thumbnail = wanted->thumbnail;
    std::vector<std::pair<double, ImageId>> distances;
    QElapsedTimer reported;
    reported.start();
    for (const auto &image : images) {
        if (stop.stop_requested())
            return {};
        const auto *measures = measuresOf(image, known);
        const double distance = image.id == to ? -2 : measures ? -thumbnailCorrelation(thumbnail, measures->thumbnail) : 2;
        distances.emplace_back(distance, image.id);
        if (reported.elapsed() >= kReportMs) {
            reported.start();
            onShare(static_cast<double>(distances.size()) / static_cast<double>(images.size()));
        }
    }
    std::ranges::sort(distances);
    auto ranks = std::make_shared<ImageRanks>();
    for (const auto &[distance, id] : distances)
        ranks->emplace(id, static_cast<int>(ranks->size()));
    return ranks;
}

ImageRanker::ImageRanker(QObject *parent) : QObject(parent) {}

ImageRanker::~ImageRanker() { m_stop.request_stop(); }

void ImageRanker::cancel()
{
    m_stop.request_stop();
    m_stop = {};
    ++m_asked;
}

void ImageRanker::begin(std::function<std::shared_ptr<const ImageRanks>(std::stop_token)> work)
{
    cancel();
    m_thread.add([this, work = std::move(work), stop = m_stop.get_token(), asked = m_asked] {
        if (stop.stop_requested())
            return;
        auto ranks = work(stop);
        QMetaObject::invokeMethod(this, [this, ranks = std::move(ranks), asked] {
            if (asked != m_asked)
                return;
            if (ranks)
                Q_EMIT ranked(ranks);
            else
                Q_EMIT failed();
        }, Qt::QueuedConnection);
    });
}

void ImageRanker::rankByName(std::vector<ImageRecord> images)
{
    begin([images = std::move(images)](std::stop_token) { return std::make_shared<const ImageRanks>(ranksByName(images)); });
}

void ImageRanker::rankBySimilarity(std::shared_ptr<Project> project, std::vector<ImageRecord> images, ImageId to)
{
    begin([this, project = std::move(project), images = std::move(images), to, asked = m_asked + 1](std::stop_token stop) {
        if (auto stored = storedMeasures(*project)) {
            if (m_knownOf.lock() != project)
                m_known.clear();
            m_known.merge(*stored);
            m_knownOf = project;
        }
        const auto report = [this, asked](double share) {
            QMetaObject::invokeMethod(this, [this, asked, share] {
                if (asked == m_asked)
                    Q_EMIT progressed(share);
            }, Qt::QueuedConnection);
        };
        return ranksBySimilarity(images, to, m_known, report, stop);
    });
}

} // namespace whisker
