// How the Train page keeps up with the open project.
#include "ui/train/train_page.h"

#include "engine/nn/architectures.h"
#include "ui/project_session.h"
#include "ui/texts.h"
#include "ui/train/recipe_panel.h"

#include <QScopedValueRollback>
#include <QTimer>
#include <algorithm>
#include <map>

namespace whisker {

namespace {

constexpr auto kConfigKey = "train/config";

/// What is recommended where a project says nothing, or what can't be read.
TrainConfig configOf(const std::map<std::string, std::string> &settings)
{
    const auto entry = settings.find(kConfigKey);
    if (entry == settings.end())
        return recommendedConfig(TrainMode::Quick);
    const auto config = trainConfigFromJson(entry->second);
    return config && findArchitecture(config->architecture.empty() ? "lite0" : config->architecture) ? *config : recommendedConfig(TrainMode::Quick);
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
    connect(m_recipe, &RecipePanel::configChanged, this, &TrainPage::keepRecipe);
    if (session.isOpen()) {
        takeRecipe();
        requestMaterial();
    }
}

void TrainPage::takeRecipe()
{
    const QScopedValueRollback<bool> taking(m_takingRecipe, true);
    m_recipe->setConfig(configOf(m_session->state().settings));
}

void TrainPage::keepRecipe()
{
    if (m_takingRecipe || !m_session->isOpen() || m_session->isReadOnly())
        return; // without a project, or one that can't be written, the choice lasts as long as the window
    const std::string json = toJson(m_recipe->config());
    const auto &settings = m_session->state().settings;
    const auto kept = settings.find(kConfigKey);
    if (kept == settings.end() || kept->second != json)
        m_session->setSetting(QLatin1String(kConfigKey), fromUtf8(json));
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
            for (const ClassRecord &known : m_session->state().classes) {
                if (std::ranges::find((*snapshot)->classes, known.name) != (*snapshot)->classes.end())
                    continue;
                const std::vector<ImageRecord> &images = m_session->state().images;
                const bool any = std::ranges::find(images, std::optional(known.id), &ImageRecord::label) != images.end();
                (any ? material.unusableClasses : material.emptyClasses).push_back(known.name);
            }
        } else {
            material.obstacle = QString::fromStdString(snapshot.error().message);
        }
        setMaterial(material);
        if (m_materialRequests == 0)
            begin();
    });
}

} // namespace whisker
