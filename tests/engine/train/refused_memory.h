#pragma once

#include "tests/engine/train/drawn_pictures.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace whisker::test {

/// What `new` is to refuse, on any thread: the next `blocks` that have exactly `bytes`, as no other part of the program happens to ask for.
struct RefusedMemory {
    std::atomic<int> blocks = 0;
    std::atomic<std::size_t> bytes = 0;

    bool takes(std::size_t asked) { return asked == bytes && blocks > 0 && blocks-- > 0; }
};
inline constinit RefusedMemory refusedMemory;

/// There is no memory for what the files of so many of drawnSnapshot()'s pictures hold.
inline void refuseDrawnPictures(int pictures)
{
    refusedMemory.bytes = drawnPicture(0, 0).size();
    refusedMemory.blocks = pictures;
}

} // namespace whisker::test

// For the whole program: include it in one source file.
void *operator new(std::size_t bytes)
{
    void *block = whisker::test::refusedMemory.takes(bytes) ? nullptr : std::malloc(bytes > 0 ? bytes : 1);
    if (!block)
        throw std::bad_alloc();
    return block;
}

void *operator new(std::size_t bytes, const std::nothrow_t &) noexcept
{
    return std::malloc(bytes > 0 ? bytes : 1);
}

void operator delete(void *block) noexcept
{
    std::free(block);
}

void operator delete(void *block, std::size_t) noexcept
{
    std::free(block);
}
