#include "ui/train/continued_texts.h"

#include "ui/train/run_texts.h"
#include "ui/train/training_texts.h"

#include <QCoreApplication>
#include <algorithm>

namespace whisker {

namespace {

struct ContinuedTexts {
    Q_DECLARE_TR_FUNCTIONS(ContinuedTexts)
};

} // namespace

QString momentOf(const RunReceipt &receipt, const QDateTime &now)
{
    return momentText(startOf(receipt), now);
}

QString continuesText(const std::filesystem::path &startModel, const std::vector<RunSummary> &runs, const QDateTime &now)
{
    if (startModel.empty())
        return {};
    const auto run = std::ranges::find(runs, startModel.parent_path(), &RunSummary::folder);
    return run != runs.end() ? ContinuedTexts::tr("continues the run of %1").arg(momentOf(run->receipt, now)) : ContinuedTexts::tr("continues an earlier model");
}

QString repeatsText(const std::filesystem::path &original, const std::vector<RunSummary> &runs, const QDateTime &now)
{
    if (original.empty())
        return {};
    const auto run = std::ranges::find(runs, original, &RunSummary::folder);
    return run != runs.end() ? ContinuedTexts::tr("repeats the run of %1").arg(momentOf(run->receipt, now)) : ContinuedTexts::tr("repeats a run that was deleted");
}

QString joined(const QString &detail, const QString &continued)
{
    return detail.isEmpty() || continued.isEmpty() ? detail + continued : ContinuedTexts::tr("%1, %2").arg(detail, continued);
}

} // namespace whisker
