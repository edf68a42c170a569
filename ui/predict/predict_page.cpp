#include "ui/predict/predict_page.h"

#include "ui/predict/answer_card.h"
#include "ui/project_session.h"
#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/drop_zone.h"
#include "widgets/notice_bar.h"
#include "widgets/page_header.h"
#include "widgets/picture_strip.h"
#include "widgets/picture_view.h"
#include "widgets/probability_bars.h"
#include "widgets/text_label.h"

#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMimeData>
#include <QScrollArea>
#include <QScrollBar>
#include <QShortcut>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QVBoxLayout>
#include <algorithm>

namespace whisker {

namespace {

constexpr int kMargin = 20;
constexpr int kCountRows = 6;
constexpr int kShownCacheKiB = 256 * 1024; // some 25 pictures of the largest size

/// Where a dialog begins. One that isn't there would end up as the name of a file.
QString picturesFolder()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
    return QFileInfo(folder).isDir() ? folder : QDir::homePath();
}

} // namespace

PredictPage::PredictPage(ClassifierLoader loader, QWidget *parent)
    : Page(parent), m_controller(new InferenceController(std::move(loader), this)), m_pictures(new PictureListModel(this)),
      m_shown(kShownCacheKiB)
{
    setAccessibleName(tr("Predict"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, 16, kMargin, kMargin - 4);
    column->setSpacing(12);
    makeHeader();
    column->addWidget(m_header);
    column->addWidget(m_notice);

    m_stack = new QStackedWidget(this);
    m_noModel = new DropZone(Icon::Train, tr("There is no model yet"),
                             tr("Training makes one: with the demonstration's pictures that takes seconds. The model of a run that was stopped can be tried from the list of runs."),
                             tr("Go to Train"), this);
    m_noPicture = new DropZone(Icon::Predict, tr("What is in your picture?"),
                               tr("Drop pictures or a folder here, or paste one with Ctrl+V. The files stay where they are."),
                               tr("Open pictures"), this);
    m_content = makeContent();
    m_stack->addWidget(m_noModel);
    m_stack->addWidget(m_noPicture);
    m_stack->addWidget(m_content);
    column->addWidget(m_stack, 1);
    connect(m_noModel, &DropZone::buttonClicked, this, [this] { Q_EMIT pageWanted(QStringLiteral("train")); });
    connect(m_noPicture, &DropZone::buttonClicked, this, &PredictPage::openPictures);

    auto *target = new DropTarget(this);
    connect(target, &DropTarget::filesDropped, this, &PredictPage::addPaths);
    connect(target, &DropTarget::pictureDropped, this, &PredictPage::addPasted);
    for (DropZone *zone : {m_noModel, m_noPicture}) {
        connect(zone, &DropZone::filesDropped, this, &PredictPage::addPaths);
        connect(zone, &DropZone::pictureDropped, this, &PredictPage::addPasted);
    }
    makeShortcuts();
    connect(m_controller, &InferenceController::happened, this, &PredictPage::hear);
    updateView();
}

PredictPage::~PredictPage()
{
    disconnect(m_controller, nullptr, this, nullptr);
}

void PredictPage::makeHeader()
{
    m_header = new PageHeader(tr("What is this?"), this);
    const QKeySequence newestKey(Qt::CTRL | Qt::Key_M);
    m_newest = new Button(tr("Use newest model"), Button::Kind::Plain, this);
    m_newest->setToolTip(tr("Answers come from a run that you chose; this goes back to the newest finished one (%1)").arg(keyText(newestKey)));
    m_newest->setShortcut(newestKey);
    m_newest->hide();
    m_remove = new Button(tr("Remove"), Button::Kind::Plain, this);
    m_remove->setToolTip(tr("Takes this picture off the page; its file stays (%1)").arg(keyText(QKeySequence::Delete)));
    const QKeySequence clearKey(Qt::CTRL | Qt::Key_Delete);
    m_clear = new Button(tr("Clear all"), Button::Kind::Plain, this);
    m_clear->setToolTip(tr("Takes all pictures off the page; their files stay (%1)").arg(keyText(clearKey)));
    m_clear->setShortcut(clearKey);
    m_open = new Button(tr("Open pictures"), Button::Kind::Primary, this);
    m_open->setKeyHint(QKeySequence::Open);
    for (Button *button : {m_newest, m_remove, m_clear, m_open}) {
        button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed); // the model's name elides before them
        m_header->addButton(button);
    }
    m_notice = new NoticeBar(this);
    connect(m_remove, &Button::clicked, this, &PredictPage::removeCurrent);
    connect(m_clear, &Button::clicked, this, &PredictPage::clearPictures);
    connect(m_open, &Button::clicked, this, &PredictPage::openPictures);
}

QWidget *PredictPage::makeContent()
{
    auto *content = new QWidget(this);
    m_view = new PictureView(content);
    m_strip = new PictureStrip(content);
    m_strip->setModel(m_pictures);
    m_strip->setAccessibleName(tr("Pictures"));
    m_strip->setHint(tr("Drop pictures or a folder anywhere on this page, or paste with Ctrl+V"));

    auto *above = new QHBoxLayout;
    above->setSpacing(20);
    above->addWidget(m_view, 64);
    above->addWidget(makeSide(content), 35);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addLayout(above, 1);
    column->addWidget(m_strip);

    connect(m_strip, &PictureStrip::currentRowChanged, this, [this] {
        updatePicture();
        updateAnswer();
    });
    connect(m_answer, &AnswerCard::buttonClicked, this, [this] { Q_EMIT pageWanted(QStringLiteral("train")); });
    return content;
}

