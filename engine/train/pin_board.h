#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

namespace whisker {

/// What a network that is being trained says of a pinned picture.
struct PinnedAnswer {
    std::filesystem::path file{};
    std::int64_t step = 0; ///< Done when it was asked; quick: iterations of the solver.
    double epoch = 0.0;    ///< Done when it was asked.
    std::vector<float> probabilities{}; ///< Of each class of the run, adding up to 1; empty where the picture can't be read.
    std::string error{};   ///< A sentence that says why it can't be read; told once a picture.
    bool kept = false;     ///< Of the model that the run keeps, which may be of an earlier epoch, or the one to beat: told once it has ended.
};

/// Pictures that a person wants to see being learned. They need not be of the data, and can come and go while a run goes on. Any thread.
class PinBoard {
public:
    static constexpr std::size_t kMost = 12;

    /// False where it is there already or there is no room.
    bool add(const std::filesystem::path &file);
    /// False where it isn't there.
    bool remove(const std::filesystem::path &file);
    std::vector<std::filesystem::path> files() const; ///< In the order in which they came.

private:
    mutable std::mutex m_mutex;
    std::vector<std::filesystem::path> m_files; // guarded by m_mutex
};

} // namespace whisker
