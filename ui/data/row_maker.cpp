#include "ui/data/row_maker.h"

#include <QElapsedTimer>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {
constexpr int kTurnMs = 6;
constexpr std::size_t kBetweenLooks = 2000; // pictures asked about between two looks at the clock: a fraction of a millisecond
} // namespace

RowMaker::RowMaker(QObject *parent) : QObject(parent)
{
    m_turn.setSingleShot(true);
    m_turn.setInterval(0);
    connect(&m_turn, &QTimer::timeout, this, &RowMaker::askOn);
}

RowMaker::~RowMaker() = default;

void RowMaker::begin(std::size_t count, Ask ask)
{
    cancel();
    m_ask = std::move(ask);
    m_count = count;
    m_isBusy = true;
    m_turn.start();
}

void RowMaker::cancel()
{
    ++m_begun;
    m_isBusy = false;
    m_next = 0;
    m_rows.clear();
    m_turn.stop();
}

void RowMaker::askOn()
{
    QElapsedTimer turn;
    turn.start();
    while (m_next < m_count && turn.elapsed() < kTurnMs) {
        for (const auto end = std::min(m_count, m_next + kBetweenLooks); m_next < end; ++m_next) {
            if (const auto row = m_ask(m_next))
                m_rows.push_back(*row);
        }
    }
    if (m_next < m_count)
        m_turn.start();
    else
        sortAll();
}

void RowMaker::sortAll()
{
    m_thread.add([this, rows = std::exchange(m_rows, {}), begun = m_begun]() mutable {
        QMetaObject::invokeMethod(this, [this, ids = sorted(std::move(rows)), begun] {
            if (begun != m_begun)
                return;
            m_isBusy = false;
            Q_EMIT made(ids);
        }, Qt::QueuedConnection);
    });
}

std::vector<ImageId> RowMaker::sorted(std::vector<Row> rows)
{
    if (!std::ranges::is_sorted(rows))
        std::ranges::sort(rows);
    std::vector<ImageId> ids(rows.size());
    std::ranges::transform(rows, ids.begin(), [](const Row &row) { return std::get<2>(row); });
    return ids;
}

} // namespace whisker
