#include "engine/train/internal/lineage.h"

#include "engine/base/atomic_file.h"
#include "engine/base/path_text.h"
#include "engine/data/snapshot_file.h"
#include "engine/train/run_folder.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace whisker::internal {

namespace {

using nlohmann::json;

constexpr int kFormat = 1;
const Lineage kUnknown{.complete = false};

json hexOf(const std::set<ContentHash> &pictures)
{
    json list = json::array();
    for (const ContentHash &picture : pictures)
        list.push_back(picture.toHex());
    return list;
}

std::set<ContentHash> picturesFrom(const json &list)
{
    std::set<ContentHash> pictures;
    for (const json &hex : list) {
        if (const auto picture = ContentHash::fromHex(hex.get<std::string>()))
            pictures.insert(*picture);
    }
    return pictures;
}

/// The run whose model `file` is. Nothing where it isn't found.
std::optional<RunSummary> runOf(const std::filesystem::path &file, const ModelFile &model)
{
    const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
    const auto own = runReceiptFromJson(model.receipt); // none in best.safetensors
    const auto isIts = [&](const RunSummary &run) {
        return !own || (own->started == run.receipt.started && own->snapshotDigest == run.receipt.snapshotDigest);
    };
    if (auto beside = readRunSummary(folder); beside && isIts(*beside))
        return *std::move(beside);
    if (!own)
        return std::nullopt;
    const std::vector<RunSummary> runs = listRuns(folder / "runs");
    const auto found = std::ranges::find_if(runs, isIts);
    return found != runs.end() ? std::optional(*found) : std::nullopt;
}

} // namespace

Result<void> writeLineage(const std::filesystem::path &file, const Lineage &lineage)
{
    const json object{{"format", kFormat}, {"complete", lineage.complete}, {"learnt", hexOf(lineage.learnt)}, {"checked", hexOf(lineage.checked)}};
    return writeFileAtomically(file, object.dump());
}

Result<Lineage> readLineage(const std::filesystem::path &file)
{
    const auto bytes = readFile(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    try {
        const json object = json::parse(reinterpret_cast<const char *>(bytes->data()), reinterpret_cast<const char *>(bytes->data()) + bytes->size());
        if (object.at("format").get<int>() > kFormat)
            return fail(ErrorCode::NewerVersion, fmt::format("{} was written by a newer Whisker: update Whisker to go on with this run.", pathText(file)), file);
        return Lineage{picturesFrom(object.at("learnt")), picturesFrom(object.at("checked")), object.at("complete").get<bool>()};
    } catch (const json::exception &exception) {
        return fail(ErrorCode::BadFormat, fmt::format("{} does not say what the run's model had seen ({}): start a new run.", pathText(file), exception.what()), file);
    }
}

Lineage lineageOf(const std::filesystem::path &file, const ModelFile &model, bool withClassifier)
{
    const auto run = runOf(file, model);
    if (!run)
        return kUnknown;
    const auto snapshot = readSnapshot(run->folder / kSnapshotFile);
    const auto earlier = run->receipt.startModel.empty() ? Result<Lineage>(Lineage()) : readLineage(run->folder / kLineageFile);
    if (!snapshot || !earlier)
        return kUnknown;
    Lineage lineage = *earlier;
    const bool learntValidation = withClassifier && run->receipt.config.mode != TrainMode::Scratch;
    for (const SnapshotEntry &entry : honestSnapshot(*snapshot, *earlier).snapshot.entries) {
        if (entry.split == Split::Train || (entry.split == Split::Validation && learntValidation))
            lineage.learnt.insert(entry.hash);
        else if (entry.split == Split::Validation)
            lineage.checked.insert(entry.hash);
    }
    return lineage;
}

HonestSnapshot honestSnapshot(const Snapshot &given, const Lineage &lineage)
{
    HonestSnapshot honest{given};
    for (SnapshotEntry &entry : honest.snapshot.entries) {
        if (entry.split != Split::Train && lineage.learnt.contains(entry.hash)) {
            entry.split = Split::Train;
            ++honest.learnt;
        } else if (entry.split == Split::Test && lineage.checked.contains(entry.hash)) {
            entry.split = Split::Validation;
            ++honest.checked;
        }
    }
    sortEntries(honest.snapshot);
    return honest;
}

} // namespace whisker::internal
