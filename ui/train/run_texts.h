#pragma once

#include "engine/train/run_folder.h"
#include "widgets/theme.h"

#include <QDateTime>
#include <QString>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace whisker {

/// "quick", "fine-tune", "scratch": for lists.
QString modeText(TrainMode mode);
/// "EfficientNet-Lite0"; of a newer Whisker its own name.
QString networkText(const std::string &architecture);
/// "EfficientNet-Lite0, fine-tuned": as the title of what shows a run that has become what it was to be.
QString recipeTitle(const TrainConfig &config);
/// The same of any run: "EfficientNet-Lite0, fine-tuning" while no epoch was better than what it began with, and in the end "EfficientNet-Lite0, quick (fine-tuning
/// was no better)", or "(not fine-tuned)" where there was nothing to gain.
QString recipeTitle(const RunReceipt &receipt);

QString notesText(const RunReceipt &receipt); ///< A sentence a line.

/// When a run began, in local time; invalid where it is not known.
QDateTime startOf(const RunReceipt &receipt);
/// For a column: "13:58" today, "12 Mar 13:58" this year, else "12 Mar 2024".
QString startedText(const RunReceipt &receipt, const QDateTime &now);
QString tookText(const RunReceipt &receipt);
QString speedText(double imagesPerSecond); ///< Empty for 0.

/// What is to be said of a run that is under way or did not end as planned: "running", "stopped".
struct RunState {
    QString text; ///< Empty: it was completed.
    Tone tone = Tone::Quiet;
};
RunState stateOf(const RunSummary &run);

/// One line of the list of runs.
struct RunLine {
    std::filesystem::path folder; ///< Empty for the run that goes on.
    QString name;                 ///< "13:58 quick".
    QString state;                ///< "2.8 s", "running", "stopped".
    std::optional<Tone> mark;     ///< What `state` means, where it is more than how long the run took.
    QString accuracy;             ///< "98.2 %"; empty where there is none.
    QString measuredOn;           ///< What that was measured on: "test", "val".
    QString toolTip;

    QString figure() const { return (accuracy + u' ' + measuredOn).trimmed(); } ///< "98.2 % test".
};

/// That a run called `name` was paused or broken off, and what is left of it.
QString interruptedText(const RunSummary &run, const QString &name);
QString validationWord(); ///< For RunLine::measuredOn.
/// Of a run's receipt at `now`.
RunLine runLine(const RunSummary &run, const QDateTime &now);
/// Its name alone: "13:58 quick".
QString runName(const RunSummary &run, const QDateTime &now);
/// What to call runs, by their folders.
using RunNames = std::map<std::filesystem::path, QString>;
/// So that they can be told apart: where several began on the same day or in the same minute, with the time, to the second, or by the folder. Time O(n log n).
RunNames runNames(const std::vector<RunSummary> &runs, const QDateTime &now);

/// "CPU, 2 threads, continues the run of 13:58 quick": either may be empty.
QString joined(const QString &detail, const QString &origin);

} // namespace whisker
