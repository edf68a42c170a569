#pragma once

#include "engine/data/project_values.h"
#include "ui/job_thread.h"

#include <QObject>
#include <QTimer>
#include <cstdint>
#include <functional>
#include <optional>
#include <tuple>
#include <vector>

namespace whisker {

/// Makes the rows of a long list without keeping the GUI thread: what each picture is sorted by is asked for in the GUI thread, a few milliseconds a turn of the
/// event loop, and sorted on a thread of its own. What was begun last counts: the rest is dropped.
class RowMaker : public QObject {
    Q_OBJECT
public:
    /// The least first: what the filter puts side by side, then the key of the order, then what came first.
    using Row = std::tuple<int, std::int64_t, ImageId>;
    using Ask = std::function<std::optional<Row>(std::size_t index)>; ///< Nothing: not in the list.

    explicit RowMaker(QObject *parent = nullptr);
    ~RowMaker() override;

    /// Asks for 0 .. count - 1; to be begun again, or cancelled, before what `ask` reads changes.
    void begin(std::size_t count, Ask ask);
    void cancel(); ///< made() does not come for what was begun.
    bool isBusy() const { return m_isBusy; }

    static std::vector<ImageId> sorted(std::vector<Row> rows); ///< Any thread.

Q_SIGNALS:
    void made(const std::vector<whisker::ImageId> &ids);

private:
    void askOn();
    void sortAll();

    Ask m_ask;
    std::size_t m_count = 0;
    std::size_t m_next = 0;
    std::vector<Row> m_rows;
    bool m_isBusy = false;
    int m_begun = 0; // counts begin() and cancel(): what comes back for an older one is dropped
    QTimer m_turn;
    JobThread m_thread{JobThread::AtEnd::Drop}; // last: joined first
};

} // namespace whisker
