// The part of the Data page that works on what is selected.
#include "engine/data/import.h"
#include "ui/data/data_page.h"
#include "ui/data/image_list_model.h"
#include "ui/data/classes_card.h"
#include "ui/data/files_controller.h"
#include "ui/data/history_panel.h"
#include "ui/data/label_bar.h"
#include "ui/data/labelling_round.h"
#include "ui/data/labelling_view.h"
#include "ui/data/picture_menu.h"
#include "ui/data/picture_overlay.h"
#include "ui/data/side_column.h"
#include "ui/data/work_bar.h"
#include "ui/project_session.h"
#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/image_grid.h"
#include "widgets/notice_bar.h"
#include "widgets/page_header.h"
#include "widgets/selection_bar.h"

#include <QAction>
#include <QDesktopServices>
#include <QFileDialog>
#include <QLocale>
#include <QShortcut>
#include <QUrl>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {
constexpr std::size_t kMostClassButtons = 4; // more have no room at 960 px

QString withKeys(const QString &text, const QAction &action)
{
    return QStringLiteral("%1 (%2)").arg(text, action.shortcut().toString(QKeySequence::NativeText));
}
} // namespace

std::vector<ImageId> DataPage::selectedImages() const
{
    return m_model->idsAt(m_grid->selectedRows());
}

void DataPage::refreshSelection()
{
    const auto selected = selectedImages();
    m_exclude->setEnabled(!selected.empty() && !m_session.isReadOnly());
    refreshLabelActions(selected);
    const bool allExcluded = std::ranges::all_of(selected, [this](ImageId id) { return m_session.image(id) && m_session.image(id)->excluded; });
    m_exclude->setText(!selected.empty() && allExcluded ? tr("Include") : tr("Exclude"));
    m_exclude->setToolTip(withKeys(allExcluded ? tr("Use them again") : tr("Keep them in the project, but use them for nothing"), *m_exclude));
    if (m_labelBar->isVisible() || (selected.empty() && m_forgetDone.isActive()))
        return;
    m_selectionBar->setSelectedCount(static_cast<int>(selected.size()));
    if (selected.empty())
        return;
    m_forgetDone.stop(); // its words made room
    fillSelectionBar(true);
}

void DataPage::fillSelectionBar(bool withClasses)
{
    std::vector<ClassRecord> classes;
    if (withClasses && !m_session.isReadOnly())
        classes = m_session.state().classes;
    const bool canConfirm = withClasses && m_confirm->isEnabled();
    if (m_barFilled && classes == m_barClasses && canConfirm == m_barConfirms)
        return;
    m_barConfirms = canConfirm;
    m_barFilled = true;
    m_barClasses = classes;
    m_selectionBar->clearButtons();
    if (canConfirm)
        m_selectionBar->addActionButton(m_confirm);
    for (std::size_t k = 0; k < std::min(classes.size(), canConfirm ? 0 : kMostClassButtons); ++k) {
        const auto &record = classes[k];
        const QString name = fromUtf8(record.name);
        auto *button = m_selectionBar->addSpareButton(name, QKeySequence(fromUtf8(record.key)));
        button->setMaximumWidth(160);
        connect(button, &Button::clicked, this, [this, id = record.id] {
            m_session.setLabel(takeSelected(), id);
            m_grid->setFocus();
        });
    }
    if (withClasses) {
        m_selectionBar->addActionButton(m_typeLabel);
        m_selectionBar->addActionButton(m_markUnsure);
        m_selectionBar->addActionButton(m_exclude);
        if (!canConfirm) // its key works
            m_selectionBar->addActionButton(m_remove);
        auto *more = m_selectionBar->addButton({});
        more->setThemeIcon(Icon::More);
        more->setAccessibleName(tr("More"));
        more->setToolTip(tr("Group, split, folder and more (menu key, or the right mouse button)"));
        connect(more, &Button::clicked, m_pictureMenu, [this, more] { m_pictureMenu->openAt(more->mapToGlobal(QPoint(0, 0))); });
        return; // undo stands beside the title, and there is no room for more at 960 px
    }
    m_selectionBar->addActionButton(m_undo);
    m_selectionBar->addActionButton(m_redo);
}

/// Says what was done where no selection says it; the bar goes by itself.
void DataPage::showDone(const QString &words)
{
    if (!m_grid->selectedRows().isEmpty() || m_labelBar->isVisible() || m_session.isImporting())
        return;
    fillSelectionBar(false);
    m_forgetDone.start();
    m_selectionBar->setMessage(words);
}

