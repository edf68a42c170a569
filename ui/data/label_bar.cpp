#include "ui/data/label_bar.h"

#include "ui/texts.h"
#include "widgets/text_label.h"

#include <QCompleter>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QStringListModel>

namespace whisker {

LabelBar::LabelBar(QWidget *parent)
    : Panel(parent, Ground::Chosen), m_text(new TextLabel({}, Tone::Accent, this)), m_hint(new TextLabel({}, Tone::Quiet, this)),
      m_edit(new QLineEdit(this)), m_names(new QStringListModel(this))
{
    setFixedHeight(44);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(12);
    m_text->setSize(13, QFont::Medium);
    m_hint->setSize(12);
    m_edit->setFixedWidth(240);
    m_edit->setPlaceholderText(tr("Name of a class"));
    m_edit->setAccessibleName(tr("Label"));
    row->addWidget(m_text);
    row->addWidget(m_edit);
    row->addWidget(m_hint);
    row->addStretch(1);
    auto *completer = new QCompleter(m_names, this);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setCompletionMode(QCompleter::InlineCompletion);
    m_edit->setCompleter(completer);
    m_edit->installEventFilter(this);
    connect(m_edit, &QLineEdit::textChanged, this, &LabelBar::describe);
    hide();
}

void LabelBar::open(int pictureCount, const QStringList &classNames)
{
    m_names->setStringList(classNames);
    m_text->setText(countText(pictureCount, tr("Label 1 picture"), tr("Label %1 pictures")));
    setAccessibleName(m_text->text());
    m_edit->clear();
    describe({});
    show();
    m_edit->setFocus();
}

void LabelBar::setName(const QString &name) { m_edit->setText(name); }

void LabelBar::describe(const QString &typed)
{
    const QString name = typed.trimmed();
    if (name.isEmpty())
        m_hint->setText(tr("Esc leaves"));
    else if (m_names->stringList().contains(name, Qt::CaseInsensitive))
        m_hint->setText(tr("Enter labels %1").arg(name));
    else
        m_hint->setText(tr("Enter makes the new class \"%1\" and labels").arg(name));
}

void LabelBar::take()
{
    const QString name = m_edit->text().trimmed();
    close();
    if (!name.isEmpty())
        Q_EMIT nameTyped(name);
}

void LabelBar::close()
{
    hide();
    Q_EMIT left();
}

bool LabelBar::eventFilter(QObject *watched, QEvent *event)
{
    const int key = event->type() == QEvent::KeyPress ? static_cast<QKeyEvent *>(event)->key() : 0;
    if (key == Qt::Key_Escape) {
        close();
        return true;
    }
    if (key == Qt::Key_Return || key == Qt::Key_Enter) { // the field itself would hand it on to what is around
        take();
        return true;
    }
    if (event->type() == QEvent::FocusOut && isVisible() && static_cast<QFocusEvent *>(event)->reason() == Qt::MouseFocusReason)
        close();
    return Panel::eventFilter(watched, event);
}

} // namespace whisker
