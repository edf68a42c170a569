#include "app/cli/command.h"

#include "engine/base/path_text.h"
#include "engine/base/sentence.h"

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace whisker {

int report(const Error &error)
{
    std::cerr << "whisker-cli: " << error.message << '\n';
    return error.code == ErrorCode::Cancelled ? Interrupted : Failed;
}

void reportSkipped(const SkippedFile &skipped)
{
    const std::string file = pathText(skipped.file);
    const bool named = skipped.reason.starts_with(file); // as sentences of errors are
    std::cerr << "skipped" << (named ? ": " : " " + file + ": ") << asClause(skipped.reason) << '\n';
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

ProgressLine::ProgressLine() : m_terminal(::isatty(STDERR_FILENO)) {}

void ProgressLine::end()
{
    if (m_open)
        std::cerr << '\n';
    m_open = false;
}

void ProgressLine::show(std::string_view step, std::string_view detail)
{
    if (m_terminal) {
        constexpr std::string_view clearToEnd = "\r\x1b[K"; // ECMA-48: erase in line
        std::cerr << clearToEnd << step << "  " << detail << std::flush;
        m_open = true;
    } else if (m_step != step) {
        std::cerr << step << (detail.empty() ? "" : "  ") << detail << '\n';
    }
    m_step = step;
}

} // namespace whisker
