#include "engine/data/doctor.h"

#include <algorithm>
#include <array>

// Marks the texts for the tool that collects what is to be translated: it reads this name, and the window looks them up in this context.
#define QT_TRANSLATE_NOOP(context, text) text

namespace whisker {

namespace {

struct KindFacts {
    FindingKind kind;
    const char *name;
    FindingExplanation explanation;
};

constexpr std::array kKinds = {
    KindFacts{FindingKind::Unreadable, "unreadable",
              {QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Unreadable"),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "These files can't be opened or hold no picture, so nothing is learnt from them."),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Replace them with good copies, or exclude them.")}},
    KindFacts{FindingKind::Truncated, "truncated",
              {QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Cut short"),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "These files end early: the lower part of the picture is missing."),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Copy them again from their source, or exclude them if the subject is not to be seen.")}},
    KindFacts{FindingKind::LabelConflict, "label_conflict",
              {QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Same picture, two labels"),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "The same picture, or nearly the same, is in two classes: one of the labels is wrong."),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Give all pictures of the group the right label.")}},
    KindFacts{FindingKind::Duplicate, "duplicate",
              {QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Exact copies"),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "These files have the same content: copies add nothing and count twice."),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Keep one of each and exclude the others.")}},
    KindFacts{FindingKind::NearDuplicate, "near_duplicate",
              {QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Near copies"),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "These files show the same picture, saved anew, resized, mirrored or a little changed. In train and test at once, they make a model look better than it is."),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Keep the best of each group, or keep the group in one split.")}},
    KindFacts{FindingKind::Blurred, "blurred",
              {QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Blurred"),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "No part of these pictures is sharp."),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Exclude them if you can't tell yourself what they show.")}},
    KindFacts{FindingKind::Dark, "dark",
              {QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Very dark"),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Nearly all of these pictures is close to black."),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Exclude them if the subject can't be seen.")}},
    KindFacts{FindingKind::Bright, "bright",
              {QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Very bright"),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Nearly all of these pictures is close to white."),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Exclude them if the subject can't be seen.")}},
    KindFacts{FindingKind::Uniform, "uniform",
              {QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Nearly one colour"),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "These pictures show next to nothing: one colour all over."),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Exclude them unless that is what the class looks like.")}},
    KindFacts{FindingKind::Tiny, "tiny",
              {QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Tiny"),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "These pictures have very few pixels and are enlarged for training."),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Replace them with larger versions, or exclude thumbnails.")}},
    KindFacts{FindingKind::Aspect, "aspect",
              {QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Very long or high"),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "These pictures are so long or high that much is cut off or squashed."),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Crop them to their subject, or exclude them.")}},
    KindFacts{FindingKind::Extension, "extension",
              {QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Wrong file name"),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "The ends of these names promise another kind of file than they are. Whisker reads them all the same; other programs may not."),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Rename the files if you use them elsewhere.")}},
    KindFacts{FindingKind::Imbalance, "imbalance",
              {QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Uneven classes"),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "A class with few pictures, or far fewer than another, is recognised less well."),
               QT_TRANSLATE_NOOP("whisker::FindingExplanation", "Add pictures to the small class.")}},
};

constexpr std::array kOrder = [] {
    std::array<FindingKind, kKinds.size()> order{};
    std::ranges::transform(kKinds, order.begin(), &KindFacts::kind);
    return order;
}();

static_assert([] {
    for (std::size_t i = 0; i < kKinds.size(); ++i)
        if (static_cast<std::size_t>(kKinds[i].kind) != i)
            return false;
    return true;
}(), "in the order of the enum");

const KindFacts &factsOf(FindingKind kind)
{
    return kKinds[static_cast<std::size_t>(kind)];
}

} // namespace

std::span<const FindingKind> findingKinds()
{
    return kOrder;
}

const char *findingKindName(FindingKind kind)
{
    return factsOf(kind).name;
}

std::optional<FindingKind> findingKindFromName(std::string_view name)
{
    const auto found = std::ranges::find(kKinds, name, &KindFacts::name);
    return found == kKinds.end() ? std::nullopt : std::optional(found->kind);
}

const FindingExplanation &explanationOf(FindingKind kind)
{
    return factsOf(kind).explanation;
}

} // namespace whisker
