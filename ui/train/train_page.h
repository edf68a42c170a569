#pragma once

#include "ui/page.h"
#include "ui/train/material_card.h"
#include "ui/train/run_curves.h"
#include "ui/train/run_history.h"
#include "ui/train/run_overlays.h"
#include "ui/train/training_controller.h"
#include "widgets/notice_bar.h"

#include <QElapsedTimer>
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

class QShortcut;
class QStackedWidget;
class QTimer;

namespace whisker {

class Button;
class Card;
class ChangesCard;
class DropZone;
class FigureRow;
class PageHeader;
class PinnedCard;
class ProjectSession;
class RecipePanel;
class ResultCard;
class RunList;
class RunsView;
class TextLabel;

/// Chooses how to train, trains, and shows how it goes and went. GUI thread.
class TrainPage : public Page {
    Q_OBJECT
public:
    explicit TrainPage(TrainFunction trainFunction = &train, QWidget *parent = nullptr);
    ~TrainPage() override;

    QString pageId() const override { return QStringLiteral("train"); }
    QString title() const override { return tr("Train"); }
    Icon icon() const override { return Icon::Train; }
    QWidget *focusTarget() override;

    /// From now on trains on the project that `session` has open, and announces its models there. `session` outlives the page. Call once.
    void followSession(ProjectSession &session);

    /// What there is to train on. Another runs folder means another project: a run that goes on is cancelled and forgotten.
    void setMaterial(const TrainingMaterial &material);

    TrainingController *controller() const { return m_controller; }
    RunHistory *history() const { return m_history; }
    RunCurves *curves() const { return m_curves; }
    PinnedCard *pinned() const { return m_pinned; }
    RecipePanel *recipe() const { return m_recipe; }
    NoticeBar *offer() const { return m_offer; } ///< To go on with a run that was broken off, or to delete some.
    NoticeBar *notice() const { return m_notice; } ///< Of the run on show, of what was just done, or why nothing can begin.
    RunsView *allRuns() const { return m_allRuns; }

    void start(); ///< As the button does, after changes of labels that are under way; nothing where there is an obstacle or a run goes on.
    void continueLast(); ///< The same from the model of the last completed run, set up as that was; nothing where nothing changed since.
    void stop();
    void pause(); ///< Ends the run behind a checkpoint, to be gone on with; nothing for quick, which takes seconds.
    void goOn();  ///< With the run on show where it was paused, stopped or broken off; nothing where it can't be.
    void trainMore(int epochs); ///< Makes the run on show so many epochs longer than it was, or was to be where it has not come to its end; nothing where it can't be.
    void setUpNew(); ///< Shows the set-up; nothing while a run goes on.
    void repeat(const std::filesystem::path &runFolder); ///< Trains once more as that run was, and says in the end whether it came out equal; nothing while one goes on.
    void showAllRuns();  ///< The table of runs; leaveAllRuns() leads back to what was on show.
    void leaveAllRuns();

Q_SIGNALS:
    void filesDropped(const QStringList &paths); ///< On the empty page: to be imported.
    void modelFinished(const std::filesystem::path &modelFile); ///< Of a run that ended as planned.
    void modelChosen(const std::filesystem::path &modelFile);   ///< To be tried: of any run in the list.

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    enum class View { Empty, Setup, Live, Past, Runs };
    enum class Wish { None, Start, Continue };
    /// The run on show, as far as it can be gone on with.
    struct OpenRun {
        std::filesystem::path folder;
        RunReceipt receipt; ///< Its epochs are those that were done when a part of it ended.
        bool complete = false; ///< It can only be made longer; another can only where it has a checkpoint.
        bool stopped = false;  ///< It ended after the epochs of its receipt.
        bool hasCheckpoint = false;
    };
    /// What the bar above the page says.
    struct Notice {
        NoticeBar::Kind kind;
        QString text;
        QString action{};
        bool closed = false; ///< By the user.
    };
    static std::optional<OpenRun> openRun(const RunSummary &run);
    std::optional<OpenRun> openRun() const;
    void goOnWith(const OpenRun &run, int moreEpochs);
    void beginPinned(const std::vector<std::string> &classes);
    void offerBrokenRun();
    void withdrawOffer();
    void connectRunList();
    void makeAllRuns();
    void connectAllRuns();
    void back();
    static void openFolder(const std::filesystem::path &folder);
    void layOver(const std::filesystem::path &runFolder);
    RunOverlays::Offer overlayOffer(const std::filesystem::path &runFolder) const;
    void beginRepeat(const std::filesystem::path &original, const RepeatPlan &plan);
    void judgeRepeat(const TrainReport &report);
    void tellVerdict(const std::filesystem::path &repeat, const RepeatVerdict &verdict);
    void beginsWith(RunReceipt receipt);
    RunSummary begunRun() const;
    RunSummary runningSummary() const;
    void askToRemove(const std::vector<std::filesystem::path> &runFolders);
    void forgetRun(const std::filesystem::path &runFolder);
    void makeRunButtons();
    void makeOffer();
    void updateRunButtons();
    void makeHeader();
    void makeFigures();
    QWidget *makeBody();
    void connectController();
    void connectHistory();

