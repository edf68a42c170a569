#pragma once

#include "engine/data/doctor.h"
#include "engine/data/project_values.h"
#include "ui/job_thread.h"

#include <QObject>
#include <functional>
#include <memory>
#include <stop_token>
#include <unordered_map>

namespace whisker {

class Project;

/// Where each picture stands in an order; the least first.
using ImageRanks = std::unordered_map<ImageId, int>;

/// By name, in any case, numbers by their value: "pic2" before "pic10". Any thread.
ImageRanks ranksByName(const std::vector<ImageRecord> &images);

/// The most alike to `to` first: by thumbnailCorrelation(). Contents that `known` lacks are measured from their files and added to it; those that don't
/// decode come last. Reads and decodes where something is missing; any thread. Nothing where it was stopped, or `to` can't be compared.
using ShareDone = std::function<void(double)>;
std::shared_ptr<const ImageRanks> ranksBySimilarity(const std::vector<ImageRecord> &images, ImageId to, KnownContents &known, const ShareDone &onShare,
                                                    std::stop_token stop);

/// Makes ranks on a thread of its own, for the GUI thread. What was asked for last counts: the rest is dropped. The destructor waits for the picture that is
/// being measured, at most.
class ImageRanker : public QObject {
    Q_OBJECT
public:
    explicit ImageRanker(QObject *parent = nullptr);
    ~ImageRanker() override;

    void rankByName(std::vector<ImageRecord> images);
    void rankBySimilarity(std::shared_ptr<Project> project, std::vector<ImageRecord> images, ImageId to);
    void cancel(); ///< Neither ranked() nor failed() comes for what was asked before.

Q_SIGNALS:
    void progressed(double share); ///< 0..1, while pictures are measured.
    void ranked(const std::shared_ptr<const whisker::ImageRanks> &ranks);
    void failed(); ///< The picture to compare with can't be read.

private:
    void begin(std::function<std::shared_ptr<const ImageRanks>(std::stop_token)> work);

    std::stop_source m_stop;
    int m_asked = 0;
    KnownContents m_known; // used by the thread alone
    std::weak_ptr<Project> m_knownOf;
    JobThread m_thread{JobThread::AtEnd::Drop}; // last: joined first
};

} // namespace whisker
