#include "engine/data/doctor.h"

#include <algorithm>
#include <array>

namespace whisker {

namespace {

struct KindFacts {
    FindingKind kind;
    const char *name;
    FindingExplanation explanation;
};

constexpr std::array kKinds = {
    KindFacts{FindingKind::Unreadable, "unreadable",
              {"Unreadable", "These files can't be opened or hold no picture, so nothing is learnt from them.",
               "Replace them with good copies, or exclude them."}},
    KindFacts{FindingKind::Truncated, "truncated",
              {"Cut short", "These files end early: the lower part of the picture is missing.",
               "Copy them again from their source, or exclude them if the subject is not to be seen."}},
    KindFacts{FindingKind::LabelConflict, "label_conflict",
              {"Same picture, two labels", "The same picture, or nearly the same, is in two classes: one of the labels is wrong.",
               "Give all pictures of the group the right label."}},
    KindFacts{FindingKind::Duplicate, "duplicate",
              {"Exact copies", "These files have the same content: copies add nothing and count twice.", "Keep one of each and exclude the others."}},
    KindFacts{FindingKind::NearDuplicate, "near_duplicate",
              {"Near copies", "These files show the same picture, saved anew, resized, mirrored or a little changed. In train and test at once, they "
                              "make a model look better than it is.",
               "Keep the best of each group, or keep the group in one split."}},
    KindFacts{FindingKind::Blurred, "blurred",
              {"Blurred", "No part of these pictures is sharp.", "Exclude them if you can't tell yourself what they show."}},
    KindFacts{FindingKind::Dark, "dark", {"Very dark", "Nearly all of these pictures is close to black.", "Exclude them if the subject can't be seen."}},
    KindFacts{FindingKind::Bright, "bright",
              {"Very bright", "Nearly all of these pictures is close to white.", "Exclude them if the subject can't be seen."}},
    KindFacts{FindingKind::Uniform, "uniform",
              {"Nearly one colour", "These pictures show next to nothing: one colour all over.", "Exclude them unless that is what the class looks like."}},
    KindFacts{FindingKind::Tiny, "tiny",
              {"Tiny", "These pictures have very few pixels and are enlarged for training.", "Replace them with larger versions, or exclude thumbnails."}},
    KindFacts{FindingKind::Aspect, "aspect",
              {"Very long or high", "These pictures are so long or high that much is cut off or squashed.", "Crop them to their subject, or exclude them."}},
    KindFacts{FindingKind::Extension, "extension",
              {"Wrong file name", "The ends of these names promise another kind of file than they are. Whisker reads them all the same; other programs may not.",
               "Rename the files if you use them elsewhere."}},
    KindFacts{FindingKind::Imbalance, "imbalance",
              {"Uneven classes", "A class with few pictures, or far fewer than another, is recognised less well.", "Add pictures to the small class."}},
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
