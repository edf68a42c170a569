#include "ui/train/continued_texts.h"

#include "engine/train/run_repeat.h"
#include "ui/train/run_texts.h"

#include <QCoreApplication>
#include <algorithm>

namespace whisker {

namespace {

struct ContinuedTexts {
    Q_DECLARE_TR_FUNCTIONS(ContinuedTexts)
};

} // namespace

QString originText(const RunSummary &run, const std::vector<RunSummary> &runs, const QDateTime &now)
{
    const auto text = [&](const std::filesystem::path &folder, const QString &known, const QString &unknown) {
        const auto found = std::ranges::find(runs, folder, &RunSummary::folder);
        return found != runs.end() ? known.arg(runNameAmong(runs, *found, now)) : unknown;
    };
    if (const auto original = repeatedRun(run); !original.empty())
        return text(original, ContinuedTexts::tr("repeats the run of %1"), ContinuedTexts::tr("repeats a run that was deleted"));
    if (const auto &startModel = run.receipt.startModel; !startModel.empty())
        return text(startModel.parent_path(), ContinuedTexts::tr("continues the run of %1"), ContinuedTexts::tr("continues an earlier model"));
    return {};
}

QString joined(const QString &detail, const QString &origin)
{
    return detail.isEmpty() || origin.isEmpty() ? detail + origin : ContinuedTexts::tr("%1, %2").arg(detail, origin);
}

} // namespace whisker
