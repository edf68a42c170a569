// How the Train page keeps up with the open project.
#include "ui/train/train_page.h"

#include "ui/project_session.h"

#include <QTimer>

namespace whisker {

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
    connect(this, &TrainPage::newestModelChanged, &session, &ProjectSession::announceModel);
    if (session.isOpen())
        requestMaterial();
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
