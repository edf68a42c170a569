#include "engine/train/model_file.h"

#include "engine/base/path_text.h"
#include "engine/nn/architectures.h"

#include <nlohmann/json.hpp>

#include <fmt/format.h>

namespace whisker {

namespace {

using nlohmann::json;

constexpr const char *kKey = "whisker";

std::unexpected<Error> notAModel(const std::filesystem::path &file, const std::string &reason)
{
    return fail(ErrorCode::BadFormat, fmt::format("{} is not a model of Whisker ({}): choose a model that Whisker has saved.", pathText(file), reason),
                file);
}

Result<ModelFile> describedBy(const json &object, const std::filesystem::path &file)
{
    ModelFile model;
    model.architecture = object.at("architecture").get<std::string>();
    model.classes = object.at("classes").get<std::vector<std::string>>();
    if (model.classes.empty())
        return notAModel(file, "it has no classes");
    const auto preprocessing = preprocessingFromJson(object.at("preprocessing").dump());
    if (!preprocessing)
        return notAModel(file, preprocessing.error().message);
    model.preprocessing = *preprocessing;
    model.temperature = object.value("calibration", json::object()).value("temperature", 1.0);
    if (!(model.temperature > 0.0))
        return notAModel(file, "its temperature is not above 0");
    if (const auto threshold = object.find("threshold"); threshold != object.end() && threshold->is_number())
        model.threshold = threshold->get<double>();
    model.receipt = object.value("receipt", json::object()).dump();
    return model;
}

Result<ModelFile> description(const SafetensorsMetadata &metadata, const std::filesystem::path &file)
{
    const auto text = metadata.find(kKey);
    if (text == metadata.end())
        return notAModel(file, "it holds weights, but not what they are for");
    try {
        const json object = json::parse(text->second);
        const int format = object.at("format").get<int>();
        if (format > kModelFormat)
            return fail(ErrorCode::NewerVersion,
                        fmt::format("{} was saved by a newer Whisker: update Whisker to use it.", pathText(file)), file);
        return describedBy(object, file);
    } catch (const json::exception &exception) {
        return notAModel(file, exception.what());
    }
}

Result<void> checkWeights(const ModelFile &model, const std::filesystem::path &file)
{
    const auto graph = buildArchitecture(model.architecture, static_cast<int>(model.classes.size()));
    if (!graph)
        return notAModel(file, graph.error().message);
    for (const WeightSpec &spec : weightSpecs(*graph)) {
        const WeightTensor *tensor = model.weights.find(spec.name);
        if (tensor == nullptr)
            return notAModel(file, fmt::format("the weight {} is missing", spec.name));
        if (tensor->shape != spec.shape || tensor->dtype != DType::Float32)
            return notAModel(file, fmt::format("the weight {} does not fit its architecture", spec.name));
    }
    return {};
}

} // namespace

Result<ModelFile> readModel(const std::filesystem::path &file)
{
    auto contents = readSafetensors(file);
    if (!contents)
        return std::unexpected(contents.error());
    auto model = description(contents->metadata, file);
    if (!model)
        return model;
    model->weights = std::move(contents->weights);
    if (const auto checked = checkWeights(*model, file); !checked)
        return std::unexpected(checked.error());
    return model;
}

Result<ModelFile> readModelDescription(const std::filesystem::path &file)
{
    const auto metadata = readSafetensorsMetadata(file);
    if (!metadata)
        return std::unexpected(metadata.error());
    return description(*metadata, file);
}

Result<void> writeModel(const std::filesystem::path &file, const ModelFile &model)
{
    const json receipt = json::parse(model.receipt, nullptr, false);
    if (!receipt.is_object())
        return fail(ErrorCode::InvalidArgument, fmt::format("{} cannot be saved: its receipt is no JSON object.", pathText(file)), file);
    const json object{{"format", kModelFormat},
                      {"architecture", model.architecture},
                      {"classes", model.classes},
                      {"preprocessing", json::parse(toJson(model.preprocessing))},
                      {"calibration", {{"temperature", model.temperature}}},
                      {"threshold", model.threshold ? json(*model.threshold) : json(nullptr)},
                      {"receipt", receipt}};
    return writeSafetensors(file, model.weights, {{kKey, object.dump(-1, ' ', false, json::error_handler_t::replace)}});
}

} // namespace whisker
