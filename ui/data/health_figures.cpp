#include "ui/data/health_figures.h"

#include "ui/data/doctor_actions.h"
#include "ui/texts.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>

namespace whisker {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(whisker::HealthFigures)
};

/// The value that is spread over bars; nothing where it is not known.
using ValueOf = std::function<std::optional<double>(const ImageRecord &)>;

HealthFigures spread(const QString &title, const QString &note, const ProjectState &state, const std::vector<double> &limits, const QStringList &labels,
                     const ValueOf &valueOf)
{
    HealthFigures figures{title, note};
    for (const QString &label : labels)
        figures.bars.push_back({label, QStringLiteral("%1 %2").arg(title, label), {HealthPart{}}});
    for (const auto &image : state.images) {
        const auto value = image.excluded ? std::nullopt : valueOf(image);
        if (!value)
            continue;
        const auto bin = static_cast<std::size_t>(std::ranges::upper_bound(limits, *value) - limits.begin());
        figures.bars[bin].parts.front().pictures.push_back(image.id);
    }
    const auto empty = [](const HealthBar &bar) { return bar.count() == 0; };
    while (!figures.bars.empty() && empty(figures.bars.back()))
        figures.bars.pop_back();
    figures.bars.erase(figures.bars.begin(), std::ranges::find_if_not(figures.bars, empty));
    return figures;
}

QStringList rangesOf(const std::vector<double> &limits, const QString &unit)
{
    const auto number = [](double value) { return QLocale().toString(value, 'g', 4); };
    QStringList labels{Texts::tr("under %1").arg(number(limits.front()) + unit)};
    for (std::size_t k = 1; k < limits.size(); ++k)
        labels.append(Texts::tr("%1 to %2").arg(number(limits[k - 1]), number(limits[k]) + unit));
    labels.append(Texts::tr("%1 and more").arg(number(limits.back()) + unit));
    return labels;
}

HealthFigures classFigures(const ProjectState &state)
{
    HealthFigures figures{Texts::tr("Classes"), Texts::tr("No class yet.")};
    std::map<std::optional<ClassId>, std::size_t> place;
    for (const auto &record : state.classes) {
        place.emplace(record.id, figures.bars.size());
        figures.bars.push_back({fromUtf8(record.name), fromUtf8(record.name), {HealthPart{record.colour}}});
    }
    place.emplace(std::nullopt, figures.bars.size());
    figures.bars.push_back({Texts::tr("Unlabelled"), Texts::tr("Unlabelled"), {HealthPart{}}});
    for (const auto &image : state.images) {
        if (!image.excluded)
            figures.bars[place.at(image.label)].parts.front().pictures.push_back(image.id);
    }
    if (figures.bars.back().count() == 0)
        figures.bars.pop_back();
    return figures;
}

HealthFigures splitFigures(const ProjectState &state)
{
    HealthFigures figures{Texts::tr("Splits"), Texts::tr("No picture has a label yet.")};
    const std::array labels{Texts::tr("Train"), Texts::tr("Validation"), Texts::tr("Test")};
    std::map<ClassId, std::size_t> place;
    for (const auto &record : state.classes)
        place.emplace(record.id, place.size());
    for (const QString &label : labels) {
        HealthBar bar{label, label};
        for (const auto &record : state.classes)
            bar.parts.push_back({record.colour, Texts::tr("%1 in %2").arg(fromUtf8(record.name), label)});
        figures.bars.push_back(std::move(bar));
    }
    int labelled = 0;
    for (const auto &image : state.images) {
        if (!image.usable() || !image.label || !image.split)
            continue;
        figures.bars[static_cast<std::size_t>(*image.split)].parts[place.at(*image.label)].pictures.push_back(image.id);
        ++labelled;
    }
    if (labelled == 0)
        figures.bars.clear();
    return figures;
}

