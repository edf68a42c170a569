#include "ui/train/material_card.h"

#include "widgets/buttons.h"
#include "widgets/sentence_label.h"
#include "widgets/share_bars.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>
#include <algorithm>

namespace whisker {

QString materialText(const Snapshot &snapshot)
{
    const auto count = [&](Split split) { return int(snapshot.indicesOf(split).size()); };
    const QLocale locale;
    QString text = MaterialCard::tr("%1 pictures to learn from, %2 to check")
                       .arg(locale.toString(count(Split::Train)), locale.toString(count(Split::Validation)));
    if (const int test = count(Split::Test); test > 0)
        text += MaterialCard::tr(", %1 kept for the test").arg(locale.toString(test));
    else
        text += MaterialCard::tr(", none kept for a test");
    const int classes = int(snapshot.classes.size());
    return text + (classes == 1 ? MaterialCard::tr("; 1 class") : MaterialCard::tr("; %1 classes").arg(classes));
}

QString changesText(const SnapshotChanges &changes)
{
    const QLocale locale;
    QStringList parts;
    const auto add = [&](std::size_t count, const QString &one, const QString &many) {
        if (count > 0)
            parts.append(count == 1 ? one : many.arg(locale.toString(qulonglong(count))));
    };
    add(changes.added, MaterialCard::tr("1 picture added"), MaterialCard::tr("%1 pictures added"));
    add(changes.removed, MaterialCard::tr("1 picture removed"), MaterialCard::tr("%1 pictures removed"));
    add(changes.relabelled, MaterialCard::tr("1 label changed"), MaterialCard::tr("%1 labels changed"));
    add(changes.moved, MaterialCard::tr("1 picture in another split"), MaterialCard::tr("%1 pictures in another split"));
    return parts.isEmpty() ? QString() : MaterialCard::tr("Since the last training: %1.").arg(parts.join(QStringLiteral(", ")));
}

MaterialCard::MaterialCard(QWidget *parent)
    : Card(tr("What it learns from"), parent), m_sentence(new SentenceLabel(this)), m_changes(new SentenceLabel(this)),
      m_continue(new Button(tr("Continue from the last model"), Button::Kind::Plain, this)), m_bars(new ShareBars(this))
{
    m_sentence->setTextFormat(Qt::PlainText);
    m_changes->setTextFormat(Qt::PlainText);
    m_changes->hide();
    m_continue->hide();
    auto *changed = new QHBoxLayout;
    changed->setSpacing(16);
    changed->addWidget(m_changes, 1);
    changed->addWidget(m_continue, 0, Qt::AlignVCenter);
    addWidget(m_sentence);
    body()->addLayout(changed);
    addWidget(m_bars);
    connect(m_continue, &Button::clicked, this, &MaterialCard::continueWished);
}

void MaterialCard::showMaterial(const TrainingMaterial &material)
{
    m_bars->setVisible(material.snapshot && !material.snapshot->entries.empty());
    if (!material.snapshot) {
        m_sentence->setText(tr("The pictures are being counted"));
        return;
    }
    const Snapshot &snapshot = *material.snapshot;
    m_sentence->setText(materialText(snapshot));
    const auto colourOf = [&](int label) {
        const int known = std::size_t(label) < material.classColours.size() ? material.classColours[std::size_t(label)] : -1;
        return known >= 0 ? known : label;
    };
    int colours = 0;
    for (int label = 0; label < int(snapshot.classes.size()); ++label)
        colours = std::max(colours, colourOf(label) + 1);

    std::vector<ShareRow> rows{{tr("Learn"), {}}, {tr("Check"), {}}, {tr("Test"), {}}};
    QStringList names(colours);
    for (ShareRow &row : rows)
        row.counts.assign(std::size_t(colours), 0);
    for (int label = 0; label < int(snapshot.classes.size()); ++label)
        names[colourOf(label)] = QString::fromStdString(snapshot.classes[std::size_t(label)]);
    for (const SnapshotEntry &entry : snapshot.entries)
        ++rows[std::size_t(entry.split)].counts[std::size_t(colourOf(entry.label))];
    m_bars->setRows(std::move(rows), names);
}

void MaterialCard::showChanges(const SnapshotChanges &changes)
{
    m_changes->setText(changesText(changes));
    m_changes->setVisible(changes.any());
    m_continue->setVisible(changes.any() && m_offers);
}

void MaterialCard::offerContinuing(bool possible, const QString &toolTip)
{
    m_offers = possible;
    m_continue->setToolTip(toolTip);
    m_continue->setVisible(m_offers && !m_changes->text().isEmpty());
}

QString MaterialCard::changes() const { return m_changes->text(); }
QString MaterialCard::sentence() const { return m_sentence->text(); }

} // namespace whisker
