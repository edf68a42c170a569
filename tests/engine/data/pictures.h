#pragma once

#include "engine/data/import.h"
#include "engine/data/project.h"
#include "tests/support/test_folder.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace whisker::test {

/// A picture of 3 x 2 pixels (PPM) whose bytes differ for each number.
inline std::string picture(int number)
{
    std::string bytes = "P6\n3 2\n255\n";
    for (int i = 0; i < 18; ++i)
        bytes += static_cast<char>((number * 31 + i * 7 + (number >> 8)) & 0xFF);
    bytes[bytes.size() - 1] = static_cast<char>(number & 0xFF);
    bytes[bytes.size() - 2] = static_cast<char>(number >> 8 & 0xFF);
    return bytes;
}

/// `count` different pictures in folder/name, numbered from `first`.
inline void writePictures(const TestFolder &folder, const std::string &name, int count, int first)
{
    for (int i = 0; i < count; ++i)
        folder.write(name + "/" + std::to_string(first + i) + ".ppm", picture(first + i));
}

/// An empty one in folder/project.
inline Project newProject(const TestFolder &folder)
{
    return std::move(Project::create(folder / "project").value());
}

inline std::vector<std::string> classNames(const ProjectState &state)
{
    std::vector<std::string> names;
    for (const auto &record : state.classes)
        names.push_back(record.name);
    return names;
}

inline Result<ImportReport> importAll(Project &project, const std::vector<std::filesystem::path> &paths)
{
    return importFolders(project, paths, {}, {}, {});
}

inline std::vector<ImageId> idsOf(const ProjectState &state)
{
    std::vector<ImageId> ids;
    for (const auto &image : state.images)
        ids.push_back(image.id);
    return ids;
}

/// How many pictures of the class `name` are in `split`.
inline std::ptrdiff_t countOf(const ProjectState &state, const std::string &name, std::optional<Split> split)
{
    std::ptrdiff_t count = 0;
    for (const auto &image : state.images) {
        for (const auto &record : state.classes)
            count += image.label == record.id && record.name == name && image.split == split;
    }
    return count;
}

} // namespace whisker::test
