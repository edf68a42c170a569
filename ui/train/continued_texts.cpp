#include "ui/train/continued_texts.h"

#include "engine/train/run_repeat.h"

#include <QCoreApplication>

namespace whisker {

namespace {

struct ContinuedTexts {
    Q_DECLARE_TR_FUNCTIONS(ContinuedTexts)
};

} // namespace

QString originText(const RunSummary &run, const RunNames &names)
{
    const auto text = [&](const std::filesystem::path &folder, const QString &known, const QString &unknown) {
        const auto found = names.find(folder);
        return found != names.end() ? known.arg(found->second) : unknown;
    };
    if (const auto original = repeatedRun(run); !original.empty())
        return text(original, ContinuedTexts::tr("repeats the run of %1"), ContinuedTexts::tr("repeats a run that was deleted"));
    if (const auto &startModel = run.receipt.startModel; !startModel.empty())
        return text(startModel.parent_path(), ContinuedTexts::tr("continues the run of %1"), ContinuedTexts::tr("continues an earlier model"));
    return {};
}

} // namespace whisker
