#pragma once

namespace whisker {

/// Lets the window's thread go first where processors are scarce: the calling thread, and those that it starts from now on, get the processor after the
/// main thread. Costs nothing on an idle machine. A second call changes nothing.
void stepBehindWindow();

} // namespace whisker
