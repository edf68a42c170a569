#include "engine/train/pin_board.h"

#include <algorithm>

namespace whisker {

bool PinBoard::add(const std::filesystem::path &file)
{
    const std::scoped_lock lock(m_mutex);
    if (m_files.size() >= kMost || std::ranges::find(m_files, file) != m_files.end())
        return false;
    m_files.push_back(file);
    return true;
}

bool PinBoard::remove(const std::filesystem::path &file)
{
    const std::scoped_lock lock(m_mutex);
    return std::erase(m_files, file) > 0;
}

std::vector<std::filesystem::path> PinBoard::files() const
{
    const std::scoped_lock lock(m_mutex);
    return m_files;
}

} // namespace whisker
