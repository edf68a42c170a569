#include "ui/train/curves_export.h"

#include "engine/base/atomic_file.h"
#include "engine/base/csv_field.h"
#include "engine/base/path_text.h"

#include <QBuffer>
#include <array>
#include <charconv>
#include <cmath>

namespace whisker {

namespace {

/// The shortest that reads back as the same number; a cell is empty where there is none.
template <class Number> void appendNumber(std::string &text, Number value)
{
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    text.append(digits.data(), end);
}

void appendRow(std::string &text, const std::string &run, const MetricPoint &point)
{
    text += run;
    text += ',';
    text += metricSeriesName(point.series);
    text += ',';
    appendNumber(text, point.step);
    text += ',';
    appendNumber(text, point.epoch);
    text += ',';
    if (std::isfinite(point.value))
        appendNumber(text, point.value);
    text += "\r\n";
}

} // namespace

std::string curvesCsv(const std::vector<NamedCurves> &curves)
{
    std::string text = "run,series,step,epoch,value\r\n";
    for (const NamedCurves &one : curves) {
        const std::string run = csvField(one.run);
        for (const MetricPoint &point : one.points)
            appendRow(text, run, point);
    }
    return text;
}

Result<void> writePng(const std::filesystem::path &file, const QImage &picture)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (picture.isNull() || !picture.save(&buffer, "PNG"))
        return fail(ErrorCode::Internal, "The picture of the curves could not be made for " + pathText(file) + ": try a smaller window.", file);
    return writeFileAtomically(file, std::string_view(bytes.constData(), std::size_t(bytes.size())));
}

} // namespace whisker
