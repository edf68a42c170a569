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

struct HeadFit {
    LinearHead head{};
    std::vector<HeadIteration> iterations{};
    double l2 = 0.0;
    bool finite = true; ///< False: the features are no numbers to learn from.
};

/// Multinomial logistic regression by L-BFGS with a strong Wolfe line search (Nocedal and Wright, 2006, algorithms 7.5 and 3.5; torch::optim::LBFGS):
/// the mean cross-entropy plus l2 / 2 * |weight|^2 over centred features in units of their common deviation, which is folded into weight and bias afterwards.
/// Deterministic. Ends after `mostIterations`, when the loss stands still, or with what it has when `stop` is asked for. Throws c10::Error.
HeadFit fitHead(const LabelledFeatures &training, const LabelledFeatures *validation, int classCount, double l2, int mostIterations,
                std::stop_token stop);

/// The fit among some strengths of l2 that has the least loss on `validation`; without validation pictures that of a middle strength.
HeadFit fitBestHead(const LabelledFeatures &training, const LabelledFeatures &validation, int classCount, int mostIterations,
                    std::stop_token stop);

/// Precondition: at least one row.
HeadScore scoreHead(const LinearHead &head, const LabelledFeatures &data);

} // namespace whisker::internal