/// Two quiet icons beside the title, so that undo and redo need neither a selection nor a key.
void DataPage::addHistoryButtons()
{
    for (const auto &[action, icon] : {std::pair(m_undo, Icon::Undo), std::pair(m_redo, Icon::Redo)}) {
        auto *button = new Button({}, Button::Kind::Quiet, m_header);
        button->setThemeIcon(icon);
        button->setAccessibleName(action->text());
        m_header->addBeside(button);
        connect(button, &Button::clicked, action, &QAction::trigger);
        connect(action, &QAction::changed, button, [button, action = action] {
            button->setEnabled(action->isEnabled());
            button->setToolTip(action->toolTip());
        });
    }
    addHistoryPanel();
}

void DataPage::addHistoryPanel()
{
    auto *button = new Button(tr("History"), Button::Kind::Quiet, m_header);
    button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_header->addBeside(button);
    m_history = new HistoryPanel(m_session, button, this);
    auto *action = new QAction(tr("History"), this);
    action->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_H);
    action->setToolTip(withKeys(tr("All changes, to go back to any of them"), *action));
    button->setToolTip(action->toolTip());
    QWidget::addAction(action);
    connect(button, &Button::clicked, action, &QAction::trigger);
    connect(action, &QAction::triggered, m_history, &HistoryPanel::toggle);
}

void DataPage::refreshUndo()
{
    const auto &history = m_session.state().history;
    m_undo->setEnabled(m_session.canUndo() && !m_session.isReadOnly());
    m_redo->setEnabled(m_session.canRedo() && !m_session.isReadOnly());
    m_undo->setToolTip(withKeys(history.undo ? tr("Undo: %1").arg(fromUtf8(*history.undo)) : tr("Undo"), *m_undo));
    m_redo->setToolTip(withKeys(history.redo ? tr("Redo: %1").arg(fromUtf8(*history.redo)) : tr("Redo"), *m_redo));
}

/// For a change that may take them out of the filter.
std::vector<ImageId> DataPage::takeSelected()
{
    auto selected = selectedImages();
    m_stepOn = selected.size() == 1;
    return selected;
}

/// All that labels, with its keys. A class's key works while it has one; else it is nobody's.
void DataPage::addLabelActions()
{
    m_label = addAction(tr("Label by keyboard"), Qt::Key_L, &DataPage::startLabelling);
    m_label->setToolTip(withKeys(tr("One picture at a time, one key a class"), *m_label));
    m_typeLabel = addAction(tr("Other"), Qt::Key_Return, &DataPage::typeLabel);
    m_typeLabel->setShortcutContext(Qt::WidgetShortcut);
    m_grid->addAction(m_typeLabel);
    m_confirm = addAction({}, {}, &DataPage::confirmGuesses);
    m_confirm->setShortcutContext(Qt::WidgetShortcut);
    m_grid->addAction(m_confirm);
    m_markUnsure = addAction(tr("Not sure"), Qt::Key_Question, &DataPage::toggleUnsure);
    m_remove = addAction(tr("Remove"), Qt::Key_Delete, &DataPage::removeSelected);
    m_remove->setShortcuts({QKeySequence(Qt::Key_Delete), QKeySequence(Qt::SHIFT | Qt::Key_Delete)});
    m_remove->setToolTip(withKeys(tr("Take them out of the project; their files stay where they are"), *m_remove));
    connect(new QShortcut(QKeySequence::SelectAll, this), &QShortcut::activated, m_grid, [this] {
        m_grid->setFocus();
        m_grid->selectAll();
    });
    for (const char key : kClassKeys) {
        auto *shortcut = new QShortcut(QKeySequence(QString(QLatin1Char(key)).toUpper()), this);
        connect(shortcut, &QShortcut::activated, this, [this, text = QString(QLatin1Char(key))] { labelByKey(text); });
        m_classKeys.push_back(shortcut);
    }
}

