#include "ui/data/data_page.h"

#include "engine/base/locations.h"
#include "engine/base/thread_pool.h"
#include "engine/image/decode.h"
#include "engine/image/thumbnail.h"
#include "ui/data/add_button.h"
#include "ui/data/classes_card.h"
#include "ui/data/doctor_controller.h"
#include "ui/data/finding_bar.h"
#include "ui/data/finding_view.h"
#include "ui/data/files_controller.h"
#include "ui/data/filter_bar.h"
#include "ui/data/history_buttons.h"
#include "ui/data/image_list_model.h"
#include "ui/data/label_bar.h"
#include "ui/data/labelling_view.h"
#include "ui/data/order_button.h"
#include "ui/data/picture_chips.h"
#include "ui/data/picture_overlay.h"
#include "ui/data/side_column.h"
#include "ui/data/work_bar.h"
#include "ui/project_session.h"
#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/drop_zone.h"
#include "widgets/image_grid.h"
#include "widgets/notice_bar.h"
#include "widgets/page_header.h"
#include "widgets/selection_bar.h"
#include "widgets/sentence_label.h"

#include <QAction>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QMenu>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {

constexpr int kMargin = 20;
constexpr int kThumbnailPx = 256;    // the longer edge; a 3:4 upright picture still fills the grid's widest cells
constexpr long long kWholePixels = 150'000'000; // with the copy for painting a gigabyte
constexpr int kDoneShownMs = 8000;
constexpr qint64 kLongestRefreshMs = 500;

ThumbnailLoader::Load thumbnailsOf(qreal pixelRatio)
{
    const int edgePx = static_cast<int>(kThumbnailPx * pixelRatio);
    return [edgePx, cache = userCacheFolder() / "thumbnails"](const std::filesystem::path &file) { return thumbnail(file, edgePx, cache); };
}

Result<RgbImage> largePicture(const std::filesystem::path &file)
{
    return thumbnail(file, PictureOverlay::kEdgePx, {});
}

Result<RgbImage> wholePicture(const std::filesystem::path &file)
{
    const auto header = readHeader(file);
    if (header && static_cast<long long>(header->width) * header->height > kWholePixels)
        return fail(ErrorCode::Unsupported, "The picture is too large to be zoomed in any further.", file);
    auto decoded = decodeFile(file);
    if (!decoded)
        return std::unexpected(std::move(decoded.error()));
    return std::move(decoded->rgb);
}

/// Gives way where the buttons beside it have little room.
class SearchField : public QLineEdit {
public:
    using QLineEdit::QLineEdit;
    QSize sizeHint() const override { return {240, QLineEdit::sizeHint().height()}; }
    QSize minimumSizeHint() const override { return {96, QLineEdit::minimumSizeHint().height()}; }
};

} // namespace

DataPage::DataPage(ProjectSession &session, QWidget *parent)
    : Page(parent), m_session(session),
      m_model(new ImageListModel(session, thumbnailsOf(devicePixelRatioF()), usableProcessors(), this)), m_doctor(new DoctorController(session, this)),
      m_files(new FilesController(session, this))
{
    buildHeader();
    buildFind();
    buildBody();
    buildActions();
    buildDoctor();
    listenToGrid();
    listenToSession();
    m_overlay = new PictureOverlay(&largePicture, &wholePicture, this);
    connect(m_overlay, &PictureOverlay::stepWanted, this, &DataPage::stepPicture);
    connect(m_overlay, &PictureOverlay::left, m_grid, qOverload<>(&QWidget::setFocus));
    m_labelling = new LabellingView(session, &largePicture, this);
    connect(m_labelling, &LabellingView::left, this, &DataPage::endLabelling);
    listenToClasses();
    listenToFiles();
    auto *drops = new DropTarget(this);
    connect(drops, &DropTarget::filesDropped, &session, [this](const QStringList &paths) { m_session.importPaths(paths); });
    connect(drops, &DropTarget::pictureDropped, this, [this] {
        m_notice->showNotice(NoticeBar::Kind::Information, tr("This picture has no file yet: save it, then add the file."));
    });
    refresh();
}

DataPage::~DataPage() = default;

ChipRow *DataPage::chips() const { return m_chips; }

HistoryPanel *DataPage::history() const { return m_history->panel(); }

QWidget *DataPage::focusTarget()
{
    if (m_labelling->isActive())
        return m_labelling;
    if (m_showsHealth && m_body->currentIndex() == 2)
        return m_body->currentWidget();
    return m_body->currentWidget() == m_browse ? static_cast<QWidget *>(m_grid) : m_empty->button();
}

