#pragma once

#include "engine/data/import.h"

#include <QWidget>

class QProgressBar;

namespace whisker {

class Button;
class TextLabel;

/// The busy state of the Data page: what is being read, how far, how long still, and Cancel.
class ImportBar : public QWidget {
    Q_OBJECT
public:
    explicit ImportBar(QWidget *parent = nullptr);

    void begin(); ///< Shows it.
    void showProgress(const ImportProgress &progress);
    Button *cancelButton() const { return m_cancel; }
    QString text() const;

Q_SIGNALS:
    void cancelled();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    TextLabel *m_text;
    QProgressBar *m_progress;
    TextLabel *m_left;
    Button *m_cancel;
};

} // namespace whisker
