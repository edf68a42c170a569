#include "engine/train/internal/softmax_head.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <torch/optim/lbfgs.h>

#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace whisker::internal {

namespace {

// Fitted by the mean loss, so l2 = 1 / (C * rows) in the terms of scikit-learn. A factor of 10 between them is finer than validation can tell.
constexpr std::array kStrengths = {1e-3, 1e-2, 1e-1, 1.0};
constexpr double kMiddleStrength = 1e-1; // the least loss on unseen pictures with 8 and 10 photographs a class
constexpr double kStandingStill = 1e-5; // of the loss from one iteration to the next, relative

at::Tensor asTensor(const std::vector<float> &values, std::int64_t rows)
{
    return at::from_blob(const_cast<float *>(values.data()), {rows, static_cast<std::int64_t>(values.size()) / std::max<std::int64_t>(rows, 1)},
                         at::kFloat); // from_blob wants no const; nobody writes to it
}

at::Tensor labelTensor(const std::vector<int> &labels)
{
    return at::tensor(at::ArrayRef<int>(labels), at::kInt).to(at::kLong);
}

/// How features are made comparable: each is centred, all are measured in one unit. With a unit for each, a feature that is nearly still in a few
/// pictures would be blown up, and ten photographs a class would come out 2 to 3 points worse on others.
struct Scaling {
    at::Tensor mean;        ///< float32 [features]
    double deviation = 1.0; ///< Root of the features' mean variance.

    explicit Scaling(const at::Tensor &raw) : mean(raw.mean(0)), deviation(std::sqrt((raw - mean).square().mean().item<double>()))
    {
        if (deviation < 1e-6)
            deviation = 1.0; // features that never change say nothing, and must not be blown up
    }
};

/// Features and labels as tensors, scaled.
struct Problem {
    at::Tensor x;      ///< float32 [rows, features]
    at::Tensor labels; ///< int64 [rows]
    Problem(const LabelledFeatures &data, const Scaling &scaling)
        : x((asTensor(data.features, static_cast<std::int64_t>(data.rows())) - scaling.mean) / scaling.deviation),
          labels(labelTensor(data.labels))
    {
    }
};

HeadScore scoreLogits(const at::Tensor &logits, const at::Tensor &labels)
{
    HeadScore score;
    score.loss = at::nll_loss(at::log_softmax(logits, 1), labels).item<double>();
    score.correct = static_cast<std::size_t>(logits.argmax(1).eq(labels).sum().item<std::int64_t>());
    score.accuracy = static_cast<double>(score.correct) / static_cast<double>(labels.size(0));
    return score;
}

/// float32 [rows, classes]
at::Tensor logitsOf(const LinearHead &head, const LabelledFeatures &data)
{
    const at::Tensor weight = asTensor(head.weight, head.classCount);
    const at::Tensor bias = asTensor(head.bias, 1).squeeze(0);
    const at::Tensor x = asTensor(data.features, static_cast<std::int64_t>(data.rows()));
    return at::addmm(bias, x, weight.t());
}

struct Temperature {
    double value = 1.0;
    double loss = 0.0; ///< Summed over the rows, nats, with what the prior takes for it.
};

/// The most probable temperature where its logarithm is taken for normally distributed about 0 with a deviation of 1: some pictures that all come out right
/// would otherwise ask for answers that are surer without end. By golden section search (Press et al., "Numerical Recipes", 2007, section 10.2).
Temperature bestTemperature(const at::Tensor &logits, const at::Tensor &labels)
{
    const auto lossAt = [&](double logTemperature) {
        return at::nll_loss(at::log_softmax(logits / std::exp(logTemperature), 1), labels, {}, at::Reduction::Sum).item<double>() + 0.5 * logTemperature * logTemperature;
    };
    constexpr double kGolden = 0.6180339887498949;
    double low = -4.0, high = 4.0; // four deviations
    double left = high - kGolden * (high - low), right = low + kGolden * (high - low);
    double lossLeft = lossAt(left), lossRight = lossAt(right);
    while (high - low > 1e-3) {
        if (lossLeft < lossRight) {
            high = std::exchange(right, left);
            lossRight = lossLeft;
            lossLeft = lossAt(left = high - kGolden * (high - low));
        } else {
            low = std::exchange(left, right);
            lossLeft = lossRight;
            lossRight = lossAt(right = low + kGolden * (high - low));
        }
    }
    const double middle = 0.5 * (low + high);
    return {std::exp(middle), lossAt(middle)};
}

class HeadSolver {
public:
    HeadSolver(const Problem &problem, int classCount, double l2)
        : m_problem(problem), m_l2(l2), m_weight(at::zeros({classCount, problem.x.size(1)}, at::kFloat)),
          m_bias(at::zeros({classCount}, at::kFloat)), m_optimizer({m_weight, m_bias}, options())
    {
    }

    /// One iteration; the objective before it.
    double iterate()
    {
        return m_optimizer.step([this] { return objective(); }).item<double>();
    }
    at::Tensor logits(const at::Tensor &x) const { return at::addmm(m_bias, x, m_weight.t()); }
    const at::Tensor &weight() const { return m_weight; }
    const at::Tensor &bias() const { return m_bias; }

private:
    static torch::optim::LBFGSOptions options()
    {
        return torch::optim::LBFGSOptions(1.0).max_iter(1).max_eval(25).history_size(10).line_search_fn("strong_wolfe");
    }

