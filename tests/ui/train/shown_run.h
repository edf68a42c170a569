#pragma once

#include "ui/train/train_page.h"

#include <QSignalSpy>

namespace whisker::test {

/// Has the page show a run that was trained earlier; false where its curves don't come.
inline bool showsRun(TrainPage &page, const std::filesystem::path &run)
{
    QSignalSpy read(page.history(), &RunHistory::curvesRead);
    page.history()->readCurves(run);
    return read.wait(20'000);
}

} // namespace whisker::test
