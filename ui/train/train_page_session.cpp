// How the Train page keeps up with the open project.
#include "ui/train/train_page.h"

#include "engine/nn/architectures.h"
#include "ui/project_session.h"
#include "ui/texts.h"
#include "ui/train/pinned_card.h"
#include "ui/train/recipe_panel.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QScopedValueRollback>
#include <QTimer>
#include <algorithm>
#include <map>

namespace whisker {

namespace {

constexpr auto kConfigKey = "train/config"; // of the way that is chosen
constexpr auto kPinnedKey = "train/pinned"; // a JSON list of paths

/// Of a way that is not chosen.
std::string configKey(TrainMode mode)
{
    return std::string(kConfigKey) + '/' + std::string(trainModeName(mode));
}

/// Nothing where a project says nothing, or what can't be read.
std::optional<TrainConfig> configOf(const std::map<std::string, std::string> &settings, const std::string &key)
{
    const auto entry = settings.find(key);
    if (entry == settings.end())
        return std::nullopt;
    const auto config = trainConfigFromJson(entry->second);
    return config && findArchitecture(config->architecture.empty() ? "lite0" : config->architecture) ? std::optional(*config) : std::nullopt;
}

QStringList pinnedOf(const std::map<std::string, std::string> &settings)
{
    const auto entry = settings.find(kPinnedKey);
    QStringList paths;
    for (const QJsonValue &path : entry == settings.end() ? QJsonArray() : QJsonDocument::fromJson(QByteArray::fromStdString(entry->second)).array()) {
        if (QDir::isAbsolutePath(path.toString()))
            paths.append(path.toString());
    }
    return paths;
}

} // namespace

void TrainPage::followSession(ProjectSession &session)
{
    m_session = &session;
    m_materialTimer = new QTimer(this);
    m_materialTimer->setSingleShot(true);
    m_materialTimer->setInterval(300); // an import tells of new pictures many times a second
    connect(m_materialTimer, &QTimer::timeout, this, &TrainPage::requestMaterial);
    connect(m_pinned, &PinnedCard::changed, this, &TrainPage::keepPinned);
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
    const auto &settings = m_session->state().settings;
    const TrainConfig chosen = configOf(settings, kConfigKey).value_or(recommendedConfig(TrainMode::Quick));
    std::vector<TrainConfig> others;
    for (const TrainMode mode : kAllModes) {
        if (const auto other = configOf(settings, configKey(mode)); other && other->mode == mode)
            others.push_back(*other);
    }
    m_recipe->setConfig(chosen, others);
}

void TrainPage::keepRecipe()
{
    if (m_takingRecipe || !m_session->isOpen() || m_session->isReadOnly())
        return; // without a project, or one that can't be written, the choice lasts as long as the window
    const auto &settings = m_session->state().settings;
    for (const TrainMode mode : kAllModes) { // the way that was left comes before the one that is chosen now, which takes its place
        const TrainConfig &other = m_recipe->configOf(mode);
        if (mode != m_recipe->config().mode && other != configOf(settings, configKey(mode)).value_or(recommendedConfig(mode)))
            keep(configKey(mode), toJson(other));
    }
    keep(kConfigKey, toJson(m_recipe->config()));
}

void TrainPage::keep(const std::string &key, const std::string &value)
{
    const auto &settings = m_session->state().settings;
    const auto kept = settings.find(key);
    if (kept == settings.end() || kept->second != value)
        m_session->setSetting(fromUtf8(key), fromUtf8(value));
}

/// In the project that is on the page: while another is being opened the pinned pictures are still those of the one before.
void TrainPage::keepPinned()
{
    if (!m_session || !m_session->isOpen() || m_session->isReadOnly() || m_session->runsFolder() != m_material.runsFolder)
        return;
    if (const QStringList paths = m_pinned->paths(); paths != pinnedOf(m_session->state().settings))
        keep(kPinnedKey, QJsonDocument(QJsonArray::fromStringList(paths)).toJson(QJsonDocument::Compact).toStdString());
}

void TrainPage::takePinned()
{
    m_pinned->removeAll();
    if (m_session)
        m_pinned->restore(pinnedOf(m_session->state().settings));
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
        material.readOnly = m_session->isReadOnly();
        if (snapshot) {
            material.snapshot = *snapshot;
            if (material.readOnly) // whatever else is the matter can't be mended here
                material.obstacle = tr("This project is open for reading only, so nothing can be trained in it. Close its other window, or make its folder writable, and open it again.");
            else if (const auto trainable = checkTrainable(**snapshot, project); !trainable)
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
