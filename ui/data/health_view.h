#pragma once

#include "engine/data/doctor.h"
#include "engine/data/project_values.h"

#include <QScrollArea>
#include <QTimer>
#include <vector>

class QGridLayout;

namespace whisker {

class Card;
class DoctorController;
class HealthChart;
class ProjectSession;

/// The data set at a glance: cards with bars in two or three columns, each bar a way to its pictures. Counts only while it is on show.
class HealthView : public QScrollArea {
    Q_OBJECT
public:
    HealthView(ProjectSession &session, DoctorController &doctor, QWidget *parent = nullptr);
    HealthChart *chart(std::size_t number) const { return m_charts.at(number); } ///< As healthOf() gives them.

Q_SIGNALS:
    void picturesWanted(const QString &name, const std::vector<whisker::ImageId> &ids);
    void findingWanted(whisker::FindingKind kind);
    void left(); ///< By Esc.

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void fill();
    void place();
    ProjectSession &m_session;
    DoctorController &m_doctor;
    QGridLayout *m_grid;
    std::vector<Card *> m_cards;
    std::vector<HealthChart *> m_charts;
    int m_columns = 0;
    QTimer m_fillSoon; // many changes in a row are counted once
};

} // namespace whisker