void DataPage::buildHeader()
{
    m_header = new PageHeader(tr("Pictures"), this);
    m_search = new SearchField(this);
    m_search->setPlaceholderText(tr("Search names"));
    m_search->setAccessibleName(tr("Search names"));
    m_search->setToolTip(tr("Search names (%1)").arg(QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText)));
    m_search->setClearButtonEnabled(true);
    m_labelButton = new Button(tr("Label by keyboard"), Button::Kind::Plain, this);
    m_addButton = new AddButton(m_session, this);
    for (QWidget *widget : {static_cast<QWidget *>(m_search), static_cast<QWidget *>(m_labelButton), static_cast<QWidget *>(m_files->button()), static_cast<QWidget *>(m_addButton)})
        m_header->addButton(widget);
    m_search->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    for (Button *button : {m_labelButton, m_files->button()})
        button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(m_search, &QLineEdit::textChanged, this, &DataPage::applyFilter);

    m_filters = new QWidget(this);
    auto *row = new QHBoxLayout(m_filters);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    m_chips = new PictureChips(m_session, m_filters);
    m_healthButton = new Button(tr("Health"), Button::Kind::Quiet, m_filters);
    m_filterButton = new Button({}, Button::Kind::Quiet, m_filters);
    m_orderButton = new OrderButton(*m_model, m_filters);
    row->addWidget(m_chips, 1);
    for (Button *button : {m_healthButton, m_filterButton, static_cast<Button *>(m_orderButton)})
        row->addWidget(button);
    connect(m_chips, &ChipRow::currentChanged, this, [this] {
        if (m_chips->showsGuesses() && m_findings->isOn())
            m_findings->leave();
        applyFilter();
        if (m_chips->showsGuesses())
            goToFirst();
    });
}

void DataPage::buildBody()
{
    m_notice = new NoticeBar(this);
    m_importBar = new WorkBar(this);
    m_grid = new ImageGrid(this);
    m_grid->setModel(m_model);
    m_nothing = new SentenceLabel(this);
    m_nothing->setAlignment(Qt::AlignCenter);
    m_gridOrNothing = new QStackedWidget(this);
    m_gridOrNothing->addWidget(m_grid);
    m_gridOrNothing->addWidget(m_nothing);
    m_findingBar = new FindingBar(this);
    m_side = new SideColumn(m_session, *m_doctor, this);
    m_browse = new QWidget(this);
    auto *columns = new QHBoxLayout(m_browse);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(kMargin - ImageGrid::kRing);
    columns->addWidget(m_gridOrNothing, 1);
    auto *side = new QVBoxLayout;
    side->setContentsMargins(0, ImageGrid::kRing, 0, 0);
    side->addWidget(m_side);
    columns->addLayout(side);
    m_empty = new DropZone(Icon::Picture, tr("Drop pictures here"), tr("Pictures stay where they are."), tr("Choose a folder"), this);
    m_chooseFiles = m_empty->addButton(tr("Choose files"));
    connect(m_chooseFiles, &Button::clicked, m_addButton, &AddButton::chooseFiles);
    connect(m_empty, &DropZone::buttonClicked, m_addButton, &AddButton::chooseFolder);
    connect(m_empty, &DropZone::filesDropped, this, [this](const QStringList &paths) { m_session.importPaths(paths); });
    m_body = new QStackedWidget(this);
    m_body->addWidget(m_browse);
    auto *emptyPage = new QWidget(this);
    auto *emptyRow = new QHBoxLayout(emptyPage);
    emptyRow->setContentsMargins(ImageGrid::kRing, 0, 0, 0);
    emptyRow->addWidget(m_empty);
    m_body->addWidget(emptyPage);
    m_selectionBar = new SelectionBar(this);
    m_labelBar = new LabelBar(this);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin - ImageGrid::kRing, 16, kMargin, 16); // the grid brings the rest of its margin
    column->setSpacing(8);
    const auto add = [column](QWidget *part, int stretch = 0) {
        auto *row = new QHBoxLayout;
        row->setContentsMargins(ImageGrid::kRing, 0, 0, 0);
        row->addWidget(part);
        column->addLayout(row, stretch);
    };
    for (QWidget *part : {static_cast<QWidget *>(m_header), static_cast<QWidget *>(m_notice), static_cast<QWidget *>(m_files->bar()), m_filters, static_cast<QWidget *>(m_filterBar), static_cast<QWidget *>(m_findingBar), static_cast<QWidget *>(m_importBar)})
        add(part);
    column->addWidget(m_body, 1);
    add(m_selectionBar);
    add(m_labelBar);
}

