#include "ui/train/receipt_card.h"

#include "engine/train/receipt_words.h"
#include "ui/texts.h"
#include "ui/train/continued_texts.h"
#include "ui/train/note_editor.h"
#include "widgets/fact_sheet.h"
#include "widgets/sentence_label.h"
#include "widgets/text_label.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>
#include <iterator>
#include <utility>

namespace whisker {

namespace {

constexpr int kLeastFacts = 240; // px of a column
constexpr int kNoteWidth = 248;

FactSection section(const QString &title, const std::vector<ReceiptLine> &lines)
{
    FactSection facts{title, {}, {}};
    for (const ReceiptLine &line : lines)
        facts.lines.push_back({fromUtf8(line.name), {fromUtf8(line.value)}});
    return facts;
}

} // namespace

ReceiptCard::ReceiptCard(QWidget *parent)
    : Card(tr("Receipt"), parent), m_remarks(new SentenceLabel(this)), m_facts(new FactSheet(kLeastFacts)), m_scroll(new QScrollArea(this)), m_note(new NoteEditor(this))
{
    m_remarks->setTextFormat(Qt::PlainText);
    m_remarks->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_remarks->setFont(themeFont(12));
    auto *words = new QWidget;
    auto *column = new QVBoxLayout(words);
    column->setContentsMargins(0, 0, 8, 0);
    column->setSpacing(8);
    column->addWidget(m_remarks);
    column->addWidget(m_facts);
    column->addStretch(1);
    m_scroll->setWidget(words);
    words->setAutoFillBackground(false); // setWidget() has set it
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setAccessibleName(tr("Receipt"));
    m_scroll->setMinimumHeight(60);
    m_note->setFixedWidth(kNoteWidth);

    auto *noteTitle = new TextLabel(tr("Your note"), Tone::Text, this);
    noteTitle->setSize(12, QFont::DemiBold);
    noteTitle->setFixedHeight(FactSheet::kTitleHeight); // in line with the titles beside it
    auto *noteColumn = new QVBoxLayout;
    noteColumn->setSpacing(0);
    noteColumn->addWidget(noteTitle);
    noteColumn->addWidget(m_note, 1);
    auto *row = new QHBoxLayout;
    row->setSpacing(24);
    row->addWidget(m_scroll, 1);
    row->addLayout(noteColumn);
    body()->addLayout(row, 1);
    showNothing();
}

void ReceiptCard::showRun(const RunSummary &run, const RunNames &names)
{
    const RunReceipt &receipt = run.receipt;
    const QDateTime started = startOf(receipt);
    setTitle(recipeTitle(receipt));
    const QString when = started.isValid() ? QLocale().toString(started, QLocale::ShortFormat) : QString();
    setSubtitle(joined(joined(when, stateOf(run).text), originText(run, names)));

    ReceiptWords words = receiptWords(receipt);
    if (const QString state = stateOf(run).text; !state.isEmpty()) // one word for it in all places
        words.outcome.front().value = state.toStdString();
    words.data.insert(words.data.end(), std::make_move_iterator(words.origin.begin()), std::make_move_iterator(words.origin.end()));
    m_facts->setSections({section(tr("What became of it"), words.outcome), section(tr("What it learnt from"), words.data), section(tr("Settings"), words.settings),
                          section(tr("Machine"), words.machine)});
    QStringList remarks;
    if (!receipt.message.empty())
        remarks.append(fromUtf8(receipt.message));
    if (const QString notes = notesText(receipt); !notes.isEmpty())
        remarks.append(notes);
    m_remarks->setText(remarks.join(u'\n'));
    m_remarks->setVisible(!remarks.isEmpty());
    if (std::exchange(m_run, run.folder) != run.folder)
        m_scroll->verticalScrollBar()->setValue(0);
    m_note->showNote(run.folder, fromUtf8(run.note));
}

void ReceiptCard::showNothing()
{
    setTitle(tr("Receipt"));
    setSubtitle(tr("choose a run above"));
    m_facts->setSections({});
    m_remarks->hide();
    m_remarks->clear();
    m_run.clear();
    m_note->showNote({}, {});
}

QString ReceiptCard::remarks() const { return m_remarks->text(); }

} // namespace whisker
