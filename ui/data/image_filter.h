#pragma once

#include "engine/data/project_values.h"

#include <QString>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace whisker {

/// What the model in use says of a picture.
struct ModelSays {
    QString className;
    double probability = 0.0; ///< 0..1
};
using AskModel = std::function<std::optional<ModelSays>(ImageId)>; ///< Nothing: it says nothing (yet).

/// The order of a set of pictures, in place of the one that was chosen for the list: what is most useful first, copies side by side.
struct OwnOrder {
    QString name{}; ///< "Most useful first"
    QString why{};  ///< A sentence: what comes first.
    std::unordered_map<ImageId, int> places{};
};
std::shared_ptr<const OwnOrder> ownOrder(const QString &name, const QString &why, const std::vector<ImageId> &ids);

/// Which pictures are on show.
struct ImageFilter {
    enum class Kind {
        All,        ///< But for what is excluded.
        Class,      ///< Of `classId`, not excluded.
        Unlabelled, ///< Not excluded.
        Problems,   ///< Unreadable, missing or cut short.
        Excluded,
    };
    enum class SplitChoice { Any, Train, Validation, Test, None };
    Kind kind = Kind::All;
    ClassId classId = 0;
    QString search{}; ///< Part of the file's name, in any case; empty: all.
    std::shared_ptr<const std::unordered_set<ImageId>> only{}; ///< Of these alone; null: of all.
    QString onlyName{};                                        ///< What these are: "Blurred".
    std::shared_ptr<const OwnOrder> ownOrder{};                ///< Of `only`; null: it has none.
    /// Only labelled pictures whose label is another than this: what a model would say surely. Null: no such choice.
    std::shared_ptr<const std::unordered_map<ImageId, ClassId>> unlike{};
    SplitChoice split = SplitChoice::Any; ///< None: pictures in no split.
    std::optional<ImageState> state{};
    bool unsureOnly = false; ///< Those with the "not sure" mark.
    std::optional<std::string> group{};

    /// What the model says: the most probable class, and how sure it is of it, 0..1. Pass none that `ask` says nothing of.
    struct Confidence {
        double from = 0.0;
        double below = 2.0; ///< Above 1: all from `from` on.
        bool contains(double probability) const { return probability >= from && probability < below; }
        bool operator==(const Confidence &) const = default;
    };
    std::optional<QString> predicted{};
    std::optional<Confidence> confidence{};
    std::shared_ptr<const AskModel> ask{}; ///< Null where neither is set.
    bool asksModel() const { return predicted || confidence; }

    bool accepts(const ImageRecord &image) const;
    /// Kind, class and search alone: without what FilterBar shows.
    ImageFilter plain() const { return {kind, classId, search}; }
    bool isPlain() const { return *this == plain(); }
    bool operator==(const ImageFilter &) const = default;

private:
    bool isUnlike(const ImageRecord &image) const;
    bool modelSaysSo(ImageId id) const;
};

/// How many pictures each filter shows (search aside), and how the labelled ones are divided.
struct ImageCounts {
    int all = 0;
    int unlabelled = 0;
    int problems = 0;
    int excluded = 0;
    std::map<ClassId, int> ofClass{};
    std::map<ClassId, std::array<int, 3>> ofSplit{}; ///< By class; index: Split. Usable pictures.
};
ImageCounts countImages(const std::vector<ImageRecord> &images);

} // namespace whisker
