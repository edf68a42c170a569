#pragma once

#include "engine/train/run_folder.h"
#include "ui/train/run_curves.h"

#include <QObject>
#include <filesystem>
#include <utility>
#include <vector>

namespace whisker {

class RunHistory;

/// Which past runs are laid over the curves on show. GUI thread; their points are read by RunHistory.
class RunOverlays : public QObject {
    Q_OBJECT
public:
    /// Both outlive it.
    RunOverlays(RunHistory &history, RunCurves &curves, QObject *parent = nullptr);

    void toggle(const std::filesystem::path &runFolder); ///< Lays it over the curves as soon as it is read, or takes it off them.
    bool isLaidOver(const std::filesystem::path &runFolder) const;
    void forget(const std::filesystem::path &runFolder); ///< It was deleted.
    void clear();

private:
    void add(const RunRecord &record);
    void show();
    RunHistory &m_history;
    RunCurves &m_curves;
    std::vector<std::pair<std::filesystem::path, RunCurves::Overlay>> m_laid;
};

} // namespace whisker
