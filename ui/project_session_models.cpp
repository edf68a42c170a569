// Which of the project's models answers.
#include "ui/project_session.h"

#include "engine/train/run_folder.h"

namespace whisker {

void ProjectSession::findLatestModel()
{
    m_worker->add([this, runs = m_runs, generation = m_generation] {
        const auto take = [this, model = newestModel(listRuns(runs)), generation] {
            if (generation != m_generation || model.empty() || !m_latestModel.empty())
                return; // another project, or a run ended meanwhile and announced a newer one
            m_latestModel = model;
            Q_EMIT latestModelChanged(m_latestModel);
            if (m_chosenModel.empty())
                Q_EMIT modelInUseChanged(modelInUse());
        };
        QMetaObject::invokeMethod(this, take, Qt::QueuedConnection);
    });
}

void ProjectSession::announceModel(const std::filesystem::path &file)
{
    m_latestModel = file;
    m_chosenModel.clear();
    Q_EMIT latestModelChanged(m_latestModel);
    Q_EMIT modelInUseChanged(modelInUse());
}

void ProjectSession::useModel(const std::filesystem::path &file)
{
    const std::filesystem::path before = modelInUse();
    m_chosenModel = file == m_latestModel ? std::filesystem::path() : file;
    if (modelInUse() != before)
        Q_EMIT modelInUseChanged(modelInUse());
}

} // namespace whisker
