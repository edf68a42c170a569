#include "engine/base/result.h"

#include "engine/base/path_text.h"
#include "engine/base/sentence.h"

#include <cerrno>
#include <system_error>
#include <utility>

namespace whisker {

std::unexpected<Error> fail(ErrorCode code, std::string message, std::filesystem::path file)
{
    return std::unexpected(Error{code, std::move(message), std::move(file)});
}

Error systemError(int errnoValue, const std::string &what, const std::filesystem::path &file)
{
    const auto sentence = [&](const std::string &reason) { return pathText(file) + " " + what + ": " + reason; };
    switch (errnoValue) {
    case ENOENT:
        return {ErrorCode::NotFound, sentence("it isn't there. Check the name."), file};
    case ENOTDIR:
        return {ErrorCode::NotFound, sentence("a file is where a folder should be. Check the name."), file};
    case ENOSPC:
    case EDQUOT:
        return {ErrorCode::NoSpace, sentence("the disk is full. Free some space."), file};
    case EFBIG:
        return {ErrorCode::NoSpace, sentence("it would be larger than the disk or your account allows. Choose another place."), file};
    case EROFS:
        return {ErrorCode::PermissionDenied, sentence("the disk is read-only. Choose another folder."), file};
    case EACCES:
    case EPERM:
        return {ErrorCode::PermissionDenied, sentence("permission denied. Change its permissions or choose another place."),
                file};
    case EIO:
        return {ErrorCode::Unreadable, sentence("the disk reports an error. Check the disk."), file};
    default:
        return {ErrorCode::Unreadable, sentence(asClause(std::system_category().message(errnoValue)) + "."), file};
    }
}

} // namespace whisker