/// The answer and what all pictures got: more than a low window is high.
QWidget *PredictPage::makeSide(QWidget *content)
{
    auto *cards = new QWidget;
    m_answer = new AnswerCard(cards);
    m_all = new Card(tr("All pictures"), cards);
    m_allBars = new ProbabilityBars(m_all);
    m_allBars->setMaximumRows(kCountRows);
    m_allBars->setAccessibleName(m_all->title());
    m_allBroken = new TextLabel({}, Tone::Quiet, m_all);
    m_all->addWidget(m_allBars);
    m_all->addWidget(m_allBroken);
    auto *column = new QVBoxLayout(cards);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(m_answer);
    column->addWidget(m_all);
    column->addStretch(1);

    auto *side = new QScrollArea(content);
    side->setWidgetResizable(true);
    side->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    side->setFocusPolicy(Qt::NoFocus); // the keyboard stays with the pictures
    side->setWidget(cards);
    m_sideBar = side->verticalScrollBar();
    m_sideBar->setToolTip(tr("Scrolls the answers (%1, %2)").arg(keyText(Qt::Key_PageUp), keyText(Qt::Key_PageDown)));
    return side;
}

void PredictPage::makeShortcuts()
{
    const auto bind = [this](const QKeySequence &keys, auto &&action) {
        auto *shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, action);
    };
    bind(QKeySequence::Paste, [this] { paste(); });
    bind(QKeySequence::Open, [this] { openPictures(); });
    bind(QKeySequence::Delete, [this] { removeCurrent(); });
    bind(QKeySequence(Qt::Key_Left), [this] { step(-1); });
    bind(QKeySequence(Qt::Key_Right), [this] { step(1); });
    bind(QKeySequence(Qt::Key_PageUp), [this] { m_sideBar->triggerAction(QAbstractSlider::SliderPageStepSub); });
    bind(QKeySequence(Qt::Key_PageDown), [this] { m_sideBar->triggerAction(QAbstractSlider::SliderPageStepAdd); });
}

void PredictPage::followSession(ProjectSession &session)
{
    m_session = &session;
    setColours([&session](const QString &name) { return session.colourOf(name); });
    connect(&session, &ProjectSession::opened, this, [this, &session] {
        clearPictures();
        showNewestButton();
    });
    connect(&session, &ProjectSession::modelInUseChanged, this, &PredictPage::setModel);
    for (const auto changed : {&ProjectSession::latestModelChanged, &ProjectSession::modelInUseChanged})
        connect(&session, changed, this, &PredictPage::showNewestButton);
    connect(m_newest, &Button::clicked, &session, [&session] { session.useModel({}); });
    connect(&session, &ProjectSession::classesChanged, this, &PredictPage::updateAnswer);
    setModel(session.modelInUse());
    showNewestButton();
}

void PredictPage::setModel(const std::filesystem::path &modelFile)
{
    m_modelExpected = true;
    m_controller->setModel(modelFile);
    updateAnswer();
}

void PredictPage::setColours(std::function<int(const QString &)> colourOf)
{
    m_colourOf = std::move(colourOf);
    updateAnswer();
}

QWidget *PredictPage::focusTarget()
{
    if (m_stack->currentWidget() == m_content)
        return m_strip;
    return m_stack->currentWidget() == m_noModel ? m_noModel->button() : m_noPicture->button();
}

void PredictPage::addPaths(const QStringList &paths)
{
    m_notice->dismiss();
    m_controller->findFiles(paths);
}

void PredictPage::addPasted(const QImage &picture)
{
    if (picture.isNull())
        return;
    ask(m_pictures->addPasted(picture));
}

void PredictPage::paste()
{
    const QMimeData *clip = QGuiApplication::clipboard()->mimeData();
    if (!clip)
        return;
    if (const QStringList files = localFiles(*clip); !files.isEmpty())
        addPaths(files);
    else if (clip->hasImage())
        addPasted(qvariant_cast<QImage>(clip->imageData()));
    else
        m_notice->showNotice(NoticeBar::Kind::Information, tr("The clipboard holds no picture. Copy a picture or its file, then paste again."));
}

void PredictPage::openPictures()
{
    auto *dialog = new QFileDialog(this, tr("Open pictures"), picturesFolder(),
                                   tr("Pictures (*.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff *.gif *.pbm *.pgm *.ppm);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &PredictPage::addPaths);
    dialog->open();
}

void PredictPage::removeCurrent()
{
    if (currentRow() >= 0)
        removePicture(currentRow());
}

void PredictPage::removePicture(int row)
{
    const PictureId id = m_pictures->at(row).id;
    m_controller->forget(id);
    m_shown.remove(id);
    m_pictures->remove(row); // the strip makes a neighbour the current one
    if (m_showing == id)
        m_showing = 0;
    updateView();
    updateProgress();
    if (m_pictures->rowCount() == 0 && isVisible())
        focusTarget()->setFocus(Qt::OtherFocusReason); // the strip is gone, and the keys with it
    Q_EMIT pictureCountChanged(m_pictures->rowCount());
}

void PredictPage::showNewestButton()
{
    m_newest->setVisible(m_session && !m_session->latestModel().empty() && m_session->modelInUse() != m_session->latestModel());
}

void PredictPage::clearPictures()
{
    m_controller->reset();
    m_pictures->clear();
    m_shown.clear();
    m_showing = 0;
    m_notice->dismiss();
    updateView();
    updateProgress();
    Q_EMIT pictureCountChanged(0);
}

int PredictPage::currentRow() const
{
    return m_strip->currentRow();
}

void PredictPage::setCurrentRow(int row)
{
    m_strip->setCurrentRow(row);
}

void PredictPage::step(int by)
{
    if (m_pictures->rowCount() > 0)
        m_strip->setCurrentRow(std::clamp(m_strip->currentRow() + by, 0, m_pictures->rowCount() - 1));
}

} // namespace whisker