QAction *DataPage::addAction(const QString &text, const QKeySequence &keys, void (DataPage::*slot)())
{
    auto *action = new QAction(text, this);
    action->setShortcut(keys);
    connect(action, &QAction::triggered, this, slot);
    QWidget::addAction(action);
    return action;
}

/// The keys work wherever the focus is in the window, as long as the page is in front: those of a hidden widget are off.
void DataPage::buildActions()
{
    addLabelActions();
    m_labelButton->followAction(m_label);
    m_exclude = addAction(tr("Exclude"), Qt::Key_X, &DataPage::toggleExcluded);
    m_history = new HistoryButtons(m_session, this);
    m_header->addBeside(m_history);
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, m_search,
            [this] { m_search->setFocus(Qt::ShortcutFocusReason); });
    m_open = addAction(tr("Open"), Qt::Key_Space, &DataPage::openPicture);
    m_open->setShortcutContext(Qt::WidgetShortcut);
    m_grid->addAction(m_open);
    buildPictureMenu();
    connect(new QShortcut(Qt::Key_Escape, m_grid, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated, this, &DataPage::stepBack);
}

void DataPage::listenToGrid()
{
    m_refreshSoon.setSingleShot(true);
    m_refreshSoon.setInterval(0);
    connect(&m_refreshSoon, &QTimer::timeout, this, &DataPage::refresh);
    m_forgetDone.setSingleShot(true);
    m_forgetDone.setInterval(kDoneShownMs);
    connect(&m_forgetDone, &QTimer::timeout, this, &DataPage::refreshSelection);
    connect(m_grid, &ImageGrid::visibleRangeChanged, m_model, &ImageListModel::setVisibleRange);
    connect(m_grid, &ImageGrid::selectedRowsChanged, this, &DataPage::refreshSelection);
    connect(m_grid, &ImageGrid::doubleClicked, this, &DataPage::openPicture);
    // A picture that leaves the filter by its new label makes room for the next one: one key a picture labels a whole list.
    connect(m_model, &QAbstractItemModel::rowsRemoved, this, [this] {
        const QModelIndex current = m_grid->currentIndex();
        if (std::exchange(m_stepOn, false) && current.isValid() && m_grid->selectedRows().isEmpty())
            m_grid->selectionModel()->select(current, QItemSelectionModel::ClearAndSelect);
    });
    // Without a picture to compare with, the line rests; its keys don't: they must work once there is one.
    connect(m_orderButton->orders(), &QMenu::aboutToShow, this, [this] { m_orderButton->alike()->setEnabled(m_grid->currentIndex().isValid()); });
    connect(m_orderButton->orders(), &QMenu::aboutToHide, this, [this] { m_orderButton->alike()->setEnabled(true); });
    connect(m_model, &QAbstractItemModel::modelReset, &m_refreshSoon, qOverload<>(&QTimer::start)); // of a very long list the rows come later
    connect(m_model, &ImageListModel::brokenFound, this, [this](ImageId id, const Error &error) {
        if (m_session.isReadOnly())
            return;
        const bool gone = error.code == ErrorCode::NotFound;
        if (gone || error.code == ErrorCode::Unreadable || error.code == ErrorCode::BadFormat)
            m_session.reportState(id, gone ? ImageState::Missing : ImageState::Unreadable, fromUtf8(error.message));
    });
    connect(m_labelBar, &LabelBar::nameTyped, this, &DataPage::labelSelected);
    connect(m_labelBar, &LabelBar::left, this, [this] {
        refreshSelection();
        m_grid->setFocus();
    });
    connect(m_side->classes(), &ClassesCard::classClicked, this, [this](ClassId id) { m_chips->showClass(id); });
}

void DataPage::listenToSession()
{
    const auto soon = [this] { m_refreshSoon.start(); };
    connect(&m_session, &ProjectSession::opened, this, [this] {
        m_notice->dismiss();
        m_overlay->leave();
        m_search->clear();
        m_extraFilter = {};
        m_chips->showAll();
        applyFilter();
        refresh();
    });
    connect(&m_session, &ProjectSession::openFailed, this, soon);
    connect(&m_session, &ProjectSession::inUse, this, soon);
    connect(&m_session, &ProjectSession::imagesAdded, this, soon);
    connect(&m_session, &ProjectSession::imagesChanged, this, soon);
    connect(&m_session, &ProjectSession::imagesRemoved, this, soon);
    connect(&m_session, &ProjectSession::classesChanged, this, soon);
    connect(&m_session, &ProjectSession::changed, this, &DataPage::showDone);
    connect(&m_session, &ProjectSession::importStarted, this, [this] {
        m_notice->dismiss();
        m_importBar->begin({tr("Looking for pictures"), tr("Reading %1 of %2"), tr("Stop reading; what is in stays in")});
        refresh();
        showActivity();
    });
    connect(&m_session, &ProjectSession::importProgressed, this, [this](const ImportProgress &progress) {
        m_importBar->showProgress(progress.done, progress.found, progress.left());
        showActivity();
    });
    connect(&m_session, &ProjectSession::importFinished, this, &DataPage::showReport);
    connect(m_importBar, &WorkBar::cancelled, &m_session, &ProjectSession::cancelImport);
}

