#include "ui/train/run_overlays.h"

#include "ui/train/run_history.h"
#include "ui/train/run_texts.h"

#include <algorithm>

namespace whisker {

RunOverlays::RunOverlays(RunHistory &history, RunCurves &curves, QObject *parent) : QObject(parent), m_history(history), m_curves(curves)
{
    connect(&history, &RunHistory::overlayRead, this, &RunOverlays::add);
    connect(&history, &RunHistory::removed, this, &RunOverlays::forget);
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
    return std::ranges::find(m_laid, runFolder, &decltype(m_laid)::value_type::first) != m_laid.end();
}

void RunOverlays::add(const RunRecord &record)
{
    if (isLaidOver(record.summary.folder))
        return; // it was asked for twice
    m_laid.emplace_back(record.summary.folder, RunCurves::Overlay{runName(record.summary, QDateTime::currentDateTime()), record.metrics});
    show();
}

void RunOverlays::forget(const std::filesystem::path &runFolder)
{
    if (std::erase_if(m_laid, [&](const auto &laid) { return laid.first == runFolder; }) > 0)
        show();
}

void RunOverlays::clear()
{
    m_laid.clear();
    show();
}

void RunOverlays::show()
{
    std::vector<RunCurves::Overlay> overlays;
    for (const auto &[folder, overlay] : m_laid)
        overlays.push_back(overlay);
    m_curves.setOverlays(std::move(overlays));
}

} // namespace whisker
