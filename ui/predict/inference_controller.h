#pragma once

#include "engine/base/result.h"
#include "engine/image/rgb_image.h"
#include "ui/predict/picture_answer.h"

#include <QImage>
#include <QObject>
#include <QSize>
#include <QStringList>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

namespace whisker {

/// What a page says of the model that answers.
struct ModelSummary {
    std::filesystem::path file;
    QStringList classes;
    bool stoppedEarly = false;           ///< The best so far of a run that was stopped, broken off or diverged.
    QString recipe;                      ///< "Quick", "From scratch"; empty where the file does not say.
    qint64 trainedAtMs = 0;              ///< Since 1970; 0: not known.
    std::optional<double> testAccuracy;  ///< 0..1, where there was a test split.
    std::optional<double> validationAccuracy;
};

/// A loaded model as the inference thread uses it; made, used and destroyed on that thread only.
class PictureClassifier {
public:
    virtual ~PictureClassifier() = default;
    virtual const ModelSummary &summary() const = 0;
    /// What decodeFile() must keep of a picture so that the answer is the same as from the whole picture.
    virtual int shortEdgePx() const = 0;
    /// Answers for an upright RGB picture of any size, not empty, with `threads` >= 1 threads; readMs and note are left to the caller.
    virtual Result<PictureAnswer> classify(const RgbImage &picture, int threads) = 0;
};
using ClassifierLoader = std::function<Result<std::unique_ptr<PictureClassifier>>(const std::filesystem::path &)>;

/// Opens a model file with the engine's predictor.
Result<std::unique_ptr<PictureClassifier>> loadClassifier(const std::filesystem::path &modelFile);

struct InferenceRequest {
    PictureId id = 0;
    QString path;   ///< Of a file; empty for a pasted picture.
    QImage pasted;
};

/// What the inference thread found out.
struct FilesFound { QStringList files; bool truncated = false; }; ///< Of findFiles(); `truncated`: there were more than kMaxFiles.
struct ModelReady { std::shared_ptr<const ModelSummary> summary; };
struct ModelRefused { std::filesystem::path file; QString sentence; };
struct PictureRead { PictureId id = 0; QImage thumbnail; QSize fullSize; };
struct PictureAnswered { PictureId id = 0; PictureAnswer answer; };
struct PictureRefused { PictureId id = 0; QString sentence; };
struct PictureShown { PictureId id = 0; QImage image; QSize fullSize; };
using InferenceEvent = std::variant<FilesFound, ModelReady, ModelRefused, PictureRead, PictureAnswered, PictureRefused, PictureShown>;

/// One long-lived thread that decodes pictures and asks the model. Lives in the GUI thread, every signal is emitted there; all functions return at
/// once. The destructor waits for the picture under way, at most.
class InferenceController : public QObject {
    Q_OBJECT
public:
    static constexpr std::size_t kMaxFiles = 20'000; ///< Of one drop; nobody looks at more one by one.
    static constexpr std::size_t kTogether = 8;      ///< Pictures read at once, in parallel, before another wish can come in between.
    static constexpr int kThumbnailPx = 160;         ///< Short edge of a thumbnail: the strip's pictures at twice the resolution.
    static constexpr int kShownPx = 1600;            ///< No edge of the picture on show is longer.

    explicit InferenceController(ClassifierLoader loader = &loadClassifier, QObject *parent = nullptr);
    ~InferenceController() override;

    /// Answers come from this model from now on, as soon as it is loaded; an empty path means there is none. Gives ModelReady or ModelRefused; answers
    /// before that event in the order of events are the older model's.
    void setModel(const std::filesystem::path &modelFile);
    /// While a run trains, one thread is enough for an answer and the run keeps the others.
    void setTrainingGoesOn(bool goesOn) { m_trainingGoesOn = goesOn; }

    /// Lists the pictures in the folders among `paths` (with sub-folders, in order of names) and every file as it is; gives FilesFound.
    void findFiles(const QStringList &paths);
    /// Reads and answers them in this order, after what waits; each gives PictureRead and, with a model, PictureAnswered, or PictureRefused.
    void ask(std::vector<InferenceRequest> requests);
    /// The same in place of what waits to be answered: for a new model. Folders that are being listed and the picture to show stay wished for.
    void askInstead(std::vector<InferenceRequest> requests);
    /// Decodes one picture for the big view, before all that waits; gives PictureShown or PictureRefused. A newer wish replaces an older one.
    void show(InferenceRequest request);
    /// Drops what waits for this picture; what comes back for it all the same, the caller drops.
    void forget(PictureId id);
    /// Forgets all requests, and what has come back and not been told; the model stays.
    void reset();

Q_SIGNALS:
    /// In the order in which they happened; several at once where the thread is faster than the window.
    void happened(const std::vector<whisker::InferenceEvent> &events);

private:
    struct Wish { ///< What the thread does next: one of these.
        quint64 generation = 0;
        std::optional<std::filesystem::path> model;
        std::optional<QStringList> list;
        std::optional<InferenceRequest> show;
        std::vector<InferenceRequest> asked;
    };
    struct ReadPicture;
    void work(std::stop_token stop);
    bool nextWish(Wish &wish, std::stop_token stop);
    void load(const std::filesystem::path &file);
    void list(const QStringList &paths, std::stop_token stop);
    void display(const InferenceRequest &request);
    void answer(const std::vector<InferenceRequest> &requests, std::stop_token stop);
    void answerOne(const InferenceRequest &request, const ReadPicture &picture);
    int threads() const;
    void post(InferenceEvent event);
    void drain();

    const ClassifierLoader m_loader;
    std::atomic<bool> m_trainingGoesOn = false;

    std::mutex m_mutex; // guards what follows, to m_generation
    std::condition_variable_any m_wished;
    std::optional<std::filesystem::path> m_model;
    std::deque<QStringList> m_lists;
    std::optional<InferenceRequest> m_show;
    std::deque<InferenceRequest> m_asked;
    std::vector<InferenceEvent> m_events; // told by the event that is under way
    quint64 m_generation = 0;             // of reset(): what was begun before counts no more

    quint64 m_workGeneration = 0; // this and m_classifier: inference thread only
    std::unique_ptr<PictureClassifier> m_classifier;
    std::jthread m_thread; // last: stopped and joined before what it uses goes away
};

} // namespace whisker
