#pragma once

#include "ui/data/image_filter.h"
#include "ui/data/labelling_list.h"
#include "ui/data/thumbnail_loader.h"

#include <QCache>
#include <QWidget>
#include <deque>

class QScrollArea;
class QStackedWidget;
class QVBoxLayout;

namespace whisker {

class Button;
class ClassRow;
class LabelBar;
class PictureView;
class ProjectSession;
class SentenceLabel;
class SuggestionController;
struct PictureGuess;
class TextLabel;

/// Labelling by keyboard: one picture at a time as large as the page, one key a class, the next picture by itself. Lies over its parent and follows its size.
///
/// A class's key labels; Enter confirms the model's guess where there is one; L, and else Enter, types a name, also a new one; Space, Right or S skips; Left, Backspace or B goes back; ? marks "not sure", X excludes; U or
/// Ctrl+Z takes the last change back and shows its picture; Esc leaves. The pictures that come next are decoded ahead, two at a time. A label counts once it has been
/// saved; one that could not be saved brings its picture back.
class LabellingView : public QWidget {
    Q_OBJECT
public:
    /// `load` is called on two threads.
    LabellingView(ProjectSession &session, ThumbnailLoader::Load load, QWidget *parent);
    ~LabellingView() override;

    /// Shows what the model says of a picture without label; Enter confirms it. `suggestions` outlives this view.
    void followSuggestions(const SuggestionController &suggestions);

    /// Shows itself with `images` (at least one), at `start` where it is among them.
    void begin(std::vector<ImageId> images, ImageId start);
    void leave();
    bool isActive() const { return m_active; }
    const LabellingList &list() const { return m_list; }
    bool isReady() const { return m_ready; } ///< The current picture is on show, decoded.
    void showCounts(const ImageCounts &counts);
    LabelBar *nameBar() const { return m_names; }
    QString heading() const;

Q_SIGNALS:
    void left(whisker::ImageId last); ///< The picture that was on show; 0 at the end.

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();
    QWidget *buildEnd();
    Button *addCommand(const QString &text, const QKeySequence &keys, void (LabellingView::*command)());
    void listenToSession();
    bool takeCommand(int key);
    void takeClassKey(const QString &key);
    const PictureGuess *guess() const;
    void enter();
    void label(ClassId id);
    void labelByName(const QString &name);
    void sent(ImageId id);
    void skip();
    void back();
    void toggleUnsure();
    void exclude();
    void undo();
    void askName();
    void again();
    void takeChanged(const std::vector<ImageId> &ids);
    void takeFailure();
    void fillClasses();
    void showCurrent();
    void showPicture();
    void describe();
    void showEnd();
    void say(const QString &text);

    ProjectSession &m_session;
    const SuggestionController *m_suggestions = nullptr;
    LabellingList m_list;
    bool m_active = false;
    bool m_ready = false;
    bool m_undoing = false;         // the next change brings its picture back
    std::deque<ImageId> m_unsaved;  // labelled, and not heard to be saved yet; the oldest first
    QString m_lastName;             // the name that was typed last, until it is known to be good
    ImageCounts m_counts;
    TextLabel *m_heading;
    TextLabel *m_caption;
    TextLabel *m_message;
    QStackedWidget *m_body;
    PictureView *m_view;
    QScrollArea *m_classArea;
    QVBoxLayout *m_classColumn;
    std::vector<ClassRow *> m_rows;
    QWidget *m_commands;
    Button *m_unsure = nullptr;
    Button *m_enter = nullptr; // confirms a guess, or types a class
    SentenceLabel *m_endText = nullptr;
    Button *m_again = nullptr;
    LabelBar *m_names;
    QCache<ImageId, QImage> m_pictures; // cost in bytes
    ThumbnailLoader m_loader;
};

} // namespace whisker
