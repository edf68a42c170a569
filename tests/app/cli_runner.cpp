#include "tests/app/cli_runner.h"

#include <QProcess>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <linux/capability.h>
#include <optional>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <thread>
#include <unistd.h>

namespace whisker::test {

namespace {

QString text(const std::filesystem::path &path)
{
    return QString::fromStdString(path.string());
}

/// A terminal that nobody looks at: what is written to its end is kept.
class Terminal {
public:
    explicit Terminal(int columns) : m_screen(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))
    {
        ::grantpt(m_screen);
        ::unlockpt(m_screen);
        m_end = ::open(::ptsname(m_screen), O_RDWR | O_NOCTTY | O_CLOEXEC);
        termios settings{};
        ::tcgetattr(m_end, &settings);
        settings.c_oflag &= ~static_cast<tcflag_t>(OPOST); // line ends stay what they are
        ::tcsetattr(m_end, TCSANOW, &settings);
        const winsize size{24, static_cast<unsigned short>(columns), 0, 0};
        ::ioctl(m_end, TIOCSWINSZ, &size);
        m_reader = std::jthread([this] { read(); });
    }
    Terminal(const Terminal &) = delete;
    Terminal &operator=(const Terminal &) = delete;
    ~Terminal()
    {
        shown();
        ::close(m_screen);
    }

    /// In the child, before the program starts.
    void take(int descriptor) const { ::dup2(m_end, descriptor); }
    /// All of it, once the program has ended.
    QByteArray shown()
    {
        if (m_reader.joinable()) {
            ::close(m_end);
            m_reader.join();
        }
        return m_shown;
    }

private:
    /// Until nobody has the end open any more.
    void read()
    {
        std::array<char, 4096> bytes{};
        for (ssize_t count = 0; (count = ::read(m_screen, bytes.data(), bytes.size())) > 0;)
            m_shown.append(bytes.data(), count);
    }

    int m_screen, m_end = -1;
    QByteArray m_shown;
    std::jthread m_reader;
};

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
    std::optional<Terminal> terminal;
    if (circumstances.columns > 0)
        terminal.emplace(circumstances.columns);
    process.setChildProcessModifier([&] {
        apply(circumstances);
        if (terminal)
            terminal->take(STDERR_FILENO);
        if (terminal && circumstances.outputToo)
            terminal->take(STDOUT_FILENO);
    });
    if (!circumstances.outputFile.isEmpty())
        process.setStandardOutputFile(circumstances.outputFile);
    process.start(WHISKER_CLI, arguments);
    process.closeWriteChannel();
    if (!process.waitForFinished(200'000) || process.exitStatus() != QProcess::NormalExit)
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), terminal ? terminal->shown() : process.readAllStandardError()};
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
