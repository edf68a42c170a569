#include "ui/data/filter_order.h"

#include "engine/data/project.h"
#include "engine/image/decode.h"
#include "engine/image/exif.h"
#include "engine/image/measures.h"
#include "ui/texts.h"

#include <QCollator>
#include <QElapsedTimer>
#include <QLocale>
#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <numeric>
#include <span>
#include <type_traits>
#include <utility>

namespace whisker {

namespace {

constexpr int kReportMs = 200;
constexpr std::size_t kExifHead = 128 << 10; // a JPEG has its facts in its first 64 KB; reading photographs whole would take minutes
constexpr int kTurnMs = 6;
constexpr int kBetweenLooks = 1000; // pictures copied between two looks at the clock

/// A collator of its own: they are not to be shared by threads.
QCollator nameOrder()
{
    // The C locale compares bytes and knows no numbers.
    QCollator made(QLocale().language() == QLocale::C ? QLocale(QLocale::English) : QLocale());
    made.setNumericMode(true);
    made.setCaseSensitivity(Qt::CaseInsensitive);
    return made;
}

/// Not in Danish (aa) or Czech (ch), for instance: in these a letter's place depends on its neighbour.
bool comparesLetterByLetter(const QLocale &locale)
{
    constexpr std::array kLanguages{QLocale::English, QLocale::German, QLocale::French, QLocale::Italian, QLocale::Spanish, QLocale::Portuguese, QLocale::Dutch};
    return std::ranges::find(kLanguages, locale.language()) != kLanguages.end();
}

bool isAscii(const std::string &name)
{
    return std::ranges::all_of(name, [](char letter) { return static_cast<unsigned char>(letter) < 128; });
}

/// Keys of ASCII names that compare as the collator does, byte by byte: the collator's own keys of a million names take seconds.
class AsciiKeys {
public:
    explicit AsciiKeys(const QCollator &collator)
    {
        std::array<int, 128> letters{};
        std::iota(letters.begin(), letters.end(), 0);
        const auto text = [](int letter) { return QString(QChar(letter)); };
        std::ranges::stable_sort(letters, [&](int left, int right) { return collator.compare(text(left), text(right)) < 0; });
        unsigned char weight = 1;
        for (std::size_t k = 0; k < letters.size(); ++k) {
            weight = static_cast<unsigned char>(weight + (k > 0 && collator.compare(text(letters[k - 1]), text(letters[k])) < 0));
            m_weights[static_cast<std::size_t>(letters[k])] = weight;
        }
    }

