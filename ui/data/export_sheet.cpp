#include "ui/data/export_sheet.h"

#include "ui/project_session.h"
#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/sentence_label.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QKeyEvent>
#include <QLocale>
#include <QRadioButton>
#include <QVBoxLayout>

namespace whisker {

namespace {

constexpr int kWidth = 440;
constexpr int kIndent = 24; // below the words of a choice

/// What an export of these pictures leaves out and takes, as exportPictures() does it.
struct Shares {
    qint64 exported = 0;
    qint64 bytes = 0;
    qint64 withoutLabel = 0;
    qint64 withoutSplit = 0;
    qint64 excluded = 0;
    qint64 unreadable = 0;
};

Shares sharesOf(const std::vector<ImageRecord> &images, bool splits)
{
    Shares shares;
    for (const auto &image : images) {
        if (image.excluded) {
            ++shares.excluded;
        } else if (!image.label) {
            ++shares.withoutLabel;
        } else if (splits && !image.split) {
            ++shares.withoutSplit;
        } else if (image.state == ImageState::Unreadable || image.state == ImageState::Missing) {
            ++shares.unreadable;
        } else {
            ++shares.exported;
            shares.bytes += image.bytes;
        }
    }
    return shares;
}

} // namespace

ExportSheet::ExportSheet(const ProjectSession &session, QWidget *button, QWidget *parent)
    : PopupCard(tr("Export pictures as class folders"), kWidth, button, parent), m_session(session), m_as(new QButtonGroup(this)),
      m_splits(new QCheckBox(tr("Divided into train, validation and test"))), m_preview(new SentenceLabel),
      m_choose(new Button(tr("Choose a folder..."), Button::Kind::Primary))
{
    const auto explain = [this](const QString &text) {
        auto *sentence = new SentenceLabel(text);
        sentence->setForegroundRole(QPalette::PlaceholderText);
        sentence->setFont(themeFont(12));
        sentence->setIndent(kIndent);
        addWidget(sentence);
        body()->addSpacing(4);
    };
    const auto add = [&](ExportAs as, const QString &text, const QString &explanation) {
        auto *choice = new QRadioButton(text);
        m_as->addButton(choice, static_cast<int>(as));
        addWidget(choice);
        explain(explanation);
    };
    body()->setSpacing(4);
    add(ExportAs::Copies, tr("Copies"), tr("Stand on their own, for another computer too. They take their room on the disk again."));
    add(ExportAs::SymbolicLinks, tr("Links"), tr("Take no room. They break when the pictures move."));
    add(ExportAs::HardLinks, tr("Second names of the same files (hard links)"), tr("Take no room and outlive a move. On the same disk alone."));
    addWidget(m_splits);
    explain(tr("A folder for each split, with the class folders in it."));
    body()->addSpacing(4);
    addWidget(m_preview);
    body()->addSpacing(4);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(m_choose);
    body()->addLayout(row);
    m_choose->setToolTip(tr("A new or an empty folder (Enter)"));
    setOptions({});
    connect(m_choose, &Button::clicked, this, &ExportSheet::folderWanted);
    connect(m_as, &QButtonGroup::idToggled, this, [this] { fill(); });
    connect(m_splits, &QCheckBox::toggled, this, [this] {
        fill();
        place();
    });
    connect(&session, &ProjectSession::opened, this, &QWidget::hide);
}

ExportOptions ExportSheet::options() const { return {static_cast<ExportAs>(m_as->checkedId()), m_splits->isChecked()}; }

void ExportSheet::setOptions(const ExportOptions &options)
{
    m_as->button(static_cast<int>(options.as))->setChecked(true);
    m_splits->setChecked(options.splits);
}

QString ExportSheet::preview() const { return m_preview->text(); }

void ExportSheet::fill()
{
    const Shares shares = sharesOf(m_session.state().images, m_splits->isChecked());
    m_choose->setEnabled(shares.exported > 0);
    if (shares.exported == 0) {
        m_preview->setText(tr("There is no picture to export yet: label some first."));
        return;
    }
    QString text = options().as == ExportAs::Copies ? tr("%1, %2.").arg(countText(shares.exported, tr("1 picture"), tr("%1 pictures")), QLocale().formattedDataSize(shares.bytes, 1, QLocale::DataSizeSIFormat))
                                                    : tr("%1.").arg(countText(shares.exported, tr("1 picture"), tr("%1 pictures")));
    QStringList without;
    for (const auto &[count, words] : {std::pair(shares.withoutLabel, tr("%1 without a label")), std::pair(shares.withoutSplit, tr("%1 in no split")),
                                       std::pair(shares.excluded, tr("%1 excluded")), std::pair(shares.unreadable, tr("%1 missing or unreadable"))}) {
        if (count > 0)
            without.append(words.arg(QLocale().toString(count)));
    }
    if (!without.isEmpty())
        text += tr(" Left out: %1.").arg(without.join(tr(", ")));
    m_preview->setText(text);
}

QWidget *ExportSheet::firstFocus() { return m_as->checkedButton(); }

void ExportSheet::keyPressEvent(QKeyEvent *event)
{
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_choose->isEnabled())
        Q_EMIT folderWanted();
    else
        PopupCard::keyPressEvent(event);
}

} // namespace whisker
