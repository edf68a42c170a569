#pragma once

#include "widgets/panel.h"

#include <QKeySequence>
#include <QList>

class QAction;
class QHBoxLayout;

namespace whisker {

class Button;
class TextLabel;

/// The bar that appears with a selection and says what can be done with it. Hidden while nothing is selected.
class SelectionBar : public Panel {
    Q_OBJECT
public:
    explicit SelectionBar(QWidget *parent = nullptr);

    void setSelectedCount(int count); ///< Shows "3 selected"; 0 hides the bar.
    void setMessage(const QString &text); ///< Any other text ("3 labels mended"); empty hides the bar.
    /// A button with its key in a badge; belongs to the bar.
    Button *addButton(const QString &text, const QKeySequence &keys = {});
    /// The same, but hidden, the last one first, where the bar is too narrow for all buttons: its key must work without it.
    Button *addSpareButton(const QString &text, const QKeySequence &keys);
    Button *addActionButton(QAction *action); ///< Follows the action, triggers it.
    Button *addSpareActionButton(QAction *action); ///< The same as a spare one; while it is hidden its action stands in the menu of a last button.
    void clearButtons();
    QList<Button *> buttons() const { return m_buttons; }
    Button *more() const { return m_more; } ///< Null before there was a spare action.

protected:
    bool event(QEvent *event) override;

private:
    struct Spare {
        Button *button;
        QAction *action; ///< Null: only its key stands for it.
    };
    void makeMore();
    void fitSpare();

    TextLabel *m_text;
    QHBoxLayout *m_row;
    QList<Button *> m_buttons;
    QList<Spare> m_spare; // of those
    Button *m_more = nullptr;
};

} // namespace whisker
