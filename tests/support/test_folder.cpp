#include "tests/support/test_folder.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace whisker::test {

TestFolder::TestFolder()
{
    std::string pattern = (std::filesystem::temp_directory_path() / "whisker-test-XXXXXX").native();
    if (!::mkdtemp(pattern.data()))
        throw std::runtime_error("no temporary folder");
    m_path = pattern;
}

TestFolder::~TestFolder()
{
    std::error_code ignored; // a folder left behind in the temporary folder is no reason to fail
    std::filesystem::remove_all(m_path, ignored);
}

std::filesystem::path TestFolder::write(const std::filesystem::path &name, std::string_view bytes) const
{
    const auto file = m_path / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
}

void useAsHome(const TestFolder &home)
{
    for (const char *variable : {"XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"})
        ::setenv(variable, (home / variable).c_str(), 1);
}

void useTemporaryFoldersInMemory()
{
    if (::access("/dev/shm", R_OK | W_OK | X_OK) == 0)
        ::setenv("TMPDIR", "/dev/shm", 1);
}

std::string fileBytes(const std::filesystem::path &file)
{
    std::ostringstream bytes;
    bytes << std::ifstream(file, std::ios::binary).rdbuf();
    return bytes.str();
}

std::filesystem::path sharedData()
{
    const char *folder = std::getenv("WHISKER_SHARED_DATA");
    return folder && std::filesystem::is_directory(folder) ? std::filesystem::path(folder) : std::filesystem::path();
}

std::filesystem::path demonstrationPictures()
{
    return std::filesystem::path(WHISKER_SOURCE_FOLDER) / "datasets" / "pets";
}

} // namespace whisker::test
