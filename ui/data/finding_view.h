#pragma once

#include "ui/data/doctor_controller.h"
#include "ui/data/image_filter.h"

#include <QObject>

namespace whisker {

class FindingBar;
class ImageGrid;
class ImageListModel;
class ProjectSession;

/// Shows the pictures of a finding, or any named set, in the grid: keeps the set up to date, fills the bar above, and does what its buttons say. GUI thread.
class FindingView : public QObject {
    Q_OBJECT
public:
    FindingView(ProjectSession &session, DoctorController &doctor, ImageListModel &model, ImageGrid &grid, FindingBar &bar, QObject *parent = nullptr);

    void showFinding(FindingKind kind);
    void showPictures(const QString &name, const std::vector<ImageId> &ids);
    void leave();
    bool isOn() const { return m_only != nullptr; }
    void applyTo(ImageFilter &filter) const;
    void remedy();
    void selectGroup(int step); ///< 1: the group after what is selected, -1: the one before; goes round.

Q_SIGNALS:
    void changed(); ///< What applyTo() says.

private:
    void refresh();
    void fillBar();
    void take(const QString &name, const std::vector<ImageId> &ids, std::shared_ptr<const OwnOrder> order = {});
    std::shared_ptr<const OwnOrder> orderOf(const std::vector<ImageId> &pictures) const;
    QString details() const;
    std::vector<ImageId> toExclude() const;

    ProjectSession &m_session;
    DoctorController &m_doctor;
    ImageListModel &m_model;
    ImageGrid &m_grid;
    FindingBar &m_bar;
    std::optional<FindingKind> m_kind;
    QString m_name;
    std::shared_ptr<const std::unordered_set<ImageId>> m_only;
    std::shared_ptr<const OwnOrder> m_order; // null: none of its own
};

} // namespace whisker
