#include "engine/base/log.h"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>
#include <vector>

namespace whisker {

namespace {

std::atomic<std::shared_ptr<spdlog::logger>> currentLogger;

spdlog::level::level_enum spdlogLevel(LogLevel level)
{
    switch (level) {
    case LogLevel::Info:
        return spdlog::level::info;
    case LogLevel::Warning:
        return spdlog::level::warn;
    case LogLevel::Error:
        break;
    }
    return spdlog::level::err;
}

} // namespace

void logMessage(LogLevel level, std::string_view message)
{
    if (const auto logger = currentLogger.load())
        logger->log(spdlogLevel(level), message);
}

void startLog(const std::filesystem::path &file, bool echo)
{
    std::vector<spdlog::sink_ptr> sinks;
    if (echo) {
        sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
        sinks.back()->set_level(spdlog::level::warn);
    }
    try {
        sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file.native(), 1'000'000, 2));
    } catch (const spdlog::spdlog_ex &) {
        // Said in the header: without a writable folder there is no log file.
    }
    auto logger = std::make_shared<spdlog::logger>("whisker", sinks.begin(), sinks.end());
    logger->flush_on(spdlog::level::info);
    logger->set_error_handler([](const std::string &) {}); // a full disk ends the log, and is said where it harms the user's own files
    currentLogger = std::move(logger);
}

} // namespace whisker
