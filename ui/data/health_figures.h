#pragma once

#include "engine/data/project_values.h"
#include "ui/data/doctor_controller.h"

#include <QString>
#include <optional>
#include <vector>

namespace whisker {

/// A part of a bar: pictures of one class, or of none.
struct HealthPart {
    static constexpr int kNoClass = -1; ///< In the accent's colour.
    int colour = kNoClass;
    QString name{}; ///< What the grid calls these pictures: "cat in Test".
    std::vector<ImageId> pictures{};
};

struct HealthBar {
    QString label{}; ///< "Train", "256 to 512".
    QString name{};  ///< What the grid calls all of its pictures.
    std::vector<HealthPart> parts{};
    std::optional<FindingKind> finding{}; ///< That it stands for.
    QString counted{};                    ///< What stands beside it in place of the number of pictures: "2 classes"; empty: that number.

    int count() const; ///< Pictures: the length of the bar.
    QString number() const;
    std::vector<ImageId> pictures() const; ///< Of all parts.
};

struct HealthFigures {
    QString title{};
    QString note{};                ///< A sentence in place of bars, where there are none.
    std::vector<HealthBar> bars{}; ///< Empty bars at both ends of a row of sizes are left out.
};

/// Counts a class and a split, what was found, and how sizes, brightness, sharpness and shapes are spread among the pictures that are not excluded.
/// `diagnosis` may be null: then what it takes is missing, with a note. 25,000 pictures: some milliseconds. Any thread.
std::vector<HealthFigures> healthOf(const ProjectState &state, const Diagnosis *diagnosis);

} // namespace whisker
