#pragma once

#include "engine/base/result.h"
#include "engine/data/project_values.h"
#include "engine/predict/predictor.h"
#include "engine/predict/teaching_order.h"
#include "ui/job_thread.h"

#include <QHash>
#include <QObject>
#include <QStringList>
#include <QTimer>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <unordered_set>
#include <utility>
#include <vector>

namespace whisker {

class ProjectSession;

/// What a model says of a picture without being asked.
struct PictureGuess {
    ContentHash hash{};         ///< Of the picture that it is about.
    QString className;          ///< The most probable; empty where the picture can't be read.
    double probability = 0.0;   ///< Of that class, 0..1.
    double uncertainty = 0.0;   ///< As uncertainty().
    Sketch sketch{};
};

/// "cat 71 %"; less than sure is 99 % at most.
QString guessText(const PictureGuess &guess);

/// A loaded model as the controller's thread uses it; made, used and destroyed on that thread only.
class PictureGuesser {
public:
    virtual ~PictureGuesser() = default;
    virtual QStringList classes() const = 0; ///< That it tells apart.
    /// Once for each picture, in any order; what `stop` keeps from beginning has no call. `hash` of the guess is left to the caller; one that can't be read has no class.
    using Sink = std::function<void(std::size_t index, PictureGuess guess)>;
    virtual void guess(std::span<const HashedPicture> pictures, const Sink &sink, std::stop_token stop) = 0;
};
using GuesserLoader = std::function<Result<std::unique_ptr<PictureGuesser>>(const std::filesystem::path &modelFile)>;

/// Opens a model file with the engine's predictor. Features that Quick left on disk are used, and those of other pictures kept there.
Result<std::unique_ptr<PictureGuesser>> loadGuesser(const std::filesystem::path &modelFile);

/// Asks the model in use about the project's usable pictures in the background: the unlabelled ones first, then the labelled ones, to find labels that it
/// would not give. Each picture is asked about once a model, and again where its file changed. What it learns is kept in memory; the features of pictures, which models
/// that Quick made share, on disk. A model that knows no class of the project is refused, until a class comes that it knows.
///
/// Lives in the GUI thread and emits every signal there; no function waits. The work is done by one thread that steps behind the window, and rests while a
/// training or an import goes on. The destructor waits for the few pictures under way, at most.
class SuggestionController : public QObject {
    Q_OBJECT
public:
    static constexpr double kSurely = 0.8; ///< From this probability on a guess that differs from the label is told.

    explicit SuggestionController(ProjectSession &session, GuesserLoader loader = &loadGuesser, QObject *parent = nullptr);
    ~SuggestionController() override;

    /// Rests from true to false.
    void setTrainingGoesOn(bool goesOn);

    /// Null where there is none by the model in use, or the picture can't be read. Good until control returns to the event loop.
    const PictureGuess *guess(ImageId id) const;
    /// Unlabelled pictures, the one first whose label would teach most; made when the first have been asked about, when they have doubled, and at the end, so
    /// that it stays as it is while somebody labels. Some may have got their label meanwhile.
    const std::vector<ImageId> &teachingOrder() const { return m_order; }
    /// Labelled pictures, not excluded, of which the model says surely another class than their label, the surest first. Linear in the pictures.
    std::vector<ImageId> disagreements() const;
    bool isBusy() const { return m_isBusy; }
    struct Progress {
        int done = 0;  ///< Of the pictures to be asked about.
        int total = 0; ///< The same as done where nothing goes on.
    };
    const Progress &progress() const { return m_progress; }
    const QString &refusal() const { return m_refusal; } ///< Why the model in use is not asked; empty while it is.

Q_SIGNALS:
    void guessed(const std::vector<whisker::ImageId> &ids); ///< Guesses of these are new; empty: all guesses are gone.
    void orderChanged();
    void progressed();   ///< progress() is another.
    void refusalChanged();

private:
    using Guess = std::shared_ptr<const PictureGuess>;
    using Guesses = std::vector<std::pair<ImageId, Guess>>;
    struct Wish {
        ImageId id;
        std::filesystem::path file;
        ContentHash hash;
    };

    /// What is to be done next.
    struct Plan {
        std::vector<Wish> next;   // not more than one job's
        std::size_t unplaced = 0; // unlabelled ones with an answer and no place in the order
        bool wantsOrder = false;
        int done = 0;
        int total = 0;
    };

    void startAnew();
    void goOn();
    Plan plan() const;
    bool isAnswered(const ImageRecord &image) const;
    void ask(std::vector<Wish> wishes);
    void askOnWorker(const std::filesystem::path &model, const QStringList &classes, const std::vector<Wish> &wishes, int generation, std::stop_token stop);
    bool load(const std::filesystem::path &model, int generation);
    bool knowsOneOf(const QStringList &classes, int generation);
    void refuse(int generation, const QString &sentence, bool forItsClasses);
    void takeRefusal(const QString &sentence);
    void takeProgress(int done, int total);
    void take(const Guesses &guesses, int generation);
    void makeOrder();
    void endJob();
    template <class Function> void post(Function function);

    ProjectSession &m_session;
    const GuesserLoader m_loader;
    QHash<ImageId, Guess> m_guesses;
    std::vector<ImageId> m_order;
    std::unordered_set<ImageId> m_placed; // what the order was made of
    int m_generation = 0;       // counts models and projects: what comes back for an older one is dropped
    bool m_isBusy = false;
    QString m_refusal;
    bool m_refusedForClasses = false; // other classes may mend it
    Progress m_progress;
    bool m_trainingGoesOn = false;
    QTimer m_soon;              // many changes in one turn of the event loop are looked at once
    std::stop_source m_stop;

    std::filesystem::path m_loadedModel; // these two: the thread's alone
    std::unique_ptr<PictureGuesser> m_guesser;
    std::unique_ptr<JobThread> m_worker; // joined first
};

} // namespace whisker
