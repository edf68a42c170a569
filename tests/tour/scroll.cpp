// How smoothly the grid scrolls through very many pictures. Usage: scroll FOLDER (imports it into a project), or scroll --rows NUMBER (a project of so many rows
// without files). Prints a line a figure: the longest frame (layout, scrolling and painting after one step of the wheel or the bar), the longest silence of the
// GUI thread between (both as wall time and as the GUI thread's processor time, which other programs can't lengthen), thumbnails a second while they are new and what memory is left in use.
#include "app/whisker/window.h"
#include "tests/support/test_folder.h"
#include "tests/tour/heartbeat.h"
#include "tests/tour/row_project.h"
#include "ui/data/data_page.h"
#include "ui/data/doctor_controller.h"
#include "ui/data/image_list_model.h"
#include "ui/main_window.h"
#include "ui/project_session.h"
#include "widgets/image_grid.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QScrollBar>
#include <QTest>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

using namespace whisker;

namespace {

constexpr int kPatienceMs = 600'000;
constexpr int kFrameMs = 16;

double otherThreadsSeconds()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC - test::threadCpuMs() / 1000;
}

double residentMb()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmRSS:"))
            return line.mid(6).simplified().split(' ').first().toDouble() / 1024;
    }
    return 0;
}

void waitFor(const char *step, const std::function<bool()> &done)
{
    if (QTest::qWaitFor(done, kPatienceMs))
        return;
    std::fprintf(stderr, "no end of: %s\n", step);
    std::exit(EXIT_FAILURE);
}

class Scroll {
public:
    Scroll() : m_window(makeWindow(m_session))
    {
        m_window->resize(1280, 800);
        m_window->show();
        waitFor("the window", [&] { return m_window->page("data") != nullptr; });
        m_data = qobject_cast<DataPage *>(m_window->page("data"));
        m_window->showPage("data");
    }

    void import(const std::filesystem::path &project, const QString &folder)
    {
        m_session.create(project);
        waitFor("a new project", [&] { return m_session.isOpen(); });
        m_session.importPaths({folder});
        waitFor("the import", [&] { return m_data->model()->rowCount() > 0 && !m_session.isImporting(); });
        waitFor("the doctor", [&] { return m_data->doctor()->isRunning(); });
        m_data->doctor()->cancel(); // its pass would take half of both processors
        waitFor("the doctor's end", [&] { return !m_data->doctor()->isRunning(); });
    }

    void open(const std::filesystem::path &project)
    {
        m_heartbeat.start();
        QElapsedTimer clock;
        clock.start();
        m_session.open(project);
        waitFor("the project", [&] { return m_session.isOpen() && m_data->model()->rowCount() > 0; });
        std::printf("%d rows on show after %lld ms, longest silence %.1f ms, %.1f of the processor\n", m_data->model()->rowCount(), clock.elapsed(), m_heartbeat.stop(),
                    m_heartbeat.longestCpuMs());
    }

    /// From end to end by `step` pixels a frame.
    void through(const char *name, int step)
    {
        auto *bar = m_data->grid()->verticalScrollBar();
        bar->setValue(0);
        QTest::qWait(200);
        std::vector<double> frames, cpu;
        const int load = loaded();
        QElapsedTimer clock;
        clock.start();
        m_heartbeat.start();
        for (int at = 0; at < bar->maximum(); at += step) {
            QElapsedTimer frame;
            frame.start();
            const double used = test::threadCpuMs();
            bar->setValue(at);
            m_data->grid()->viewport()->repaint();
            cpu.push_back(test::threadCpuMs() - used);
            frames.push_back(static_cast<double>(frame.nsecsElapsed()) / 1e6);
            const double left = kFrameMs - frames.back();
            QTest::qWait(std::max(1, static_cast<int>(left)));
        }
        const double silence = m_heartbeat.stop();
        std::ranges::sort(frames);
        std::ranges::sort(cpu);
        std::printf("%-22s %5zu frames: median %5.2f, 99.9 %% %5.2f, longest %6.2f ms (processor %.2f, %.2f, %.2f); longest silence %.1f ms (%.1f); %d thumbnails in %.1f s\n",
                    name, frames.size(), frames[frames.size() / 2], frames[frames.size() * 999 / 1000], frames.back(), cpu[cpu.size() / 2],
                    cpu[cpu.size() * 999 / 1000], cpu.back(), silence, m_heartbeat.longestCpuMs(), loaded() - load, static_cast<double>(clock.elapsed()) / 1000);
    }

