#include "engine/data/internal/data_place.h"

#include "engine/base/path_text.h"
#include "engine/data/internal/scan.h"
#include "engine/data/project.h"

#include <system_error>

namespace whisker {

Result<DataPlace> dataPlace(const std::filesystem::path &data)
{
    const auto path = cleanPath(data);
    std::error_code failure;
    const auto status = std::filesystem::status(path, failure);
    if (failure)
        return std::unexpected(systemError(failure.value(), "can't be read", path));
    const bool isFolder = status.type() == std::filesystem::file_type::directory;
    if (!isFolder && path.extension() != ".whisker")
        return fail(ErrorCode::BadFormat, pathText(path) + " is neither a folder nor a project: name a folder of pictures or a project.whisker.", path);
    return DataPlace{path, !isFolder || std::filesystem::exists(path / Project::kFileName, failure)};
}

} // namespace whisker
