#pragma once

#include "widgets/theme.h"

#include <QWidget>

class QHBoxLayout;

namespace whisker {

class Pill;
class TextLabel;

/// The head of a page: what the page is for, a quiet detail or count, a state, and the page's buttons at the right.
class PageHeader : public QWidget {
    Q_OBJECT
public:
    explicit PageHeader(const QString &title, QWidget *parent = nullptr);

    void setTitle(const QString &title);
    void setDetail(const QString &text);
    void setCount(int count);                      ///< As the detail, and never shortened; 0 hides it.
    void setState(const QString &text, Tone tone); ///< An empty text hides the pill.
    void addBeside(QWidget *widget);               ///< Right after the texts (chips).
    void addButton(QWidget *widget);               ///< At the right edge, in order of the calls.

private:
    TextLabel *m_title;
    TextLabel *m_detail;
    Pill *m_state;
    QHBoxLayout *m_beside;
    QHBoxLayout *m_buttons;
};

} // namespace whisker
