#include "ui/train/training_texts.h"

#include "engine/train/wilson_interval.h"
#include "ui/texts.h"
#include "widgets/tabular_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>

namespace whisker {

namespace {

struct TrainingTexts {
    Q_DECLARE_TR_FUNCTIONS(TrainingTexts)
};

QString hoursText(qint64 minutes)
{
    return minutes % 60 == 0 ? TrainingTexts::tr("%1 h").arg(minutes / 60) : TrainingTexts::tr("%1 h %2 min").arg(minutes / 60).arg(minutes % 60);
}

QString unitText(TimeUnit unit)
{
    switch (unit) {
    case TimeUnit::Second: return TrainingTexts::tr("%1 s");
    case TimeUnit::Minute: return TrainingTexts::tr("%1 min");
    case TimeUnit::Hour: break;
    }
    return TrainingTexts::tr("%1 h");
}

QString boundText(double share)
{
    return TrainingTexts::tr("%1 %").arg(percentOfBound(share));
}

} // namespace

QString roughTimeText(std::chrono::milliseconds time)
{
    const double seconds = double(time.count()) / 1000.0;
    if (seconds < 8)
        return TrainingTexts::tr("a few seconds");
    if (seconds < 55)
        return TrainingTexts::tr("about %1 s").arg(std::max(1L, std::lround(seconds / 10.0)) * 10);
    const auto minutes = std::max(1L, std::lround(seconds / 60.0));
    if (minutes < 60)
        return TrainingTexts::tr("about %1 min").arg(minutes);
    return TrainingTexts::tr("about %1").arg(hoursText(std::lround(double(minutes) / 10.0) * 10));
}

QString timeRangeText(const TimeLeft &left)
{
    const RoughTime rough = roughly(left);
    if (rough.least == rough.most)
        return roughTimeText(std::chrono::milliseconds(qint64(left.likely * 1000.0)));
    const QString most = unitText(rough.unit).arg(QLocale().toString(rough.most));
    if (rough.least <= 0.0)
        return TrainingTexts::tr("less than %1").arg(most);
    return TrainingTexts::tr("%1 to %2").arg(QLocale().toString(rough.least), most);
}

QString memoryTip(const MemoryUse &memory)
{
    const QString all = memory.all > 0 ? TrainingTexts::tr(", of %1 in all").arg(memoryText(qint64(memory.all))) : QString();
    return memory.ofGpu ? TrainingTexts::tr("What training takes of the GPU's memory%1").arg(all)
                        : TrainingTexts::tr("What the whole program takes of this machine's memory%1").arg(all);
}

QString waitText(const LoaderWait &wait)
{
    if (wait.share > 0.0 && wait.share < 0.005)
        return TrainingTexts::tr("under 1 %");
    return TrainingTexts::tr("%1 %").arg(std::lround(wait.share * 100.0));
}

QString waitTip(const LoaderWait &wait)
{
    constexpr double kMuch = 0.1;
    QString tip = TrainingTexts::tr("In %1 of %2 steps the network was ready before their pictures were: %3 of the time.")
                      .arg(QLocale().toString(qlonglong(wait.waits)), QLocale().toString(qlonglong(wait.steps)), waitText(wait));
    if (wait.share >= kMuch)
        tip += TrainingTexts::tr(" The first epoch reads them from their files, later ones from the cache, which is faster. Pictures on a slow disk, or other programs "
                                 "at work, make it more.");
    return tip;
}

QString durationText(std::chrono::milliseconds time)
{
    const double seconds = double(time.count()) / 1000.0;
    if (seconds < 9.95)
        return TrainingTexts::tr("%1 s").arg(seconds, 0, 'f', 1);
    if (seconds < 89.5)
        return TrainingTexts::tr("%1 s").arg(std::lround(seconds));
    const auto minutes = std::lround(seconds / 60.0);
    return minutes < 60 ? TrainingTexts::tr("%1 min").arg(minutes) : hoursText(minutes);
}

QString momentText(const QDateTime &moment, const QDateTime &now)
{
    const QString clock = moment.toString(QStringLiteral("HH:mm"));
    const qint64 days = moment.date().daysTo(now.date());
    if (days == 0)
        return clock;
    if (days > 0 && days < 7)
        return QLocale().dayName(moment.date().dayOfWeek(), QLocale::ShortFormat);
    const bool thisYear = moment.date().year() == now.date().year();
    return QLocale().toString(moment.date(), thisYear ? QStringLiteral("d MMM") : QStringLiteral("d MMM yyyy"));
}

QString verdictText(int right, int count)
{
    return TrainingTexts::tr("right on %n test pictures it has not seen (%1 right, %2 wrong)", nullptr, count)
        .arg(right)
        .arg(count - right);
}

QString certaintyText(int right, int count)
{
    const auto [low, high] = wilsonInterval(right, count);
    const QString interval = TrainingTexts::tr("between %1 and %2").arg(boundText(low), boundText(high));
    if (count < 30)
        return TrainingTexts::tr("That is too few to be sure: with new pictures like these expect anything %1.").arg(interval);
    return TrainingTexts::tr("With new pictures like these expect %1.").arg(interval);
}

QString uselessText(int right, int count, const CommonClass &common)
{
    if (count != common.of || wilsonInterval(right, count).first > common.share())
        return {};
    const QString words = right <= common.count ? TrainingTexts::tr("No better than always saying %1 (%2).") : TrainingTexts::tr("Not surely better than always saying %1 (%2).");
    return words.arg(fromUtf8(common.name), percentText(common.share()));
}

} // namespace whisker
