#pragma once

#include <QIcon>

namespace whisker {

/// A class's dot for a menu; `colour` as ClassRecord's.
QIcon classIcon(int colour);

} // namespace whisker