    /// Page by page, each when the one before has all its thumbnails.
    void thumbnails(const char *name, int pages)
    {
        auto *bar = m_data->grid()->verticalScrollBar();
        const int before = loaded();
        const double others = otherThreadsSeconds();
        QElapsedTimer clock;
        clock.start();
        m_heartbeat.start();
        for (int page = 0; page < pages; ++page) {
            bar->setValue(page * bar->pageStep());
            const auto [first, last] = m_data->grid()->visibleRange();
            waitFor("thumbnails", [&] {
                return !m_data->model()->index(last).data(ThumbnailRole).value<QImage>().isNull() &&
                       !m_data->model()->index(first).data(ThumbnailRole).value<QImage>().isNull();
            });
        }
        const double seconds = static_cast<double>(clock.elapsed()) / 1000;
        const double silence = m_heartbeat.stop();
        std::printf("%-22s %6d thumbnails, %.0f a second, %.0f a second of their threads' processor time; longest silence %.1f ms (processor %.1f)\n", name,
                    loaded() - before, (loaded() - before) / seconds, (loaded() - before) / (otherThreadsSeconds() - others), silence, m_heartbeat.longestCpuMs());
    }

    void orders()
    {
        using Order = ImageListModel::Order;
        const std::pair<const char *, Order> all[]{{"by name", Order::Name}, {"by time", Order::Time}, {"by size", Order::Bytes}, {"by arrival", Order::Added}};
        for (const auto &[name, order] : all) {
            QElapsedTimer clock;
            clock.start();
            m_heartbeat.start();
            m_data->model()->setOrder(order);
            waitFor("an order", [&] { return !m_data->model()->isSorting(); });
            m_data->grid()->viewport()->repaint();
            const auto took = clock.elapsed();
            QTest::qWait(50);
            const double silence = m_heartbeat.stop();
            std::printf("sorted %-21s %6lld ms; longest silence %.1f ms (processor %.1f)\n", name, took, silence, m_heartbeat.longestCpuMs());
        }
    }

    void filters()
    {
        ImageFilter filter;
        filter.split = ImageFilter::SplitChoice::Validation;
        for (const auto &[name, wanted] : {std::pair("filter on", filter), std::pair("filter off", ImageFilter())}) {
            QElapsedTimer clock;
            clock.start();
            m_heartbeat.start();
            m_data->setExtraFilter(wanted);
            waitFor("a filter", [&] { return !m_data->model()->isSorting(); });
            m_data->grid()->viewport()->repaint();
            const auto took = clock.elapsed();
            QTest::qWait(50);
            const double silence = m_heartbeat.stop();
            std::printf("%-28s %6lld ms; longest silence %.1f ms (processor %.1f)\n", name, took, silence, m_heartbeat.longestCpuMs());
        }
    }

private:
    int loaded() const { return m_data->model()->loadedCount(); }

    ProjectSession m_session;
    std::unique_ptr<MainWindow> m_window;
    test::Heartbeat m_heartbeat;
    DataPage *m_data = nullptr;
};

} // namespace

int main(int argc, char **argv)
{
    const bool rows = argc == 3 && std::strcmp(argv[1], "--rows") == 0;
    if (argc != 2 && !rows) {
        std::fprintf(stderr, "usage: scroll FOLDER | scroll --rows NUMBER\n");
        return 2;
    }
    const test::TestFolder home; // nothing of the user's is touched
    for (const char *variable : {"XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"})
        qputenv(variable, QByteArray::fromStdString((home / variable).string()));
    QApplication application(argc, argv);
    applyTheme(application, Scheme::Light);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    Scroll scroll;
    if (rows) {
        test::makeRowProject(home / "rows", std::atoi(argv[2]));
        scroll.open(home / "rows");
        scroll.through("very fast, no files", 40'000);
    } else {
        scroll.import(home / "pictures", QString::fromLocal8Bit(argv[1]));
        scroll.thumbnails("new thumbnails", 60);
        scroll.through("fast, thumbnails new", 2000);
        scroll.thumbnails("thumbnails on disk", 60);
        scroll.through("a notch a frame", 120);
        scroll.through("a page a frame", 600);
        scroll.through("fast", 6000);
    }
    scroll.orders();
    scroll.filters();
    std::printf("memory of the window: %.0f MB\n", residentMb());
    return EXIT_SUCCESS;
}
