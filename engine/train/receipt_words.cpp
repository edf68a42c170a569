#include "engine/train/receipt_words.h"

#include "engine/base/path_text.h"
#include "engine/base/sentence.h"
#include "engine/train/internal/config_lines.h"
#include "engine/train/wilson_interval.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace whisker {

namespace {

constexpr std::size_t kShownDigits = 12; // of a digest: enough to tell two apart at a glance

std::string numberText(int value)
{
    return value > 0 ? std::to_string(value) : std::string();
}

std::string percentText(const std::optional<double> &share)
{
    return share ? fmt::format("{:.1f} %", 100.0 * *share) : std::string();
}

std::string testText(const RunReceipt &receipt)
{
    const auto share = testShare(receipt);
    return share ? fmt::format("{:.1f} % ({} of {})", 100.0 * *share, *receipt.testCorrect, *receipt.testTotal) : std::string();
}

std::string timeText(double seconds)
{
    if (seconds < 99.95)
        return fmt::format("{:.1f} s", seconds);
    const long whole = std::lround(seconds);
    return whole < 3600 ? fmt::format("{} min {} s", whole / 60, whole % 60) : fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

std::string memoryText(const std::optional<std::uint64_t> &bytes)
{
    if (!bytes)
        return {};
    const double megabytes = static_cast<double>(*bytes) / 1e6;
    return megabytes < 950.0 ? fmt::format("{:.0f} MB", megabytes) : fmt::format("{:.1f} GB", megabytes / 1e3);
}

std::string waitText(const std::optional<LoaderWait> &wait)
{
    return wait ? fmt::format("{:.0f} %, {} of {} steps", 100.0 * wait->share, wait->waits, wait->steps) : std::string();
}

std::vector<ReceiptLine> originOf(const RunReceipt &receipt)
{
    std::vector<ReceiptLine> lines;
    if (!receipt.snapshotDigest.empty())
        lines.push_back({"Snapshot", receipt.snapshotDigest.substr(0, kShownDigits)});
    if (!receipt.startModel.empty())
        lines.push_back({"Continues", pathText(receipt.startModel)});
    if (receipt.cycles.size() > 1) {
        std::vector<int> ends;
        for (const ScheduleCycle &cycle : receipt.cycles)
            ends.push_back(cycle.epochs);
        lines.push_back({"Made longer", fmt::format("from {} epochs", fmt::join(ends, " to "))});
    }
    return lines;
}

std::vector<ReceiptLine> machineOf(const RunReceipt &receipt)
{
    std::vector<ReceiptLine> lines;
    if (!receipt.device.empty())
        lines.push_back({"Device", receipt.device});
    for (const auto &[name, version] : receipt.versions)
        lines.push_back({name == "whisker" ? "Whisker" : name == "libtorch" ? "LibTorch" : name == "opencv" ? "OpenCV" : name, version});
    return lines;
}

/// "cat, dog", "Abyssinian, Bengal, Birman, Bombay, beagle, boxer and 31 more".
std::string classesText(const std::vector<std::string> &classes)
{
    constexpr std::size_t kShown = 6;
    if (classes.size() <= kShown + 1)
        return fmt::format("{}", fmt::join(classes, ", "));
    return fmt::format("{} and {} more", fmt::join(classes.begin(), classes.begin() + kShown, ", "), classes.size() - kShown);
}

std::string picturesText(const RunReceipt &receipt)
{
    std::vector<std::string> parts = {fmt::format("{} to learn from", receipt.trainImages)};
    if (receipt.validationImages > 0)
        parts.push_back(fmt::format("{} to validate with", receipt.validationImages));
    if (receipt.testImages > 0)
        parts.push_back(fmt::format("{} to test with", receipt.testImages));
    return listed(parts);
}

std::string valueOf(const std::vector<ReceiptLine> &lines, std::string_view name)
{
    const auto line = std::ranges::find(lines, name, &ReceiptLine::name);
    return line == lines.end() ? std::string() : line->value;
}

std::string networkText(const std::vector<ReceiptLine> &settings)
{
    return fmt::format("{}, {}, {}", valueOf(settings, "Network"), valueOf(settings, "Mode"), valueOf(settings, "Picture size"));
}

/// "12 of 20, best 7"; quick has none, and what stays as it began has no best one.
std::string epochsText(const RunReceipt &receipt)
{
    if (receipt.config.mode == TrainMode::Quick)
        return {};
    std::string text = std::to_string(receipt.epochs);
    if (receipt.epochs != receipt.config.epochs)
        text += fmt::format(" of {}", receipt.config.epochs);
    return receipt.bestEpoch > 0 ? text + fmt::format(", best {}", receipt.bestEpoch) : text;
}

/// How long it took, and what there is to say of that.
std::string costText(const RunReceipt &receipt, const std::vector<ReceiptLine> &outcome)
{
    std::string text = valueOf(outcome, "Time");
    if (const std::string speed = valueOf(outcome, "Speed"); !speed.empty())
        text += ", " + speed;
    if (const std::string memory = valueOf(outcome, "Memory at most"); !memory.empty())
        text += fmt::format(", {} of memory at most", memory);
    const double waited = receipt.loaderWait ? 100.0 * receipt.loaderWait->share : 0.0;
    return waited >= 0.5 ? text + fmt::format(", {:.0f} % of the time waiting for pictures", waited) : text;
}

std::string testWithRange(const RunReceipt &receipt)
{
    std::string text = testText(receipt);
    if (text.empty())
        return text;
    const auto [low, high] = wilsonInterval(static_cast<int>(*receipt.testCorrect), static_cast<int>(*receipt.testTotal));
    return text + fmt::format("; expect {:g} % to {:g} % with new pictures like these", percentOfBound(low), percentOfBound(high));
}

} // namespace

ReceiptWords receiptWords(const RunReceipt &receipt)
{
    ReceiptWords words;
    words.outcome = {{"Status", std::string(statusWord(receipt))},
                     {"Epochs", numberText(receipt.config.mode == TrainMode::Quick ? 0 : receipt.epochs)}, // iterations of a solver are no epochs
                     {"Best epoch", numberText(receipt.bestEpoch)},
                     {"Validation", percentText(receipt.validationAccuracy)},
                     {"Test", testText(receipt)},
                     {"Time", timeText(receipt.seconds)},
                     {"Speed", receipt.imagesPerSecond > 0.0 ? fmt::format("{:.0f} img/s", receipt.imagesPerSecond) : std::string()},
                     {"Memory at most", memoryText(receipt.peakMemoryBytes)},
                     {"Waited for pictures", waitText(receipt.loaderWait)}};
    words.data = {{"Classes", fmt::format("{}", fmt::join(receipt.classes, ", "))},
                  {"Training pictures", std::to_string(receipt.trainImages)},
                  {"Validation pictures", std::to_string(receipt.validationImages)},
                  {"Test pictures", std::to_string(receipt.testImages)}};
    words.origin = originOf(receipt);
    for (internal::ConfigLine &line : internal::configLines(receipt.config)) {
        if (!line.value.empty())
            words.settings.push_back({std::move(line.name), std::move(line.value)});
    }
    words.machine = machineOf(receipt);
    return words;
}

std::vector<ReceiptLine> receiptInShort(const RunReceipt &receipt)
{
    const ReceiptWords words = receiptWords(receipt);
    std::vector<ReceiptLine> lines = {{"Status", receipt.status == RunStatus::Completed ? std::string() : std::string(statusWord(receipt))},
                                      {"Pictures", picturesText(receipt)},
                                      {"Classes", classesText(receipt.classes)},
                                      {"Continues", valueOf(words.origin, "Continues")},
                                      {"Network", networkText(words.settings)},
                                      {"Device", receipt.device},
                                      {"Epochs", epochsText(receipt)},
                                      {"Time", costText(receipt, words.outcome)},
                                      {"Validation", valueOf(words.outcome, "Validation")},
                                      {"Test", testWithRange(receipt)}};
    for (const std::string &note : receipt.notes)
        lines.push_back({"Note", note});
    if (receipt.status == RunStatus::Failed)
        lines.push_back({"Note", receipt.message});
    std::erase_if(lines, [](const ReceiptLine &line) { return line.value.empty(); });
    return lines;
}

} // namespace whisker
