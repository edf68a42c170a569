#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace whisker::test {

/// A temporary folder that goes away with its object.
class TestFolder {
public:
    TestFolder();
    TestFolder(const TestFolder &) = delete;
    TestFolder &operator=(const TestFolder &) = delete;
    ~TestFolder();

    const std::filesystem::path &path() const { return m_path; }
    std::filesystem::path operator/(const std::filesystem::path &name) const { return m_path / name; }
    /// Writes `bytes` to `name` (folders are made) and gives its whole path.
    std::filesystem::path write(const std::filesystem::path &name, std::string_view bytes) const;

private:
    std::filesystem::path m_path;
};

/// What the program keeps for its user (caches, data, settings) lies in folders below `home` from now on, each named after its variable.
void useAsHome(const TestFolder &home);

/// Lets temporary folders be in memory from now on, where the system has such a place: for tests that write a great deal and do not wait for a disk.
void useTemporaryFoldersInMemory();

/// The bytes of a file that must be there.
std::string fileBytes(const std::filesystem::path &file);

/// The folder of real photographs named by $WHISKER_SHARED_DATA (cats-dogs/, pets/); empty where it isn't there.
std::filesystem::path sharedData();

/// The pets that come with the program.
std::filesystem::path demonstrationPictures();

/// The sentence of a failed result for QVERIFY2, "ok" for a good one.
template <class T> const char *errorText(const Result<T> &result)
{
    return result ? "ok" : result.error().message.c_str();
}

} // namespace whisker::test