HealthFigures findingFigures(const Diagnosis *diagnosis)
{
    HealthFigures figures{Texts::tr("Findings"), diagnosis ? Texts::tr("Nothing to mend.") : Texts::tr("The data doctor has not looked yet (Ctrl+D).")};
    for (const FindingKind kind : findingKinds()) {
        const std::size_t count = diagnosis ? diagnosis->countOf(kind) : 0;
        if (count > 0)
            figures.bars.push_back({findingTitle(kind), findingTitle(kind), {{HealthPart::kNoClass, {}, diagnosis->picturesOf(kind)}}, kind,
                                    findingCount(kind, count)});
    }
    return figures;
}

ValueOf measured(const Diagnosis *diagnosis, float PictureMeasures::*member)
{
    return [=](const ImageRecord &image) -> std::optional<double> {
        const auto *measures = diagnosis ? diagnosis->measuresOf(image.hash) : nullptr;
        return measures ? std::optional<double>(measures->*member) : std::nullopt;
    };
}

} // namespace

int HealthBar::count() const
{
    std::size_t sum = 0;
    for (const auto &part : parts)
        sum += part.pictures.size();
    return static_cast<int>(sum);
}

QString HealthBar::number() const { return counted.isEmpty() ? QLocale().toString(count()) : counted; }

std::vector<ImageId> HealthBar::pictures() const
{
    std::vector<ImageId> all;
    for (const auto &part : parts)
        all.insert(all.end(), part.pictures.begin(), part.pictures.end());
    return all;
}

std::vector<HealthFigures> healthOf(const ProjectState &state, const Diagnosis *diagnosis)
{
    const auto sized = [](const ImageRecord &image) { return image.width > 0 && image.height > 0; };
    const QString unread = Texts::tr("The data doctor has not looked yet (Ctrl+D).");
    const std::vector<double> edges{64, 128, 256, 512, 1024, 2048};
    const std::vector<double> megapixels{0.1, 0.3, 1, 3, 10, 30};
    const std::vector<double> tenths{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
    const std::vector<double> shapes{1.0 / 3, 1.0 / 2, 0.72, 0.97, 1.03, 1.4, 2, 3};
    const QStringList shapeNames{Texts::tr("very high"), Texts::tr("1:3 to 1:2"), Texts::tr("1:2 to 3:4"), Texts::tr("3:4, upright"), Texts::tr("square"),
                                 Texts::tr("4:3, lying"), Texts::tr("4:3 to 2:1"), Texts::tr("2:1 to 3:1"), Texts::tr("very long")};
    return {classFigures(state), splitFigures(state), findingFigures(diagnosis),
            spread(Texts::tr("Short edge"), Texts::tr("No size is known yet."), state, edges, rangesOf(edges, Texts::tr(" px")),
                   [&](const ImageRecord &image) { return sized(image) ? std::optional<double>(std::min(image.width, image.height)) : std::nullopt; }),
            spread(Texts::tr("Size"), Texts::tr("No size is known yet."), state, megapixels, rangesOf(megapixels, Texts::tr(" MP")),
                   [&](const ImageRecord &image) { return sized(image) ? std::optional<double>(image.width * 1e-6 * image.height) : std::nullopt; }),
            spread(Texts::tr("Shape"), Texts::tr("No size is known yet."), state, shapes, shapeNames,
                   [&](const ImageRecord &image) { return sized(image) ? std::optional<double>(double(image.width) / image.height) : std::nullopt; }),
            spread(Texts::tr("Brightness"), unread, state, tenths, rangesOf(tenths, {}), measured(diagnosis, &PictureMeasures::brightness)),
            spread(Texts::tr("Sharpness"), unread, state, tenths, rangesOf(tenths, {}), measured(diagnosis, &PictureMeasures::sharpness)),
            spread(Texts::tr("Contrast"), unread, state, {0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4}, rangesOf({0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4}, {}),
                   measured(diagnosis, &PictureMeasures::contrast))};
}

} // namespace whisker
