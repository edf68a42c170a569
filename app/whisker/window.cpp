#include "app/whisker/window.h"

#include "ui/data/data_page.h"
#include "ui/predict/predict_page.h"
#include "ui/project_session.h"
#include "ui/train/train_page.h"

namespace whisker {

namespace {

std::vector<PageEntry> pagesFor(ProjectSession &session)
{
    return {
        {QStringLiteral("data"), Icon::Data, DataPage::tr("Data"), [&session](QWidget *parent) { return new DataPage(session, parent); }},
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

/// A run that goes on keeps the processors; Predict then answers with less.
void joinPages(const MainWindow &window)
{
    auto *trainPage = qobject_cast<TrainPage *>(window.page(QStringLiteral("train")));
    auto *predictPage = qobject_cast<PredictPage *>(window.page(QStringLiteral("predict")));
    if (!trainPage || !predictPage)
        return;
    const auto tell = [trainPage, predictPage] { predictPage->setTrainingGoesOn(trainPage->controller()->isRunning()); };
    QObject::connect(trainPage->controller(), &TrainingController::stateChanged, predictPage, tell);
    tell();
}

} // namespace

std::unique_ptr<MainWindow> makeWindow(ProjectSession &session)
{
    auto window = std::make_unique<MainWindow>(session, pagesFor(session));
    auto *made = window.get();
    QObject::connect(made, &MainWindow::pageMade, made, [made] { joinPages(*made); });
    return window;
}

} // namespace whisker
