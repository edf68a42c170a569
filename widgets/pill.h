#pragma once

#include "widgets/theme.h"

#include <QWidget>

namespace whisker {

/// A small rounded text that can't be pressed: a state with its dot ("training"), a size ("500 x 333").
class Pill : public QWidget {
    Q_OBJECT
public:
    explicit Pill(QWidget *parent = nullptr);
    /// Tone::Text gives no dot.
    void setText(const QString &text, Tone tone = Tone::Text);
    QString text() const { return m_text; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
    Tone m_tone = Tone::Text;
};

} // namespace whisker
