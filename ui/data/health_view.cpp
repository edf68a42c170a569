#include "ui/data/health_view.h"

#include "ui/data/doctor_controller.h"
#include "ui/data/health_chart.h"
#include "ui/project_session.h"
#include "widgets/card.h"
#include "widgets/image_grid.h"

#include <QGridLayout>
#include <QKeyEvent>

namespace whisker {

namespace {
constexpr int kFillAfterMs = 100;
constexpr int kColumnPx = 330; // the least width of a card
} // namespace

HealthView::HealthView(ProjectSession &session, DoctorController &doctor, QWidget *parent) : QScrollArea(parent), m_session(session), m_doctor(doctor)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Health of the data"));
    viewport()->setAutoFillBackground(false);
    auto *content = new QWidget;
    content->setAutoFillBackground(false);
    m_grid = new QGridLayout(content);
    m_grid->setContentsMargins(ImageGrid::kRing, 0, 0, 0); // as the grid of pictures, which keeps room for its rings
    m_grid->setSpacing(12);
    setWidget(content);
    m_fillSoon.setSingleShot(true);
    m_fillSoon.setInterval(kFillAfterMs);
    connect(&m_fillSoon, &QTimer::timeout, this, &HealthView::fill);
    const auto soon = [this] { m_fillSoon.start(); };
    connect(&session, &ProjectSession::opened, this, soon);
    connect(&session, &ProjectSession::imagesAdded, this, soon);
    connect(&session, &ProjectSession::imagesChanged, this, soon);
    connect(&session, &ProjectSession::imagesRemoved, this, soon);
    connect(&session, &ProjectSession::classesChanged, this, soon);
    connect(&doctor, &DoctorController::diagnosisChanged, this, soon);
}

void HealthView::fill()
{
    if (!isVisible())
        return;
    auto figures = healthOf(m_session.state(), m_doctor.diagnosis().get());
    while (m_charts.size() < figures.size()) {
        auto *card = new Card({}, widget());
        auto *chart = new HealthChart(card);
        card->addWidget(chart);
        card->body()->addStretch(1);
        connect(chart, &HealthChart::picturesWanted, this, &HealthView::picturesWanted);
        connect(chart, &HealthChart::findingWanted, this, &HealthView::findingWanted);
        m_cards.push_back(card);
        m_charts.push_back(chart);
        m_columns = 0;
    }
    for (std::size_t k = 0; k < figures.size(); ++k) {
        m_cards[k]->setTitle(figures[k].title);
        m_charts[k]->setFigures(std::move(figures[k]));
    }
    place();
}

void HealthView::place()
{
    const int columns = std::clamp(viewport()->width() / kColumnPx, 1, 3);
    if (columns == m_columns || m_cards.empty())
        return;
    m_columns = columns;
    for (int k = 0; k < static_cast<int>(m_cards.size()); ++k) {
        m_grid->addWidget(m_cards[static_cast<std::size_t>(k)], k / columns, k % columns);
        m_cards[static_cast<std::size_t>(k)]->show();
    }
    for (int column = 0; column < 3; ++column)
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
    m_grid->setRowStretch(static_cast<int>(m_cards.size()), 1);
}

void HealthView::showEvent(QShowEvent *event)
{
    QScrollArea::showEvent(event);
    fill();
}

void HealthView::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    place();
}

void HealthView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT left();
    else
        QScrollArea::keyPressEvent(event);
}

} // namespace whisker
