#include "tests/support/late_device.h"

#include <ATen/ATen.h>
#include <ATen/EmptyTensor.h>
#include <ATen/detail/PrivateUse1HooksInterface.h>
#include <ATen/native/TensorFactories.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <stdexcept>

namespace whisker::test {

namespace {

using c10::Device;
using c10::Stream;

const Device kDevice(c10::kPrivateUse1, 0);

struct Moment {
    std::uint64_t asked = 0, reached = 0;
};

/// What each stream is still to do, in its order. An item that must wait says false.
class Streams {
public:
    Stream current{Stream::UNSAFE, kDevice, 0};
    int allocations = 0;

    void drawOrder(std::uint64_t seed) { m_random.seed(seed); }
    Stream newStream() { return Stream(Stream::UNSAFE, kDevice, ++m_last); }

    void give(const Stream &stream, std::function<bool()> item)
    {
        m_items[stream.id()].push_back(std::move(item));
        while (m_random() % 3 == 0 && goOn())
            ;
    }

    void wait(const std::function<bool()> &until)
    {
        while (!until())
            if (!goOn())
                throw std::logic_error("Streams wait for each other.");
    }

    bool idle() const
    {
        return std::ranges::all_of(m_items, [](const auto &stream) { return stream.second.empty(); });
    }
    bool idle(const Stream &stream) { return m_items[stream.id()].empty(); }

private:
    /// One item of one stream; false where none can go on.
    bool goOn()
    {
        const std::size_t first = m_random();
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            auto &items = std::next(m_items.begin(), static_cast<std::ptrdiff_t>((first + i) % m_items.size()))->second;
            if (!items.empty() && items.front()()) {
                items.pop_front();
                return true;
            }
        }
        return false;
    }

    std::map<c10::StreamId, std::deque<std::function<bool()>>> m_items;
    std::mt19937 m_random{1};
    c10::StreamId m_last = 0;
};

Streams &streams()
{
    static auto &all = *new Streams; // LibTorch frees tensors after main()
    return all;
}

struct Guard final : c10::impl::DeviceGuardImplInterface {
    c10::DeviceType type() const override { return c10::kPrivateUse1; }
    Device exchangeDevice(Device) const override { return kDevice; }
    Device getDevice() const override { return kDevice; }
    void setDevice(Device) const override {}
    void uncheckedSetDevice(Device) const noexcept override {}
    Stream getStream(Device) const override { return streams().current; }
    Stream getDefaultStream(Device) const override { return Stream(Stream::UNSAFE, kDevice, 0); }
    Stream getStreamFromGlobalPool(Device, bool) const override { return streams().newStream(); }
    Stream exchangeStream(Stream stream) const override { return std::exchange(streams().current, stream); }
    c10::DeviceIndex deviceCount() const noexcept override { return 1; }

    void record(void **event, const Stream &stream, c10::DeviceIndex, c10::EventFlag) const override
    {
        if (!*event)
            *event = new Moment;
        auto *moment = static_cast<Moment *>(*event);
        streams().give(stream, [moment, number = ++moment->asked] {
            moment->reached = number;
            return true;
        });
    }
    void block(void *event, const Stream &stream) const override
    {
        auto *moment = static_cast<Moment *>(event);
        streams().give(stream, [moment, number = moment->asked] { return moment->reached >= number; });
    }
    bool queryEvent(void *event) const override { return static_cast<Moment *>(event)->reached >= static_cast<Moment *>(event)->asked; }
    void synchronizeEvent(void *event) const override
    {
        streams().wait([this, event] { return queryEvent(event); });
    }
    void synchronizeStream(const Stream &stream) const override
    {
        streams().wait([&] { return streams().idle(stream); });
    }
};

struct Memory final : c10::Allocator {
    c10::DataPtr allocate(std::size_t bytes) override
    {
        ++streams().allocations;
        void *data = std::malloc(std::max<std::size_t>(bytes, 1));
        return {data, data, &std::free, kDevice};
    }
    void copy_data(void *to, const void *from, std::size_t bytes) const override { std::memcpy(to, from, bytes); }
};

struct PinnedMemory final : c10::Allocator {
    c10::DataPtr allocate(std::size_t bytes) override
    {
        ++streams().allocations;
        return c10::GetCPUAllocator()->allocate(bytes);
    }
    void copy_data(void *to, const void *from, std::size_t bytes) const override { std::memcpy(to, from, bytes); }
};

struct Hooks final : at::PrivateUse1HooksInterface {
    bool isBuilt() const override { return true; }
    bool isAvailable() const override { return true; }
    bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
    bool isPinnedPtr(const void *) const override { return true; }
    c10::Allocator *getPinnedMemoryAllocator() const override
    {
        static PinnedMemory memory;
        return &memory;
    }
};

at::Tensor empty(at::IntArrayRef sizes, std::optional<at::ScalarType> type, std::optional<at::Layout>, std::optional<Device>, std::optional<bool>,
                 std::optional<at::MemoryFormat> format)
{
    static auto &memory = *new Memory;
    return at::detail::empty_generic(sizes, &memory, c10::DispatchKeySet(c10::DispatchKey::PrivateUse1), type.value_or(at::kFloat), format);
}

/// Between dense tensors of one type.
at::Tensor &copy(at::Tensor &to, const at::Tensor &from, bool)
{
    streams().give(streams().current, [to, from] {
        std::memcpy(to.mutable_data_ptr(), from.const_data_ptr(), to.nbytes());
        return true;
    });
    if (to.is_cpu())
        Guard().synchronizeStream(streams().current);
    return to;
}

at::Tensor view(const at::Tensor &self, at::IntArrayRef sizes)
{
    return at::native::view(self, sizes);
}

at::Tensor asStrided(const at::Tensor &self, at::IntArrayRef sizes, at::IntArrayRef strides, std::optional<std::int64_t> offset)
{
    return at::native::as_strided_tensorimpl(self, sizes, strides, offset);
}

void recordStream(at::Tensor &, Stream) {} // its memory is given back when nothing holds it any more

TORCH_LIBRARY_IMPL(aten, PrivateUse1, library)
{
    library.impl("empty.memory_format", &empty);
    library.impl("copy_", &copy);
    library.impl("view", &view);
    library.impl("as_strided", &asStrided);
    library.impl("record_stream", &recordStream);
}

C10_REGISTER_GUARD_IMPL(PrivateUse1, Guard)

} // namespace

void LateDevice::install()
{
    at::RegisterPrivateUse1HooksInterface(new Hooks); // LibTorch keeps it for good
    c10::register_privateuse1_backend("late");
}

void LateDevice::drawOrder(std::uint64_t seed)
{
    streams().drawOrder(seed);
}

void LateDevice::finish()
{
    streams().wait([] { return streams().idle(); });
}

int LateDevice::allocations()
{
    return streams().allocations;
}

} // namespace whisker::test