void DataPage::refresh()
{
    QElapsedTimer clock;
    clock.start();
    const auto counts = countImages(m_session.state().images);
    m_refreshSoon.setInterval(static_cast<int>(std::min<qint64>(clock.elapsed() * 10, kLongestRefreshMs))); // a million pictures are counted now and then only
    m_chips->showCounts(counts);
    m_side->showCounts(counts);
    m_labelling->showCounts(counts);
    showBody(counts);
    refreshSelection();
    captionPicture();
}

void DataPage::applyFilter()
{
    ImageFilter filter = m_extraFilter;
    filter.search = m_search->text().trimmed();
    if (m_findings->isOn())
        m_findings->applyTo(filter);
    m_chips->applyTo(filter);
    m_model->setFilter(filter);
    m_orderButton->showOrder();
    showBody(countImages(m_session.state().images));
    refreshSelection();
}

/// Of all pictures those on show, where a filter is on.
void DataPage::showCount(const ImageCounts &counts)
{
    const ImageFilter &filter = m_model->filter();
    const bool excludedToo = filter.kind == ImageFilter::Kind::Problems || filter.kind == ImageFilter::Kind::Excluded;
    if (m_body->currentWidget() == m_browse && filter != ImageFilter{})
        m_header->setCount(m_model->rowCount(), counts.all + (excludedToo ? counts.excluded : 0));
    else
        m_header->setCount(counts.all);
}

void DataPage::showBody(const ImageCounts &counts)
{
    const bool browsing = (!m_session.isOpen() && m_session.isOpening()) || counts.all + counts.excluded > 0 || m_session.isImporting() || !m_session.state().classes.empty();
    const bool hadFocus = !window()->focusWidget() || isAncestorOf(window()->focusWidget());
    const int part = !browsing ? 1 : m_showsHealth ? 2 : 0;
    const bool turned = m_body->currentIndex() != part;
    m_body->setCurrentIndex(part);
    if (turned && hadFocus && isVisible())
        focusTarget()->setFocus(Qt::OtherFocusReason);
    for (QWidget *widget : {static_cast<QWidget *>(m_search), static_cast<QWidget *>(m_labelButton), m_filters})
        widget->setVisible(browsing);
    m_addButton->setVisible(browsing);
    showEmptyState();
    showCount(counts);
    m_filterBar->setFilter(part == 2 ? ImageFilter{} : m_extraFilter, m_model->rowCount()); // health is of all pictures
    const bool nothing = m_model->rowCount() == 0;
    m_gridOrNothing->setCurrentIndex(nothing ? 1 : 0);
    if (!nothing)
        return;
    m_nothing->setText(m_session.isImporting() ? QString() : whyNothing());
}

QString DataPage::whyNothing() const
{
    const QString name = m_search->text();
    const QString way = tr("Show all of them with %1.").arg(keyText(Qt::CTRL | Qt::Key_Backspace));
    if (!m_extraFilter.isPlain())
        return (name.isEmpty() ? tr("No picture passes all these filters.") : tr("No picture that passes these filters has \"%1\" in its name.").arg(name)) +
               QLatin1Char(' ') + way;
    return name.isEmpty() ? tr("No picture is here. Drop pictures, or look at others with the filters above.")
                          : tr("No picture here has \"%1\" in its name.").arg(name) + QLatin1Char(' ') + way;
}

void DataPage::showEmptyState()
{
    const bool open = m_session.isOpen();
    m_empty->setHeadline(open ? tr("Drop pictures here") : tr("No project is open"));
    m_empty->setSentence(open ? tr("Two or more folders, one for each class; or one folder that holds a folder for each class. Pictures stay where they are.")
                              : tr("Open one, or make a new one, from the menu at the lower left (F10)."));
    m_empty->button()->setVisible(open);
    m_chooseFiles->setVisible(open);
    m_empty->setAcceptDrops(open);
}

} // namespace whisker
