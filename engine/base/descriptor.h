#pragma once

namespace whisker {

/// A file descriptor that is closed at the end of its scope; negative: none.
struct Descriptor {
    int value;

    explicit Descriptor(int descriptor) : value(descriptor) {}
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor();
};

} // namespace whisker
