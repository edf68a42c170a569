#pragma once

#include <expected>
#include <filesystem>
#include <string>

namespace whisker {

/// What went wrong, for code to branch on; people read Error::message.
enum class ErrorCode {
    NotFound,         ///< No such file or folder.
    Unreadable,       ///< It is there, but it can't be opened or decoded.
    BadFormat,        ///< It was read, but it isn't what it claims to be.
    NewerVersion,     ///< Written by a newer Whisker than this one.
    Unsupported,      ///< A valid wish that this build or machine can't fulfil.
    InvalidArgument,  ///< A wish that makes no sense (no picture, one class, batch 0).
    NoSpace,          ///< The disk is full.
    PermissionDenied, ///< Not allowed to read or write there; also a read-only disk.
    InUse,            ///< Another program, or another window, has it open for writing.
    Cancelled,        ///< Stopped on request.
    Internal,         ///< A library failed in a way that Whisker did not foresee.
};

/// `message` is one sentence a user can act on, and names the file where there is one.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    std::filesystem::path file{};
};

template <class T> using Result = std::expected<T, Error>;

/// `return fail(ErrorCode::NotFound, "...", path);` from a function that returns a Result.
[[nodiscard]] std::unexpected<Error> fail(ErrorCode code, std::string message, std::filesystem::path file = {});

/// The Error for a failed system call on `file`: `what` ("can't be written") with the reason and what to do for `errnoValue`.
[[nodiscard]] Error systemError(int errnoValue, const std::string &what, const std::filesystem::path &file);

} // namespace whisker
