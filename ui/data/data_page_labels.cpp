// The part of the Data page that works on what is selected.
#include "ui/data/data_page.h"
#include "ui/data/image_list_model.h"
#include "ui/data/classes_card.h"
#include "ui/data/history_buttons.h"
#include "ui/data/label_bar.h"
#include "ui/data/labelling_round.h"
#include "ui/data/labelling_view.h"
#include "ui/data/order_button.h"
#include "ui/data/picture_menu.h"
#include "ui/data/picture_overlay.h"
#include "ui/data/side_column.h"
#include "ui/project_session.h"
#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/image_grid.h"
#include "widgets/selection_bar.h"

#include <QAction>
#include <QDesktopServices>
#include <QShortcut>
#include <QUrl>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {
constexpr std::size_t kMostClassButtons = 4; // more have no room at 960 px
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

/// What can be done with the selection; else the way back from what was done.
void DataPage::fillSelectionBar(bool forSelection)
{
    const Bar bar = !forSelection ? Bar::History : m_session.isReadOnly() ? Bar::Reading : m_confirm->isEnabled() ? Bar::Confirm : Bar::Labels;
    const auto classes = bar == Bar::Labels ? m_session.state().classes : std::vector<ClassRecord>();
    if (bar == m_bar && classes == m_barClasses)
        return;
    m_bar = bar;
    m_barClasses = classes;
    m_selectionBar->clearButtons();
    if (bar == Bar::History) {
        m_selectionBar->addActionButton(m_history->undo());
        m_selectionBar->addActionButton(m_history->redo());
        return;
    }
    if (bar == Bar::Confirm)
        m_selectionBar->addActionButton(m_confirm);
    for (std::size_t k = 0; k < std::min(classes.size(), kMostClassButtons); ++k) {
        const auto &record = classes[k];
        auto *button = m_selectionBar->addSpareButton(fromUtf8(record.name), QKeySequence(fromUtf8(record.key)));
        button->setMaximumWidth(160);
        connect(button, &Button::clicked, this, [this, id = record.id] {
            m_session.setLabel(takeSelected(), id);
            m_grid->setFocus();
        });
    }
    if (bar != Bar::Reading) {
        m_selectionBar->addActionButton(m_typeLabel);
        m_selectionBar->addActionButton(m_markUnsure);
        m_selectionBar->addActionButton(m_exclude);
    }
    if (bar == Bar::Labels) // else there is no room at 960 px, and its key works
        m_selectionBar->addActionButton(m_remove);
    auto *more = m_selectionBar->addButton({});
    more->setThemeIcon(Icon::More);
    more->setAccessibleName(tr("More"));
    more->setToolTip(tr("Group, split, folder and more (menu key, or the right mouse button)"));
    connect(more, &Button::clicked, m_pictureMenu, [this, more] { m_pictureMenu->openAt(more->mapToGlobal(QPoint(0, 0))); });
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
    m_pictureMenu = new PictureMenu(m_session, {m_open, m_label, m_confirm, m_typeLabel, m_markUnsure, m_exclude, m_orderButton->alike(), m_remove}, [this] { return selectedImages(); }, this, m_grid);
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
    const QString label = record ? fromUtf8(record->name) : tr("Not labelled");
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

} // namespace whisker
