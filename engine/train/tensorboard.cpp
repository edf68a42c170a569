#include "engine/train/tensorboard.h"

#include "engine/base/atomic_file.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <string>
#include <unistd.h>
#include <utility>

namespace whisker {

namespace {

constexpr std::string_view kFilePrefix = "events.out.tfevents."; // which readers look for

constexpr std::array<std::uint32_t, 256> kCrcTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t value = byte;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1) ^ (value & 1 ? 0x82f63b78u : 0u); // the polynomial, bits reversed
        table[byte] = value;
    }
    return table;
}();

template <class Number> void appendNumber(std::string &text, Number number)
{
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        text += static_cast<char>(number >> (8 * i) & 0xff);
}

void appendVarint(std::string &text, std::uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        text += static_cast<char>((number & 0x7f) | 0x80);
    text += static_cast<char>(number);
}

/// How a field of a message is encoded (the protocol buffers' wire types).
enum WireType : unsigned { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

void appendKey(std::string &text, unsigned field, WireType type)
{
    appendVarint(text, field << 3 | type);
}

void appendBytes(std::string &text, unsigned field, std::string_view bytes)
{
    appendKey(text, field, Bytes);
    appendVarint(text, bytes.size());
    text += bytes;
}

/// The beginning of an Event: wall_time = 1, seconds since 1970.
std::string eventNow()
{
    const double seconds = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    std::string event;
    appendKey(event, 1, Fixed64);
    appendNumber(event, std::bit_cast<std::uint64_t>(seconds));
    return event;
}

void appendStep(std::string &event, std::int64_t step)
{
    appendKey(event, 2, Varint);
    appendVarint(event, static_cast<std::uint64_t>(step));
}

/// Event { wall_time = 1, step = 2, session_log = 7 { status = 1: START } }: what readers have from this step on is of a run that broke off.
std::string startOf(const MetricPoint &first)
{
    const bool isOfEpoch = first.series != MetricSeries::TrainingLoss; // then the loss of its step stands
    std::string event = eventNow();
    appendStep(event, first.step + (isOfEpoch ? 1 : 0));
    appendBytes(event, 7, "\x08\x01");
    return event;
}

std::string_view tagOf(MetricSeries series)
{
    switch (series) {
    case MetricSeries::TrainingLoss: return "loss/training";
    case MetricSeries::ValidationLoss: return "loss/validation";
    case MetricSeries::TrainingAccuracy: return "accuracy/training";
    case MetricSeries::ValidationAccuracy: return "accuracy/validation";
    case MetricSeries::LearningRate: return "learning_rate";
    }
    return metricSeriesName(series);
}

/// Event { wall_time = 1, step = 2, summary = 5 { value = 1 { tag = 1, simple_value = 2 } } }
std::string eventOf(const MetricPoint &point)
{
    std::string value;
    appendBytes(value, 1, tagOf(point.series));
    appendKey(value, 2, Fixed32);
    appendNumber(value, std::bit_cast<std::uint32_t>(static_cast<float>(point.value)));
    std::string summary;
    appendBytes(summary, 1, value);
    std::string event = eventNow();
    appendStep(event, point.step);
    appendBytes(event, 5, summary);
    return event;
}

/// As TFRecord stores it, so that a file of checksums does not look like one of data.
std::uint32_t maskedCrc(std::string_view bytes)
{
    return std::rotr(crc32c(bytes), 15) + 0xa282ead8u;
}

std::string record(std::string_view data)
{
    std::string text;
    appendNumber(text, static_cast<std::uint64_t>(data.size()));
    appendNumber(text, maskedCrc(text));
    text += data;
    appendNumber(text, maskedCrc(data));
    return text;
}

/// A field of a message: a number or bytes.
struct Field {
    unsigned number = 0;
    std::uint64_t value = 0;
    std::string_view bytes{};
};

std::optional<std::uint64_t> takeVarint(std::string_view &rest)
{
    std::uint64_t number = 0;
    for (unsigned bits = 0; !rest.empty() && bits < 64; bits += 7) {
        const auto byte = static_cast<unsigned char>(rest.front());
        rest.remove_prefix(1);
        number |= static_cast<std::uint64_t>(byte & 0x7f) << bits;
        if (byte < 0x80)
            return number;
    }
    return std::nullopt;
}

/// Nothing at the end, and where the message can't be read any further.
std::optional<Field> takeField(std::string_view &rest)
{
    const auto key = takeVarint(rest);
    const auto type = key.value_or(Varint) & 7;
    const auto value = type == Varint || type == Bytes ? takeVarint(rest) : type == Fixed64 ? 8 : type == Fixed32 ? 4 : std::optional<std::uint64_t>();
    if (!key || !value)
        return std::nullopt;
    Field field{.number = static_cast<unsigned>(*key >> 3), .value = *value};
    if (type == Varint)
        return field;
    if (*value > rest.size())
        return std::nullopt;
    field.bytes = rest.substr(0, *value);
    rest.remove_prefix(*value);
    return field;
}

/// The bytes of the first field with that number; empty where there is none.
std::string_view bytesOf(std::string_view message, unsigned number)
{
    while (const auto field = takeField(message)) {
        if (field->number == number)
            return field->bytes;
    }
    return {};
}

std::string_view takeRecord(std::string_view &file)
{
    constexpr std::size_t kFrame = 16; // length, and two checksums
    std::uint64_t size = 0;
    for (std::size_t i = 0; file.size() >= kFrame && i < sizeof size; ++i)
        size |= static_cast<std::uint64_t>(static_cast<unsigned char>(file[i])) << (8 * i);
    if (file.size() < kFrame || size > file.size() - kFrame)
        return {}; // torn: what a crash cut off
    const std::string_view data = file.substr(12, size);
    file.remove_prefix(kFrame + size);
    return data;
}

using KnownPoints = std::set<std::pair<MetricSeries, std::int64_t>>; // and steps

void collect(std::string_view event, KnownPoints &points)
{
    const std::string_view tag = bytesOf(bytesOf(bytesOf(event, 5), 1), 1);
    std::int64_t step = 0;
    while (const auto field = takeField(event)) {
        if (field->number == 2)
            step = static_cast<std::int64_t>(field->value);
    }
    for (const MetricSeries series : {MetricSeries::TrainingLoss, MetricSeries::ValidationLoss, MetricSeries::TrainingAccuracy, MetricSeries::ValidationAccuracy,
                                      MetricSeries::LearningRate}) {
        if (tag == tagOf(series))
            points.emplace(series, step);
    }
}

KnownPoints pointsIn(const std::filesystem::path &folder)
{
    KnownPoints points;
    std::error_code error; // what can't be read has no points
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (!entry->path().filename().native().starts_with(kFilePrefix))
            continue;
        const auto bytes = readFile(entry->path());
        std::string_view rest = bytes ? std::string_view(reinterpret_cast<const char *>(bytes->data()), bytes->size()) : std::string_view();
        for (std::string_view event = takeRecord(rest); !event.empty(); event = takeRecord(rest))
            collect(event, points);
    }
    return points;
}

