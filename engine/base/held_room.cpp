#include "engine/base/held_room.h"

#include <cerrno>
#include <fcntl.h>

namespace whisker {

Result<HeldRoom> HeldRoom::hold(const std::filesystem::path &folder, std::uint64_t bytes)
{
    HeldRoom room;
    auto file = std::make_unique<Descriptor>(::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
    const auto full = [&] { return std::unexpected(systemError(ENOSPC, "has no room", folder)); };
    if (file->value < 0 && (errno == ENOSPC || errno == EDQUOT))
        return full();
    if (file->value < 0)
        return room;
    int result = -1;
    do {
        result = ::fallocate(file->value, 0, 0, static_cast<off_t>(bytes)); // not posix_fallocate(), which writes where it can't promise
    } while (result != 0 && errno == EINTR);
    if (result == 0)
        room.m_file = std::move(file);
    else if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
        return full();
    return room;
}

} // namespace whisker
