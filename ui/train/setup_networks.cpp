#include "ui/train/setup_networks.h"

#include "engine/train/network_offer.h"
#include "ui/texts.h"
#include "ui/train/setup_field.h"
#include "widgets/buttons.h"
#include "widgets/text_label.h"

#include <QHeaderView>
#include <QLocale>
#include <QScopedValueRollback>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace whisker {

namespace {

enum Column { kName, kWeights, kSpeed, kMemory, kColumnCount };
constexpr int kRowHeight = 28;

} // namespace

NetworkCard::NetworkCard(SetupSpeeds &speeds, QWidget *parent)
    : Card(tr("Network"), parent), m_speeds(speeds), m_summary(new TextLabel({}, Tone::Text, this)), m_note(new TextLabel({}, Tone::Quiet, this)),
      m_change(new Button({}, Button::Kind::Link, this)), m_list(new QTreeWidget(this))
{
    m_change->setCheckable(true);
    m_note->setSize(12);
    addHeaderWidget(m_change);
    makeList();
    addWidget(m_summary);
    addWidget(m_list);
    addWidget(m_note);
    fold(false);
    connect(m_change, &Button::toggled, this, &NetworkCard::fold);
    connect(&m_speeds, &SetupSpeeds::changed, this, &NetworkCard::fill);
    connect(m_list, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem *row) {
        if (!m_filling && row && !(row->isDisabled()))
            Q_EMIT chosen(row->data(kName, Qt::UserRole).toString().toStdString());
    });
}

void NetworkCard::makeList()
{
    m_list->setAccessibleName(tr("Networks"));
    m_list->setColumnCount(kColumnCount);
    m_list->setHeaderLabels({tr("Name"), tr("Weights"), tr("Pictures a second"), tr("Memory a step")});
    m_list->headerItem()->setToolTip(kSpeed, tr("On this machine's processor, at the chosen picture size; measured once on made-up pictures"));
    m_list->headerItem()->setToolTip(kMemory, tr("Computed from the network's layers, the batch and the picture size"));
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setTabKeyNavigation(false);
    m_list->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->header()->setSectionsMovable(false);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setMinimumSectionSize(60);
    m_list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(kName, QHeaderView::Stretch);
    for (const ArchitectureInfo &info : architectures()) {
        auto *row = new QTreeWidgetItem(m_list, {fromUtf8(info.title)});
        row->setData(kName, Qt::UserRole, fromUtf8(info.name));
        row->setSizeHint(kName, {100, kRowHeight});
        for (const int column : {kWeights, kSpeed, kMemory})
            row->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    }
    for (const int column : {kWeights, kSpeed, kMemory})
        m_list->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
}

bool NetworkCard::isUnfolded() const
{
    return m_change->isChecked();
}

void NetworkCard::setUnfolded(bool unfolded)
{
    m_change->setChecked(unfolded);
}

void NetworkCard::fold(bool unfolded)
{
    m_change->setText(unfolded ? tr("Done") : tr("Change"));
    giveKey(*m_change, Qt::ALT | Qt::Key_K, tr("Shows all networks with what each costs on this machine"));
    m_change->setAccessibleName(unfolded ? tr("Hide the networks") : tr("Choose a network"));
    m_list->setVisible(unfolded);
    m_note->setVisible(unfolded);
    m_summary->setVisible(!unfolded);
    if (unfolded) {
        m_speeds.want();
        fill();
        m_list->setFixedHeight(m_list->header()->sizeHint().height() + m_list->topLevelItemCount() * kRowHeight + 2);
        m_list->setFocus();
    }
}

void NetworkCard::showEvent(QShowEvent *event)
{
    Card::showEvent(event);
    if (isUnfolded())
        m_speeds.want();
}

QString NetworkCard::summary() const
{
    return m_summary->text();
}

QString NetworkCard::obstacle(std::string_view architecture) const
{
    TrainConfig config;
    config.mode = m_config.mode;
    config.architecture = std::string(architecture);
    return completed(config) ? QString() : tr("comes without pretrained weights");
}

NetworkOffer NetworkCard::offer(std::string_view architecture) const
{
    const auto info = findArchitecture(architecture);
    return info ? networkOffer(*info, m_config, m_speeds.speed(std::string(info->name))) : NetworkOffer();
}

QString NetworkCard::speedText(const NetworkOffer &offer, bool brief) const
{
    if (!offer.speed)
        return brief ? QString() : m_speeds.isMeasuring() ? tr("measuring...") : tr("not measured");
    const double speed = m_config.mode == TrainMode::Quick ? offer.speed->looking : offer.speed->learning;
    return (brief ? tr("about %1 pictures a second") : tr("about %1")).arg(QLocale().toString(roundedSpeed(speed), 'f', 0));
}

void NetworkCard::fillRow(QTreeWidgetItem &row, std::string_view architecture)
{
    const NetworkOffer facts = offer(architecture);
    const QString reason = obstacle(architecture);
    row.setDisabled(!reason.isEmpty());
    row.setText(kWeights, memoryText(facts.weights * 4));
    row.setText(kSpeed, reason.isEmpty() ? speedText(facts, false) : tr("no pretrained weights"));
    row.setText(kMemory, reason.isEmpty() ? memoryText(facts.trainingBytes) : QString());
    for (int column = 0; column < kColumnCount; ++column)
        row.setToolTip(column, reason.isEmpty() ? QString() : tr("%1 %2, so it can only be trained from scratch.").arg(row.text(kName), reason));
}

void NetworkCard::fill()
{
    const QScopedValueRollback<bool> filling(m_filling, true);
    const std::string chosenName = completed(m_config).value_or(m_config).architecture;
    m_list->setColumnHidden(kMemory, m_config.mode == TrainMode::Quick); // a picture at a time needs next to none
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        QTreeWidgetItem *row = m_list->topLevelItem(i);
        const std::string name = row->data(kName, Qt::UserRole).toString().toStdString();
        fillRow(*row, name);
        if (name == chosenName)
            m_list->setCurrentItem(row);
    }
    const auto info = findArchitecture(chosenName);
    if (!info)
        return;
    const NetworkOffer chosenOffer = offer(chosenName);
    const QString speed = speedText(chosenOffer, true);
    m_summary->setText(tr("%1, %2 of weights").arg(fromUtf8(info->title), memoryText(chosenOffer.weights * 4))
                       + (speed.isEmpty() ? QString() : QStringLiteral(", ") + speed));
    m_note->setText(m_config.mode == TrainMode::Quick ? tr("Speed is measured on this machine on made-up pictures.")
                                                      : tr("Speed is measured on this machine; memory is computed, for a batch of %1.").arg(m_config.batch));
}

void NetworkCard::showConfig(const TrainConfig &config)
{
    m_config = config;
    fill();
}

} // namespace whisker
