#include "ui/train/run_overlays.h"

#include "ui/train/run_history.h"
#include "ui/train/run_texts.h"

#include <algorithm>

namespace whisker {

namespace {

/// The solver of a quick run counts iterations, all others count epochs.
bool sameUnit(TrainMode one, TrainMode other)
{
    return (one == TrainMode::Quick) == (other == TrainMode::Quick);
}

} // namespace

RunOverlays::RunOverlays(RunHistory &history, RunCurves &curves, QObject *parent) : QObject(parent), m_history(history), m_curves(curves)
{
    connect(&history, &RunHistory::overlayRead, this, &RunOverlays::add);
    connect(&history, &RunHistory::removed, this, &RunOverlays::forget);
    connect(&curves, &RunCurves::takeOffWished, this, &RunOverlays::takeOff);
}

void RunOverlays::setShown(const std::filesystem::path &runFolder, std::optional<TrainMode> mode)
{
    if (runFolder == m_shown && mode == m_shownMode)
        return;
    m_shown = runFolder;
    m_shownMode = mode;
    show();
}

bool RunOverlays::fits(const std::filesystem::path &runFolder, TrainMode mode) const
{
    return !m_shownMode || (runFolder != m_shown && sameUnit(mode, *m_shownMode));
}

RunOverlays::Offer RunOverlays::offer(const RunSummary &run) const
{
    if (isLaidOver(run.folder))
        return {tr("Take off the curves")};
    if (fits(run.folder, run.receipt.config.mode))
        return {tr("Lay over the curves")};
    return {tr("Lay over the curves"), run.folder == m_shown ? tr("they are its own") : tr("iterations and epochs have no axis in common")};
}

void RunOverlays::toggle(const std::filesystem::path &runFolder)
{
    if (isLaidOver(runFolder))
        forget(runFolder);
    else
        m_history.readOverlay(runFolder);
}

bool RunOverlays::isLaidOver(const std::filesystem::path &runFolder) const
{
    return std::ranges::find(m_laid, runFolder, &Laid::folder) != m_laid.end();
}

void RunOverlays::add(const RunRecord &record)
{
    const RunSummary &run = record.summary;
    if (isLaidOver(run.folder))
        return; // it was asked for twice
    m_laid.push_back({run.folder, run.receipt.config.mode, {m_history.nameOf(run), record.metrics, run.folder.filename().string()}});
    show();
}

void RunOverlays::forget(const std::filesystem::path &runFolder)
{
    if (std::erase_if(m_laid, [&](const Laid &laid) { return laid.folder == runFolder; }) > 0)
        show();
}

/// `shown` is counted among those that are seen.
void RunOverlays::takeOff(int shown)
{
    for (const Laid &laid : m_laid) {
        if (fits(laid.folder, laid.mode) && shown-- == 0)
            return forget(std::filesystem::path(laid.folder)); // it goes with what it is named by
    }
}

void RunOverlays::clear()
{
    m_laid.clear();
    show();
}

void RunOverlays::show()
{
    std::vector<RunCurves::Overlay> overlays;
    for (const Laid &laid : m_laid) {
        if (fits(laid.folder, laid.mode))
            overlays.push_back(laid.overlay);
    }
    m_curves.setOverlays(std::move(overlays));
    Q_EMIT changed();
}

} // namespace whisker
