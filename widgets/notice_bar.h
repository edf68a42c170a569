#pragma once

#include "widgets/theme.h"

#include <QWidget>

class QLabel;

namespace whisker {

class Button;

/// A strip with one message and what can be done about it. Hidden until there is one; stands in nobody's way.
class NoticeBar : public QWidget {
    Q_OBJECT
public:
    enum class Kind { Information, Good, Warning, Error };
    explicit NoticeBar(QWidget *parent = nullptr);

    /// Shows `text` (wraps) instead of what was there; `actionText` empty: no button.
    void showNotice(Kind kind, const QString &text, const QString &actionText = {});
    void dismiss(); ///< Hides it without emitting closed().
    Kind kind() const { return m_kind; }
    QString text() const;
    Button *actionButton() const { return m_action; }

Q_SIGNALS:
    void actionTriggered();
    void closed(); ///< By the user.

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    Tone tone() const;
    void closeByUser();
    Kind m_kind = Kind::Information;
    QLabel *m_text;
    Button *m_action;
    QWidget *m_close;
};

} // namespace whisker
