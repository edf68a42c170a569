#pragma once

#include "engine/base/result.h"
#include "engine/train/metric_point.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace whisker {

/// Writes the curves of a run for TensorBoard: a file of events (TFRecord frames around `tensorflow.Event` messages), as its reader takes them. Tags are
/// "loss/training", "loss/validation", "accuracy/training", "accuracy/validation" and "learning_rate". Each writer begins a file of its own; TensorBoard reads all in a folder,
/// and forgets what earlier files have from the step on with which a later one begins: where a resumed run took a step again the later point counts. What is
/// written can be watched at once. One thread.
class TensorBoardWriter {
public:
    /// Makes `folder` where it is missing. Errors: PermissionDenied, NoSpace, NotFound.
    static Result<TensorBoardWriter> create(const std::filesystem::path &folder);
    TensorBoardWriter(TensorBoardWriter &&other) noexcept;
    TensorBoardWriter &operator=(TensorBoardWriter &&) = delete;
    ~TensorBoardWriter();

    /// Errors: NoSpace, PermissionDenied; then nothing more is written, for what follows half a record can't be read.
    Result<void> add(const MetricPoint &point);
    /// Of a run that goes on, before its first new point: adds what an earlier part of it came to, in order of steps, from the first point on that the folder's
    /// other files lack. Errors: of add().
    Result<void> addMissing(std::span<const MetricPoint> earlier);
    const std::filesystem::path &file() const { return m_file; }

private:
    TensorBoardWriter(std::filesystem::path file, int descriptor);
    Result<void> append(std::string_view event);

    std::filesystem::path m_file;
    int m_descriptor;
    bool m_started = false; ///< Readers know from which step on its points count.
};

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4).
std::uint32_t crc32c(std::string_view bytes);

} // namespace whisker
