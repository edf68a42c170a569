#pragma once

#include "ui/page.h"
#include "ui/predict/inference_controller.h"
#include "ui/predict/picture_list_model.h"

#include <QCache>
#include <functional>

class QScrollBar;
class QStackedWidget;

namespace whisker {

class AnswerCard;
class Button;
class Card;
class DropZone;
class NoticeBar;
class PageHeader;
class PictureStrip;
class PictureView;
class ProbabilityBars;
class ProjectSession;
class TextLabel;

/// Drop, open or paste pictures and see what the model says of each. Left and Right walk through them, PageUp and PageDown scroll the answers beside the
/// picture where they are higher than the window. GUI thread.
class PredictPage : public Page {
    Q_OBJECT
public:
    explicit PredictPage(ClassifierLoader loader = &loadClassifier, QWidget *parent = nullptr);
    ~PredictPage() override;

    QString pageId() const override { return QStringLiteral("predict"); }
    QString title() const override { return tr("Predict"); }
    Icon icon() const override { return Icon::Predict; }
    QWidget *focusTarget() override;

    /// Uses the newest model of the project that `session` has open, and its classes' colours. `session` outlives the page. Call once.
    void followSession(ProjectSession &session);
    /// The model that answers from now on, also for the pictures that are there; an empty path: there is none.
    void setModel(const std::filesystem::path &modelFile);
    /// While a run trains, answers take one thread.
    void setTrainingGoesOn(bool goesOn) { m_controller->setTrainingGoesOn(goesOn); }
    /// Index into the palette for a class name; below 0 where it has none.
    void setColours(std::function<int(const QString &className)> colourOf);

    void addPaths(const QStringList &paths); ///< Files and folders.
    void addPasted(const QImage &picture);
    void paste();         ///< What the clipboard has: files or a picture.
    void openPictures();  ///< The file dialog.
    void removePicture(int row); ///< Takes it off the page; its file stays.
    void clearPictures();

    const PictureListModel *pictures() const { return m_pictures; }
    int currentRow() const;
    void setCurrentRow(int row);
    const AnswerCard *answerCard() const { return m_answer; }
    const ProbabilityBars *countBars() const { return m_allBars; } ///< How many of the pictures each class got.
    InferenceController *controller() const { return m_controller; }

Q_SIGNALS:
    void pictureCountChanged(int count);

private:
    void makeHeader();
    QWidget *makeContent();
    QWidget *makeSide(QWidget *content);
    void makeShortcuts();
    void step(int by);
    void removeCurrent();
    void showNewestButton();

    // predict_page_answers.cpp
    void hear(const std::vector<InferenceEvent> &events);
    void heard(const FilesFound &found);
    void heard(const ModelReady &ready);
    void heard(const ModelRefused &refused);
    void heard(const PictureRead &read);
    void heard(const PictureAnswered &answered);
    void heard(const PictureRefused &refused);
    void heard(const PictureShown &shown);
    void askAgain();
    void ask(int firstRow);
    InferenceRequest request(int row) const;
    int colourOf(int classIndex) const;
    void updateView();
    void updatePicture();
    void updateAnswer();
    void updateProgress();
    void showCounts();
    QString modelText() const;

    struct Shown {
        QImage image;
        QSize fullSize;
    };

    InferenceController *m_controller;
    PictureListModel *m_pictures;
    std::function<int(const QString &)> m_colourOf;
    const ProjectSession *m_session = nullptr;
    std::shared_ptr<const ModelSummary> m_model; // null: none, or it is being loaded
    bool m_modelExpected = false;                // one was set and has not been loaded or refused yet
    QString m_modelError;
    QCache<PictureId, Shown> m_shown;            // big pictures; cost in KiB
    PictureId m_showing = 0;

    PageHeader *m_header = nullptr;
    Button *m_newest = nullptr;
    Button *m_remove = nullptr;
    Button *m_clear = nullptr;
    Button *m_open = nullptr;
    NoticeBar *m_notice = nullptr;
    QStackedWidget *m_stack = nullptr;
    DropZone *m_noModel = nullptr;
    DropZone *m_noPicture = nullptr;
    QWidget *m_content = nullptr;
    PictureView *m_view = nullptr;
    QScrollBar *m_sideBar = nullptr; // of what stands beside the picture
    AnswerCard *m_answer = nullptr;
    Card *m_all = nullptr;
    ProbabilityBars *m_allBars = nullptr;
    TextLabel *m_allBroken = nullptr;
    PictureStrip *m_strip = nullptr;
};

} // namespace whisker
