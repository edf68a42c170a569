#pragma once

#include <ATen/autocast_mode.h>

namespace whisker::internal {

/// bf16 for what gains by it, while it lives. The casts of weights that autocast keeps are dropped at the end: the next step has other weights.
class AutocastScope {
public:
    AutocastScope(at::DeviceType device, bool on) : m_device(device), m_on(on)
    {
        if (!m_on)
            return;
        at::autocast::set_autocast_enabled(m_device, true);
        at::autocast::set_autocast_dtype(m_device, at::kBFloat16);
    }
    AutocastScope(const AutocastScope &) = delete;
    AutocastScope &operator=(const AutocastScope &) = delete;
    ~AutocastScope()
    {
        if (!m_on)
            return;
        at::autocast::clear_cache();
        at::autocast::set_autocast_enabled(m_device, false);
    }

private:
    at::DeviceType m_device;
    bool m_on;
};

} // namespace whisker::internal
