#pragma once

#include "widgets/panel.h"

#include <QStringList>

class QLineEdit;
class QStringListModel;

namespace whisker {

class TextLabel;

/// One line in which a class's name is typed for what is selected; completes the names there are. Enter takes it, Esc leaves.
class LabelBar : public Panel {
    Q_OBJECT
public:
    explicit LabelBar(QWidget *parent = nullptr);

    void open(int pictureCount, const QStringList &classNames); ///< Shows it and takes the keyboard.
    void setName(const QString &name); ///< While it is open: to be changed and given again.
    QLineEdit *edit() const { return m_edit; }

Q_SIGNALS:
    void nameTyped(const QString &name); ///< Not empty.
    void left();                         ///< It has been closed, with a name or without.

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void describe(const QString &typed);
    void take();
    void close();
    TextLabel *m_text;
    TextLabel *m_hint;
    QLineEdit *m_edit;
    QStringListModel *m_names;
};

} // namespace whisker
