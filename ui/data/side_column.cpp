#include "ui/data/side_column.h"

#include "ui/data/classes_card.h"
#include "ui/data/doctor_card.h"
#include "ui/data/skipped_card.h"
#include "ui/data/splits_card.h"
#include "ui/project_session.h"
#include "ui/texts.h"

#include <QDesktopServices>
#include <QListView>
#include <QUrl>
#include <QVBoxLayout>

namespace whisker {

namespace {
constexpr int kWidth = 264;
} // namespace

SideColumn::SideColumn(ProjectSession &session, DoctorController &doctor, QWidget *parent)
    : QScrollArea(parent), m_session(session), m_classes(new ClassesCard), m_splits(new SplitsCard(session, doctor)), m_doctor(new DoctorCard(doctor)), m_skipped(new SkippedCard)
{
    setFixedWidth(kWidth);
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    viewport()->setAutoFillBackground(false);
    auto *content = new QWidget;
    content->setAutoFillBackground(false);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    for (QWidget *card : {static_cast<QWidget *>(m_classes), static_cast<QWidget *>(m_splits), static_cast<QWidget *>(m_doctor), static_cast<QWidget *>(m_skipped)})
        column->addWidget(card);
    column->addStretch(1);
    setWidget(content);
    connect(m_classes, &ClassesCard::addWanted, &session, &ProjectSession::addClass);
    connect(m_classes, &ClassesCard::renameWanted, &session, &ProjectSession::renameClass);
    connect(m_classes, &ClassesCard::removeWanted, &session, &ProjectSession::removeClass);
    connect(m_classes, &ClassesCard::mergeWanted, &session, &ProjectSession::mergeClasses);
    connect(m_classes, &ClassesCard::colourWanted, &session, &ProjectSession::recolourClass);
    connect(m_classes, &ClassesCard::keyWanted, &session, &ProjectSession::setClassKey);
    connect(m_classes, &ClassesCard::moveWanted, &session, &ProjectSession::moveClass);
    connect(&session, &ProjectSession::failed, m_classes, &ClassesCard::reopenEdit);
    connect(m_skipped, &SkippedCard::folderWanted, this, [](const QString &folder) { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
    const auto showSkipped = [this] { m_skipped->setSkipped(m_session.state().skipped); };
    connect(&session, &ProjectSession::opened, this, showSkipped);
    connect(&session, &ProjectSession::skippedChanged, this, showSkipped);
    showSkipped();
}

void SideColumn::showCounts(const ImageCounts &counts)
{
    const auto &classes = m_session.state().classes;
    m_classes->setClasses(classes, counts.ofClass);
    m_splits->showCounts(counts);
}

void SideColumn::showSkipped()
{
    ensureWidgetVisible(m_skipped, 0, 0);
    m_skipped->list()->setFocus(Qt::OtherFocusReason);
    if (!m_skipped->list()->currentIndex().isValid())
        m_skipped->list()->setCurrentIndex(m_skipped->list()->model()->index(0, 0));
}

ShareBars *SideColumn::splits() const { return m_splits->bars(); }

} // namespace whisker
