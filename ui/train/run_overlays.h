#pragma once

#include "engine/train/run_folder.h"
#include "ui/train/run_curves.h"

#include <QObject>
#include <filesystem>
#include <optional>
#include <vector>

namespace whisker {

class RunHistory;

/// Which past runs are laid over the curves on show. One that can't be compared with the run on show is left out while that is seen. GUI thread; their points are read by
/// RunHistory.
class RunOverlays : public QObject {
    Q_OBJECT
public:
    /// What can be done with a run.
    struct Offer {
        QString text;      ///< As an action says it.
        QString problem{}; ///< Why it can't be laid over the curves on show, a phrase; empty where all is well.
    };

    /// Both outlive it.
    RunOverlays(RunHistory &history, RunCurves &curves, QObject *parent = nullptr);

    /// The run whose curves are on show; nothing: none is. Its folder is empty where it isn't known yet.
    void setShown(const std::filesystem::path &runFolder, std::optional<TrainMode> mode);
    void toggle(const std::filesystem::path &runFolder); ///< Lays it over the curves as soon as it is read, or takes it off them.
    bool isLaidOver(const std::filesystem::path &runFolder) const;
    Offer offer(const RunSummary &run) const;
    void forget(const std::filesystem::path &runFolder); ///< It was deleted.
    void clear();

Q_SIGNALS:
    void changed(); ///< What offer() says.

private:
    struct Laid {
        std::filesystem::path folder;
        TrainMode mode;
        RunCurves::Overlay overlay;
    };
    void add(const RunRecord &record);
    void show();
    void takeOff(int shown);
    bool fits(const std::filesystem::path &runFolder, TrainMode mode) const;
    RunHistory &m_history;
    RunCurves &m_curves;
    std::vector<Laid> m_laid;
    std::filesystem::path m_shown;
    std::optional<TrainMode> m_shownMode;
};

} // namespace whisker
