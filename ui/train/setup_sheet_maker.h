#pragma once

#include "engine/base/result.h"
#include "engine/image/augment.h"
#include "engine/image/preprocess.h"
#include "ui/job_thread.h"

#include <QImage>
#include <QObject>
#include <atomic>
#include <filesystem>
#include <vector>

namespace whisker {

/// What a sheet shows.
struct SheetWish {
    std::filesystem::path file;
    Augmentation augmentation;
    Preprocessing preprocessing{}; ///< Size and shape of the pictures as the network sees them.
    bool operator==(const SheetWish &) const = default;
};

/// Makes variants of a picture with the engine's own augmentation, on a thread of its own; of several wishes the last counts. Lives in the GUI thread; the
/// destructor waits for the picture under way.
class SheetMaker : public QObject {
    Q_OBJECT
public:
    static constexpr int kVariants = 12;
    explicit SheetMaker(QObject *parent = nullptr);

    void want(const SheetWish &wish);

Q_SIGNALS:
    void made(const std::vector<QImage> &variants); ///< kVariants of them.
    void failed(const QString &sentence);           ///< The picture can't be read.

private:
    void make(const SheetWish &wish, int number);

    std::atomic<int> m_number = 0; // of the last wish
    JobThread m_thread;            // last: joined before what it uses goes away
};

} // namespace whisker
