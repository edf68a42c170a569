// The fields of SetupSettings, and what each stands for.
#include "ui/train/setup_settings.h"

#include "ui/texts.h"

#include <QComboBox>
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <type_traits>

namespace whisker {

namespace {

bool always(const TrainConfig &)
{
    return true;
}

bool bySteps(const TrainConfig &config)
{
    return config.mode != TrainMode::Quick;
}

int toCount(double number)
{
    return static_cast<int>(std::clamp<double>(number, std::numeric_limits<int>::min(), std::numeric_limits<int>::max())); // the ends are refused like what lies beyond
}

} // namespace

void SetupSettings::makeUsual()
{
    addCount(QStringLiteral("epochs"), {tr("Epochs"), tr("How often every picture is seen.")}, bySteps, &TrainConfig::epochs, true);
    m_settings.back().folded = false;
    const Text size{tr("Picture size"), tr("Pictures are made this many pixels wide and high for the network; half the size is four times as fast.")};
    addCount(QStringLiteral("sizePx"), size, always, &TrainConfig::sizePx, true);
    m_settings.back().folded = false;
    addChoice<std::optional<Fit>>(QStringLiteral("fit"), {tr("Picture shape"), tr("How a picture of any shape becomes a square. Choose all of it where what matters may be at its edges.")},
                                  always, &TrainConfig::fit,
                                  {{tr("As the network was made for"), std::nullopt}, {tr("Its middle"), Fit::CentreCrop}, {tr("All of it, bent"), Fit::Squash},
                                   {tr("All of it, with borders"), Fit::Letterbox}});
}

void SetupSettings::makeLearning()
{
    addNumber(
        QStringLiteral("learningRate"),
        {tr("Learning rate"), tr("How large the steps of learning are at their largest; too large and nothing is learned, too small and it takes long.")},
        bySteps, [](const TrainConfig &config) { return config.learningRate == 0.0 ? std::nullopt : std::optional(config.learningRate); },
        [](TrainConfig &config, std::optional<double> rate) { config.learningRate = rate.value_or(0.0); }, false);
    addNumber(
        QStringLiteral("firstRateShare"),
        {tr("First layers"), tr("What the first layers learn at, as a share of the learning rate; it grows towards the last. 1 lets all learn alike.")},
        [](const TrainConfig &config) { return config.mode == TrainMode::FineTune; }, [](const TrainConfig &config) { return config.firstRateShare; },
        [](TrainConfig &config, std::optional<double> share) { config.firstRateShare = share; }, false);
    addChoice<ScheduleKind>(QStringLiteral("schedule"), {tr("Schedule"), tr("How the learning rate changes during the run.")}, bySteps, &TrainConfig::schedule,
                            {{tr("One cycle: up, then down"), ScheduleKind::OneCycle}, {tr("Cosine: down from the beginning"), ScheduleKind::Cosine},
                             {tr("Steps: a tenth after each third"), ScheduleKind::Step}});
    addChoice<OptimizerKind>(QStringLiteral("optimizer"), {tr("Optimizer"), tr("How errors become changed weights; AdamW forgives a rate that does not fit.")},
                             bySteps, &TrainConfig::optimizer, {{tr("AdamW"), OptimizerKind::AdamW}, {tr("SGD with momentum"), OptimizerKind::Sgd}});
    addReal(QStringLiteral("momentum"), {tr("Momentum"), tr("How much of the last step goes into the next, 0 to 0.999.")},
            [](const TrainConfig &config) { return bySteps(config) && config.optimizer == OptimizerKind::Sgd; }, &TrainConfig::momentum);
    addNumber(
        QStringLiteral("weightDecay"), {tr("Weight decay"), tr("How strongly weights are drawn to zero, which keeps a network from learning by heart.")}, bySteps,
        [](const TrainConfig &config) { return config.weightDecay; },
        [](TrainConfig &config, std::optional<double> decay) { config.weightDecay = decay; }, false);
    addCount(QStringLiteral("batch"), {tr("Batch"), tr("Pictures a step; more of them need more memory.")}, bySteps, &TrainConfig::batch, false);
    addReal(QStringLiteral("labelSmoothing"), {tr("Label smoothing"), tr("This share of each label is spread over all classes, so that the network is less sure of itself.")},
            bySteps, &TrainConfig::labelSmoothing);
    addReal(QStringLiteral("mixup"), {tr("Mixup"), tr("How strongly two pictures are blended into one, 0.01 to 1; 0 is never.")}, bySteps, &TrainConfig::mixup);
    addReal(QStringLiteral("cutmix"), {tr("CutMix"), tr("How large a piece of another picture is pasted in, 0.01 to 1; 0 is never.")}, bySteps,
            &TrainConfig::cutmix);
    addChoice<ClassBalance>(QStringLiteral("balance"), {tr("Uneven classes"), tr("What is done for classes with few pictures.")}, bySteps, &TrainConfig::balance,
                            {{tr("As they are"), ClassBalance::None}, {tr("Rare pictures count more"), ClassBalance::Weights},
                             {tr("Rare pictures come more often"), ClassBalance::Sampling}});
    addReal(QStringLiteral("averageDecay"), {tr("Average of weights"), tr("Keeps a moving average of the weights, as 0.99; 0 keeps the weights themselves.")},
            bySteps, &TrainConfig::averageDecay);
    addCount(QStringLiteral("patience"), {tr("Patience"), tr("Epochs without a better validation after which training ends; 0 is never.")}, bySteps,
             &TrainConfig::patience, false);
}

void SetupSettings::makeMachine()
{
    addNumber(
        QStringLiteral("seed"), {tr("Seed"), tr("The same number gives the same run again.")}, bySteps,
        [](const TrainConfig &config) { return std::optional(static_cast<double>(config.seed)); },
        [](TrainConfig &config, std::optional<double> seed) {
            constexpr double kTooLarge = 9007199254740992.0; // 2^53
            config.seed = seed && *seed >= 0.0 && *seed < kTooLarge ? static_cast<std::uint64_t>(*seed) : seed ? std::uint64_t(1) << 53 : 0;
        },
        true);
    addChoice<Precision>(QStringLiteral("precision"), {tr("Precision"), tr("bf16 is faster where the processor has it, fp32 is exact.")}, always,
                         &TrainConfig::precision,
                         {{tr("Automatic"), Precision::Automatic}, {tr("fp32"), Precision::Float32}, {tr("bf16"), Precision::BFloat16}});
    addChoice<std::string>(QStringLiteral("device"), {tr("Device"), tr("What computes; automatic takes the first GPU that can be used.")}, bySteps,
                           &TrainConfig::device,
                           {{tr("Automatic"), std::string("auto")}, {tr("Processor"), std::string("cpu")}, {tr("GPU (CUDA)"), std::string("cuda")}});
}

void SetupSettings::addNumber(const QString &id, const Text &text, const Applies &applies, const Get &get, const Set &set, bool whole)
{
    auto *edit = new NumberEdit;
    edit->setWhole(whole);
    TrainConfig zero;
    set(zero, 0.0);
    if (!get(zero))
        edit->refuseZero(); // it would be taken for "automatic"
    Setting setting{id, new SetupField(text.name, text.tip, edit, this), true, applies, {}, {}, {}, {}, {}};
    setting.read = [edit, get](const TrainConfig &config) { edit->setNumber(get(config)); };
    setting.hint = [edit, get](const TrainConfig &full) {
        const auto automatic = get(full);
        edit->setAutomatic(automatic ? tr("automatic: %1").arg(numberText(*automatic)) : tr("automatic"));
    };
    setting.write = [edit, set](TrainConfig &config) {
        if (edit->problem().isEmpty())
            set(config, edit->number());
    };
    setting.text = [get](const TrainConfig &config) { return numberText(get(config).value_or(0.0)); };
    setting.take = [get, set](TrainConfig &config, const TrainConfig &from) { set(config, get(from)); };
    edit->installEventFilter(this);
    connect(edit, &QLineEdit::textEdited, this, &SetupSettings::edited);
    add(std::move(setting));
}

void SetupSettings::addReal(const QString &id, const Text &text, const Applies &applies, double TrainConfig::*member)
{
    addNumber(
        id, text, applies, [member](const TrainConfig &config) { return std::optional(config.*member); },
        [member](TrainConfig &config, std::optional<double> number) { config.*member = number.value_or(TrainConfig().*member); }, false);
}

void SetupSettings::addCount(const QString &id, const Text &text, const Applies &applies, int TrainConfig::*member, bool zeroIsAutomatic)
{
    addNumber(
        id, text, applies,
        [=](const TrainConfig &config) {
            return zeroIsAutomatic && config.*member == 0 ? std::nullopt : std::optional(static_cast<double>(config.*member));
        },
        [=](TrainConfig &config, std::optional<double> number) { config.*member = number ? toCount(*number) : TrainConfig().*member; }, true);
}

QComboBox *SetupSettings::newBox()
{
    auto *box = new QComboBox;
    box->setFixedHeight(32);
    box->setFocusPolicy(Qt::StrongFocus);
    box->installEventFilter(this);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
    connect(box, &QComboBox::currentIndexChanged, this, [this] {
        if (!m_showing)
            Q_EMIT edited();
    });
    return box;
}

template <class Value>
void SetupSettings::addChoice(const QString &id, const Text &text, const Applies &applies, Value TrainConfig::*member,
                              std::initializer_list<std::pair<QString, Value>> values)
{
    QComboBox *box = newBox();
    auto known = std::make_shared<std::vector<Value>>();
    for (const auto &[name, value] : values) {
        known->push_back(value);
        box->addItem(name);
    }
    Setting setting{id, new SetupField(text.name, text.tip, box, this), true, applies, {}, {}, {}, {}, {}};
    setting.hint = [](const TrainConfig &) {};
    setting.read = [=](const TrainConfig &config) {
        const auto place = std::ranges::find(*known, config.*member);
        if (place == known->end()) { // a project may say more than is offered: "cuda:1"
            if constexpr (std::is_same_v<Value, std::string>) {
                known->push_back(config.*member);
                box->addItem(fromUtf8(config.*member));
                box->setCurrentIndex(box->count() - 1);
            }
            return;
        }
        box->setCurrentIndex(static_cast<int>(place - known->begin()));
    };
    setting.write = [=](TrainConfig &config) { config.*member = (*known)[static_cast<std::size_t>(box->currentIndex())]; };
    setting.take = [=](TrainConfig &config, const TrainConfig &from) { config.*member = from.*member; };
    add(std::move(setting));
}

void SetupSettings::add(Setting setting)
{
    m_settings.push_back(std::move(setting));
}

} // namespace whisker
