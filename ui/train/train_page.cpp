#include "ui/train/train_page.h"

#include "ui/train/continued_texts.h"
#include "ui/train/pinned_card.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/result_card.h"
#include "ui/train/run_curves.h"
#include "ui/train/run_list.h"
#include "ui/train/run_overlays.h"
#include "ui/train/run_texts.h"
#include "ui/train/runs_view.h"
#include "ui/train/training_texts.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/curve_plot.h"
#include "widgets/drop_zone.h"
#include "widgets/figure_row.h"
#include "widgets/notice_bar.h"
#include "widgets/page_header.h"
#include "widgets/reveal.h"
#include "widgets/text_label.h"

#include <QHBoxLayout>
#include <QKeySequence>
#include <QPointer>
#include <QResizeEvent>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {

constexpr int kMargin = 20;
const QKeySequence kNewKey(Qt::CTRL | Qt::Key_N);

} // namespace

TrainPage::TrainPage(TrainFunction trainFunction, QWidget *parent)
    : Page(parent), m_controller(new TrainingController(std::move(trainFunction), this)), m_history(new RunHistory(this))
{
    setAccessibleName(tr("Train"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, 16, kMargin, kMargin);
    column->setSpacing(12);
    makeHeader();
    makeFigures();
    column->addWidget(m_header);
    column->addWidget(m_offer);
    column->addWidget(m_notice);
    column->addWidget(m_figures);
    m_stack = new QStackedWidget(this);
    m_empty = new DropZone(Icon::Train, tr("Nothing to learn from yet"),
                           tr("Training needs labelled pictures: two classes or more, some ten pictures each to begin with."),
                           tr("Go to Data"), this);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(makeBody());
    makeAllRuns();
    m_stack->addWidget(m_allRuns);
    column->addWidget(m_stack, 1);
    connect(m_empty, &DropZone::buttonClicked, this, [this] { Q_EMIT pageWanted(QStringLiteral("data")); });
    connect(m_empty, &DropZone::filesDropped, this, &TrainPage::filesDropped);
    makeContinue();
    connectController();
    connectHistory();
    connectAllRuns();
    showView(View::Setup);
}

TrainPage::~TrainPage()
{
    m_allRuns->keepNotes();
    // The run's last news must not reach a page that is half gone.
    disconnect(m_controller, nullptr, this, nullptr);
    disconnect(m_history, nullptr, this, nullptr);
}

void TrainPage::makeHeader()
{
    m_header = new PageHeader(tr("Train a model"), this);
    makeRunButtons();
    m_stop = new Button(tr("Stop"), Button::Kind::Danger, this);
    m_stop->setKeyHint(QKeySequence(Qt::Key_Escape));
    m_header->addButton(m_stop);
    m_primary = new Button(tr("Start"), Button::Kind::Primary, this);
    m_header->addButton(m_primary);
    m_notice = new NoticeBar(this);
    makeOffer();

    connect(m_primary, &Button::clicked, this, &TrainPage::primary);
    connect(m_stop, &Button::clicked, this, &TrainPage::stop);
    const auto addKey = [this](const QKeySequence &keys, auto does) {
        auto *shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, does);
    };
    for (const int key : {int(Qt::Key_Return), int(Qt::Key_Enter)})
        addKey(Qt::CTRL | Qt::Key(key), [this] { // not what leads there: pressed twice it would start a run that nobody has seen
            if (m_view == View::Setup)
                start();
        });
    addKey(kNewKey, [this] { setUpNew(); });
    m_stopKey = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    m_stopKey->setContext(Qt::WidgetWithChildrenShortcut);
    connect(m_stopKey, &QShortcut::activated, this, [this] {
        if (!closeFocusedMessage())
            stop();
    });
}

void TrainPage::makeFigures()
{
    m_figures = new FigureRow(this);
    m_figures->addFigure(QStringLiteral("accuracy"), tr("Validation accuracy"));
    m_figures->addFigure(QStringLiteral("loss"), tr("Validation loss"), 1);
    m_figures->addFigure(QStringLiteral("bestAccuracy"), tr("Validation accuracy, best epoch"));
    m_figures->addFigure(QStringLiteral("bestLoss"), tr("Validation loss, best epoch"), 1);
    m_figures->addFigure(QStringLiteral("speed"), tr("Speed"));
    m_figures->addFigure(QStringLiteral("left"), tr("Time left"));
    m_figures->addFigure(QStringLiteral("took"), tr("Took"));
    m_figures->addFigure(QStringLiteral("pictures"), tr("Pictures"));
    m_figures->addFigure(QStringLiteral("iteration"), tr("Iteration"));
    m_figures->addFigure(QStringLiteral("epoch"), tr("Epoch"));
    m_figures->addFigure(QStringLiteral("step"), tr("Step"), 3);
    m_figures->addFigure(QStringLiteral("memory"), tr("Memory"), 2);
    m_figures->addFigure(QStringLiteral("waited"), tr("Waited for pictures"), 4);
}

