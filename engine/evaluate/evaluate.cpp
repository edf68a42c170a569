#include "engine/evaluate/evaluate.h"

#include "engine/base/path_text.h"
#include "engine/train/answerer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>

namespace whisker {

namespace {

constexpr int kBatch = 8;
constexpr double kLeastProbability = 1e-300; // its logarithm is still a number

/// For each label of the data the class of the model with the same name.
Result<std::vector<std::size_t>> matchClasses(const Snapshot &snapshot, const std::vector<std::string> &known,
                                              const std::filesystem::path &modelFile)
{
    std::vector<std::size_t> matched;
    for (const std::string &name : snapshot.classes) {
        const auto found = std::ranges::find(known, name);
        if (found == known.end())
            return fail(ErrorCode::InvalidArgument,
                        "The model " + pathText(modelFile) + " doesn't know the class \"" + name +
                            "\": leave its pictures out, or train a model with them.",
                        modelFile);
        matched.push_back(static_cast<std::size_t>(found - known.begin()));
    }
    return matched;
}

std::vector<std::size_t> chosenEntries(const Snapshot &snapshot, const std::optional<Split> &split)
{
    if (split)
        return snapshot.indicesOf(*split);
    std::vector<std::size_t> all(snapshot.entries.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = i;
    return all;
}

ClassScore scoreOf(const Evaluation &evaluation, std::size_t label)
{
    ClassScore score;
    score.name = evaluation.classes[label];
    std::size_t answered = 0;
    for (std::size_t other = 0; other < evaluation.classes.size(); ++other) {
        score.support += evaluation.confusion[label][other];
        answered += evaluation.confusion[other][label];
    }
    const auto right = static_cast<double>(evaluation.confusion[label][label]);
    score.precision = answered > 0 ? right / static_cast<double>(answered) : 0.0;
    score.recall = score.support > 0 ? right / static_cast<double>(score.support) : 0.0;
    const double sum = score.precision + score.recall;
    score.f1 = sum > 0.0 ? 2.0 * score.precision * score.recall / sum : 0.0;
    return score;
}

/// Gathers answers and makes the figures of them.
class Tally {
public:
    explicit Tally(const std::vector<std::string> &classes)
    {
        m_evaluation.classes = classes;
        m_evaluation.confusion.assign(classes.size(), std::vector<std::size_t>(classes.size()));
    }

    void add(std::size_t truth, const std::vector<double> &probabilities)
    {
        const auto best = std::ranges::max_element(probabilities);
        const auto answer = static_cast<std::size_t>(best - probabilities.begin());
        ++m_evaluation.images;
        ++m_evaluation.confusion[truth][answer];
        m_evaluation.correct += answer == truth ? 1 : 0;
        m_loss -= std::log(std::max(probabilities[truth], kLeastProbability));
        m_confidences.push_back(*best);
        m_right.push_back(answer == truth);
    }

    void skip(SkippedFile file) { m_evaluation.skipped.push_back(std::move(file)); }

    Evaluation finish()
    {
        const auto images = static_cast<double>(std::max<std::size_t>(m_evaluation.images, 1));
        m_evaluation.accuracy = static_cast<double>(m_evaluation.correct) / images;
        m_evaluation.loss = m_loss / images;
        m_evaluation.ece = expectedCalibrationError(m_confidences, m_right);
        for (std::size_t label = 0; label < m_evaluation.classes.size(); ++label)
            m_evaluation.perClass.push_back(scoreOf(m_evaluation, label));
        m_evaluation.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count();
        return std::move(m_evaluation);
    }

private:
    const std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
    Evaluation m_evaluation;
    double m_loss = 0.0;
    std::vector<double> m_confidences;
    std::vector<bool> m_right;
};

Result<Evaluation> evaluateWith(const Answerer &answerer, const std::filesystem::path &modelFile, const Snapshot &snapshot,
                                const EvaluateOptions &options, const EvaluateSink &sink, std::stop_token stop)
{
    const auto classes = matchClasses(snapshot, answerer.model().classes, modelFile);
    if (!classes)
        return std::unexpected(classes.error());
    const std::vector<std::size_t> entries = chosenEntries(snapshot, options.split);
    if (entries.empty())
        return fail(ErrorCode::InvalidArgument, std::string("There are no pictures") +
                                                    (options.split ? std::string(" in the split ") + splitName(*options.split) : "") +
                                                    " to evaluate with: choose another split or other data.");
    std::vector<std::filesystem::path> files;
    for (const std::size_t entry : entries)
        files.push_back(snapshot.entries[entry].file);
    Tally tally(answerer.model().classes);
    std::string reason;
    const auto take = [&](std::size_t index, Result<Answer> answer) {
        const SnapshotEntry &picture = snapshot.entries[entries[index]];
        if (answer)
            tally.add((*classes)[static_cast<std::size_t>(picture.label)], answer->probabilities);
        else
            tally.skip({picture.file, reason = answer.error().message});
        if (sink)
            sink(index + 1, entries.size());
    };
    answerer.answerFiles(files, kBatch, take, stop);
    if (stop.stop_requested())
        return fail(ErrorCode::Cancelled, "Evaluation was stopped.");
    Evaluation evaluation = tally.finish();
    if (evaluation.images == 0)
        return fail(ErrorCode::Unreadable, "None of the pictures could be read; the last one: " + reason);
    return evaluation;
}

} // namespace

Result<Evaluation> evaluate(const std::filesystem::path &modelFile, const Snapshot &snapshot, const EvaluateOptions &options,
                            const EvaluateSink &sink, std::stop_token stop)
{
    try {
        const auto answerer = Answerer::load(modelFile, {options.precision, options.device, options.threads});
        if (!answerer)
            return std::unexpected(answerer.error());
        return evaluateWith(*answerer, modelFile, snapshot, options, sink, stop);
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Internal, std::string("Evaluation failed: ") + exception.what());
    }
}

double expectedCalibrationError(const std::vector<double> &confidences, const std::vector<bool> &correct, int bins)
{
    struct Bin {
        double confidence = 0.0;
        double correct = 0.0;
    };
    std::vector<Bin> histogram(static_cast<std::size_t>(bins));
    for (std::size_t i = 0; i < confidences.size(); ++i) {
        const double place = std::ceil(confidences[i] * bins) - 1.0;
        Bin &bin = histogram[static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(bins - 1)))];
        bin.confidence += confidences[i];
        bin.correct += correct[i] ? 1.0 : 0.0;
    }
    double distance = 0.0;
    for (const Bin &bin : histogram)
        distance += std::abs(bin.correct - bin.confidence); // |accuracy - confidence| of the bin times its count
    return confidences.empty() ? 0.0 : distance / static_cast<double>(confidences.size());
}

} // namespace whisker
