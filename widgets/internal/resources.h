#pragma once

namespace whisker {

/// Registers the icons and the style sheet, which a static library doesn't do by itself. Call it as often as you like.
void initResources();

} // namespace whisker
