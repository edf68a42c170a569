#pragma once

#include "widgets/icons.h"

#include <QWidget>
#include <optional>

namespace whisker {

/// What runs on a page, as the status line shows it.
struct PageActivity {
    QString text;                        ///< "Training, epoch 3 of 10"
    std::optional<double> share{};       ///< 0..1; nothing: not known.
    QString left{};                      ///< "about 2 min left", or empty.
};

/// One page of the main window. A page knows the project's session and its own work, no other page and not the window; what it needs of them it says
/// by signals. GUI thread only. Its destructor ends what it runs, within a bounded time.
class Page : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    virtual QString pageId() const = 0; ///< "data", "train", "predict": not translated, kept in settings.
    virtual QString title() const = 0;  ///< As it stands in the rail.
    virtual Icon icon() const = 0;
    /// What gets the keyboard when the page comes to the front; never null.
    virtual QWidget *focusTarget() { return this; }

Q_SIGNALS:
    void activityChanged(const std::optional<whisker::PageActivity> &activity); ///< Nothing: the page is idle again.
    void deviceChanged(const QString &text);    ///< The device really in use: "CPU, 2 threads, bf16".
    void pageWanted(const QString &pageId);     ///< A button that leads to another page.
};

} // namespace whisker
