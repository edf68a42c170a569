#pragma once

#include <cstdint>

namespace whisker::test {

/// A device for LibTorch (PrivateUse1) that computes as late or as early as streams and events allow, in an order drawn by chance: what isn't waited for
/// shows as wrong values. Its tensors lie in the CPU's memory; it can be asked for empty ones, views, and copies. One thread.
class LateDevice {
public:
    static void install();                     ///< Once a program, before LibTorch is asked for its devices.
    static void drawOrder(std::uint64_t seed); ///< From now on.
    static void finish();                      ///< Does all that is still to be done.
    static int allocations();                  ///< Tensors made so far on the device, and pinned ones.
};

} // namespace whisker::test