    std::string operator()(const std::string &name) const
    {
        const auto isDigit = [](char letter) { return letter >= '0' && letter <= '9'; };
        std::string key;
        for (std::size_t k = 0; k < name.size();) {
            if (!isDigit(name[k])) {
                key += static_cast<char>(m_weights[static_cast<std::size_t>(name[k++])]);
                continue;
            }
            std::size_t end = k;
            while (end < name.size() && isDigit(name[end]))
                ++end;
            while (k + 1 < end && name[k] == '0')
                ++k;
            key += static_cast<char>(m_weights['0']); // a longer number is greater
            key += static_cast<char>(std::min<std::size_t>(end - k, 255));
            key.append(name, k, end - k);
            k = end;
        }
        return key;
    }

private:
    std::array<unsigned char, 128> m_weights{};
};

template <class KeyOf> ImageRanks ranksOf(const std::vector<ImageRecord> &images, const KeyOf &keyOf)
{
    using Key = std::decay_t<decltype(keyOf(std::string()))>;
    std::vector<std::pair<Key, ImageId>> keyed;
    keyed.reserve(images.size());
    for (const auto &image : images)
        keyed.emplace_back(keyOf(image.name), image.id);
    std::ranges::stable_sort(keyed, [](const auto &left, const auto &right) { return left.first < right.first; });
    ImageRanks ranks;
    int rank = -1;
    for (std::size_t k = 0; k < keyed.size(); ++k) {
        if (k == 0 || keyed[k - 1].first < keyed[k].first)
            ++rank; // pictures of one name share it, and stand as they came
        ranks.set(keyed[k].second, rank);
    }
    return ranks;
}

/// "2024:05:03 14:22:10" as 20240503142210; 0 for anything else.
std::int64_t numberOf(const std::string &taken)
{
    std::tm parts{};
    char end = 0;
    if (std::sscanf(taken.c_str(), "%4d:%2d:%2d %2d:%2d:%2d%c", &parts.tm_year, &parts.tm_mon, &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &end) != 6)
        return 0;
    return ((((parts.tm_year * 100LL + parts.tm_mon) * 100 + parts.tm_mday) * 100 + parts.tm_hour) * 100 + parts.tm_min) * 100 + parts.tm_sec;
}

/// As numberOf(): of a camera's local time, or of the file's.
std::int64_t takenTime(const ImageRecord &image)
{
    std::vector<char> head(kExifHead);
    std::ifstream file(image.file(), std::ios::binary);
    file.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
    const auto bytes = std::as_bytes(std::span(head));
    const auto kind = sniffFileKind(bytes);
    const bool atEnd = kind == FileKind::Tiff || kind == FileKind::WebP; // there the facts may come after the picture
    const auto facts = atEnd ? readExif(image.file()) : Result<ExifFacts>(readExif(bytes));
    if (const std::int64_t taken = facts ? numberOf(facts->taken) : 0)
        return taken;
    const std::time_t seconds = image.modifiedNs / 1'000'000'000;
    std::tm parts{};
    if (!::localtime_r(&seconds, &parts))
        return 0;
    return ((((parts.tm_year + 1900) * 100LL + parts.tm_mon + 1) * 100 + parts.tm_mday) * 100 + parts.tm_hour) * 10000LL + parts.tm_min * 100 + parts.tm_sec;
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

void ImageRanks::set(ImageId id, int rank)
{
    const auto place = static_cast<std::size_t>(id);
    if (place >= m_ranks.size())
        m_ranks.resize(std::max(place + 1, m_ranks.size() * 2), kLast);
    m_ranks[place] = rank;
}

ImageRanks ranksByName(const std::vector<ImageRecord> &images)
{
    const QCollator collator = nameOrder();
    const bool simple = comparesLetterByLetter(collator.locale()) && std::ranges::all_of(images, [](const ImageRecord &image) { return isAscii(image.name); });
    return simple ? ranksOf(images, AsciiKeys(collator)) : ranksOf(images, [&](const std::string &name) { return collator.sortKey(fromUtf8(name)); });
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
    int rank = 0;
    for (const auto &[distance, id] : distances)
        ranks->set(id, rank++);
    return ranks;
}

std::shared_ptr<const ImageRanks> ranksByTaken(const std::vector<ImageRecord> &images, TakenTimes &known, const ShareDone &onShare, std::stop_token stop)
{
    std::vector<std::pair<std::int64_t, ImageId>> times;
    QElapsedTimer reported;
    reported.start();
    for (const auto &image : images) {
        if (stop.stop_requested())
            return {};
        const auto place = known.find(image.id);
        if (place == known.end() || place->second.first != image.modifiedNs)
            known.insert_or_assign(image.id, std::pair(image.modifiedNs, takenTime(image)));
        times.emplace_back(-known[image.id].second, image.id);
        if (reported.elapsed() >= kReportMs) {
            reported.start();
            onShare(static_cast<double>(times.size()) / static_cast<double>(images.size()));
        }
    }
    std::ranges::sort(times);
    auto ranks = std::make_shared<ImageRanks>();
    int rank = 0;
    for (const auto &[time, id] : times)
        ranks->set(id, rank++);
    return ranks;
}

ImageRanker::ImageRanker(QObject *parent) : QObject(parent)
{
    m_turn.setSingleShot(true);
    m_turn.setInterval(0);
    connect(&m_turn, &QTimer::timeout, this, &ImageRanker::askOn);
}

ImageRanker::~ImageRanker() { m_stop.request_stop(); }

void ImageRanker::cancel()
{
    m_stop.request_stop();
    m_stop = {};
    ++m_asked;
    m_turn.stop();
    m_images.clear();
}

void ImageRanker::begin(std::size_t count, Ask ask, Work work)
{
    m_count = count;
    m_ask = std::move(ask);
    m_work = std::move(work);
    m_images.reserve(count); // a growing list would be moved whole now and then
    m_turn.start();
}

void ImageRanker::askOn()
{
    QElapsedTimer turn;
    turn.start();
    while (m_images.size() < m_count && turn.elapsed() < kTurnMs) {
        for (int k = 0; k < kBetweenLooks && m_images.size() < m_count; ++k)
            m_images.push_back(m_ask(m_images.size()));
    }
    if (m_images.size() < m_count)
        m_turn.start();
    else
        workOn();
}

void ImageRanker::workOn()
{
    m_thread.add([this, images = std::exchange(m_images, {}), work = std::move(m_work), stop = m_stop.get_token(), asked = m_asked] {
        if (stop.stop_requested())
            return;
        auto ranks = work(images, stop);
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

/// Says on the GUI thread how far what is asked for now has come.
ShareDone ImageRanker::reporter()
{
    return [this, asked = m_asked](double share) {
        QMetaObject::invokeMethod(this, [this, asked, share] {
            if (asked == m_asked)
                Q_EMIT progressed(share);
        }, Qt::QueuedConnection);
    };
}

void ImageRanker::rankByName(std::size_t count, Ask ask)
{
    cancel();
    begin(count, std::move(ask), [](const Images &images, std::stop_token) { return std::make_shared<const ImageRanks>(ranksByName(images)); });
}

void ImageRanker::rankByTaken(std::shared_ptr<Project> project, std::size_t count, Ask ask)
{
    cancel();
    begin(count, std::move(ask), [this, project = std::move(project), report = reporter()](const Images &images, std::stop_token stop) {
        if (m_takenOf.lock() != project)
            m_taken.clear();
        m_takenOf = project;
        return ranksByTaken(images, m_taken, report, stop);
    });
}

void ImageRanker::rankBySimilarity(std::shared_ptr<Project> project, std::size_t count, Ask ask, ImageId to)
{
    cancel();
    begin(count, std::move(ask), [this, project = std::move(project), to, report = reporter()](const Images &images, std::stop_token stop) {
        if (auto stored = storedMeasures(*project)) {
            if (m_knownOf.lock() != project)
                m_known.clear();
            m_known.merge(*stored);
            m_knownOf = project;
        }
        return ranksBySimilarity(images, to, m_known, report, stop);
    });
}

} // namespace whisker
