#pragma once

#include "widgets/panel.h"

#include <chrono>
#include <optional>

class QProgressBar;

namespace whisker {

class Button;
class TextLabel;

/// The words of a WorkBar for one kind of work.
struct WorkWords {
    QString begins;    ///< While it is not known how much there is: "Looking for pictures".
    QString counts;    ///< "Reading %1 of %2".
    QString cancelTip; ///< What becomes of what has been done; empty: it can't be cancelled.
};

/// The busy state of the Data page: what goes on, how far, how long still, and Cancel.
class WorkBar : public Panel {
    Q_OBJECT
public:
    explicit WorkBar(QWidget *parent = nullptr);

    void begin(const WorkWords &words); ///< Shows it.
    void showProgress(std::size_t done, std::size_t found, std::optional<std::chrono::milliseconds> left); ///< found 0: not known yet.
    Button *cancelButton() const { return m_cancel; }
    QString text() const;

Q_SIGNALS:
    void cancelled();

private:
    void reserveRoom(std::size_t found);
    WorkWords m_words;
    TextLabel *m_text;
    QProgressBar *m_progress;
    TextLabel *m_left;
    Button *m_cancel;
};

} // namespace whisker
