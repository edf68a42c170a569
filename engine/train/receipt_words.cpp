#include "engine/train/receipt_words.h"

#include "engine/base/path_text.h"
#include "engine/train/internal/config_lines.h"

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

} // namespace whisker