std::filesystem::path newFileIn(const std::filesystem::path &folder)
{
    static std::atomic<int> number = 0; // two writers may begin in one second
    char host[256] = "localhost";
    if (::gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    return folder / fmt::format("{}{}.{}.{}.{}", kFilePrefix, seconds, host, ::getpid(), number++);
}

} // namespace

std::uint32_t crc32c(std::string_view bytes)
{
    std::uint32_t value = ~0u;
    for (const char byte : bytes)
        value = (value >> 8) ^ kCrcTable[(value ^ static_cast<unsigned char>(byte)) & 0xff];
    return ~value;
}

TensorBoardWriter::TensorBoardWriter(std::filesystem::path file, int descriptor) : m_file(std::move(file)), m_descriptor(descriptor) {}

TensorBoardWriter::TensorBoardWriter(TensorBoardWriter &&other) noexcept
    : m_file(std::move(other.m_file)), m_descriptor(std::exchange(other.m_descriptor, -1)), m_started(other.m_started)
{
}

TensorBoardWriter::~TensorBoardWriter()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<TensorBoardWriter> TensorBoardWriter::create(const std::filesystem::path &folder)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        return std::unexpected(systemError(error.value(), "can't be made", folder));
    const std::filesystem::path file = newFileIn(folder);
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return std::unexpected(systemError(errno, "can't be written", file));
    TensorBoardWriter writer(file, descriptor);
    std::string version = eventNow();
    appendBytes(version, 3, "brain.Event:2"); // file_version: readers look for it first
    if (const auto written = writer.append(version); !written)
        return std::unexpected(written.error());
    return writer;
}

Result<void> TensorBoardWriter::add(const MetricPoint &point)
{
    if (m_descriptor < 0)
        return {};
    if (!std::exchange(m_started, true)) {
        if (auto started = append(startOf(point)); !started)
            return started;
    }
    return append(eventOf(point));
}

Result<void> TensorBoardWriter::addMissing(std::span<const MetricPoint> earlier)
{
    const KnownPoints known = pointsIn(m_file.parent_path());
    auto point = std::ranges::find_if(earlier, [&](const MetricPoint &one) { return !known.contains({one.series, one.step}); });
    for (; point != earlier.end(); ++point) {
        if (auto added = add(*point); !added)
            return added;
    }
    return {};
}

Result<void> TensorBoardWriter::append(std::string_view event)
{
    const std::string text = record(event);
    ssize_t written = -1;
    do {
        written = ::write(m_descriptor, text.data(), text.size());
    } while (written < 0 && errno == EINTR);
    if (written == static_cast<ssize_t>(text.size()))
        return {};
    const int reason = written < 0 ? errno : ENOSPC;
    ::close(std::exchange(m_descriptor, -1));
    return std::unexpected(systemError(reason, "can't be written", m_file));
}

} // namespace whisker
