#include "ui/train/setup_sheet.h"

#include "engine/train/training_preprocessing.h"
#include "ui/texts.h"
#include "ui/train/setup_field.h"
#include "widgets/buttons.h"
#include "widgets/sentence_label.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <iterator>

namespace whisker {

namespace {

constexpr std::size_t kPartners = 4;

/// How one thing that chance does is told, asked and switched.
struct Kind {
    QString name;
    QString tip;
    bool (*isOn)(const TrainConfig &);
    void (*take)(TrainConfig &, const TrainConfig &from);
};

std::array<Kind, 7> kinds()
{
    using Config = TrainConfig;
    return {{{SheetCard::tr("Crop and zoom"), SheetCard::tr("A part of the picture, each time another; without it the square in the middle."),
              [](const Config &c) { return c.augmentation.minArea < 1.0 || c.augmentation.maxAspect > 1.0; },
              [](Config &c, const Config &from) {
                  c.augmentation.minArea = from.augmentation.minArea;
                  c.augmentation.maxAspect = from.augmentation.maxAspect;
              }},
             {SheetCard::tr("Flip"), SheetCard::tr("Left and right change places half of the time; switch it off where that changes the meaning, as with letters."),
              [](const Config &c) { return c.augmentation.flip; }, [](Config &c, const Config &from) { c.augmentation.flip = from.augmentation.flip; }},
             {SheetCard::tr("Brightness"), SheetCard::tr("Up to a fifth lighter or darker."), [](const Config &c) { return c.augmentation.brightness > 0.0; },
              [](Config &c, const Config &from) { c.augmentation.brightness = from.augmentation.brightness; }},
             {SheetCard::tr("Contrast"), SheetCard::tr("Up to a fifth more or less contrast."), [](const Config &c) { return c.augmentation.contrast > 0.0; },
              [](Config &c, const Config &from) { c.augmentation.contrast = from.augmentation.contrast; }},
             {SheetCard::tr("Saturation"), SheetCard::tr("Up to a fifth more or less colour."), [](const Config &c) { return c.augmentation.saturation > 0.0; },
              [](Config &c, const Config &from) { c.augmentation.saturation = from.augmentation.saturation; }},
             {SheetCard::tr("Mixup"), SheetCard::tr("Another picture shines through, mostly a little; then the picture counts as both, by how much is seen of each."),
              [](const Config &c) { return c.mixup > 0.0; }, [](Config &c, const Config &from) { c.mixup = from.mixup; }},
             {SheetCard::tr("CutMix"), SheetCard::tr("A piece of another picture covers a part; then the picture counts as both, by how much is seen of each."),
              [](const Config &c) { return c.cutmix > 0.0; }, [](Config &c, const Config &from) { c.cutmix = from.cutmix; }}}};
}

TrainConfig allOn()
{
    TrainConfig config;
    config.mixup = 0.2; // as in the papers, for photographs
    config.cutmix = 1.0;
    return config;
}

TrainConfig allOff()
{
    TrainConfig config;
    Augmentation &change = config.augmentation;
    change.minArea = change.maxAspect = 1.0;
    change.flip = false;
    change.brightness = change.contrast = change.saturation = 0.0;
    return config;
}

} // namespace

SheetCard::SheetCard(QWidget *parent)
    : Card(tr("What the network sees"), parent), m_on(allOn()), m_view(new SheetView(this)), m_sentence(new SentenceLabel(this)),
      m_another(new Button(tr("Another picture"), Button::Kind::Link, this))
{
    giveKey(*m_another, Qt::ALT | Qt::Key_P, tr("Shows the sheet of another picture that is learned from"));
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setForegroundRole(QPalette::PlaceholderText);
    m_sentence->setFont(themeFont(12));
    addHeaderWidget(m_another);
    addWidget(m_view);
    addWidget(m_sentence);
    makeSwitches();
    connect(m_another, &Button::clicked, this, &SheetCard::another);
    connect(&m_maker, &SheetMaker::made, this, &SheetCard::showVariants);
    connect(&m_maker, &SheetMaker::failed, this, [this](const QString &sentence) {
        m_view->setPictures({});
        showSentence(sentence);
    });
}

void SheetCard::makeSwitches()
{
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(6);
    constexpr int kColumns = 4;
    const auto all = kinds();
    for (std::size_t i = 0; i < kKinds; ++i) {
        auto *box = new QCheckBox(all[i].name, this);
        box->setToolTip(all[i].tip);
        box->setAccessibleDescription(all[i].tip);
        grid->addWidget(box, int(i) / kColumns, int(i) % kColumns);
        connect(box, &QCheckBox::toggled, this, [this, take = all[i].take](bool on) {
            take(m_config, on ? m_on : allOff());
            makeSheet();
            Q_EMIT configChanged();
        });
        m_kinds[i] = box;
    }
    body()->addLayout(grid);
}

QString SheetCard::sentence() const
{
    return m_sentence->text();
}

void SheetCard::showSentence(const QString &sentence)
{
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
}

void SheetCard::setSnapshot(std::shared_ptr<const Snapshot> snapshot)
{
    m_snapshot = std::move(snapshot);
    m_entries = m_snapshot ? m_snapshot->indicesOf(Split::Train) : std::vector<std::size_t>();
    m_place = 0;
    m_wished.reset();
    m_another->setEnabled(m_entries.size() > 1);
    makeSheet();
}

void SheetCard::showConfig(const TrainConfig &config)
{
    m_config = config;
    const bool sound = completed(config).has_value();
    const auto all = kinds();
    for (std::size_t i = 0; i < kKinds; ++i) {
        const QSignalBlocker quiet(m_kinds[i]);
        const bool on = all[i].isOn(config);
        m_kinds[i]->setChecked(on);
        if (on && sound)
            all[i].take(m_on, config);
    }
    makeSheet();
}

void SheetCard::another()
{
    m_place = m_entries.empty() ? 0 : (m_place + 1) % m_entries.size();
    makeSheet();
}

/// Only for who looks, and only where something else is to be seen.
void SheetCard::makeSheet()
{
    if (!isVisible())
        return;
    if (m_entries.empty()) {
        m_view->setPictures({});
        showSentence(tr("There is no picture to learn from yet."));
        return;
    }
    const auto preprocessing = trainingPreprocessing(m_config);
    if (!preprocessing)
        return; // what is refused says so beside its field
    const std::vector<std::size_t> mixedIn = partners();
    SheetWish wish{m_snapshot->entries[m_entries[m_place]].file, m_config.augmentation, *preprocessing, PictureMixing(m_config)};
    for (const std::size_t partner : mixedIn)
        wish.partners.push_back(m_snapshot->entries[partner].file);
    if (m_wished == wish)
        return;
    m_wished = wish;
    const auto classOf = [this](std::size_t entry) { return fromUtf8(m_snapshot->classes[std::size_t(m_snapshot->entries[entry].label)]); };
    m_class = classOf(m_entries[m_place]);
    m_partnerClasses.clear();
    std::ranges::transform(mixedIn, std::back_inserter(m_partnerClasses), classOf);
    m_maker.want(wish);
}

/// From all over what is learned from, for its neighbours are of one class. None where nothing is mixed, as in batches of one.
std::vector<std::size_t> SheetCard::partners() const
{
    std::vector<std::size_t> chosen;
    if (!PictureMixing(m_config).any() || m_config.batch < 2)
        return chosen;
    const std::size_t count = std::min(kPartners, m_entries.size() - 1);
    for (std::size_t i = 1; i <= count; ++i)
        chosen.push_back(m_entries[(m_place + i * m_entries.size() / (count + 1)) % m_entries.size()]);
    return chosen;
}

void SheetCard::showVariants(const std::vector<SheetPicture> &variants)
{
    std::vector<QImage> images;
    std::vector<QString> labels;
    for (const SheetPicture &variant : variants) {
        images.push_back(variant.image);
        labels.push_back(labelText(variant));
    }
    m_view->setPictures(std::move(images), std::move(labels));
    const QString changed = tr("One picture twelve times: each time it is learned from, chance changes it a little, so that it is not learned by heart.");
    const bool mixed = std::ranges::any_of(variants, [](const SheetPicture &variant) { return variant.partner.has_value(); });
    showSentence(mixed ? changed + u' ' + tr("Where another picture is mixed in, the label is mixed too, by the same shares.") : changed);
}

/// What a mixed picture counts as: "72 % cat, 28 % dog". Empty of one that is as good as not mixed.
QString SheetCard::labelText(const SheetPicture &variant) const
{
    const int own = qRound(variant.share * 100);
    if (!variant.partner || own == 100)
        return {};
    const QString &other = m_partnerClasses[*variant.partner];
    return other == m_class ? tr("100 % %1").arg(m_class) : tr("%1 % %2, %3 % %4").arg(QString::number(own), m_class, QString::number(100 - own), other);
}

void SheetCard::showEvent(QShowEvent *event)
{
    Card::showEvent(event);
    makeSheet();
}

} // namespace whisker
