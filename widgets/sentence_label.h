#pragma once

#include <QHash>
#include <QLabel>

namespace whisker {

/// Text that wraps at its words, but not between a number and its per cent sign, whoever wrote it: text() has a no-break space there. Remembers how high it is at a
/// width: a layout asks for that dozens of times in a row, on hidden pages too, and QLabel sets the whole text anew each time.
class SentenceLabel : public QLabel {
    Q_OBJECT
public:
    explicit SentenceLabel(const QString &text = {}, QWidget *parent = nullptr);
    explicit SentenceLabel(QWidget *parent) : SentenceLabel({}, parent) {}

    void setText(const QString &text);
    int heightForWidth(int width) const override;

protected:
    void changeEvent(QEvent *event) override;

private:
    mutable QString m_measured; // the text that m_heights are of
    mutable QHash<int, int> m_heights;
};

} // namespace whisker
