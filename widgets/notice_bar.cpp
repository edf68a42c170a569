#include "widgets/notice_bar.h"

#include "widgets/buttons.h"
#include "widgets/internal/paint.h"
#include "widgets/sentence_label.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <utility>

namespace whisker {

namespace {
constexpr int kIconEdge = 20;
}

NoticeBar::NoticeBar(QWidget *parent)
    : QWidget(parent), m_text(new SentenceLabel(this)), m_action(new Button({}, Button::Kind::Plain, this)), m_second(new Button({}, Button::Kind::Plain, this)),
      m_close(new Button({}, Button::Kind::Quiet, this))
{
    setAccessibleName(tr("Message"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12 + kIconEdge + 10, 6, 6, 6);
    row->setSpacing(8);
    m_text->setTextFormat(Qt::PlainText); // it may hold a file's name
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setMinimumHeight(32);
    auto *close = static_cast<Button *>(m_close);
    close->setThemeIcon(Icon::Close);
    close->setAccessibleName(tr("Close this message"));
    close->setToolTip(tr("Close (Esc)"));
    row->addWidget(m_text, 1);
    row->addWidget(m_action, 0, Qt::AlignTop);
    row->addWidget(m_second, 0, Qt::AlignTop);
    row->addWidget(m_close, 0, Qt::AlignTop);
    connect(m_action, &Button::clicked, this, &NoticeBar::actionTriggered);
    connect(m_second, &Button::clicked, this, &NoticeBar::secondTriggered);
    connect(close, &Button::clicked, this, &NoticeBar::closeByUser);
    hide();
}

void NoticeBar::showNotice(Kind kind, const QString &text, const QString &actionText, const QString &secondText)
{
    m_kind = kind;
    m_said = text;
    m_text->setText(text);
    setAccessibleDescription(text);
    for (const auto &[button, words] : {std::pair(m_action, actionText), std::pair(m_second, secondText)}) {
        button->setText(words);
        button->setVisible(!words.isEmpty());
    }
    show();
    update();
}

void NoticeBar::dismiss() { hide(); }

void NoticeBar::closeByUser()
{
    hide();
    Q_EMIT closed();
}

Tone NoticeBar::tone() const
{
    switch (m_kind) {
    case Kind::Good: return Tone::Good;
    case Kind::Warning: return Tone::Warning;
    case Kind::Error: return Tone::Bad;
    case Kind::Information: break;
    }
    return Tone::Accent;
}

void NoticeBar::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    const QColor mark = colours.mark(tone());
    QPainter painter(this);
    paintPanel(painter, rect(), kCardRadius, mixed(colours.panel, mark, 0.08), mixed(colours.line, mark, 0.45));
    const Icon shape = m_kind == Kind::Information ? Icon::Information
                       : m_kind == Kind::Good      ? Icon::Check
                       : m_kind == Kind::Warning   ? Icon::Warning
                                                   : Icon::Error;
    painter.drawPixmap(12, 6 + (32 - kIconEdge) / 2, iconPixmap(shape, kIconEdge, colours.textOf(tone()), devicePixelRatioF()));
}

void NoticeBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        closeByUser();
    else
        QWidget::keyPressEvent(event);
}

} // namespace whisker
