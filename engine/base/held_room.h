#pragma once

#include "engine/base/descriptor.h"
#include "engine/base/result.h"

#include <cstdint>
#include <memory>

namespace whisker {

/// Room on a disk that nobody else can take while this lives: a file without a name, which goes with this or with the program, however that ends.
class HeldRoom {
public:
    /// `bytes` in the file system of `folder`. Errors: NoSpace. Where the file system has no files without a name, or makes no promises, nothing is held, and that is no error.
    static Result<HeldRoom> hold(const std::filesystem::path &folder, std::uint64_t bytes);

    bool holds() const { return m_file != nullptr; }

private:
    std::unique_ptr<Descriptor> m_file;
};

} // namespace whisker