    /// The gradient is written down instead of recorded: two products of matrices, and nothing else to wait for.
    at::Tensor objective()
    {
        const at::Tensor logProbabilities = at::log_softmax(logits(m_problem.x), 1);
        const auto rows = static_cast<double>(m_problem.labels.size(0));
        at::Tensor error = logProbabilities.exp();
        error.scatter_add_(1, m_problem.labels.unsqueeze(1), at::full({m_problem.labels.size(0), 1}, -1.0F, at::kFloat));
        error.div_(rows);
        m_weight.mutable_grad() = at::addmm(m_weight, error.t(), m_problem.x, m_l2, 1.0);
        m_bias.mutable_grad() = error.sum(0);
        return at::nll_loss(logProbabilities, m_problem.labels) + m_weight.square().sum() * (0.5 * m_l2);
    }

    const Problem &m_problem;
    double m_l2;
    at::Tensor m_weight;
    at::Tensor m_bias;
    torch::optim::LBFGS m_optimizer;
};

LinearHead folded(const HeadSolver &solver, const Scaling &scaling, double temperature)
{
    const at::Tensor weight = (solver.weight() / (scaling.deviation * temperature)).contiguous();
    const at::Tensor bias = (solver.bias() / temperature - at::mv(weight, scaling.mean)).contiguous();
    LinearHead head;
    head.classCount = static_cast<int>(bias.size(0));
    head.weight.assign(weight.data_ptr<float>(), weight.data_ptr<float>() + weight.numel());
    head.bias.assign(bias.data_ptr<float>(), bias.data_ptr<float>() + bias.numel());
    return head;
}

} // namespace

void LabelledFeatures::append(std::span<const float> row, int label)
{
    features.insert(features.end(), row.begin(), row.end());
    labels.push_back(label);
}

void LabelledFeatures::append(const LabelledFeatures &other)
{
    features.insert(features.end(), other.features.begin(), other.features.end());
    labels.insert(labels.end(), other.labels.begin(), other.labels.end());
}

HeadFit fitHead(const LabelledFeatures &training, const LabelledFeatures *validation, int classCount, const HeadChoice &choice, int mostIterations,
                std::stop_token stop)
{
    const c10::NoGradGuard noGradient;
    const Scaling scaling(asTensor(training.features, static_cast<std::int64_t>(training.rows())));
    const Problem problem(training, scaling);
    const std::optional<Problem> unseen = validation != nullptr && validation->rows() > 0
                                              ? std::optional<Problem>(std::in_place, *validation, scaling)
                                              : std::nullopt;
    HeadSolver solver(problem, classCount, choice.l2);
    HeadFit fit;
    fit.choice = choice;
    double before = std::numeric_limits<double>::infinity();
    for (int iteration = 1; iteration <= mostIterations && !stop.stop_requested(); ++iteration) {
        const double objective = solver.iterate();
        fit.finite = std::isfinite(objective);
        if (!fit.finite || std::abs(before - objective) < kStandingStill * std::abs(objective))
            break;
        before = objective;
        fit.iterations.push_back({iteration, scoreLogits(solver.logits(problem.x) / choice.temperature, problem.labels), std::nullopt});
        if (unseen)
            fit.iterations.back().validation = scoreLogits(solver.logits(unseen->x) / choice.temperature, unseen->labels);
    }
    fit.head = folded(solver, scaling, choice.temperature);
    return fit;
}

HeadFit fitBestHead(const LabelledFeatures &training, const LabelledFeatures &validation, int classCount, int mostIterations,
                    std::stop_token stop)
{
    if (validation.rows() == 0)
        return fitHead(training, nullptr, classCount, {kMiddleStrength}, mostIterations, stop);
    const c10::NoGradGuard noGradient;
    HeadChoice best;
    double leastLoss = std::numeric_limits<double>::infinity();
    for (const double strength : kStrengths) {
        const HeadFit fit = fitHead(training, nullptr, classCount, {strength}, mostIterations, stop);
        const auto [temperature, loss] = bestTemperature(logitsOf(fit.head, validation), labelTensor(validation.labels));
        if (loss < leastLoss || best.l2 == 0.0) {
            best = {strength, temperature};
            leastLoss = loss;
        }
    }
    return fitHead(training, &validation, classCount, best, mostIterations, stop);
}

HeadScore scoreHead(const LinearHead &head, const LabelledFeatures &data)
{
    const c10::NoGradGuard noGradient;
    return scoreLogits(logitsOf(head, data), labelTensor(data.labels));
}

std::vector<HeadAnswer> headAnswers(const LinearHead &head, const LabelledFeatures &data)
{
    const c10::NoGradGuard noGradient;
    const at::Tensor logits = logitsOf(head, data);
    const auto [greatest, labels] = logits.max(1);
    const at::Tensor probabilities = (greatest - logits.logsumexp(1)).exp();
    std::vector<HeadAnswer> answers;
    answers.reserve(data.rows());
    for (std::size_t row = 0; row < data.rows(); ++row)
        answers.push_back({static_cast<int>(labels.data_ptr<std::int64_t>()[row]), static_cast<double>(probabilities.data_ptr<float>()[row])});
    return answers;
}

} // namespace whisker::internal
