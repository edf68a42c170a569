#include "engine/data/internal/missing_pictures.h"

#include <algorithm>

namespace whisker {

MissingPictures::MissingPictures(const std::vector<ImageRecord> &images)
{
    for (const auto &image : images) {
        if (image.state == ImageState::Missing) {
            m_byHash[image.hash].push_back(&image);
            ++m_bySize[image.bytes];
        } else {
            m_present.insert(image.file().native());
        }
    }
}

bool MissingPictures::mayBe(const std::filesystem::path &file, std::int64_t bytes) const
{
    return m_bySize.contains(bytes) && !m_present.contains(file.native());
}

const ImageRecord *MissingPictures::take(const ContentHash &hash, const std::filesystem::path &file)
{
    const auto found = m_byHash.find(hash);
    if (found == m_byHash.end())
        return nullptr;
    auto &images = found->second;
    const auto best = std::ranges::min_element(images, {}, [&](const ImageRecord *image) { return placeCost(*image, file); });
    const ImageRecord &taken = **best;
    images.erase(best);
    if (images.empty())
        m_byHash.erase(found);
    if (--m_bySize[taken.bytes] == 0)
        m_bySize.erase(taken.bytes);
    return &taken;
}

std::vector<const ImageRecord *> MissingPictures::left() const
{
    std::vector<const ImageRecord *> left;
    for (const auto &[hash, images] : m_byHash)
        left.insert(left.end(), images.begin(), images.end());
    std::ranges::sort(left, {}, &ImageRecord::id);
    return left;
}

int placeCost(const ImageRecord &missing, const std::filesystem::path &file)
{
    if (file.filename().native() != missing.name)
        return 2;
    return file.parent_path().filename() == missing.folder->filename() ? 0 : 1;
}

} // namespace whisker
