#pragma once

#include "engine/base/result.h"
#include "engine/data/skipped_file.h"

#include <cstddef>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace whisker {

/// Exit codes that scripts rely on (2, wrong usage, is given by main()).
enum ExitCode { Done = 0, Failed = 1, WrongUsage = 2, Interrupted = 130 };

/// What every command gets when it runs.
struct CommandContext {
    std::stop_token stop; ///< Asked for by Ctrl+C.
    bool json = false;    ///< Print one JSON value on stdout and nothing else there.
};

/// A command that was parsed and is to run; set by the sub-command that the user named.
using ChosenCommand = std::function<int(const CommandContext &)>;

/// Each adds its sub-command with its options to `app`; when the user names it, `chosen` is set.
void addTrainCommand(CLI::App &app, ChosenCommand &chosen);
void addNetworksCommand(CLI::App &app, ChosenCommand &chosen);
void addRunsCommand(CLI::App &app, ChosenCommand &chosen);
void addEvaluateCommand(CLI::App &app, ChosenCommand &chosen);
void addPredictCommand(CLI::App &app, ChosenCommand &chosen);
void addBenchCommand(CLI::App &app, ChosenCommand &chosen);
void addDoctorCommand(CLI::App &app, ChosenCommand &chosen);
void addImportCommand(CLI::App &app, ChosenCommand &chosen);
void addListCommand(CLI::App &app, ChosenCommand &chosen);
void addExportDataCommand(CLI::App &app, ChosenCommand &chosen);
void addRelinkCommand(CLI::App &app, ChosenCommand &chosen);

/// A line on stderr, in place of the line of progress that a terminal shows; that is drawn anew below it.
void say(std::string_view sentence);

/// Says `error` on stderr; Interrupted where it was cancelled, else Failed.
int report(const Error &error);

/// Says on stderr that a file was left out, and why.
void reportSkipped(const SkippedFile &skipped);

/// One JSON value on stdout. Failed (with a sentence) where stdout is closed or its disk is full.
int printJson(const nlohmann::json &value);

/// `code` where all that was printed on stdout arrived; else Failed, with a sentence if there was none yet.
int withOutputChecked(int code);

/// Cells in one line of the terminal that stdout is; 0: it is none.
std::size_t outputColumns();

/// A line of progress on stderr: rewritten in place on a terminal, cut to its width; elsewhere printed only when `step` begins something new.
class ProgressLine {
public:
    ProgressLine();
    ~ProgressLine() { end(); }
    ProgressLine(const ProgressLine &) = delete;
    ProgressLine &operator=(const ProgressLine &) = delete;
    void show(std::string_view step, std::string_view detail);
    /// Of `parts`, the most important first, those that fit whole, with commas between; only on a terminal.
    void show(const std::vector<std::string> &parts);
    void clear(); ///< Makes room for a message in its place; the next show() stands below that.
    void end();   ///< What is printed next stands on a line of its own.

private:
    void redraw(std::string_view text);

    bool m_terminal;
    std::string m_step;
};

} // namespace whisker
