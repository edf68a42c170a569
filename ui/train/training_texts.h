#pragma once

#include "engine/train/run_figures.h"
#include "ui/train/common_class.h"

#include <QDateTime>
#include <QString>
#include <chrono>

namespace whisker {

/// A time to come, as roughly as it can be known: "a few seconds", "about 40 s", "about 2 min", "about 1 h 20 min".
QString roughTimeText(std::chrono::milliseconds time);

/// The same of a range: "2 to 4 min", "less than 3 min"; as above where the range is too narrow to be worth a second number.
QString timeRangeText(const TimeLeft &left);

/// What a figure says when one asks: how much of what memory, by whom.
QString memoryTip(const MemoryUse &memory);

/// How much of the time the network waited for pictures: "2 %", "under 1 %".
QString waitText(const LoaderWait &wait);
/// In how many of how many steps; where it is much, what to do.
QString waitTip(const LoaderWait &wait);

/// A time that has passed: "0.8 s", "42 s", "11 min", "1 h 5 min".
QString durationText(std::chrono::milliseconds time);

/// A moment as one speaks of it at `now`: "13:58" today, "Sat" within a week, else "12 Mar" or "12 Mar 2024".
QString momentText(const QDateTime &moment, const QDateTime &now);

/// What stands beside the percentage: "right on 55 test pictures it has not seen (54 right, 1 wrong)".
QString verdictText(int right, int count);

/// What so many pictures allow to expect of new ones, from wilsonInterval(): "With new pictures like these expect between 90 % and 99.6 %."
QString certaintyText(int right, int count);

/// Where that is not surely better than always saying the most common class of the same pictures: "No better than always saying dog (67.9 %)." Else empty, and where
/// `common` is of other pictures.
QString uselessText(int right, int count, const CommonClass &common);

} // namespace whisker
