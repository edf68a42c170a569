#include "engine/train/internal/checkpoint.h"

#include "engine/base/path_text.h"
#include "engine/image/content_hash.h"

#include <nlohmann/json.hpp>

#include <fmt/format.h>

namespace whisker::internal {

namespace {

using nlohmann::json;

constexpr const char *kKey = "whisker_checkpoint";
constexpr int kFormat = 1;

template <class Value> json orNull(const std::optional<Value> &value)
{
    return value ? json(*value) : json(nullptr);
}

std::optional<double> optionalNumber(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

/// A disk may give back other bits than it got: what a run goes on from is worth a look.
std::string contentsHash(const Weights &weights)
{
    std::string all;
    for (const auto &[name, tensor] : weights)
        all += name + ' ' + hashBytes(tensor.data).toHex() + '\n';
    return hashBytes(std::as_bytes(std::span(all))).toHex();
}

/// A checkpoint of an older Whisker has none.
RunEffort effortFrom(const json &object)
{
    return {object.value("seconds", 0.0),        object.value("step_seconds", 0.0), object.value("images", std::int64_t(0)),
            object.value("loader_steps", std::int64_t(0)), object.value("loader_waits", std::int64_t(0)), object.value("loader_seconds", 0.0)};
}

json toJson(const RunEffort &effort)
{
    return {{"seconds", effort.seconds},          {"step_seconds", effort.stepSeconds}, {"images", effort.images},
            {"loader_steps", effort.loaderSteps}, {"loader_waits", effort.loaderWaits}, {"loader_seconds", effort.loaderSeconds}};
}

RunProgress progressFrom(const json &object)
{
    RunProgress progress;
    progress.step = object.at("step").get<std::int64_t>();
    progress.validatedEpochs = object.at("validated_epochs").get<int>();
    progress.epochLoss = object.at("epoch_loss").get<double>();
    progress.epochCorrect = object.at("epoch_correct").get<std::int64_t>();
    progress.epochImages = object.at("epoch_images").get<std::int64_t>();
    progress.bestEpoch = object.at("best_epoch").get<int>();
    progress.bestAccuracy = optionalNumber(object, "best_accuracy");
    progress.bestLoss = optionalNumber(object, "best_loss");
    progress.microBatch = object.value("micro_batch", 0);
    progress.effort = effortFrom(object.value("effort", json::object()));
    progress.startAccuracy = optionalNumber(object, "start_accuracy");
    progress.hasRival = object.value("has_rival", progress.startAccuracy || progress.bestEpoch == 0); // an older Whisker did not say: then its file tells
    return progress;
}

} // namespace

Result<void> writeCheckpoint(const std::filesystem::path &file, const Checkpoint &checkpoint)
{
    const RunProgress &progress = checkpoint.progress;
    const json object{{"format", kFormat},
                      {"snapshot", checkpoint.snapshotDigest},
                      {"architecture", checkpoint.architecture},
                      {"step", progress.step},
                      {"validated_epochs", progress.validatedEpochs},
                      {"epoch_loss", progress.epochLoss},
                      {"epoch_correct", progress.epochCorrect},
                      {"epoch_images", progress.epochImages},
                      {"best_epoch", progress.bestEpoch},
                      {"best_accuracy", orNull(progress.bestAccuracy)},
                      {"best_loss", orNull(progress.bestLoss)},
                      {"micro_batch", progress.microBatch},
                      {"effort", toJson(progress.effort)},
                      {"contents", contentsHash(checkpoint.weights)},
                      {"has_rival", progress.hasRival},
                      {"start_accuracy", orNull(progress.startAccuracy)}};
    return writeSafetensors(file, checkpoint.weights, {{kKey, object.dump()}});
}

Result<Checkpoint> readCheckpoint(const std::filesystem::path &file)
{
    auto contents = readSafetensors(file);
    if (!contents && contents.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::NotFound,
                    fmt::format("There is no checkpoint {} to go on from: start the run anew.", pathText(file)), file);
    if (!contents)
        return std::unexpected(contents.error());
    const auto refuse = [&](const std::string &reason) {
        return fail(ErrorCode::BadFormat, fmt::format("{} is not a checkpoint of Whisker ({}): start the run anew.", pathText(file), reason), file);
    };
    const auto text = contents->metadata.find(kKey);
    if (text == contents->metadata.end())
        return refuse("it does not say where the run stands");
    try {
        const json object = json::parse(text->second);
        if (object.at("format").get<int>() > kFormat)
            return fail(ErrorCode::NewerVersion,
                        fmt::format("{} was saved by a newer Whisker: update Whisker to go on with this run.", pathText(file)), file);
        if (object.contains("contents") && object["contents"] != contentsHash(contents->weights))
            return refuse("its contents have changed since they were written");
        return Checkpoint{object.at("snapshot").get<std::string>(), object.at("architecture").get<std::string>(), progressFrom(object),
                          std::move(contents->weights)};
    } catch (const json::exception &exception) {
        return refuse(exception.what());
    }
}

} // namespace whisker::internal
