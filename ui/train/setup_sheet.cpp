#include "ui/train/setup_sheet.h"

#include "engine/train/training_preprocessing.h"
#include "ui/texts.h"
#include "ui/train/setup_field.h"
#include "widgets/buttons.h"
#include "widgets/sentence_label.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QPainter>
#include <QPainterPath>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

namespace whisker {

namespace {

constexpr int kGap = 6;
constexpr int kWideColumns = 6;
constexpr int kNarrowColumns = 4;
constexpr int kWide = 480; // px from which a row has six
constexpr int kSideMost = 132; // as large as pictures are on the Data page

struct Cells {
    int columns;
    int side;
    int height;
};

Cells cellsIn(int width)
{
    const int columns = width >= kWide ? kWideColumns : kNarrowColumns;
    const int side = std::clamp((width - (columns - 1) * kGap) / columns, 24, kSideMost);
    const int rows = (SheetMaker::kVariants + columns - 1) / columns;
    return {columns, side, rows * side + (rows - 1) * kGap};
}

/// How one thing that chance does is told, asked and switched.
struct Kind {
    QString name;
    QString tip;
    bool (*isOn)(const Augmentation &);
    void (*set)(Augmentation &, bool on);
};

std::array<Kind, 5> kinds()
{
    static const Augmentation usual;
    return {{{SheetCard::tr("Crop and zoom"), SheetCard::tr("A part of the picture, each time another; without it the square in the middle."),
              [](const Augmentation &a) { return a.minArea < 1.0 || a.maxAspect > 1.0; },
              [](Augmentation &a, bool on) {
                  a.minArea = on ? usual.minArea : 1.0;
                  a.maxAspect = on ? usual.maxAspect : 1.0;
              }},
             {SheetCard::tr("Flip"), SheetCard::tr("Left and right change places half of the time; switch it off where that changes the meaning, as with letters."),
              [](const Augmentation &a) { return a.flip; }, [](Augmentation &a, bool on) { a.flip = on; }},
             {SheetCard::tr("Brightness"), SheetCard::tr("Up to a fifth lighter or darker."), [](const Augmentation &a) { return a.brightness > 0.0; },
              [](Augmentation &a, bool on) { a.brightness = on ? usual.brightness : 0.0; }},
             {SheetCard::tr("Contrast"), SheetCard::tr("Up to a fifth more or less contrast."), [](const Augmentation &a) { return a.contrast > 0.0; },
              [](Augmentation &a, bool on) { a.contrast = on ? usual.contrast : 0.0; }},
             {SheetCard::tr("Saturation"), SheetCard::tr("Up to a fifth more or less colour."), [](const Augmentation &a) { return a.saturation > 0.0; },
              [](Augmentation &a, bool on) { a.saturation = on ? usual.saturation : 0.0; }}}};
}

} // namespace

SheetView::SheetView(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("The same picture, changed by chance"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void SheetView::setPictures(std::vector<QImage> pictures)
{
    m_pictures = std::move(pictures);
    update();
}

int SheetView::heightForWidth(int width) const
{
    return cellsIn(width).height;
}

QSize SheetView::sizeHint() const
{
    return {320, cellsIn(320).height};
}

void SheetView::paintEvent(QPaintEvent *)
{
    const Cells cells = cellsIn(width());
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    for (int i = 0; i < SheetMaker::kVariants; ++i) {
        const QRect cell(i % cells.columns * (cells.side + kGap), i / cells.columns * (cells.side + kGap), cells.side, cells.side);
        QPainterPath corners;
        corners.addRoundedRect(cell, 6, 6);
        painter.setClipPath(corners);
        if (std::size_t(i) < m_pictures.size())
            painter.drawImage(cell, m_pictures[std::size_t(i)]);
        else
            painter.fillRect(cell, Theme::current().colours().hover);
    }
}

SheetCard::SheetCard(QWidget *parent)
    : Card(tr("What the network sees"), parent), m_view(new SheetView(this)), m_sentence(new SentenceLabel(this)),
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
    connect(&m_maker, &SheetMaker::made, this, [this](const std::vector<QImage> &variants) {
        m_view->setPictures(variants);
        showSentence(tr("One picture twelve times: each time it is learned from, chance changes it a little, so that it is not learned by heart."));
    });
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
    constexpr int kColumns = 3;
    const auto all = kinds();
    for (std::size_t i = 0; i < kKinds; ++i) {
        auto *box = new QCheckBox(all[i].name, this);
        box->setToolTip(all[i].tip);
        box->setAccessibleDescription(all[i].tip);
        grid->addWidget(box, int(i) / kColumns, int(i) % kColumns);
        connect(box, &QCheckBox::toggled, this, [this, set = all[i].set](bool on) {
            set(m_config.augmentation, on);
            makeSheet();
            Q_EMIT augmentationChanged();
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
    const auto all = kinds();
    for (std::size_t i = 0; i < kKinds; ++i) {
        const QSignalBlocker quiet(m_kinds[i]);
        m_kinds[i]->setChecked(all[i].isOn(config.augmentation));
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
    const SheetWish wish{m_snapshot->entries[m_entries[m_place]].file, m_config.augmentation, *preprocessing};
    if (m_wished == wish)
        return;
    m_wished = wish;
    m_maker.want(wish);
}

void SheetCard::showEvent(QShowEvent *event)
{
    Card::showEvent(event);
    makeSheet();
}

} // namespace whisker
