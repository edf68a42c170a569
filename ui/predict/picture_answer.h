#pragma once

#include <QString>
#include <QtGlobal>
#include <vector>

namespace whisker {

/// Names a picture between page and inference thread; never used twice, so what comes back for a closed picture finds nothing.
using PictureId = quint64;

/// What a model says of one picture.
struct PictureAnswer {
    std::vector<double> probabilities; ///< One per class of the model, 0..1.
    int classIndex = -1;               ///< The most probable.
    bool neither = false;              ///< It looks like none of the classes: the probability is below the model's threshold.
    double networkMs = 0.0;            ///< Fitting the picture to the network, and the network.
    double readMs = 0.0;               ///< Opening and decoding the file.
    QString note;                      ///< What the decoder complained of; empty where all was well.
};

} // namespace whisker
