#include "app/cli/command.h"

#include "engine/base/atomic_file.h"
#include "engine/base/csv_field.h"
#include "engine/base/path_text.h"
#include "engine/base/sentence.h"
#include "engine/predict/predictor.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

namespace whisker {

namespace {

struct PredictWish {
    std::filesystem::path model;
    std::vector<std::filesystem::path> paths;
    std::filesystem::path csv;
    int batch = 8;
};

using Answers = std::vector<Result<Prediction>>;

/// Adds all files below `folder`, each folder's in byte order. A folder that can't be listed is added as a file, whose error then names it.
void addFilesBelow(const std::filesystem::path &folder, std::vector<std::filesystem::path> &files)
{
    std::error_code error;
    std::filesystem::directory_iterator entry(folder, error);
    std::vector<std::filesystem::path> entries;
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
        entries.push_back(entry->path());
    if (error)
        files.push_back(folder);
    std::ranges::sort(entries);
    for (const auto &path : entries) {
        const bool isFolder = std::filesystem::symlink_status(path, error).type() == std::filesystem::file_type::directory;
        if (isFolder) // a link to a folder is left alone: it may lead back
            addFilesBelow(path, files);
        else if (!std::filesystem::is_directory(path, error))
            files.push_back(path);
    }
}

/// Files as named; a folder stands for all files below it.
std::vector<std::filesystem::path> filesOf(const std::vector<std::filesystem::path> &paths)
{
    std::vector<std::filesystem::path> files;
    for (const auto &path : paths) {
        std::error_code ignored; // what can't be looked at is told by the one who reads it
        if (std::filesystem::is_directory(path, ignored))
            addFilesBelow(path, files);
        else
            files.push_back(path);
    }
    return files;
}

nlohmann::json asJson(const std::filesystem::path &file, const Result<Prediction> &answer, const std::vector<std::string> &classes)
{
    if (!answer)
        return {{"file", file.native()}, {"error", answer.error().message}};
    auto probabilities = nlohmann::json::object();
    for (std::size_t i = 0; i < classes.size(); ++i)
        probabilities[classes[i]] = answer->probabilities[i];
    return {{"file", file.native()},
            {"class", classes[answer->classIndex]},
            {"probability", answer->probability},
            {"probabilities", std::move(probabilities)}};
}

std::string asCsv(const std::vector<std::filesystem::path> &files, const Answers &answers, const std::vector<std::string> &classes)
{
    std::string text = "file,class,probability,error";
    for (const auto &name : classes)
        text += ',' + csvField(name);
    text += '\n';
    for (std::size_t i = 0; i < files.size(); ++i) {
        text += csvField(pathText(files[i])) + ',';
        text += answers[i] ? fmt::format("{},{:.6f},", csvField(classes[answers[i]->classIndex]), answers[i]->probability)
                           : ",," + csvField(answers[i].error().message);
        for (std::size_t k = 0; k < classes.size(); ++k)
            text += answers[i] ? fmt::format(",{:.6f}", answers[i]->probabilities[k]) : ",";
        text += '\n';
    }
    return text;
}

void print(const std::filesystem::path &file, const Result<Prediction> &answer, const std::vector<std::string> &classes)
{
    if (answer)
        std::cout << fmt::format("{}\t{}\t{:.1f} %\t{:.1f} ms\n", pathText(file), classes[answer->classIndex], 100 * answer->probability,
                                 answer->milliseconds);
    else
        std::cerr << "whisker-cli: " << answer.error().message << '\n';
}

/// A picture that was answered though its file is damaged: on stderr, so that tables and JSON stay as they are.
void warn(const std::filesystem::path &file, const Result<Prediction> &answer)
{
    if (answer && !answer->note.empty())
        std::cerr << "warning: " << pathText(file) << " is damaged: " << asClause(answer->note) << '\n';
}

int predict(const PredictWish &wish, const CommandContext &context)
{
    const auto predictor = Predictor::load(wish.model);
    if (!predictor)
        return report(predictor.error());
    const auto files = filesOf(wish.paths);
    if (files.empty())
        return report({ErrorCode::NotFound, pathText(wish.paths.front()) + " holds no files: name pictures, or a folder of pictures.",
                       wish.paths.front()});
    Answers answers;
    {
        ProgressLine line;
        std::size_t done = 0;
        const auto show = [&](std::size_t, const Result<Prediction> &) {
            line.show("Predicting", fmt::format("{} of {} pictures", ++done, files.size()));
        };
        answers = predictor->predictFiles(files, wish.batch, show, context.stop);
    }
    if (!wish.csv.empty() && !context.stop.stop_requested()) { // half the answers would be a file that looks whole
        if (const auto written = writeFileAtomically(wish.csv, asCsv(files, answers, predictor->classes())); !written)
            return report(written.error());
    }
    auto rows = nlohmann::json::array();
    for (std::size_t i = 0; i < files.size(); ++i) {
        warn(files[i], answers[i]);
        if (context.json)
            rows.push_back(asJson(files[i], answers[i], predictor->classes()));
        else
            print(files[i], answers[i], predictor->classes());
    }
    if (context.json)
        if (const int printed = printJson(rows); printed != Done)
            return printed;
    if (context.stop.stop_requested())
        return Interrupted;
    return std::ranges::any_of(answers, [](const auto &answer) { return answer.has_value(); }) ? Done : Failed;
}

} // namespace

void addPredictCommand(CLI::App &app, ChosenCommand &chosen)
{
    auto *command = app.add_subcommand("predict", "Say what is on pictures");
    auto wish = std::make_shared<PredictWish>();
    command->add_option("MODEL", wish->model, "Model file")->required();
    command->add_option("PATH", wish->paths, "Pictures, or folders of pictures")->required();
    command->add_option("--csv", wish->csv, "Also write the answers to this file");
    command->add_option("--batch", wish->batch, "Pictures that go through the network at once")
        ->check(CLI::Range(1, 4096))
        ->capture_default_str();
    command->callback([wish, &chosen] { chosen = [wish](const CommandContext &context) { return predict(*wish, context); }; });
}

} // namespace whisker
