#pragma once

#include "ui/data/image_filter.h"

#include <QScrollArea>

namespace whisker {

class ClassesCard;
class DoctorCard;
class DoctorController;
class ProjectSession;
class ShareBars;
class SkippedCard;
class SplitsCard;

/// The cards at the right of the Data page: classes, splits, skipped files.
class SideColumn : public QScrollArea {
    Q_OBJECT
public:
    SideColumn(ProjectSession &session, DoctorController &doctor, QWidget *parent = nullptr);

    void showCounts(const ImageCounts &counts);
    ClassesCard *classes() const { return m_classes; }
    ShareBars *splits() const;
    SplitsCard *splitsCard() const { return m_splits; }
    DoctorCard *doctor() const { return m_doctor; }
    SkippedCard *skipped() const { return m_skipped; }
    void showSkipped(); ///< Scrolls there, and gives the list the keyboard.

private:
    ProjectSession &m_session;
    ClassesCard *m_classes;
    SplitsCard *m_splits;
    DoctorCard *m_doctor;
    SkippedCard *m_skipped;
};

} // namespace whisker
