#include "widgets/sentence_label.h"

#include <QEvent>
#include <QRegularExpression>

namespace whisker {

SentenceLabel::SentenceLabel(const QString &text, QWidget *parent) : QLabel(parent)
{
    setWordWrap(true);
    setText(text);
}

void SentenceLabel::setText(const QString &text)
{
    static const QRegularExpression beforeSign(QStringLiteral("(?<=\\d) (?=%)"));
    QLabel::setText(QString(text).replace(beforeSign, QString(QChar::Nbsp)));
}

int SentenceLabel::heightForWidth(int width) const
{
    if (m_measured != text()) {
        m_measured = text();
        m_heights.clear();
    }
    const auto known = m_heights.constFind(width);
    return known != m_heights.constEnd() ? *known : *m_heights.insert(width, QLabel::heightForWidth(width));
}

void SentenceLabel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        m_heights.clear();
    QLabel::changeEvent(event);
}

} // namespace whisker
