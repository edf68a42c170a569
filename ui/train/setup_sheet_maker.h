#pragma once

#include "engine/base/result.h"
#include "engine/image/augment.h"
#include "engine/image/preprocess.h"
#include "engine/train/picture_mixing.h"
#include "ui/job_thread.h"

#include <QImage>
#include <QObject>
#include <atomic>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

namespace whisker {

/// What a sheet shows.
struct SheetWish {
    std::filesystem::path file;
    Augmentation augmentation;
    Preprocessing preprocessing{}; ///< Size and shape of the pictures as the network sees them.
    PictureMixing mixing{};
    std::vector<std::filesystem::path> partners{}; ///< To be mixed into the picture, one after the other; those that can't be read are left out.
    bool operator==(const SheetWish &) const = default;
};

/// One variant.
struct SheetPicture {
    QImage image;
    std::optional<std::size_t> partner{}; ///< In SheetWish::partners: what was mixed in.
    double share = 1.0;                   ///< What is still the picture's own, 0.5..1.
};

/// Makes variants of a picture with the engine's own augmentation and mixing, on a thread of its own; of several wishes the last counts. Lives in the GUI thread;
/// the destructor waits for the picture under way.
class SheetMaker : public QObject {
    Q_OBJECT
public:
    static constexpr int kVariants = 12;
    explicit SheetMaker(QObject *parent = nullptr);

    void want(const SheetWish &wish);

Q_SIGNALS:
    void made(const std::vector<SheetPicture> &variants); ///< kVariants of them.
    void failed(const QString &sentence);                 ///< The picture can't be read.

private:
    void make(const SheetWish &wish, int number);

    std::atomic<int> m_number = 0; // of the last wish
    JobThread m_thread;            // last: joined before what it uses goes away
};

} // namespace whisker
