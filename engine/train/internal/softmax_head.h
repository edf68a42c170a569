#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace whisker::internal {

/// Rows of features with the class of each.
struct LabelledFeatures {
    int featureCount = 0;
    std::vector<float> features{}; ///< [rows, featureCount], row-major.
    std::vector<int> labels{};     ///< [rows], each in [0, classCount).

    std::size_t rows() const { return labels.size(); }
    void append(std::span<const float> row, int label);
    void append(const LabelledFeatures &other);
};

/// A linear classifier: logits = weight * features + bias.
struct LinearHead {
    int classCount = 0;
    std::vector<float> weight{}; ///< [classCount, featureCount], row-major.
    std::vector<float> bias{};   ///< [classCount]
};

struct HeadScore {
    double loss = 0.0; ///< Mean cross-entropy, nats.
    std::size_t correct = 0;
    double accuracy = 0.0;
};

struct HeadIteration {
    int iteration = 0; ///< From 1.
    HeadScore training{};
    std::optional<HeadScore> validation{};
};

/// What is chosen with pictures that were not learnt from.
struct HeadChoice {
    double l2 = 0.0;
    double temperature = 1.0; ///< What the solved logits are divided by (Guo et al., "On calibration of modern neural networks", 2017, section 4.2).

    bool operator==(const HeadChoice &) const = default;
};

struct HeadFit {
    LinearHead head{}; ///< With the temperature in its weight and bias.
    std::vector<HeadIteration> iterations{};
    HeadChoice choice{};
    bool finite = true; ///< False: the features are no numbers to learn from.
};

/// Multinomial logistic regression by L-BFGS with a strong Wolfe line search (Nocedal and Wright, 2006, algorithms 7.5 and 3.5; torch::optim::LBFGS):
/// the mean cross-entropy plus l2 / 2 * |weight|^2 over centred features in units of their common deviation, which is folded into weight and bias afterwards.
/// Scores are those of the logits divided by the temperature. Deterministic. Ends after `mostIterations`, when the loss stands still, or with what it has when
/// `stop` is asked for. Throws c10::Error.
HeadFit fitHead(const LabelledFeatures &training, const LabelledFeatures *validation, int classCount, const HeadChoice &choice, int mostIterations,
                std::stop_token stop);

/// The fit among some strengths of l2, each with the temperature that suits it, that has the least loss on `validation`; without validation pictures that of a
/// middle strength. A strong l2 tells many classes apart best but makes the head shy, which loss alone would take for being wrong; its temperature mends that.
HeadFit fitBestHead(const LabelledFeatures &training, const LabelledFeatures &validation, int classCount, int mostIterations,
                    std::stop_token stop);

/// Precondition: at least one row.
HeadScore scoreHead(const LinearHead &head, const LabelledFeatures &data);

/// What a head says of one row.
struct HeadAnswer {
    int label = 0;
    double probability = 0.0; ///< That it gives for that.
};
/// One a row. Precondition: at least one row.
std::vector<HeadAnswer> headAnswers(const LinearHead &head, const LabelledFeatures &data);

} // namespace whisker::internal
