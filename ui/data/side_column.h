#pragma once

#include "ui/data/image_filter.h"

#include <QScrollArea>

namespace whisker {

class ClassesCard;
class ProjectSession;
class ShareBars;
class SkippedCard;

/// The cards at the right of the Data page: classes, splits, skipped files.
class SideColumn : public QScrollArea {
    Q_OBJECT
public:
    explicit SideColumn(ProjectSession &session, QWidget *parent = nullptr);

    void showCounts(const ImageCounts &counts);
    ClassesCard *classes() const { return m_classes; }
    ShareBars *splits() const { return m_splits; }
    SkippedCard *skipped() const { return m_skipped; }

private:
    ProjectSession &m_session;
    ClassesCard *m_classes;
    ShareBars *m_splits;
    SkippedCard *m_skipped;
};

} // namespace whisker
