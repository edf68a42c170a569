#include "ui/project_session.h"

#include "engine/base/thread_priority.h"
#include "ui/texts.h"

#include <QPointer>
#include <algorithm>
#include <mutex>
#include <utility>

namespace whisker {

struct ProjectSession::Opened {
    std::shared_ptr<Project> project;
    ProjectState state;
};

/// What the import's thread has to say and the GUI thread has not heard yet.
struct ProjectSession::ImportNews {
    std::mutex mutex;
    std::vector<ProjectChange> changes;
    ImportProgress progress;
    bool underWay = false; // an event is, and will carry what is added
};

namespace {

const ImageRecord *find(const std::vector<ImageRecord> &images, ImageId id)
{
    const auto place = std::ranges::lower_bound(images, id, {}, &ImageRecord::id);
    return place != images.end() && place->id == id ? &*place : nullptr;
}

/// What makes `fresh` of `old`.
ProjectChange difference(const ProjectState &old, const ProjectState &fresh)
{
    ProjectChange change;
    for (const auto &image : fresh.images) {
        const auto *before = find(old.images, image.id);
        if (!before || !(*before == image))
            change.images.push_back(image);
    }
    for (const auto &image : old.images) {
        if (!find(fresh.images, image.id))
            change.removed.push_back(image.id);
    }
    if (old.classes != fresh.classes)
        change.classes = fresh.classes;
    if (old.skipped != fresh.skipped)
        change.skipped = fresh.skipped;
    change.history = fresh.history;
    change.number = fresh.number;
    return change;
}

} // namespace

ProjectSession::ProjectSession(QObject *parent)
    : QObject(parent), m_worker(std::make_unique<JobThread>(JobThread::AtEnd::Finish)),
      m_importer(std::make_unique<JobThread>(JobThread::AtEnd::Drop))
{
}

ProjectSession::~ProjectSession()
{
    m_importStop.request_stop();
    m_importer.reset();
    m_worker.reset();
}

/// Runs `function` in the GUI thread; from any thread that is joined before this object goes.
template <class Function> void ProjectSession::post(Function function)
{
    QMetaObject::invokeMethod(this, std::move(function), Qt::QueuedConnection);
}

void ProjectSession::open(const std::filesystem::path &path, Missing missing)
{
    openWith(path, [path, missing] { return missing == Missing::Create ? Project::openOrCreate(path) : Project::open(path); });
}

void ProjectSession::create(const std::filesystem::path &path)
{
    openWith(path, [path] { return Project::create(path); });
}

Result<ProjectSession::Opened> ProjectSession::read(Result<Project> project)
{
    if (!project)
        return std::unexpected(project.error());
    auto state = project->state();
    if (!state)
        return std::unexpected(state.error());
    return Opened{std::make_shared<Project>(std::move(*project)), std::move(*state)};
}

void ProjectSession::openWith(const std::filesystem::path &path, std::function<Result<Project>()> opener)
{
    ++m_opening;
    Q_EMIT opening(displayText(path));
    m_worker->add([this, opener = std::move(opener), wanted = ++m_wanted] {
        post([this, result = std::make_shared<Result<Opened>>(read(opener())), wanted]() {
            --m_opening;
            if (wanted != m_wanted)
                return;
            if (*result)
                takeOpened(std::move(**result));
            else
                Q_EMIT openFailed(fromUtf8(result->error().message));
        });
    });
}

void ProjectSession::takeOpened(Opened taken)
{
    ++m_generation;
    m_importStop.request_stop();
    m_waitingImports.clear();
    m_importing = false;
    m_reloading = false;
    m_importer->add([old = std::move(m_project)] {}); // closed there, after an import that still ends
    m_project = std::move(taken.project);
    m_state = std::move(taken.state);
    m_file = m_project->file();
    m_runs = m_project->runs();
    m_readOnly = m_project->isReadOnly();
    m_latestModel.clear();
    m_chosenModel.clear();
    Q_EMIT opened();
    Q_EMIT latestModelChanged(m_latestModel);
    Q_EMIT modelInUseChanged(modelInUse());
    findLatestModel();
}

QString ProjectSession::name() const
{
    return displayText(projectFolder().filename());
}

const ImageRecord *ProjectSession::image(ImageId id) const
{
    return find(m_state.images, id);
}

const ClassRecord *ProjectSession::classRecord(ClassId id) const
{
    const auto place = std::ranges::find(m_state.classes, id, &ClassRecord::id);
    return place != m_state.classes.end() ? &*place : nullptr;
}

const ClassRecord *ProjectSession::classOfKey(int digit) const
{
    const auto place = std::ranges::find(m_state.classes, std::to_string(digit), &ClassRecord::key);
    return place != m_state.classes.end() ? &*place : nullptr;
}

QStringList ProjectSession::classNames() const
{
    QStringList names;
    for (const auto &record : m_state.classes)
        names.append(fromUtf8(record.name));
    return names;
}

int ProjectSession::colourOf(const QString &className) const
{
    for (const auto &record : m_state.classes) {
        if (fromUtf8(record.name) == className)
            return record.colour;
    }
    return -1;
}

void ProjectSession::setLabel(std::vector<ImageId> images, std::optional<ClassId> label)
{
    change([images = std::move(images), label](Project &project, const TakeChange &) { return project.setLabel(images, label); });
}

void ProjectSession::setLabel(std::vector<ImageId> images, const QString &className)
{
    const QString wanted = className.trimmed();
    for (const auto &record : m_state.classes) {
        if (fromUtf8(record.name).compare(wanted, Qt::CaseInsensitive) == 0)
            return setLabel(std::move(images), record.id);
    }
    change([images = std::move(images), name = wanted.toStdString()](Project &project, const TakeChange &took) {
        auto added = project.addClass(name);
        if (!added)
            return added;
        const ClassId id = added->classes->back().id; // addClass() puts it at the end
        took(std::move(*added));
        return project.setLabel(images, id);
    });
}

void ProjectSession::setExcluded(std::vector<ImageId> images, bool excluded)
{
    change([images = std::move(images), excluded](Project &project, const TakeChange &) { return project.setExcluded(images, excluded); });
}

void ProjectSession::addClass(const QString &name)
{
    change([name = name.toStdString()](Project &project, const TakeChange &) { return project.addClass(name); });
}

void ProjectSession::renameClass(ClassId id, const QString &name)
{
    change([id, name = name.toStdString()](Project &project, const TakeChange &) { return project.renameClass(id, name); });
}

void ProjectSession::removeClass(ClassId id)
{
    change([id](Project &project, const TakeChange &) { return project.removeClass(id); });
}

void ProjectSession::undo()
{
    if (canUndo())
        change([](Project &project, const TakeChange &) { return project.undo(); });
}

void ProjectSession::redo()
{
    if (canRedo())
        change([](Project &project, const TakeChange &) { return project.redo(); });
}

void ProjectSession::reportState(ImageId image, ImageState state, const QString &reason)
{
    change([image, state, reason = reason.toStdString()](Project &project, const TakeChange &) {
        return project.setState(image, state, reason);
    });
}

void ProjectSession::change(Change change)
{
    if (!m_project)
        return;
    m_worker->add([this, change = std::move(change), project = m_project, generation = m_generation] {
        const auto took = [&](ProjectChange done) {
            post([this, done = std::move(done), generation] {
                if (generation == m_generation)
                    take(done);
            });
        };
        if (auto result = change(*project, took))
            took(std::move(*result));
        else
            postFailure(result.error(), generation);
    });
}

void ProjectSession::setSetting(const QString &key, const QString &value)
{
    if (!m_project)
        return;
    m_state.settings[key.toStdString()] = value.toStdString();
    m_worker->add([this, key = key.toStdString(), value = value.toStdString(), project = m_project, generation = m_generation] {
        if (const auto result = project->setSetting(key, value); !result)
            postFailure(result.error(), generation);
    });
}

void ProjectSession::postFailure(const Error &error, int generation)
{
    post([this, sentence = fromUtf8(error.message), generation] {
        if (generation == m_generation)
            Q_EMIT failed(sentence);
    });
}

void ProjectSession::take(const ProjectChange &change)
{
    std::vector<ImageId> added, altered;
    for (const auto &record : change.images)
        (image(record.id) ? altered : added).push_back(record.id);
    const bool history = change.history != m_state.history;
    if (!applyChange(m_state, change))
        return reload(); // two threads made changes, and what they posted crossed on the way
    if (change.classes)
        Q_EMIT classesChanged();
    if (!change.removed.empty())
        Q_EMIT imagesRemoved(change.removed);
    if (!altered.empty())
        Q_EMIT imagesChanged(altered);
    if (!added.empty())
        Q_EMIT imagesAdded(added);
    if (change.skipped)
        Q_EMIT skippedChanged();
    if (history)
        Q_EMIT undoChanged();
    if (!change.words.empty())
        Q_EMIT changed(fromUtf8(change.words));
}

void ProjectSession::importPaths(const QStringList &paths, Preparation prepare)
{
    if (!m_project || paths.isEmpty())
        return;
    ImportOrder order{{}, std::move(prepare)};
    for (const auto &path : paths)
        order.paths.push_back(toPath(path));
    m_waitingImports.push_back(std::move(order));
    if (!m_importing)
        startNextImport();
}

void ProjectSession::cancelImport()
{
    m_waitingImports.clear();
    m_importStop.request_stop();
}

void ProjectSession::startNextImport()
{
    m_importing = true;
    m_importStatus = {};
    m_importStop = std::stop_source();
    m_importer->add([this, order = std::move(m_waitingImports.front()), project = m_project, generation = m_generation,
                     stop = m_importStop.get_token()] { runImport(*project, order, generation, stop); });
    m_waitingImports.pop_front();
    Q_EMIT importStarted();
    Q_EMIT undoChanged();
}

void ProjectSession::runImport(Project &project, const ImportOrder &order, int generation, std::stop_token stop)
{
    stepBehindWindow();
    const auto news = std::make_shared<ImportNews>();
    const auto hear = [this, news, generation] {
        if (generation == m_generation)
            takeImportNews(*news);
    };
    const auto sink = [&](const ImportProgress &progress) {
        {
            const std::scoped_lock lock(news->mutex);
            news->changes.push_back(progress.change);
            news->progress = progress;
            news->progress.change = {};
            if (std::exchange(news->underWay, true))
                return;
        }
        post(hear);
    };
    const auto prepared = order.prepare ? order.prepare(stop) : Result<void>();
    auto result = prepared ? importFolders(project, order.paths, {}, sink, stop) : std::unexpected(prepared.error());
    post([this, result = std::move(result), generation] {
        if (generation == m_generation)
            endImport(result);
    });
}

void ProjectSession::takeImportNews(ImportNews &news)
{
    std::vector<ProjectChange> changes;
    {
        const std::scoped_lock lock(news.mutex);
        changes.swap(news.changes);
        m_importStatus = news.progress;
        news.underWay = false;
    }
    for (const auto &done : changes)
        take(done);
    Q_EMIT importProgressed(m_importStatus);
}

void ProjectSession::endImport(const Result<ImportReport> &result)
{
    m_importing = false;
    if (!result && result.error().code != ErrorCode::Cancelled)
        Q_EMIT failed(fromUtf8(result.error().message));
    ImportReport report = result.value_or(ImportReport{});
    report.cancelled = report.cancelled || (!result && result.error().code == ErrorCode::Cancelled);
    Q_EMIT importFinished(report);
    Q_EMIT undoChanged();
    if (!m_waitingImports.empty() && !m_importing)
        startNextImport();
}

/// Takes over what the file says.
void ProjectSession::reload()
{
    if (std::exchange(m_reloading, true))
        return;
    m_worker->add([this, project = m_project, generation = m_generation] {
        auto fresh = project->state();
        post([this, fresh = std::make_shared<const Result<ProjectState>>(std::move(fresh)), generation] {
            if (generation != m_generation)
                return;
            m_reloading = false;
            if (*fresh)
                take(difference(m_state, **fresh));
            else
                Q_EMIT failed(fromUtf8(fresh->error().message));
        });
    });
}

void ProjectSession::requestSnapshot(QObject *context, SnapshotReady ready)
{
    using Answer = Result<std::shared_ptr<const Snapshot>>;
    const auto answer = [this, guard = QPointer<QObject>(context), ready = std::move(ready)](Answer result) {
        post([guard, ready, result = std::move(result)] {
            if (guard)
                ready(result);
        });
    };
    if (!m_project)
        return answer(fail(ErrorCode::NotFound, tr("No project is open: open one, or make a new one.").toStdString()));
    m_worker->add([project = m_project, answer] {
        auto snapshot = snapshotOf(*project);
        answer(snapshot ? Answer(std::make_shared<const Snapshot>(std::move(*snapshot))) : std::unexpected(snapshot.error()));
    });
}

} // namespace whisker
