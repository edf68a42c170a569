#include "app/cli/command.h"
#include "app/cli/cells.h"

#include "engine/base/path_text.h"
#include "engine/base/sentence.h"

#include <iostream>
#include <nlohmann/json.hpp>
#include <sys/ioctl.h>
#include <unistd.h>

namespace whisker {

namespace {

ProgressLine *openLine = nullptr; // on the terminal: there is one at a time, on the thread that has the work done

constexpr std::string_view kClearLine = "\r\x1b[K"; // ECMA-48: erase in line

/// Cells in one line of the terminal that `descriptor` is: what goes on in the next one can't be rewritten in place.
std::size_t roomInLine(int descriptor)
{
    winsize size{};
    const bool known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return known ? size.ws_col - 1U : 79U; // the last cell would begin a new line
}

} // namespace

void say(std::string_view sentence)
{
    if (openLine)
        openLine->clear();
    std::cerr << sentence << '\n';
}

int report(const Error &error)
{
    say("whisker-cli: " + error.message);
    return error.code == ErrorCode::Cancelled ? Interrupted : Failed;
}

void reportSkipped(const SkippedFile &skipped)
{
    const std::string file = pathText(skipped.file);
    const bool named = skipped.reason.starts_with(file); // as sentences of errors are
    say("skipped" + (named ? ": " : " " + file + ": ") + asClause(skipped.reason));
}

int printJson(const nlohmann::json &value)
{
    // Names of files may hold bytes that are no UTF-8; the reader gets U+FFFD for them rather than no answer at all.
    std::cout << value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return withOutputChecked(Done);
}

int withOutputChecked(int code)
{
    std::cout.flush();
    if (std::cout || code != Done)
        return code;
    return report({ErrorCode::NoSpace, "The output can't be written: is the disk full, or the reader gone?"});
}

std::size_t outputColumns()
{
    return ::isatty(STDOUT_FILENO) ? roomInLine(STDOUT_FILENO) : 0;
}

ProgressLine::ProgressLine() : m_terminal(::isatty(STDERR_FILENO)) {}

void ProgressLine::clear()
{
    if (openLine == this)
        std::cerr << kClearLine;
    openLine = nullptr;
}

void ProgressLine::end()
{
    if (openLine == this)
        std::cerr << '\n';
    openLine = nullptr;
}

void ProgressLine::show(std::string_view step, std::string_view detail)
{
    if (m_terminal)
        redraw(std::string(step).append("  ").append(detail));
    else if (m_step != step)
        std::cerr << step << (detail.empty() ? "" : "  ") << detail << '\n';
    m_step = step;
}

void ProgressLine::show(const std::vector<std::string> &parts)
{
    if (!m_terminal)
        return;
    const std::size_t room = roomInLine(STDERR_FILENO);
    std::string text;
    for (const std::string &part : parts) {
        const std::string longer = text.empty() ? part : text + ", " + part;
        if (text.empty() || cells(longer) <= room)
            text = longer;
    }
    redraw(text);
}

void ProgressLine::redraw(std::string_view text)
{
    std::cerr << kClearLine << beginning(text, roomInLine(STDERR_FILENO)) << std::flush;
    openLine = this;
}

} // namespace whisker
