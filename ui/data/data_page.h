#pragma once

#include "ui/data/image_filter.h"
#include "ui/page.h"

#include <QTimer>

class QAction;
class QLabel;
class QLineEdit;
class QMenu;
class QShortcut;
class QStackedWidget;

namespace whisker {

class AddButton;
class Button;
class ChipRow;
class DoctorController;
class DropZone;
class FindingBar;
class FindingView;
class HealthView;
class FilesController;
class FilterBar;
class HistoryButtons;
class HistoryPanel;
class ImageGrid;
class ImageListModel;
class LabelBar;
class LabellingView;
class NoticeBar;
class OrderButton;
class PageHeader;
class PictureChips;
class PictureMenu;
class PictureOverlay;
class ProjectSession;
class SelectionBar;
class SideColumn;
class SuggestionController;
class WorkBar;
struct ImportReport;

/// The pictures of the project: bring them in, look at them, label them.
class DataPage : public Page {
    Q_OBJECT
public:
    explicit DataPage(ProjectSession &session, QWidget *parent = nullptr);
    ~DataPage() override;

    QString pageId() const override { return QStringLiteral("data"); }
    QString title() const override { return tr("Data"); }
    Icon icon() const override { return Icon::Data; }
    QWidget *focusTarget() override;

    ImageGrid *grid() const { return m_grid; }
    ImageListModel *model() const { return m_model; }
    ChipRow *chips() const;
    OrderButton *orderButton() const { return m_orderButton; }
    PageHeader *header() const { return m_header; }
    SideColumn *side() const { return m_side; }
    DoctorController *doctor() const { return m_doctor; }
    FindingView *findings() const { return m_findings; }
    HealthView *health() const { return m_health; }
    void showHealth(bool shown);
    std::vector<std::int64_t> selectedImages() const;
    LabellingView *labelling() const { return m_labelling; }
    HistoryPanel *history() const;
    PictureMenu *pictureMenu() const { return m_pictureMenu; }

    /// Shows what the model in use says of pictures without label, and of labels that it would not give. `suggestions` outlives this page.
    void followSuggestions(const SuggestionController &suggestions);

    void labelSelected(const QString &className); ///< Makes the class where there is none of that name.
    /// What narrows the list besides the chips and the search: all parts of `filter` but kind, class and search. Shown as chips that can be taken away.
    void setExtraFilter(const ImageFilter &filter);
    const ImageFilter &extraFilter() const { return m_extraFilter; }
    FilesController *files() const { return m_files; }
    FilterBar *filterBar() const { return m_filterBar; }

private:
    void buildHeader();
    void buildBody();
    void buildActions();
    void buildDoctor();
    QAction *addAction(const QString &text, const QKeySequence &keys, void (DataPage::*slot)());
    void listenToSession();
    void listenToGrid();

    void refresh();
    void refreshSelection();
    void fillSelectionBar(bool forSelection);
    void showBody(const ImageCounts &counts);
    void showCount(const ImageCounts &counts);
    QString whyNothing() const; ///< What stands in place of an empty list.
    void showEmptyState();
    void applyFilter();
    void buildFind();
    void openFilterMenu();
    void sortBySimilarity();
    void clearFilters();
    std::vector<std::int64_t> takeSelected();
    void addLabelActions();
    void goToFirst();
    std::vector<LabelGroup> selectedGuesses() const;
    void refreshConfirm();
    void confirmGuesses();
    void listenToClasses();
    void refreshLabelActions(const std::vector<std::int64_t> &selected);
    void labelByKey(const QString &key);
    void startLabelling();
    void typeLabel();
    void endLabelling(std::int64_t last);
    void toggleUnsure();
    void removeSelected();
    void toggleExcluded();
    void openPicture();
    void captionPicture();
    void stepPicture(int step);
    void showDone(const QString &words);
    void showReport(const ImportReport &report);
    void showActivity();
    std::optional<PageActivity> doctorActivity() const;
    std::optional<PageActivity> guessActivity() const;
    void showRefusal();
    void stepBack();
    void showPicturesAgain();
    void toggleHealth();
    void buildPictureMenu();
    void listenToFiles();

    ProjectSession &m_session;
    ImageListModel *m_model;
    DoctorController *m_doctor;
    FilesController *m_files;
    FindingView *m_findings = nullptr;
    FindingBar *m_findingBar;
    HealthView *m_health = nullptr;
    Button *m_healthButton = nullptr;
    bool m_showsHealth = false;
    PageHeader *m_header;
    QLineEdit *m_search;
    Button *m_labelButton;
    AddButton *m_addButton;
    QWidget *m_filters;
    PictureChips *m_chips;
    OrderButton *m_orderButton;
    Button *m_filterButton;
    FilterBar *m_filterBar;
    QMenu *m_filterMenu;
    ImageFilter m_extraFilter; // kind, class and search are the chips' and the field's
    NoticeBar *m_notice;
    WorkBar *m_importBar;
    QStackedWidget *m_body;
    DropZone *m_empty;
    Button *m_chooseFiles;
    QWidget *m_browse;
    QStackedWidget *m_gridOrNothing;
    QLabel *m_nothing;
    ImageGrid *m_grid;
    SideColumn *m_side;
    SelectionBar *m_selectionBar;
    LabelBar *m_labelBar;
    PictureOverlay *m_overlay;
    LabellingView *m_labelling;
    QAction *m_label = nullptr;
    QAction *m_typeLabel = nullptr;
    QAction *m_confirm = nullptr;
    QAction *m_markUnsure = nullptr;
    QAction *m_remove = nullptr;
    std::vector<QShortcut *> m_classKeys; // one for each of kClassKeys
    QAction *m_exclude = nullptr;
    HistoryButtons *m_history = nullptr;
    QAction *m_open = nullptr;
    PictureMenu *m_pictureMenu = nullptr;
    QTimer m_refreshSoon; // many changes in one turn of the event loop are counted once
    QTimer m_forgetDone;
    const SuggestionController *m_suggestions = nullptr;
    QString m_shownRefusal;
    QTimer m_guessesSoon;  // guesses come in dozens a second
    bool m_stepOn = false; // one picture was labelled: if it leaves the filter, the next one is selected
    enum class Bar { Empty, History, Labels, Confirm, Reading };
    Bar m_bar = Bar::Empty;                // what stands in the selection bar
    std::vector<ClassRecord> m_barClasses; // whose buttons
};

} // namespace whisker
