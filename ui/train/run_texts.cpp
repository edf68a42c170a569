#include "ui/train/run_texts.h"

#include "engine/nn/architectures.h"
#include "ui/texts.h"
#include "ui/train/training_texts.h"
#include "widgets/tabular_text.h"

#include <QCoreApplication>
#include <QLocale>

namespace whisker {

namespace {

struct RunTexts {
    Q_DECLARE_TR_FUNCTIONS(RunTexts)
};

/// A run's name with the time of its beginning in the format `clock`.
QString nameByClock(const RunSummary &run, const QDateTime &now, const QString &clock)
{
    const QDateTime started = startOf(run.receipt);
    if (!started.isValid())
        return runName(run, now);
    const QString day = started.date() == now.date() ? QString() : momentText(started, now) + QLatin1Char(' ');
    return day + started.toString(clock) + QLatin1Char(' ') + modeText(run.receipt.config.mode);
}

} // namespace

QString modeText(TrainMode mode)
{
    switch (mode) {
    case TrainMode::Quick: return RunTexts::tr("quick");
    case TrainMode::FineTune: return RunTexts::tr("fine-tune");
    case TrainMode::Scratch: break;
    }
    return RunTexts::tr("scratch");
}

QString networkText(const std::string &architecture)
{
    const auto info = findArchitecture(architecture);
    return info ? fromUtf8(info->title) : fromUtf8(architecture);
}

QString recipeTitle(const TrainConfig &config)
{
    const QString network = networkText(config.architecture);
    switch (config.mode) {
    case TrainMode::Quick: return RunTexts::tr("Quick on %1").arg(network);
    case TrainMode::FineTune: return RunTexts::tr("%1, fine-tuned").arg(network);
    case TrainMode::Scratch: break;
    }
    return RunTexts::tr("%1 from scratch").arg(network);
}

QString recipeTitle(const RunReceipt &receipt)
{
    if (receipt.config.mode != TrainMode::FineTune || receipt.bestEpoch > 0)
        return recipeTitle(receipt.config);
    const QString network = networkText(receipt.config.architecture);
    if (receipt.status != RunStatus::Completed)
        return RunTexts::tr("%1, fine-tuning").arg(network);
    const QString start = receipt.startModel.empty() ? RunTexts::tr("%1, quick").arg(network) : RunTexts::tr("%1 as it began").arg(network);
    return receipt.epochs > 0 ? RunTexts::tr("%1 (fine-tuning was no better)").arg(start) : RunTexts::tr("%1 (not fine-tuned)").arg(start);
}

QString notesText(const RunReceipt &receipt)
{
    QStringList notes;
    for (const std::string &note : receipt.notes)
        notes.append(fromUtf8(note));
    return notes.join(QLatin1Char('\n'));
}

QDateTime startOf(const RunReceipt &receipt)
{
    return QDateTime::fromString(fromUtf8(receipt.started), Qt::ISODate).toLocalTime();
}

QString startedText(const RunReceipt &receipt, const QDateTime &now)
{
    const QDateTime started = startOf(receipt);
    if (!started.isValid())
        return {};
    if (started.date() == now.date())
        return started.toString(QStringLiteral("HH:mm"));
    const bool thisYear = started.date().year() == now.date().year();
    return QLocale().toString(started, thisYear ? QStringLiteral("d MMM HH:mm") : QStringLiteral("d MMM yyyy"));
}

QString tookText(const RunReceipt &receipt)
{
    return receipt.seconds > 0.0 ? durationText(std::chrono::milliseconds(qint64(receipt.seconds * 1000.0))) : QString();
}

QString speedText(double imagesPerSecond)
{
    return imagesPerSecond > 0 ? RunTexts::tr("%1 img/s").arg(QLocale().toString(imagesPerSecond, 'f', imagesPerSecond < 10 ? 1 : 0)) : QString();
}

RunState stateOf(const RunSummary &run)
{
    if (run.underWay)
        return {RunTexts::tr("running"), Tone::Good};
    switch (run.receipt.status) {
    case RunStatus::Unfinished: return {RunTexts::tr("broken off"), Tone::Warning};
    case RunStatus::Stopped: return {run.receipt.paused ? RunTexts::tr("paused") : RunTexts::tr("stopped"), Tone::Quiet};
    case RunStatus::Diverged: return {RunTexts::tr("diverged"), Tone::Bad};
    case RunStatus::Failed: return {RunTexts::tr("failed"), Tone::Bad};
    case RunStatus::Completed: break;
    }
    return {};
}

QString runName(const RunSummary &run, const QDateTime &now)
{
    const QDateTime started = startOf(run.receipt);
    return (started.isValid() ? momentText(started, now) + QLatin1Char(' ') : QString()) + modeText(run.receipt.config.mode);
}

RunNames runNames(const std::vector<RunSummary> &runs, const QDateTime &now)
{
    RunNames names;
    for (const RunSummary &run : runs)
        names[run.folder] = runName(run, now);
    const auto renameAlike = [&](auto otherwise) {
        std::map<QString, int> bearers;
        for (const auto &[folder, name] : names)
            ++bearers[name];
        for (const RunSummary &run : runs) {
            if (QString &name = names[run.folder]; bearers[name] > 1)
                name = otherwise(run);
        }
    };
    for (const char *clock : {"HH:mm", "HH:mm:ss"})
        renameAlike([&](const RunSummary &run) { return nameByClock(run, now, QLatin1String(clock)); });
    renameAlike([](const RunSummary &run) { return displayText(run.folder.filename()); });
    return names;
}

QString joined(const QString &detail, const QString &origin)
{
    return detail.isEmpty() || origin.isEmpty() ? detail + origin : RunTexts::tr("%1, %2").arg(detail, origin);
}

QString interruptedText(const RunSummary &run, const QString &name)
{
    const RunReceipt &receipt = run.receipt;
    const QString beginsAgain = run.hasCheckpoint ? QString() : QLatin1Char(' ') + RunTexts::tr("It has no checkpoint yet, so it begins again.");
    if (receipt.paused && receipt.epochs > 0)
        return RunTexts::tr("The run of %1 was paused after epoch %2 of %3.").arg(name).arg(receipt.epochs).arg(receipt.config.epochs) + beginsAgain;
    if (receipt.paused)
        return RunTexts::tr("The run of %1 was paused before its first epoch was done.").arg(name) + beginsAgain;
    // No epoch: the receipt knows only the one that an earlier part of the run ended with.
    const QString when = RunTexts::tr("The run of %1 was broken off before its %2 epochs were done.").arg(name).arg(receipt.config.epochs);
    return run.hasCheckpoint ? RunTexts::tr("%1 All that it learnt up to its last checkpoint is kept.").arg(when) : when + beginsAgain;
}

QString validationWord()
{
    return RunTexts::tr("val");
}

RunLine runLine(const RunSummary &run, const QDateTime &now)
{
    const RunReceipt &receipt = run.receipt;
    const QDateTime started = startOf(receipt);
    RunLine line;
    line.folder = run.folder;
    line.name = runName(run, now);
    const RunState state = stateOf(run);
    line.state = state.text.isEmpty() ? tookText(receipt) : state.text;
    if (!state.text.isEmpty())
        line.mark = state.tone;
    if (const auto share = testShare(receipt)) {
        line.accuracy = percentText(*share);
        line.measuredOn = RunTexts::tr("test");
        line.toolTip = RunTexts::tr("%1 of %2 test pictures right").arg(*receipt.testCorrect).arg(*receipt.testTotal);
    } else if (receipt.validationAccuracy) {
        line.accuracy = percentText(*receipt.validationAccuracy);
        line.measuredOn = validationWord();
        line.toolTip = RunTexts::tr("Right on its validation pictures; it was not tested");
    }
    if (!receipt.message.empty())
        line.toolTip = fromUtf8(receipt.message);
    QStringList tip;
    if (started.isValid())
        tip.append(QLocale().toString(started, QLocale::ShortFormat));
    tip.append(joined(joined(recipeTitle(receipt), state.text), tookText(receipt)));
    if (!line.toolTip.isEmpty())
        tip.append(line.toolTip);
    line.toolTip = tip.join(QLatin1Char('\n'));
    return line;
}

} // namespace whisker
