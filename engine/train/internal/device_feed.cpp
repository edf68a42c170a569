#include "engine/train/internal/device_feed.h"

#include <ATen/ops/empty.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <cstring>

namespace whisker::internal {

namespace {

/// The first numel() elements of `kept`, in the shape of `like`; made anew where it is too small or of another type.
at::Tensor fitted(at::Tensor &kept, const at::Tensor &like, const at::TensorOptions &where)
{
    if (!kept.defined() || kept.scalar_type() != like.scalar_type() || kept.numel() < like.numel())
        kept = at::empty({like.numel()}, where.dtype(like.scalar_type()));
    return kept.narrow(0, 0, like.numel()).view(like.sizes());
}

} // namespace

DeviceFeed::DeviceFeed(at::Device device, std::optional<c10::Stream> compute)
    : m_device(device), m_compute(compute),
      m_places{Place{.copied = c10::Event(device.type()), .used = c10::Event(device.type())},
               Place{.copied = c10::Event(device.type()), .used = c10::Event(device.type())}}
{
    if (!device.is_cpu())
        m_copies = c10::impl::VirtualGuardImpl(device.type()).getStreamFromGlobalPool(device, false);
}

std::size_t DeviceFeed::send(const std::vector<at::Tensor> &parts)
{
    const std::size_t number = m_next;
    m_next = (m_next + 1) % m_places.size();
    Place &place = m_places[number];
    if (m_device.is_cpu())
        place.views = parts;
    else
        copy(parts, place);
    return number;
}

void DeviceFeed::copy(const std::vector<at::Tensor> &parts, Place &place)
{
    place.copied.synchronize();
    place.pinned.resize(parts.size());
    place.onDevice.resize(parts.size());
    place.views.clear();
    const c10::StreamGuard onCopies(*m_copies);
    place.used.block(*m_copies);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const at::Tensor staged = fitted(place.pinned[i], parts[i], at::TensorOptions().pinned_memory(true));
        std::memcpy(staged.data_ptr(), parts[i].const_data_ptr(), parts[i].nbytes());
        const at::Tensor kept = place.onDevice[i];
        place.views.push_back(fitted(place.onDevice[i], parts[i], at::TensorOptions(m_device)));
        if (!kept.is_same(place.onDevice[i]))
            place.onDevice[i].record_stream(*m_compute); // made on the copies' stream: its memory is no one else's before the computing one has done, too
        place.views.back().copy_(staged, true);
    }
    place.copied.record(*m_copies);
}

std::vector<at::Tensor> DeviceFeed::receive(std::size_t place)
{
    if (m_compute)
        m_places[place].copied.block(*m_compute);
    return m_places[place].views;
}

void DeviceFeed::done(std::size_t place)
{
    if (m_compute)
        m_places[place].used.record(*m_compute);
    else
        m_places[place].views.clear();
}

} // namespace whisker::internal
