#pragma once

#include "ui/data/image_filter.h"
#include "ui/data/labelling_commands.h"
#include "ui/data/labelling_list.h"
#include "ui/data/thumbnail_loader.h"
#include "ui/data/unsaved_labels.h"
#include "widgets/page_cover.h"

class QStackedWidget;

namespace whisker {

class LabelBar;
class LabellingClasses;
class LabellingEnd;
class LabellingHead;
class LabellingPicture;
class ProjectSession;
class SuggestionController;
struct LabellingRound;
struct PictureGuess;

/// Labelling by keyboard: one picture at a time as large as the page, one key a class, the next picture by itself.
///
/// A class's key labels; Enter confirms the model's guess where there is one; L, and else Enter, types a name, also a new one; Space, Right or S skips; Left, Backspace or B goes back; ? marks "not sure", X excludes; U or
/// Ctrl+Z takes the last change back and shows its picture; PageUp and PageDown scroll the classes; Esc leaves. The pictures that come next are decoded ahead, two at a
/// time. A label counts once it has been saved; one that could not be saved brings its picture back. Behind the last picture stands a LabellingEnd.
class LabellingView : public PageCover {
    Q_OBJECT
public:
    /// `load` is called on two threads.
    LabellingView(ProjectSession &session, ThumbnailLoader::Load load, QWidget *parent);
    ~LabellingView() override;

    /// Shows what the model says of a picture without label; Enter confirms it. `suggestions` outlives this view.
    void followSuggestions(const SuggestionController &suggestions);

    /// Shows itself with `images` (at least one), at `start` where it is among them.
    void begin(std::vector<ImageId> images, ImageId start);
    void begin(LabellingRound round, ImageId start); ///< The same, and says in what order they come.
    void leave();
    bool isActive() const { return m_active; }
    const LabellingList &list() const { return m_list; }
    LabellingClasses *classes() const { return m_classes; }
    LabellingEnd *end() const { return m_end; }
    LabellingHead *head() const { return m_head; }
    bool isReady() const; ///< The current picture is on show, decoded.
    void showCounts(const ImageCounts &counts);
    LabelBar *nameBar() const { return m_names; }

Q_SIGNALS:
    void left(whisker::ImageId last); ///< The picture that was on show; 0 at the end.

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void build();
    void listenToSession();
    void run(LabellingCommand command);
    void takeClassKey(const QString &key);
    const PictureGuess *guess() const;
    void enter();
    void label(ClassId id);
    void labelByName(const QString &name);
    void sent(ImageId id, const QString &name = {});
    void skip();
    void back();
    void toggleUnsure();
    void exclude();
    void undo();
    void askName();
    void again();
    void more();
    void takeChanged(const std::vector<ImageId> &ids);
    void takeFailure();
    void fillClasses();
    void showCurrent();
    void describe();
    void showEnd();

    ProjectSession &m_session;
    const SuggestionController *m_suggestions = nullptr;
    LabellingList m_list;
    bool m_active = false;
    bool m_undoing = false; // the next change brings its picture back
    UnsavedLabels m_unsaved;
    ImageCounts m_counts;
    LabellingHead *m_head;
    QStackedWidget *m_body;
    LabellingPicture *m_picture;
    LabellingClasses *m_classes;
    LabellingEnd *m_end;
    LabellingCommands *m_commands;
    LabelBar *m_names;
};

} // namespace whisker