/// After all other actions.
void DataPage::buildPictureMenu()
{
    m_pictureMenu = new PictureMenu(m_session, {m_open, m_label, m_confirm, m_typeLabel, m_markUnsure, m_exclude, m_alike, m_remove}, [this] { return selectedImages(); }, this, m_grid);
    connect(m_pictureMenu, &PictureMenu::labelWanted, this, [this](ClassId id) {
        m_session.setLabel(takeSelected(), id);
        m_grid->setFocus();
    });
    connect(m_pictureMenu, &PictureMenu::folderWanted, this, [](const QString &folder) { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
}

void DataPage::listenToClasses()
{
    const auto followKeys = [this] {
        for (std::size_t k = 0; k < m_classKeys.size(); ++k)
            m_classKeys[k]->setEnabled(!m_session.isReadOnly() && m_session.classOfKey(QString(QLatin1Char(kClassKeys[k]))) != nullptr);
    };
    connect(&m_session, &ProjectSession::classesChanged, this, followKeys);
    connect(&m_session, &ProjectSession::opened, this, followKeys);
    followKeys();
    connect(m_side->classes(), &ClassesCard::picturesDropped, this, [this](ClassId id) {
        if (auto selected = takeSelected(); !selected.empty() && !m_session.isReadOnly())
            m_session.setLabel(std::move(selected), id);
    });
}

void DataPage::refreshLabelActions(const std::vector<ImageId> &selected)
{
    const bool mayChange = !m_session.isReadOnly(), any = !selected.empty() && mayChange;
    m_label->setEnabled(m_model->rowCount() > 0 && mayChange);
    m_typeLabel->setEnabled(mayChange);
    m_typeLabel->setText(m_session.state().classes.empty() ? tr("Label") : tr("Other"));
    refreshConfirm();
    m_markUnsure->setEnabled(any);
    m_remove->setEnabled(any);
    const bool allUnsure = any && std::ranges::all_of(selected, [this](ImageId id) { return m_session.image(id) && m_session.image(id)->unsure; });
    m_markUnsure->setText(allUnsure ? tr("Sure") : tr("Not sure"));
    m_markUnsure->setToolTip(withKeys(allUnsure ? tr("Take the mark \"not sure\" away") : tr("Mark them to be looked at again"), *m_markUnsure));
}

void DataPage::labelByKey(const QString &key)
{
    const auto *record = m_session.classOfKey(key);
    if (record && !selectedImages().empty())
        m_session.setLabel(takeSelected(), record->id);
}

void DataPage::labelSelected(const QString &className)
{
    if (auto selected = takeSelected(); !selected.empty())
        m_session.setLabel(std::move(selected), className);
}

/// Those that are selected, where there are several; else those on show that have no label, else all of them.
void DataPage::startLabelling()
{
    const QModelIndex current = m_grid->currentIndex();
    const ImageId start = current.isValid() ? m_model->idAt(current.row()) : 0;
    LabellingRound round{selectedImages()};
    if (round.images.size() < 2) {
        const ImageId first = round.images.empty() ? 0 : round.images.front();
        std::vector<ImageId> shown;
        for (int row = 0; row < m_model->rowCount(); ++row)
            shown.push_back(m_model->idAt(row));
        // an order that was chosen is kept
        round = labellingRound(m_session, m_suggestions, shown, first, m_model->order() == ImageListModel::Order::Added);
    }
    if (round.images.empty())
        return;
    const ImageId from = round.teachesFirst ? round.images.front() : start;
    m_overlay->leave();
    m_grid->clearSelection(); // a key that misses the view labels nothing unseen
    m_labelling->begin(std::move(round), from);
}

void DataPage::endLabelling(ImageId last)
{
    m_grid->setFocus();
    if (const int row = m_model->rowOf(last); row >= 0)
        m_grid->setCurrentIndex(m_model->index(row));
    refreshSelection();
}

void DataPage::toggleUnsure()
{
    if (auto selected = takeSelected(); !selected.empty()) {
        const bool allUnsure = std::ranges::all_of(selected, [this](ImageId id) { return m_session.image(id)->unsure; });
        m_session.setUnsure(std::move(selected), !allUnsure);
    }
}

void DataPage::removeSelected()
{
    if (auto selected = selectedImages(); !selected.empty())
        m_session.removeImages(std::move(selected));
}

void DataPage::typeLabel()
{
    if (m_model->rowCount() == 0)
        return;
    if (m_grid->selectedRows().isEmpty()) {
        const QModelIndex current = m_grid->currentIndex();
        m_grid->setCurrentIndex(current.isValid() ? current : m_model->index(std::max(0, m_grid->visibleRange().first)));
    }
    m_selectionBar->hide();
    m_labelBar->open(static_cast<int>(m_grid->selectedRows().size()), m_session.classNames());
}

void DataPage::toggleExcluded()
{
    if (auto selected = takeSelected(); !selected.empty()) {
        const bool allExcluded = std::ranges::all_of(selected, [this](ImageId id) { return m_session.image(id)->excluded; });
        m_session.setExcluded(std::move(selected), !allExcluded);
    }
}

void DataPage::openPicture()
{
    const QModelIndex current = m_grid->currentIndex();
    if (!current.isValid())
        return;
    if (const auto *image = m_session.image(m_model->idAt(current.row())))
        m_overlay->showPicture(*image, current.data(ThumbnailRole).value<QImage>());
    captionPicture();
}

void DataPage::captionPicture()
{
    const auto *image = m_session.image(m_overlay->shownId());
    if (!image)
        return;
    const auto *record = image->label ? m_session.classRecord(*image->label) : nullptr;
    const QString label = record ? fromUtf8(record->name) : tr("not labelled");
    m_overlay->setCaption(image->excluded ? tr("%1, excluded").arg(label) : label);
}

void DataPage::stepPicture(int step)
{
    const QModelIndex next = m_model->index(m_grid->currentIndex().row() + step);
    if (!next.isValid())
        return;
    m_grid->setCurrentIndex(next);
    openPicture();
}

void DataPage::chooseFolder()
{
    auto *dialog = new QFileDialog(this, tr("Add a folder of pictures"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::filesSelected, &m_session, [this](const QStringList &paths) { m_session.importPaths(paths); });
    dialog->open();
}

void DataPage::chooseFiles()
{
    auto *dialog = new QFileDialog(this, tr("Add pictures"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({tr("Pictures (*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff *.gif *.ppm *.pgm *.pbm *.JPG *.JPEG *.PNG)"),
                            tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, &m_session, [this](const QStringList &paths) { m_session.importPaths(paths); });
    dialog->open();
}

void DataPage::showReport(const ImportReport &report)
{
    m_importBar->hide();
    showActivity();
    refresh();
    const int added = static_cast<int>(report.added + report.updated);
    const int skipped = static_cast<int>(report.skipped.size());
    const auto say = [this](NoticeBar::Kind kind, const QString &text, const QString &action = {}) { m_notice->showNotice(kind, text, action); };
    if (report.cancelled)
        say(NoticeBar::Kind::Information, countText(added, tr("Reading was stopped; 1 picture came in before."), tr("Reading was stopped; %1 pictures came in before.")));
    else if (skipped > 0)
        say(NoticeBar::Kind::Warning, (added == 0 ? tr("Nothing new came in, ") : countText(added, tr("1 picture came in, "), tr("%1 pictures came in, "))) +
                                          countText(skipped, tr("1 file could not be used."),
                                                    tr("%1 files could not be used.")),
            tr("Show why"));
    else if (added == 0 && report.known > 0)
        say(NoticeBar::Kind::Information, countText(static_cast<qint64>(report.known), tr("This picture is in the project already."),
                                                         tr("All %1 pictures are in the project already.")));
}

void DataPage::listenToFiles()
{
    connect(m_notice, &NoticeBar::actionTriggered, m_side, &SideColumn::showSkipped);
    connect(m_files, &FilesController::activityChanged, this, &DataPage::showActivity);
    connect(m_files, &FilesController::missingWanted, this, [this] {
        ImageFilter missing;
        missing.state = ImageState::Missing;
        showPicturesAgain();
        setExtraFilter(missing);
        m_grid->setFocus();
    });
    connect(m_files, &FilesController::noneMissing, this, [this] {
        if (std::exchange(m_extraFilter.state, std::nullopt) == ImageState::Missing)
            applyFilter();
    });
    connect(&m_session, &ProjectSession::opened, this, [this] {
        for (QAction *action : {m_addFolder, m_addFiles})
            action->setEnabled(!m_session.isReadOnly());
        m_addButton->setEnabled(!m_session.isReadOnly());
        m_side->classes()->setReadOnly(m_session.isReadOnly());
    });
}

void DataPage::showActivity()
{
    if (!m_session.isImporting()) {
        auto activity = m_files->activity();
        if (!activity)
            activity = doctorActivity();
        Q_EMIT activityChanged(activity ? activity : guessActivity());
        return;
    }
    const auto &status = m_session.importStatus();
    PageActivity activity{tr("Reading pictures")};
    if (status.found > 0)
        activity.share = static_cast<double>(status.done) / static_cast<double>(status.found);
    if (const auto left = status.left())
        activity.left = timeLeftText(*left);
    Q_EMIT activityChanged(activity);
}

} // namespace whisker
