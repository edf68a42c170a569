#pragma once

#include "widgets/theme.h"

#include <QWidget>
#include <optional>

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
    /// "600", or with `total` "48 of 600", as the detail, and never shortened. 0 without a total hides it.
    void setCount(int count, std::optional<int> total = {});
    QString detail() const;
    void setState(const QString &text, Tone tone); ///< An empty text hides the pill.
    void addBeside(QWidget *widget);               ///< Right after the texts (chips).
    void addButton(QWidget *widget);               ///< At the right edge, in order of the calls.

private:
    void showDetail(const QString &text, QSizePolicy::Policy width);
    TextLabel *m_title;
    TextLabel *m_detail;
    Pill *m_state;
    QHBoxLayout *m_beside;
    QHBoxLayout *m_buttons;
};

} // namespace whisker