    void showView(View view);
    void updateHeader();
    void say(NoticeBar::Kind kind, const QString &text, const QString &action = {});
    void tellOfRun(NoticeBar::Kind kind, const QString &text, const QString &action = {});
    void tellOfLeftOut(const std::vector<SkippedFile> &pictures);
    void settleNews(const std::vector<std::string> &notes);
    std::optional<Notice> newsOfRun() const;
    std::optional<Notice> noticeOfPast() const;
    std::optional<Notice> noticeOfView() const;
    void updateNotice();
    void closeNotice();
    bool closeFocusedMessage();
    void updateFigures();
    void updateRunning();
    void reportActivity();
    void primary();
    void begin();
    void beginWhenReady(Wish wish);
    void focusNext();
    void keepFocus(const QWidget *before);
    void focusResult();
    bool refusesRuns();
    void leaveLastRun();
    void beginRun(const TrainConfig &config, const std::filesystem::path &startModel);
    void makeContinue();
    void updateContinue();
    QString pastText(const RunSummary &run) const;
    void materialChanged();
    void takeRecipe();
    void keepRecipe();
    void keep(const std::string &key, const std::string &value);
    void keepPinned();
    void takePinned();
    void requestMaterial();
    void onFinished(const TrainingEnd &end);
    void leaveRefused();
    const TrainReport *report() const;
    RunReceipt liveReceipt() const;
    void showLiveResult();
    void showBestEpoch();
    void nameCurves();
    void showPast(const RunRecord &record);
    void showPastResult(const CommonClasses &common);
    void showPastFigures(const RunReceipt &receipt);
    void showValidation(const RunReceipt &receipt, bool over);
    void showCosts(const std::optional<MemoryUse> &memory, const std::optional<LoaderWait> &wait, bool over);
    void showState();
    QString lossText(const std::optional<double> &nats) const;
    QString leftOutText(const std::vector<SkippedFile> &pictures) const;
    void choose(const std::filesystem::path &runFolder);
    void tryModel(const std::filesystem::path &modelFile);

    TrainingController *m_controller;
    RunHistory *m_history;
    ProjectSession *m_session = nullptr;
    QTimer *m_materialTimer = nullptr; // runs while the material is older than the project
    int m_materialRequests = 0;        // under way
    Wish m_wish = Wish::None;          // as soon as the material is up to date
    TrainingMaterial m_material;
    View m_view = View::Setup;
    View m_before = View::Setup; // View::Runs: where it leads back to
    std::optional<TrainingEnd> m_end; // of the last run of this session
    std::vector<Notice> m_news;       // of the run that goes on or was the last
    QString m_leftOutText;            // the one of m_news that counts pictures
    std::optional<Notice> m_said;     // of what was just done, until something else is shown
    QString m_closed;                 // an obstacle, or notes of a past run, that the user has closed, until something else is shown
    std::optional<RunSummary> m_past;           // of View::Past
    bool m_looksForBroken = false;              // the project was opened, its runs are not read yet
    std::function<void()> m_offered;            // what m_offer does
    bool m_asks = false;                        // m_offer is a question of the view on show
    RunReceipt m_begun;                         // of the run that goes on, as it began
    QElapsedTimer m_since;                      // that
    bool m_takingRecipe = false; // from the project: nothing to keep

    PageHeader *m_header = nullptr;
    Button *m_primary = nullptr;
    Button *m_stop = nullptr;
    Button *m_pause = nullptr;
    Button *m_goOn = nullptr;
    Button *m_more = nullptr;
    Button *m_back = nullptr;
    NoticeBar *m_offer = nullptr;
    NoticeBar *m_notice = nullptr;
    FigureRow *m_figures = nullptr;
    QStackedWidget *m_stack = nullptr; // empty state, or the body
    DropZone *m_empty = nullptr;
    QStackedWidget *m_left = nullptr;  // set-up, or curves
    RecipePanel *m_recipe = nullptr;
    ChangesCard *m_changesCard = nullptr;
    MaterialCard *m_materialCard = nullptr;
    ResultCard *m_resultCard = nullptr;
    RunCurves *m_curves = nullptr;
    PinnedCard *m_pinned = nullptr;
    Card *m_runsCard = nullptr;
    RunList *m_runs = nullptr;
    RunsView *m_allRuns = nullptr;
    RunOverlays *m_overlays = nullptr;
    TextLabel *m_noRuns = nullptr;
    QShortcut *m_stopKey = nullptr;
    QShortcut *m_backKey = nullptr;
};

} // namespace whisker
