// What the curves cost the window while a run goes on: processor time of one more point in each of four curves, drawn.
// Usage: curves_bench [POINTS]; curves_bench live POINTS TIMES SECONDS draws one more so many times a second, for a run beside it to be timed.
#include "widgets/curve_plot.h"

#include <QApplication>
#include <QEventLoop>
#include <QTimer>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

using namespace whisker;

namespace {

constexpr int kCurves = 4;
constexpr int kReplots = 100;

double noisy(int step, int curve) { return 2.0 / (1 + step / 2e4) + 0.1 * std::sin(step * 12.9898 + curve) + 0.2 * curve; }

void fill(CurvePlot &plot, int points, double smoothing)
{
    std::vector<double> xs(static_cast<std::size_t>(points));
    std::vector<double> ys(xs.size());
    for (int curve = 0; curve < kCurves; ++curve) {
        for (int i = 0; i < points; ++i) {
            xs[static_cast<std::size_t>(i)] = i / 1000.0;
            ys[static_cast<std::size_t>(i)] = noisy(i, curve);
        }
        plot.addSeries({QString::number(curve), QString::number(curve), curve, smoothing});
        plot.appendPoints(QString::number(curve), xs, ys);
    }
}

void addPoint(CurvePlot &plot, int step)
{
    for (int curve = 0; curve < kCurves; ++curve)
        plot.appendPoint(QString::number(curve), step / 1000.0, noisy(step, curve));
}

/// Milliseconds of processor time a replot, with what appending and painting cost.
double replotMs(CurvePlot &plot, int from, bool logarithmic)
{
    QEventLoop loop;
    QObject::connect(&plot, &CurvePlot::redrawn, &loop, &QEventLoop::quit);
    std::clock_t begin = 0;
    for (int i = -5; i < kReplots; ++i) {
        if (i == 0)
            begin = std::clock();
        addPoint(plot, from + i + 5);
        plot.setLogarithmic(logarithmic); // a change that is drawn at once
        loop.exec();
    }
    return 1e3 * double(std::clock() - begin) / CLOCKS_PER_SEC / kReplots;
}

/// Raw and smoothed, as a run shows its loss.
int drawLive(int points, int timesASecond, int seconds)
{
    CurvePlot plot("Loss");
    plot.resize(784, 352);
    fill(plot, points, 0.95);
    plot.show();
    int step = points, replots = 0;
    QObject::connect(&plot, &CurvePlot::redrawn, [&] { ++replots; });
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&timer, &QTimer::timeout, [&] { addPoint(plot, step++); });
    timer.start(1000 / timesASecond);
    QTimer::singleShot(1000 * seconds, qApp, &QApplication::quit);
    QApplication::exec();
    std::printf("%.1f replots a second\n", double(replots) / seconds);
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    applyTheme(application, Scheme::Light);
    if (argc == 5 && std::strcmp(argv[1], "live") == 0)
        return drawLive(std::atoi(argv[2]), std::atoi(argv[3]), std::atoi(argv[4]));
    const int points = argc > 1 ? std::atoi(argv[1]) : 100000;
    for (const double smoothing : {0.0, 0.95}) {
        for (const bool logarithmic : {false, true}) {
            CurvePlot plot("Loss");
            plot.resize(784, 352);
            fill(plot, points, smoothing);
            plot.setLogarithmic(logarithmic);
            plot.show();
            std::printf("%d curves of %d points, %s, %s scale: %.2f ms a replot\n", kCurves, points, smoothing > 0 ? "smoothed over raw" : "raw",
                        logarithmic ? "logarithmic" : "linear", replotMs(plot, points, logarithmic));
        }
    }
    return 0;
}