QWidget *TrainPage::makeBody()
{
    auto *setup = new QWidget(this);
    auto *setupColumn = new QVBoxLayout(setup);
    setupColumn->setContentsMargins(0, 0, 0, 0);
    setupColumn->setSpacing(12);
    m_recipe = new RecipePanel(setup);
    m_changesCard = new ChangesCard(setup);
    m_materialCard = new MaterialCard(setup);
    connect(m_recipe, &RecipePanel::configChanged, this, &TrainPage::updateHeader);
    setupColumn->addWidget(m_changesCard); // above all that may be long, or nobody sees it
    setupColumn->addWidget(m_recipe);
    setupColumn->addWidget(m_materialCard);
    setupColumn->addStretch(1);

    auto *run = new QWidget(this);
    auto *runColumn = new QVBoxLayout(run);
    runColumn->setContentsMargins(0, 0, 0, 0);
    runColumn->setSpacing(12);
    m_resultCard = new ResultCard(run);
    m_curves = new RunCurves(run);
    runColumn->addWidget(m_resultCard);
    runColumn->addWidget(m_curves, 1);
    m_overlays = new RunOverlays(*m_history, *m_curves, this);
    connect(m_resultCard, &ResultCard::tryWished, this, &TrainPage::tryModel);

    m_left = new QStackedWidget(this);
    auto *scroll = new QScrollArea(this); // the settings are many
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(setup);
    m_left->addWidget(scroll);
    m_left->addWidget(run);

    m_runsCard = new Card(tr("Runs"), this);
    m_runs = new RunList(m_runsCard);
    m_noRuns = new TextLabel(tr("Your first run will stand here"), Tone::Quiet, m_runsCard);
    m_runsCard->addWidget(m_runs, 1);
    m_runsCard->addWidget(m_noRuns);
    m_runs->hide();
    connect(m_runs, &RunList::runChosen, this, &TrainPage::choose);
    connectRunList();

    auto *body = new QWidget(this);
    auto *row = new QHBoxLayout(body);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(16);
    row->addWidget(m_left, 1);
    auto *side = new QVBoxLayout;
    side->setSpacing(12);
    m_pinned = new PinnedCard(m_controller->pins(), body);
    side->addWidget(m_pinned);
    side->addWidget(m_runsCard);
    side->addStretch(1);
    row->addLayout(side);
    m_pinned->takeDropsOn(*this);
    return body;
}

void TrainPage::connectController()
{
    connect(m_controller, &TrainingController::stateChanged, this, [this] {
        const QPointer<const QWidget> focused = window()->focusWidget();
        m_recipe->setTraining(m_controller->isRunning());
        updateHeader();
        updateFigures();
        updateRunning();
        reportActivity();
        keepFocus(focused);
    });
    connect(m_controller, &TrainingController::runFolderKnown, this, &TrainPage::nameCurves);
    connect(m_controller, &TrainingController::stageChanged, this, [this] {
        updateHeader();
        reportActivity();
    });
    connect(m_controller, &TrainingController::pointsAdded, this, [this](const std::vector<MetricPoint> &points) {
        if (m_view == View::Live)
            m_curves->append(points);
    });
    connect(m_controller, &TrainingController::pointsTakenBack, this, [this] {
        if (m_view != View::Live)
            return;
        m_curves->setPoints(m_controller->points());
        m_curves->setMarks(m_controller->marks());
    });
    connect(m_controller, &TrainingController::pinnedAnswered, this,
            [this](const std::vector<PinnedAnswer> &answers) { m_pinned->addAnswers(answers); });
    connect(m_controller, &TrainingController::marked, this, [this] {
        if (m_view == View::Live)
            m_curves->setMarks(m_controller->marks());
    });
    connect(m_controller, &TrainingController::progressed, this, [this](const TrainProgress &progress) {
        if (!progress.device.empty())
            Q_EMIT deviceChanged(QString::fromStdString(progress.device));
        if (m_view == View::Live)
            showBestEpoch();
        updateHeader();
        updateFigures();
        updateRunning();
        reportActivity();
    });
    connect(m_controller, &TrainingController::moreLeftOut, this, [this] { tellOfLeftOut(m_controller->leftOut()); });
    connect(m_controller, &TrainingController::noted, this,
            [this](const QString &sentence) { tellOfRun(NoticeBar::Kind::Warning, sentence); });
    connect(m_controller, &TrainingController::noteWithdrawn, this, [this](const QString &sentence) {
        std::erase_if(m_news, [&](const Notice &news) { return news.text == sentence; });
        updateNotice();
    });
    connect(m_controller, &TrainingController::finished, this, &TrainPage::onFinished);
}

