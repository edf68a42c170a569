#pragma once

#include "widgets/theme.h"

#include <QIcon>

namespace whisker {

/// The program's own line icons: 24 px, one colour, drawn from SVG at the size and pixel ratio that is asked for.
enum class Icon {
    Data,
    Train,
    Evaluate,
    Predict,
    Export,
    Add,
    Folder,
    Search,
    Undo,
    Redo,
    Stop,
    Play,
    Pause,
    Warning,
    Information,
    Error,
    Check,
    Close,
    Paste,
    Picture,
    BrokenPicture,
    Drop,
    Label,
    More,
};

/// An icon in the tone's colour of whatever scheme is on when it is painted; disabled is paler, checked (QIcon::On) is the accent.
QIcon icon(Icon name, Tone tone = Tone::Text);

/// One picture of it, `edgePx` device-independent pixels wide. Cached.
QPixmap iconPixmap(Icon name, int edgePx, const QColor &colour, qreal devicePixelRatio = 1.0);

} // namespace whisker
