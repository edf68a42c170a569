// How the Train page keeps up with the open project.
#include "ui/train/train_page.h"

#include "ui/project_session.h"
#include "ui/texts.h"
#include "ui/train/recipe_panel.h"

#include <QScopedValueRollback>
#include <QTimer>
#include <array>
#include <utility>

namespace whisker {

namespace {

using Settings = std::map<std::string, std::string>;

/// What of it a project keeps, by key.
std::array<std::pair<QString, QString>, 4> settingsOf(const RecipeChoice &choice)
{
    const bool scratch = choice.recipe == RecipeChoice::Recipe::Scratch;
    return {{{QStringLiteral("train/recipe"), scratch ? QStringLiteral("scratch") : QStringLiteral("quick")},
             {QStringLiteral("train/network"), choice.architecture},
             {QStringLiteral("train/epochs"), QString::number(choice.epochs)},
             {QStringLiteral("train/size"), QString::number(choice.sizePx)}}};
}

QString text(const Settings &settings, const QString &key)
{
    const auto entry = settings.find(key.toStdString());
    return entry != settings.end() ? fromUtf8(entry->second) : QString();
}

/// The defaults where a project says nothing, or what only another Whisker knows.
RecipeChoice choiceOf(const Settings &settings)
{
    RecipeChoice choice;
    if (text(settings, QStringLiteral("train/recipe")) == QLatin1String("scratch"))
        choice.recipe = RecipeChoice::Recipe::Scratch;
    if (const QString network = text(settings, QStringLiteral("train/network")); !network.isEmpty())
        choice.architecture = network;
    if (const int epochs = text(settings, QStringLiteral("train/epochs")).toInt(); epochs > 0)
        choice.epochs = epochs;
    if (const int size = text(settings, QStringLiteral("train/size")).toInt(); size > 0)
        choice.sizePx = size;
    return choice;
}

} // namespace

void TrainPage::followSession(ProjectSession &session)
{
    m_session = &session;
    m_materialTimer = new QTimer(this);
    m_materialTimer->setSingleShot(true);
    m_materialTimer->setInterval(300); // an import tells of new pictures many times a second
    connect(m_materialTimer, &QTimer::timeout, this, &TrainPage::requestMaterial);
    connect(&session, &ProjectSession::opened, this, &TrainPage::requestMaterial);
    connect(&session, &ProjectSession::imagesAdded, this, &TrainPage::materialChanged);
    connect(&session, &ProjectSession::imagesChanged, this, &TrainPage::materialChanged);
    connect(&session, &ProjectSession::imagesRemoved, this, &TrainPage::materialChanged);
    connect(&session, &ProjectSession::classesChanged, this, &TrainPage::materialChanged);
    connect(this, &TrainPage::modelFinished, &session, &ProjectSession::announceModel);
    connect(this, &TrainPage::modelChosen, &session, &ProjectSession::useModel);
    connect(&session, &ProjectSession::opened, this, &TrainPage::takeRecipe);
    connect(m_recipe, &RecipePanel::choiceChanged, this, &TrainPage::keepRecipe);
    if (session.isOpen()) {
        takeRecipe();
        requestMaterial();
    }
}

void TrainPage::takeRecipe()
{
    const QScopedValueRollback<bool> taking(m_takingRecipe, true);
    m_recipe->setChoice(choiceOf(m_session->state().settings));
}

void TrainPage::keepRecipe()
{
    if (m_takingRecipe || !m_session->isOpen() || m_session->isReadOnly())
        return; // without a project, or one that can't be written, the choice lasts as long as the window
    for (const auto &[key, value] : settingsOf(m_recipe->choice())) {
        if (text(m_session->state().settings, key) != value)
            m_session->setSetting(key, value);
    }
}

void TrainPage::materialChanged()
{
    if (!m_materialTimer->isActive())
        m_materialTimer->start();
}

void TrainPage::requestMaterial()
{
    if (!m_session->isOpen())
        return;
    ++m_materialRequests;
    const std::filesystem::path project = m_session->projectFile();
    m_session->requestSnapshot(this, [this, project](const Result<std::shared_ptr<const Snapshot>> &snapshot) {
        --m_materialRequests;
        if (project != m_session->projectFile())
            return; // of a project that was closed
        TrainingMaterial material;
        material.runsFolder = m_session->runsFolder();
        if (snapshot) {
            material.snapshot = *snapshot;
            if (const auto trainable = checkTrainable(**snapshot, project); !trainable)
                material.obstacle = QString::fromStdString(trainable.error().message);
            for (const std::string &name : (*snapshot)->classes)
                // -1 where an import made the class, and the session has not heard of it yet; then the material is asked for again soon.
                material.classColours.push_back(m_session->colourOf(QString::fromStdString(name)));
        } else {
            material.obstacle = QString::fromStdString(snapshot.error().message);
        }
        setMaterial(material);
        if (m_materialRequests == 0)
            begin();
    });
}

} // namespace whisker
