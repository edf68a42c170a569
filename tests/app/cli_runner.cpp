#include "tests/app/cli_runner.h"

#include <QProcess>

#include <algorithm>
#include <csignal>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace whisker::test {

namespace {

QString text(const std::filesystem::path &path)
{
    return QString::fromStdString(path.string());
}

/// In the child, before the program starts.
void apply(const Circumstances &circumstances)
{
    if (circumstances.permissionsCount) { // an ordinary user has neither and may drop neither
        ::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE);
        ::prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH);
    }
    if (circumstances.interrupted) { // a signal that is blocked waits for the program
        sigset_t interrupt;
        sigemptyset(&interrupt);
        sigaddset(&interrupt, SIGINT);
        ::sigprocmask(SIG_BLOCK, &interrupt, nullptr);
        ::raise(SIGINT);
    }
    if (circumstances.largestFile > 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const auto bytes = static_cast<rlim_t>(circumstances.largestFile);
        const rlimit limit = {bytes, bytes};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
}

} // namespace

Answer runCli(const TestFolder &folder, const QStringList &arguments, const Circumstances &circumstances)
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("XDG_CACHE_HOME", text(folder / "cache"));
    environment.insert("XDG_DATA_HOME", text(folder / "data"));
    if (!circumstances.resources.empty())
        environment.insert("WHISKER_RESOURCES", text(circumstances.resources));
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(text(folder.path()));
    process.setChildProcessModifier([&] { apply(circumstances); });
    if (!circumstances.outputFile.isEmpty())
        process.setStandardOutputFile(circumstances.outputFile);
    process.start(WHISKER_CLI, arguments);
    process.closeWriteChannel();
    if (!process.waitForFinished(200'000) || process.exitStatus() != QProcess::NormalExit)
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

void linkPictures(const TestFolder &folder, const std::string &below, std::size_t skip, std::size_t perClass)
{
    for (const char *name : {"cat", "dog"}) {
        std::filesystem::create_directories(folder / below / name);
        std::vector<std::filesystem::path> files;
        for (const auto &entry : std::filesystem::directory_iterator(demonstrationPictures() / name))
            files.push_back(entry.path());
        std::sort(files.begin(), files.end());
        for (std::size_t i = skip; i < skip + perClass; ++i)
            std::filesystem::create_symlink(files[i * 3], folder / below / name / files[i * 3].filename());
    }
}

} // namespace whisker::test
