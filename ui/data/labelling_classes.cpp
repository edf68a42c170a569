#include "ui/data/labelling_classes.h"

#include "ui/data/class_row.h"

#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>

namespace whisker {

namespace {
constexpr int kWidth = 232;
constexpr int kLowestRow = 24;
constexpr int kGutter = 4; // between the keys and the scroll bar
} // namespace

LabellingClasses::LabellingClasses(QWidget *parent) : QScrollArea(parent)
{
    setFixedWidth(kWidth);
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    viewport()->setAutoFillBackground(false);
    auto *list = new QWidget;
    m_column = new QVBoxLayout(list);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_column->addStretch(1);
    setWidget(list);
    list->setAutoFillBackground(false); // setWidget() turns it on
}

void LabellingClasses::setClasses(const std::vector<ClassRecord> &classes, const std::map<ClassId, int> &counts)
{
    while (m_rows.size() > classes.size()) {
        m_rows.back()->deleteLater();
        m_rows.back()->hide();
        m_rows.pop_back();
    }
    while (m_rows.size() < classes.size()) {
        auto *row = new ClassRow;
        row->setPlain(true);
        connect(row, &ClassRow::clicked, this, [this, row] { Q_EMIT classClicked(row->record().id); });
        m_column->insertWidget(static_cast<int>(m_rows.size()), row);
        m_rows.push_back(row);
    }
    for (std::size_t k = 0; k < classes.size(); ++k) {
        const auto count = counts.find(classes[k].id);
        m_rows[k]->setClass(classes[k], count == counts.end() ? 0 : count->second);
    }
    fitRows();
}

void LabellingClasses::mark(ClassId id)
{
    for (ClassRow *row : m_rows) {
        const bool marked = id != 0 && row->record().id == id;
        row->setMarked(marked);
        if (marked)
            ensureWidgetVisible(row, 0, ClassRow::kHeight);
    }
}

void LabellingClasses::scrollPage(int pages) { verticalScrollBar()->setValue(verticalScrollBar()->value() + pages * verticalScrollBar()->pageStep()); }

void LabellingClasses::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    fitRows();
}

void LabellingClasses::fitRows()
{
    if (m_rows.empty())
        return;
    const int count = static_cast<int>(m_rows.size());
    const int rowHeight = std::clamp(height() / count, kLowestRow, ClassRow::kHeight);
    for (ClassRow *row : m_rows)
        row->setFixedHeight(rowHeight);
    m_column->setContentsMargins(0, 0, rowHeight * count > height() ? kGutter : 0, 0);
}

} // namespace whisker
