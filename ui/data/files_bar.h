#pragma once

#include "ui/data/transfer_controller.h"
#include "widgets/notice_bar.h"

#include <functional>

namespace whisker {

class WorkBar;

/// A button of a message; without words: none.
struct Offer {
    QString words{};
    std::function<void()> does{};
};

/// What goes on with a project's files, and how it ended with what can be done about it. Hidden while there is nothing to say. GUI thread.
class FilesBar : public QWidget {
    Q_OBJECT
public:
    enum class Work { Labels, Pictures, Search };

    explicit FilesBar(QWidget *parent = nullptr);

    void begin(Work work); ///< Takes the last message away.
    void showProgress(const TransferProgress &progress);
    void end();
    void showMessage(NoticeBar::Kind kind, const QString &text, const Offer &first = {}, const Offer &second = {});
    void dismiss(); ///< The message.

    WorkBar *work() const { return m_work; }
    NoticeBar *notice() const { return m_notice; }

Q_SIGNALS:
    void cancelled();

private:
    void showParts();

    WorkBar *m_work;
    NoticeBar *m_notice;
    std::function<void()> m_first;
    std::function<void()> m_second;
};

/// The sentences of an outcome.
QString exportedText(const ExportReport &report);
QString missingText(qint64 missing);                ///< "3 pictures are missing. Their labels are kept."
QString relinkedText(const RelinkReport &report, qint64 missing); ///< `missing`: of the whole project, still.

} // namespace whisker
