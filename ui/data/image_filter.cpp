#include "ui/data/image_filter.h"

#include "ui/texts.h"

namespace whisker {

namespace {

bool splitFits(ImageFilter::SplitChoice choice, const std::optional<Split> &split)
{
    using enum ImageFilter::SplitChoice;
    switch (choice) {
    case Any: return true;
    case None: return !split;
    case Train: return split == Split::Train;
    case Validation: return split == Split::Validation;
    case Test: return split == Split::Test;
    }
    return false;
}

} // namespace

std::shared_ptr<const OwnOrder> ownOrder(const QString &name, const QString &why, const std::vector<ImageId> &ids)
{
    auto order = std::make_shared<OwnOrder>(OwnOrder{name, why});
    for (const ImageId id : ids)
        order->places.emplace(id, static_cast<int>(order->places.size()));
    return order;
}

bool ImageFilter::accepts(const ImageRecord &image) const
{
    const bool kindFits = [&] {
        switch (kind) {
        case Kind::All: return !image.excluded;
        case Kind::Class: return !image.excluded && image.label == classId;
        case Kind::Unlabelled: return !image.excluded && !image.label;
        case Kind::Problems: return image.state != ImageState::Ok;
        case Kind::Excluded: return image.excluded;
        }
        return false;
    }();
    const bool choiceFits = splitFits(split, image.split) && (!state || image.state == *state) && (!unsureOnly || image.unsure) &&
                            (!group || (image.group && *image.group == *group));
    return kindFits && choiceFits && (!only || only->contains(image.id)) && isUnlike(image) && modelSaysSo(image.id) && (search.isEmpty() || fromUtf8(image.name).contains(search, Qt::CaseInsensitive));
}

bool ImageFilter::isUnlike(const ImageRecord &image) const
{
    if (!unlike)
        return true;
    const auto said = unlike->find(image.id);
    return said != unlike->end() && image.label && *image.label != said->second;
}

bool ImageFilter::modelSaysSo(ImageId id) const
{
    if (!asksModel())
        return true;
    const auto said = ask ? (*ask)(id) : std::nullopt;
    return said && (!predicted || *predicted == said->className) && (!confidence || confidence->contains(said->probability));
}

ImageCounts countImages(const std::vector<ImageRecord> &images)
{
    ImageCounts counts;
    for (const auto &image : images) {
        counts.problems += image.state != ImageState::Ok;
        if (image.excluded) {
            ++counts.excluded;
            continue;
        }
        ++counts.all;
        if (!image.label) {
            ++counts.unlabelled;
            continue;
        }
        ++counts.ofClass[*image.label];
        if (image.split && image.usable())
            ++counts.ofSplit[*image.label][static_cast<std::size_t>(*image.split)];
    }
    return counts;
}

} // namespace whisker
