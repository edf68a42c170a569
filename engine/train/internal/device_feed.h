#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Event.h>
#include <c10/core/Stream.h>

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace whisker::internal {

/// Brings batches to a GPU while it computes with the one before: through pinned memory, on a stream of its own. Two batches are under way at most, in buffers that
/// stay. Between the streams only events pass: a copy waits until the GPU has done with what it replaces, a computation until its batch is there, and send() until
/// the pinned memory it writes to was read. On the CPU it hands tensors through and does nothing. One thread. Throws c10::Error.
class DeviceFeed {
public:
    /// `compute`: the stream that computes; nothing for the CPU.
    DeviceFeed(at::Device device, std::optional<c10::Stream> compute);

    /// Begins to copy dense tensors of the CPU, whose memory may be changed afterwards (on the CPU: must stay). The place to receive() them from.
    /// Precondition: of the places before at most one is still to be received, and done() was said of the others.
    std::size_t send(const std::vector<at::Tensor> &parts);
    /// The same tensors on the device, for the computing stream; they stay as they are until the send() after the next.
    std::vector<at::Tensor> receive(std::size_t place);
    /// All that computes with them was given to the computing stream.
    void done(std::size_t place);

private:
    struct Place {
        std::vector<at::Tensor> pinned{}, onDevice{}; ///< Flat, as large as what they held at most.
        std::vector<at::Tensor> views{};              ///< Of onDevice, as sent last.
        c10::Event copied, used;
    };
    void copy(const std::vector<at::Tensor> &parts, Place &place);

    const at::Device m_device;
    const std::optional<c10::Stream> m_compute;
    std::optional<c10::Stream> m_copies{};
    std::array<Place, 2> m_places;
    std::size_t m_next = 0;
};

} // namespace whisker::internal
