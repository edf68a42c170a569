#pragma once

#include "widgets/theme.h"

#include <QWidget>
#include <vector>

namespace whisker {

/// The names of the curves with a dash in their colour; the longest elided where there is no room for all, with the whole names as its tooltip.
class CurveLegend : public QWidget {
public:
    struct Entry {
        QString name;
        QColor colour;
    };
    explicit CurveLegend(QWidget *parent);
    void setEntries(std::vector<Entry> entries);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, 18}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int nameWidth(const Entry &entry) const;
    int longestIn(int room) const;
    std::vector<Entry> m_entries;
};

} // namespace whisker
