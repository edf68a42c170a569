#include "ui/train/note_editor.h"

#include "engine/train/run_notes.h"
#include "widgets/sentence_label.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QLocale>
#include <QPlainTextEdit>
#include <QScopedValueRollback>
#include <QTimer>
#include <QVBoxLayout>

namespace whisker {

namespace {

/// As writeRunNote() counts it.
qsizetype bytesOf(const QString &note) { return note.trimmed().toUtf8().size(); }

bool isTooLong(const QString &note) { return bytesOf(note) > qsizetype(kMostNoteBytes); }

/// The longest beginning that may be kept; no character is cut in two.
QString beginningOf(const QString &note)
{
    QByteArray bytes = note.trimmed().toUtf8().left(qsizetype(kMostNoteBytes));
    while (!bytes.isEmpty() && QString::fromUtf8(bytes).endsWith(QChar::ReplacementCharacter))
        bytes.chop(1);
    return QString::fromUtf8(bytes);
}

} // namespace

NoteEditor::NoteEditor(QWidget *parent) : QWidget(parent), m_field(new QPlainTextEdit(this)), m_message(new SentenceLabel(this)), m_pause(new QTimer(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_field->setAccessibleName(tr("Your note"));
    m_field->setTabChangesFocus(true);
    m_field->setMinimumHeight(60);
    m_field->installEventFilter(this);
    m_message->setFont(themeFont(12));
    m_message->setTextFormat(Qt::PlainText);
    column->addWidget(m_field, 1);
    column->addWidget(m_message);
    m_pause->setSingleShot(true);
    m_pause->setInterval(kPauseMs);
    connect(m_pause, &QTimer::timeout, this, &NoteEditor::keepNow);
    connect(m_field, &QPlainTextEdit::textChanged, this, &NoteEditor::typed);
    connect(&Theme::current(), &Theme::changed, this, &NoteEditor::say);
    m_field->setEnabled(false);
    setReadOnly(false);
    say();
}

void NoteEditor::setReadOnly(bool readOnly)
{
    m_field->setReadOnly(readOnly);
    m_field->setPlaceholderText(readOnly ? tr("The project is open for reading only: no note can be kept") : tr("What you want to remember of this run"));
}

void NoteEditor::showNote(const std::filesystem::path &folder, const QString &note)
{
    const bool beingWritten = text() != m_given || m_unkept.contains(folder);
    if (folder == m_folder && (beingWritten || note.trimmed() == m_given.trimmed()))
        return;
    keepNow();
    const QScopedValueRollback<bool> taking(m_taking, true);
    m_folder = folder;
    const auto unkept = m_unkept.find(folder);
    m_field->setPlainText(unkept != m_unkept.end() ? unkept->second : note);
    m_field->setEnabled(!folder.empty());
    m_given = text();
    m_said.clear();
    m_bad = false;
    say();
}

void NoteEditor::typed()
{
    if (m_taking)
        return;
    m_said.clear();
    m_bad = false;
    m_pause->start();
    say();
}

void NoteEditor::keepNow()
{
    m_pause->stop();
    if (m_folder.empty() || (text() == m_given && !m_unkept.contains(m_folder)))
        return;
    m_given = text();
    if (isTooLong(m_given)) {
        m_unkept[m_folder] = m_given;
        return;
    }
    m_unkept.erase(m_folder);
    Q_EMIT keepWished(m_folder, m_given);
}

void NoteEditor::keepAtEnd()
{
    keepNow();
    for (const auto &[folder, note] : m_unkept)
        Q_EMIT keepWished(folder, beginningOf(note));
}

void NoteEditor::setKept(const std::filesystem::path &folder)
{
    if (folder != m_folder || text() != m_given || m_unkept.contains(folder))
        return;
    m_said = tr("Kept");
    m_bad = false;
    say();
}

void NoteEditor::setFailed(const std::filesystem::path &folder, const QString &note, const QString &sentence)
{
    m_unkept.try_emplace(folder, note);
    if (folder != m_folder)
        return;
    m_said = sentence;
    m_bad = true;
    say();
}

void NoteEditor::forget(const std::filesystem::path &folder)
{
    m_unkept.erase(folder);
    if (folder != m_folder)
        return;
    m_given = text(); // there is nothing to keep it with
    showNote({}, {});
}

void NoteEditor::say()
{
    const qsizetype bytes = bytesOf(text());
    const bool tooLong = bytes > qsizetype(kMostNoteBytes);
    const QLocale locale;
    const QString most = locale.toString(qulonglong(kMostNoteBytes));
    m_message->setText(tooLong ? tr("The note is %1 bytes long, but at most %2 can be kept: shorten it.").arg(locale.toString(bytes), most) : m_said);
    const ThemeColours &colours = Theme::current().colours();
    QPalette palette = m_message->palette();
    palette.setColor(QPalette::WindowText, colours.textOf(tooLong || m_bad ? Tone::Bad : Tone::Quiet));
    m_message->setPalette(palette);
    m_message->setVisible(!m_message->text().isEmpty());
}

QString NoteEditor::text() const { return m_field->toPlainText(); }

QString NoteEditor::message() const { return m_message->text(); }

bool NoteEditor::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_field && (event->type() == QEvent::FocusOut || event->type() == QEvent::Hide))
        keepNow();
    return QWidget::eventFilter(watched, event);
}

} // namespace whisker