void TrainPage::connectHistory()
{
    connect(m_history, &RunHistory::runsChanged, this, [this] {
        m_runs->setRuns(m_history->runs());
        offerBrokenRun();
        updateContinue();
        updateRunning();
    });
    connect(m_history, &RunHistory::runsChanged, this, [this] { m_history->findChanges(m_material.snapshot); });
    connect(m_history, &RunHistory::changesFound, this, [this](const SnapshotChanges &changes) {
        const RunSummary *last = m_history->lastCompleted();
        m_changesCard->showChanges(changes, last ? m_history->nameOf(*last) : QString());
    });
    connect(m_history, &RunHistory::curvesRead, this, &TrainPage::showPast);
    connect(m_history, &RunHistory::commonClassesRead, this, [this](const std::filesystem::path &folder, const CommonClasses &common) {
        if (m_view == View::Past && m_past && m_past->folder == folder)
            showPastResult(common);
    });
    connect(m_history, &RunHistory::failed, this,
            [this](const QString &sentence) { say(NoticeBar::Kind::Error, sentence); });
    connect(m_notice, &NoticeBar::closed, this, &TrainPage::closeNotice);
    connect(m_notice, &NoticeBar::actionTriggered, this, [this] { Q_EMIT pageWanted(QStringLiteral("data")); });
}

void TrainPage::setMaterial(const TrainingMaterial &material)
{
    const bool otherProject = material.runsFolder != m_material.runsFolder;
    const bool wasReadOnly = m_material.readOnly;
    m_material = material;
    if (otherProject) {
        m_controller->forget();
        takePinned();
        leaveLastRun();
        m_wish = Wish::None;
        m_overlays->clear();
        m_past.reset();
        m_looksForBroken = true;
        m_history->setRunsFolder(material.runsFolder);
        m_view = m_before = View::Setup;
    }
    if (otherProject)
        m_changesCard->showChanges({}, {});
    if (!material.obstacle.isEmpty() || wasReadOnly)
        m_said.reset(); // it is what is to be seen to, or was
    if (wasReadOnly && !material.readOnly && !otherProject) { // what another window has made of it meanwhile
        takePinned();
        m_history->reload();
    }
    m_allRuns->setReadOnly(material.readOnly);
    m_materialCard->showMaterial(material);
    m_history->findChanges(material.snapshot);
    m_recipe->setSnapshot(material.obstacle.isEmpty() || material.readOnly ? material.snapshot : nullptr); // a sheet or a search of rates writes nothing
    const bool nothing = material.snapshot && material.snapshot->entries.empty();
    const View resting = nothing ? View::Empty : View::Setup;
    if (m_view == View::Setup || m_view == View::Empty)
        showView(resting);
    if (m_before == View::Setup || m_before == View::Empty)
        m_before = resting;
    updateNotice();
    updateHeader();
}

void TrainPage::stop()
{
    m_controller->cancel();
}

void TrainPage::primary()
{
    if (m_controller->isRunning())
        return;
    if (m_view == View::Setup)
        start();
    else
        setUpNew();
}

void TrainPage::setUpNew()
{
    if (m_controller->isRunning() || m_view == View::Empty)
        return;
    showView(View::Setup);
    m_recipe->focusTarget()->setFocus();
    reveal(m_recipe->focusTarget(), 0);
}

void TrainPage::choose(const std::filesystem::path &runFolder)
{
    if (runFolder.empty())
        showView(View::Live);
    else
        m_history->readCurves(runFolder);
}

void TrainPage::tryModel(const std::filesystem::path &modelFile)
{
    Q_EMIT modelChosen(modelFile);
    Q_EMIT pageWanted(QStringLiteral("predict"));
}

void TrainPage::showPast(const RunRecord &record)
{
    m_past = record.summary;
    m_said.reset();
    m_closed.clear();
    showView(View::Past);
    const RunReceipt &receipt = m_past->receipt;
    m_curves->begin(receipt.config);
    m_curves->setOver(!m_past->underWay); // what another program trains may be without points yet
    m_curves->append(record.metrics);
    m_curves->setMarks(record.marks);
    m_curves->setBestEpoch(receipt.config.mode != TrainMode::Quick ? receipt.bestEpoch : 0);
    nameCurves();
    showPastResult({});
    m_history->readCommonClasses(m_past->folder);
    m_resultCard->setVisible(!m_past->underWay);
    showPastFigures(receipt);
}

void TrainPage::showPastResult(const CommonClasses &common)
{
    m_resultCard->showOutcome({m_past->receipt, m_past->hasModel ? m_past->folder / kModelFile : std::filesystem::path(), openRun(*m_past).has_value(), common});
}

void TrainPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_pinned->setMostRowsSeen(height() < 700 ? 2 : 4);
    m_pinned->setFixedWidth(std::clamp(width() * 3 / 10, 264, 352));
    m_runsCard->setFixedWidth(m_pinned->width());
    m_runsCard->setMaximumHeight(std::max(160, m_stack->height()));
}

} // namespace whisker
