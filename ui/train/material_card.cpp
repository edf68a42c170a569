#include "ui/train/material_card.h"

#include "ui/texts.h"
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
    QString text = MaterialCard::tr("%1 pictures to train on, %2 to validate with")
                       .arg(locale.toString(count(Split::Train)), locale.toString(count(Split::Validation)));
    if (const int test = count(Split::Test); test > 0)
        text += MaterialCard::tr(", %1 kept for the test").arg(locale.toString(test));
    else
        text += MaterialCard::tr(", none kept for a test");
    const int classes = int(snapshot.classes.size());
    return text + (classes == 1 ? MaterialCard::tr("; 1 class") : MaterialCard::tr("; %1 classes").arg(classes));
}

namespace {

/// "bird", "bird and fox", "bird, cow and fox".
QString listed(QStringList names)
{
    const QString last = names.takeLast();
    return names.isEmpty() ? last : MaterialCard::tr("%1 and %2").arg(names.join(QStringLiteral(", ")), last);
}

} // namespace

QString emptyClassesText(const TrainingMaterial &material)
{
    QStringList sentences;
    const auto say = [&](const std::vector<std::string> &classes, const QString &ofOne, const QString &ofMany) {
        QStringList names;
        for (const std::string &name : classes)
            names.append(fromUtf8(name));
        if (!names.isEmpty())
            sentences.append((names.size() == 1 ? ofOne : ofMany).arg(listed(names)));
    };
    std::vector<std::string> untrained;
    if (material.snapshot) {
        std::vector<bool> trained(material.snapshot->classes.size());
        for (const SnapshotEntry &entry : material.snapshot->entries)
            trained[std::size_t(entry.label)] = trained[std::size_t(entry.label)] || entry.split == Split::Train;
        for (std::size_t label = 0; label < trained.size(); ++label) {
            if (!trained[label])
                untrained.push_back(material.snapshot->classes[label]);
        }
    }
    say(material.emptyClasses, MaterialCard::tr("%1 has no pictures and will not be learnt."), MaterialCard::tr("%1 have no pictures and will not be learnt."));
    say(material.unusableClasses, MaterialCard::tr("%1 has no pictures that can be used and will not be learnt."), MaterialCard::tr("%1 have no pictures that can be used and will not be learnt."));
    say(untrained, MaterialCard::tr("%1 has no pictures to train on."), MaterialCard::tr("%1 have no pictures to train on."));
    return sentences.join(QLatin1Char('\n'));
}

QString changesText(const SnapshotChanges &changes, const QString &run)
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
    return parts.isEmpty() ? QString() : MaterialCard::tr("Since the run of %1: %2.").arg(run, parts.join(QStringLiteral(", ")));
}

MaterialCard::MaterialCard(QWidget *parent)
    : Card(tr("What it learns from"), parent), m_sentence(new SentenceLabel(this)), m_emptyClasses(new SentenceLabel(this)), m_bars(new ShareBars(this))
{
    m_sentence->setTextFormat(Qt::PlainText);
    m_emptyClasses->setTextFormat(Qt::PlainText);
    m_emptyClasses->hide();
    addWidget(m_sentence);
    addWidget(m_emptyClasses);
    addWidget(m_bars);
}

void MaterialCard::showMaterial(const TrainingMaterial &material)
{
    m_bars->setVisible(material.snapshot && !material.snapshot->entries.empty());
    m_emptyClasses->setText(emptyClassesText(material));
    m_emptyClasses->setVisible(!m_emptyClasses->text().isEmpty());
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

    std::vector<ShareRow> rows{{tr("Train"), {}}, {tr("Validation"), {}}, {tr("Test"), {}}};
    QStringList names(colours);
    for (ShareRow &row : rows)
        row.counts.assign(std::size_t(colours), 0);
    for (int label = 0; label < int(snapshot.classes.size()); ++label)
        names[colourOf(label)] = QString::fromStdString(snapshot.classes[std::size_t(label)]);
    for (const SnapshotEntry &entry : snapshot.entries)
        ++rows[std::size_t(entry.split)].counts[std::size_t(colourOf(entry.label))];
    m_bars->setRows(std::move(rows), names);
}

QString MaterialCard::sentence() const { return m_sentence->text(); }
QString MaterialCard::emptyClasses() const { return m_emptyClasses->text(); }

ChangesCard::ChangesCard(QWidget *parent)
    : Card({}, parent), m_changes(new SentenceLabel(this)), m_continue(new Button(tr("Continue from its model"), Button::Kind::Plain, this))
{
    setAccessibleName(tr("What has changed"));
    m_changes->setTextFormat(Qt::PlainText);
    m_continue->hide();
    auto *row = new QHBoxLayout;
    row->setSpacing(16);
    row->addWidget(m_changes, 1);
    row->addWidget(m_continue, 0, Qt::AlignVCenter);
    body()->addLayout(row);
    hide();
    connect(m_continue, &Button::clicked, this, &ChangesCard::continueWished);
}

void ChangesCard::showChanges(const SnapshotChanges &changes, const QString &run)
{
    m_changes->setText(changesText(changes, run));
    setVisible(changes.any());
}

void ChangesCard::offerContinuing(bool possible, const QString &toolTip)
{
    m_continue->setToolTip(toolTip);
    m_continue->setVisible(possible);
}

QString ChangesCard::changes() const { return m_changes->text(); }

} // namespace whisker
