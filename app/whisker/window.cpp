#include "app/whisker/window.h"

#include "ui/data/data_page.h"
#include "ui/predict/predict_page.h"
#include "ui/project_session.h"
#include "ui/suggestion_controller.h"
#include "ui/train/train_page.h"

namespace whisker {

namespace {

std::vector<PageEntry> pagesFor(ProjectSession &session, SuggestionController &suggestions)
{
    return {
        {QStringLiteral("data"), Icon::Data, DataPage::tr("Data"), 
         [&session, &suggestions](QWidget *parent) {
             auto *page = new DataPage(session, parent);
             page->followSuggestions(suggestions);
             return page;
         }},
        {QStringLiteral("train"), Icon::Train, TrainPage::tr("Train"),
         [&session](QWidget *parent) {
             auto *page = new TrainPage(&train, parent);
             QObject::connect(page, &TrainPage::filesDropped, &session, [&session](const QStringList &paths) { session.importPaths(paths); });
             page->followSession(session);
             return page;
         }},
        {QStringLiteral("predict"), Icon::Predict, PredictPage::tr("Predict"),
         [&session](QWidget *parent) {
             auto *page = new PredictPage(&loadClassifier, parent);
             page->followSession(session);
             return page;
         }},
    };
}

/// A run that goes on keeps the processors; Predict then answers with less, and suggestions wait.
void joinPages(const MainWindow &window, SuggestionController &suggestions)
{
    auto *trainPage = qobject_cast<TrainPage *>(window.page(QStringLiteral("train")));
    auto *predictPage = qobject_cast<PredictPage *>(window.page(QStringLiteral("predict")));
    if (!trainPage)
        return;
    const auto join = [trainPage](auto *follower) {
        const auto tell = [trainPage, follower] { follower->setTrainingGoesOn(trainPage->controller()->isRunning()); };
        QObject::connect(trainPage->controller(), &TrainingController::stateChanged, follower, tell);
        tell();
    };
    join(&suggestions);
    if (predictPage)
        join(predictPage);
}

} // namespace

std::unique_ptr<MainWindow> makeWindow(ProjectSession &session)
{
    auto suggestions = std::make_unique<SuggestionController>(session);
    auto window = std::make_unique<MainWindow>(session, pagesFor(session, *suggestions));
    auto *made = window.get();
    auto *asked = suggestions.release();
    asked->setParent(made); // goes with the window, after its pages have been told
    QObject::connect(made, &MainWindow::pageMade, made, [made, asked] { joinPages(*made, *asked); });
    return window;
}

} // namespace whisker
