#pragma once

#include "widgets/theme.h"

#include <QWidget>

namespace whisker {

class Button;
class SentenceLabel;

/// A strip with one message and what can be done about it. Hidden until there is one; stands in nobody's way.
class NoticeBar : public QWidget {
    Q_OBJECT
public:
    enum class Kind { Information, Good, Warning, Error };
    explicit NoticeBar(QWidget *parent = nullptr);

    /// Shows `text` (wraps) instead of what was there; an empty `actionText` or `secondText`: no such button.
    void showNotice(Kind kind, const QString &text, const QString &actionText = {}, const QString &secondText = {});
    void dismiss();     ///< Hides it without emitting closed().
    void closeByUser(); ///< As its button does, and Escape where the focus is in it.
    Kind kind() const { return m_kind; }
    const QString &text() const { return m_said; } ///< As it was given.
    Button *actionButton() const { return m_action; }
    Button *secondButton() const { return m_second; }

Q_SIGNALS:
    void actionTriggered();
    void secondTriggered();
    void closed(); ///< By the user.

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    Tone tone() const;
    Kind m_kind = Kind::Information;
    QString m_said;
    SentenceLabel *m_text;
    Button *m_action;
    Button *m_second;
    QWidget *m_close;
};

} // namespace whisker
