#pragma once

#include "widgets/theme.h"

#include <QWidget>

namespace whisker {

/// One line of text that ends in "..." where there is no room, with the whole text as its tooltip then. Digits are tabular on request.
class TextLabel : public QWidget {
    Q_OBJECT
    Q_PROPERTY(QString text READ text WRITE setText)
public:
    explicit TextLabel(const QString &text = {}, Tone tone = Tone::Text, QWidget *parent = nullptr);
    explicit TextLabel(QWidget *parent) : TextLabel({}, Tone::Text, parent) {}

    QString text() const { return m_text; }
    void setText(const QString &text);
    Tone tone() const { return m_tone; }
    void setTone(Tone tone);
    void setSize(int pixelSize, QFont::Weight weight = QFont::Normal);
    void setAlignment(Qt::Alignment alignment);
    void setTabular(bool tabular); ///< For numbers: never elided, digits of one width.
    void setElideMode(Qt::TextElideMode mode);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    QString m_text;
    Tone m_tone;
    Qt::Alignment m_alignment = Qt::AlignLeft | Qt::AlignVCenter;
    Qt::TextElideMode m_elide = Qt::ElideRight;
    bool m_tabular = false;
};

} // namespace whisker
