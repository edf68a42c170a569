#include "app/whisker/demonstration.h"
#include "app/whisker/options.h"
#include "app/whisker/startup_time.h"
#include "app/whisker/window.h"
#include "engine/base/locations.h"
#include "engine/base/log.h"
#include "engine/nn/device.h"
#include "ui/job_thread.h"
#include "ui/project_session.h"
#include "ui/recent_projects.h"
#include "ui/texts.h"

#include <QApplication>
#include <QSettings>
#include <cstdio>
#include <cstdlib>

using namespace whisker;

namespace {

constexpr const char *kNoDisplay = "whisker: there is no display to open the window on (DISPLAY and WAYLAND_DISPLAY); whisker-cli does the same work without one.\n";

bool isSet(const char *name)
{
    const char *value = std::getenv(name);
    return value && *value;
}

/// Qt ends the program with abort() where it can't open the display; this ends it with a sentence.
void beforeTheWindow(QtMsgType type, const QMessageLogContext &, const QString &text)
{
    if (type == QtFatalMsg) {
        std::fputs(kNoDisplay, stderr);
        std::_Exit(EXIT_FAILURE);
    }
    logMessage(LogLevel::Warning, text.toStdString());
}

/// The device that quick training and answers compute on, for the status line until a run says its own; asked on `worker`, because LibTorch's
/// threads belong to the thread that asks for them.
void tellDevice(JobThread &worker, MainWindow &window)
{
    worker.add([&window] {
        const auto device = chooseDevice("cpu");
        if (!device)
            return;
        const QString text = fromUtf8(describe(*device, choosePrecision(Precision::Automatic, *device)));
        QMetaObject::invokeMethod(&window, [&window, text] { window.setDevice(text); }, Qt::QueuedConnection);
    });
}

/// Prints the times of the two moments that count and ends the program.
void measureStart(const MainWindow &window, const ProjectSession &session)
{
    const auto painted = std::make_shared<std::optional<std::chrono::milliseconds>>();
    const auto report = [painted, &session] {
        const auto now = sinceProcessStart();
        if (!*painted || !session.isOpen() || !now)
            return;
        std::printf("window painted after %lld ms, project on show after %lld ms\n", static_cast<long long>((*painted)->count()),
                    static_cast<long long>(now->count()));
        QApplication::quit();
    };
    QObject::connect(&window, &MainWindow::firstPainted, &window, [painted, report] {
        *painted = sinceProcessStart();
        report();
    });
    QObject::connect(&session, &ProjectSession::opened, &window, report, Qt::QueuedConnection);
}

int runWindow(QApplication &application, const WindowOptions &options)
{
    const QSettings settings;
    const auto chosen = static_cast<Scheme>(settings.value(QStringLiteral("window/theme"), static_cast<int>(Scheme::System)).toInt());
    applyTheme(application, options.theme.value_or(chosen));
    ProjectSession session;
    if (const auto project = options.project.empty() ? lastProject() : options.project; !project.empty())
        session.open(project);
    else
        openDemonstration(session);
    const auto window = makeWindow(session);
    if (options.startupTime)
        measureStart(*window, session);
    JobThread worker(JobThread::AtEnd::Drop);
    QObject::connect(window.get(), &MainWindow::firstPainted, window.get(), [&] { tellDevice(worker, *window); });
    window->show();
    return QApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    const auto parsed = parseOptions(argc, argv);
    if (const int *status = std::get_if<int>(&parsed))
        return *status;
    if (!isSet("DISPLAY") && !isSet("WAYLAND_DISPLAY") && !isSet("QT_QPA_PLATFORM")) {
        std::fputs(kNoDisplay, stderr);
        return EXIT_FAILURE;
    }
    startLog(userCacheFolder() / "whisker.log", false);
    QCoreApplication::setOrganizationName(QStringLiteral("whisker"));
    QCoreApplication::setApplicationName(QStringLiteral("whisker"));
    QCoreApplication::setApplicationVersion(QStringLiteral(WHISKER_VERSION));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Whisker"));
    QGuiApplication::setDesktopFileName(QStringLiteral("whisker"));
    qInstallMessageHandler(&beforeTheWindow);
    QApplication application(argc, argv);
    qInstallMessageHandler(nullptr);
    return runWindow(application, std::get<WindowOptions>(parsed));
}
