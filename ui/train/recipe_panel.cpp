#include "ui/train/recipe_panel.h"

#include "widgets/chip_row.h"
#include "widgets/sentence_label.h"
#include "widgets/text_label.h"
#include "widgets/theme.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPainter>
#include <QSpinBox>
#include <QVBoxLayout>

namespace whisker {

namespace {

constexpr int kMark = 16; // the ring of the radio button

QLabel *wrapped(const QString &text, QPalette::ColorRole role, int pixelSize, QWidget *parent)
{
    auto *label = new SentenceLabel(text, parent);
    label->setForegroundRole(role);
    label->setFont(themeFont(pixelSize));
    label->setTextFormat(Qt::PlainText);
    label->setAttribute(Qt::WA_TransparentForMouseEvents); // a click anywhere is a click on the card
    return label;
}

} // namespace

RecipeCard::RecipeCard(const QString &title, const QString &sentence, const QString &when, QWidget *parent)
    : QAbstractButton(parent)
{
    setText(title);
    setCheckable(true);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(title);
    setAccessibleDescription(sentence + QLatin1Char(' ') + when);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16 + kMark + 12, 14, 16, 14);
    column->setSpacing(4);
    auto *name = new TextLabel(title, Tone::Text, this);
    name->setSize(14, QFont::DemiBold);
    name->setAttribute(Qt::WA_TransparentForMouseEvents);
    column->addWidget(name);
    column->addWidget(wrapped(sentence, QPalette::WindowText, 13, this));
    column->addWidget(wrapped(when, QPalette::PlaceholderText, 12, this));
    column->addStretch(1);
}

void RecipeCard::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void RecipeCard::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

void RecipeCard::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool chosen = isChecked();
    const qreal pen = chosen || hasFocus() ? 2.0 : 1.0;
    painter.setPen(QPen(chosen || hasFocus() ? colours.accent : colours.line, pen));
    painter.setBrush(chosen ? colours.accentGround : underMouse() && isEnabled() ? colours.hover : colours.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(pen / 2, pen / 2, -pen / 2, -pen / 2), 8, 8);

    const QRectF ring(16.5, 16.5, kMark - 1, kMark - 1);
    painter.setPen(QPen(chosen ? colours.accent : colours.quietText, 1.5));
    painter.setBrush(colours.panel);
    painter.drawEllipse(ring);
    if (!chosen)
        return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.accent);
    painter.drawEllipse(ring.adjusted(3.5, 3.5, -3.5, -3.5));
}

RecipePanel::RecipePanel(QWidget *parent) : QWidget(parent), m_group(new QButtonGroup(this))
{
    m_quick = new RecipeCard(tr("Quick"),
                             tr("A network that has already seen a million photographs (EfficientNet-Lite0) stays as it is; only the "
                                "last step is learned."),
                             tr("Learns from few photographs in seconds. Right for nearly everything you can photograph."), this);
    m_scratch = new RecipeCard(tr("From scratch"), tr("A network that knows nothing yet learns from your pictures alone."),
                               tr("To watch how learning goes, and for pictures unlike photographs. Wants many pictures and minutes "
                                  "to hours."),
                               this);
    m_group->addButton(m_quick);
    m_group->addButton(m_scratch);
    m_quick->setChecked(true);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    auto *cards = new QHBoxLayout;
    cards->setSpacing(12);
    cards->addWidget(m_quick, 1);
    cards->addWidget(m_scratch, 1);
    column->addLayout(cards);
    m_options = makeOptions();
    column->addWidget(m_options);
    showOptions();

    connect(m_group, &QButtonGroup::buttonToggled, this, [this](QAbstractButton *, bool checked) {
        if (!checked)
            return; // the other button's toggle says the same
        showOptions();
        Q_EMIT choiceChanged();
    });
}

QWidget *RecipePanel::makeOptions()
{
    auto *box = new QWidget(this);
    auto *row = new QGridLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setHorizontalSpacing(24);
    row->setVerticalSpacing(6);

    m_architecture = new ChipRow(box);
    m_architecture->setAccessibleName(tr("Network"));
    m_architecture->setChips({{QStringLiteral("resnet18"), tr("ResNet-18")}, {QStringLiteral("small"), tr("Small teaching net")}});
    m_epochs = new QSpinBox(box);
    m_epochs->setRange(1, 500);
    m_epochs->setAccessibleName(tr("Epochs"));
    m_epochs->setToolTip(tr("How often every picture is seen"));
    m_size = new QComboBox(box);
    m_size->setAccessibleName(tr("Picture size"));
    m_size->setToolTip(tr("Pictures are made this large for the network; half the size is four times as fast"));
    for (const int px : {64, 96, 128, 160, 192, 224})
        m_size->addItem(tr("%1 px").arg(px), px);
    for (QWidget *field : {static_cast<QWidget *>(m_epochs), static_cast<QWidget *>(m_size)}) {
        field->setFixedHeight(32);
        field->setMinimumWidth(96);
    }

    int columnIndex = 0;
    for (const auto &[name, field] : {std::pair<QString, QWidget *>(tr("Network"), m_architecture), {tr("Epochs"), m_epochs},
                                      {tr("Picture size"), m_size}}) {
        auto *label = new TextLabel(name, Tone::Quiet, box);
        label->setSize(12);
        row->addWidget(label, 0, columnIndex);
        row->addWidget(field, 1, columnIndex, Qt::AlignVCenter);
        ++columnIndex;
    }
    row->setColumnStretch(0, 1);
    setChoice({});

    connect(m_architecture, &ChipRow::currentChanged, this, &RecipePanel::takeArchitectureDefaults);
    connect(m_epochs, &QSpinBox::valueChanged, this, &RecipePanel::choiceChanged);
    connect(m_size, &QComboBox::currentIndexChanged, this, &RecipePanel::choiceChanged);
    return box;
}

void RecipePanel::takeArchitectureDefaults()
{
    m_size->setCurrentIndex(m_size->findData(m_architecture->currentId() == QLatin1String("small") ? 96 : 128));
    Q_EMIT choiceChanged();
}

void RecipePanel::showOptions()
{
    m_options->setVisible(m_scratch->isChecked());
}

RecipeChoice RecipePanel::choice() const
{
    RecipeChoice choice;
    choice.recipe = m_scratch->isChecked() ? RecipeChoice::Recipe::Scratch : RecipeChoice::Recipe::Quick;
    choice.architecture = m_architecture->currentId();
    choice.epochs = m_epochs->value();
    choice.sizePx = m_size->currentData().toInt();
    return choice;
}

void RecipePanel::setChoice(const RecipeChoice &choice)
{
    m_architecture->setCurrentId(RecipeChoice().architecture);
    m_architecture->setCurrentId(choice.architecture);
    m_epochs->setValue(choice.epochs);
    if (const int index = m_size->findData(choice.sizePx); index >= 0)
        m_size->setCurrentIndex(index);
    (choice.recipe == RecipeChoice::Recipe::Scratch ? m_scratch : m_quick)->setChecked(true);
}

} // namespace whisker
