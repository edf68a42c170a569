#include "ui/data/doctor_actions.h"

#include "ui/texts.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <tuple>

namespace whisker {

namespace {

struct FindingTexts {
    Q_DECLARE_TR_FUNCTIONS(whisker::FindingTexts)
};

QString translated(const char *english) { return QCoreApplication::translate("whisker::FindingExplanation", english); }

} // namespace

Remedy remedyOf(FindingKind kind)
{
    switch (kind) {
    case FindingKind::Unreadable:
    case FindingKind::Truncated:
    case FindingKind::Blurred:
    case FindingKind::Dark:
    case FindingKind::Bright:
    case FindingKind::Uniform:
    case FindingKind::Tiny:
    case FindingKind::Aspect: return Remedy::ExcludeAll;
    case FindingKind::LabelConflict: return Remedy::Relabel;
    case FindingKind::Duplicate:
    case FindingKind::NearDuplicate: return Remedy::KeepOne;
    case FindingKind::Extension:
    case FindingKind::Imbalance: break;
    }
    return Remedy::None;
}

QString findingTitle(FindingKind kind) { return translated(explanationOf(kind).title); }

QString findingSentence(FindingKind kind)
{
    const auto &explanation = explanationOf(kind);
    return QStringLiteral("%1 %2").arg(translated(explanation.meaning), translated(explanation.advice));
}

QString findingCount(FindingKind kind, std::size_t count)
{
    const auto number = static_cast<qint64>(count);
    if (kind == FindingKind::Imbalance)
        return countText(number, FindingTexts::tr("1 class"), FindingTexts::tr("%1 classes"));
    return QLocale().toString(number);
}

std::vector<ImageId> copiesToExclude(const std::vector<std::vector<ImageId>> &groups, const Diagnosis &diagnosis, const FindImage &find, bool testLocked)
{
    const auto worth = [&](const ImageRecord &image) {
        const auto *measures = diagnosis.measuresOf(image.hash);
        const auto pixels = measures ? std::int64_t{measures->width} * measures->height : std::int64_t{image.width} * image.height;
        return std::tuple(image.usable(), image.label.has_value(), testLocked && image.split == Split::Test, pixels, measures ? measures->sharpness : 0.0F,
                          -image.id);
    };
    std::vector<ImageId> others;
    for (const auto &group : groups) {
        std::vector<const ImageRecord *> images;
        for (const ImageId id : group) {
            if (const auto *image = find(id); image && !image->excluded)
                images.push_back(image);
        }
        const ImageRecord *labelled = nullptr;
        const bool disputed = std::ranges::any_of(images, [&](const ImageRecord *image) {
            if (!image->label)
                return false;
            labelled = labelled ? labelled : image;
            return image->label != labelled->label;
        });
        if (disputed)
            continue;
        const auto best = std::ranges::max_element(images, {}, [&](const ImageRecord *image) { return worth(*image); });
        for (auto image = images.begin(); image != images.end(); ++image) {
            if (image != best)
                others.push_back((*image)->id);
        }
    }
    std::ranges::sort(others);
    others.erase(std::ranges::unique(others).begin(), others.end());
    return others;
}

} // namespace whisker
