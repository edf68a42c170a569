#pragma once

#include "ui/data/image_filter.h"

#include <QWidget>

class QAction;
class QHBoxLayout;

namespace whisker {

class Button;

/// What narrows the list besides the chips of classes: a button for each part, a click takes it away; and one that takes all away. Hidden without any.
class FilterBar : public QWidget {
    Q_OBJECT
public:
    /// `clearAll` is what its last button triggers.
    explicit FilterBar(QAction *clearAll, QWidget *parent = nullptr);

    /// `shown`: how many pictures pass.
    void setFilter(const ImageFilter &filter, int shown);
    int partCount() const { return static_cast<int>(m_parts.size()); }
    Button *part(int index) const { return m_parts[static_cast<std::size_t>(index)]; }

Q_SIGNALS:
    void filterWanted(const whisker::ImageFilter &filter);

private:
    void addPart(const QString &text, const ImageFilter &without);

    QHBoxLayout *m_row;
    ImageFilter m_filter;
    int m_shown = -1;
    std::vector<Button *> m_parts;
};

} // namespace whisker
