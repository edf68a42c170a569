#include "ui/data/picture_overlay.h"

#include "ui/data/picture_facts.h"
#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/picture_view.h"
#include "widgets/text_label.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QSettings>
#include <QVBoxLayout>

namespace whisker {

namespace {
constexpr double kZoomStep = 1.5;
constexpr double kPanShare = 0.2; // of the view, for an arrow key
constexpr auto kFactsKey = "data/facts";
} // namespace

PictureOverlay::PictureOverlay(ThumbnailLoader::Load load, ThumbnailLoader::Load loadWhole, QWidget *parent)
    : PageCover(parent), m_caption(new TextLabel(this)), m_view(new PictureView(this)), m_facts(new PictureFacts(this)), m_loader(std::move(load), 1),
      m_wholeLoader(std::move(loadWhole), 1)
{
    setAccessibleName(tr("Picture"));
    auto *back = new Button(tr("Back"), Button::Kind::Plain, this);
    back->setKeyHint(Qt::Key_Escape);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    auto *row = new QHBoxLayout;
    m_caption->setSize(17, QFont::DemiBold);
    row->addWidget(m_caption);
    row->addStretch(1);
    auto *zoom = new Button(tr("Zoom"), Button::Kind::Quiet, this);
    zoom->setKeyHint(Qt::Key_Z);
    zoom->setToolTip(tr("Every pixel, and back (Z); larger and smaller (+, -), whole (Ctrl+0), or with the mouse wheel"));
    connect(zoom, &Button::clicked, this, [this] { m_view->toggleZoom(m_view->rect().center()); });
    auto *facts = new Button(tr("Facts"), Button::Kind::Quiet, this);
    facts->setKeyHint(Qt::Key_I);
    facts->setToolTip(tr("What is known of the file, and what its camera wrote into it (I)"));
    connect(facts, &Button::clicked, this, &PictureOverlay::toggleFacts);
    for (Button *button : {zoom, facts, back}) {
        button->setFocusPolicy(Qt::NoFocus);
        row->addWidget(button);
    }
    column->addLayout(row);
    auto *columns = new QHBoxLayout;
    columns->setSpacing(20);
    columns->addWidget(m_view, 1);
    columns->addWidget(m_facts, 0, Qt::AlignTop);
    column->addLayout(columns, 1);
    m_view->setZoomable(true);
    m_facts->setVisible(QSettings().value(kFactsKey).toBool());
    connect(m_view, &PictureView::detailWanted, this, [this] { m_wholeLoader.setWanted({{m_image.id, m_image.file()}}); });
    connect(&m_wholeLoader, &ThumbnailLoader::loaded, this, [this](ImageId id, const QImage &image) {
        if (id == m_id)
            m_view->setDetail(image);
    });
    connect(back, &Button::clicked, this, &PictureOverlay::leave);
    connect(&m_loader, &ThumbnailLoader::loaded, this, [this](ImageId id, const QImage &image) {
        if (id != m_id)
            return;
        m_ready = true;
        m_view->setPicture(image, m_name, m_size, true);
    });
    connect(&m_loader, &ThumbnailLoader::failed, this, [this](ImageId id, const Error &error) {
        if (id != m_id)
            return;
        m_view->setPicture({}, m_name);
        m_view->setPlaceholder(fromUtf8(error.message));
    });
}

void PictureOverlay::showPicture(const ImageRecord &image, const QImage &placeholder)
{
    m_id = image.id;
    m_image = image;
    m_wholeLoader.setWanted({});
    m_ready = false;
    m_name = fromUtf8(image.name);
    m_size = QSize(image.width, image.height);
    m_view->setPlaceholder(tr("Opening the picture"));
    m_view->setPicture(placeholder, m_name, m_size);
    m_loader.setWanted({{image.id, image.file()}});
    fillFacts();
    cover();
}

void PictureOverlay::setCaption(const QString &text) { m_caption->setText(text); }

void PictureOverlay::leave()
{
    if (!m_id)
        return;
    m_id = 0;
    m_loader.setWanted({});
    m_wholeLoader.setWanted({});
    m_facts->clear();
    m_view->setPicture({}); // a whole picture takes much memory
    hide();
    Q_EMIT left();
}

void PictureOverlay::keyPressEvent(QKeyEvent *event)
{
    if (panByKey(event->key()))
        return;
    switch (event->key()) {
    case Qt::Key_Escape:
    case Qt::Key_Space:
    case Qt::Key_Return: return leave();
    case Qt::Key_Left:
    case Qt::Key_Up:
    case Qt::Key_PageUp: Q_EMIT stepWanted(-1); return;
    case Qt::Key_Right:
    case Qt::Key_Down:
    case Qt::Key_PageDown: Q_EMIT stepWanted(1); return;
    case Qt::Key_Plus:
    case Qt::Key_Equal: return m_view->zoomBy(kZoomStep);
    case Qt::Key_Minus: return m_view->zoomBy(1 / kZoomStep);
    case Qt::Key_Z: return m_view->toggleZoom(m_view->rect().center());
    case Qt::Key_I: return toggleFacts();
    case Qt::Key_0:
        if (event->modifiers() & Qt::ControlModifier)
            return m_view->fit();
        break;
    default: break;
    }
    QWidget::keyPressEvent(event);
}

/// Arrows move a zoomed picture.
bool PictureOverlay::panByKey(int key)
{
    if (m_view->isFitted())
        return false;
    const double x = m_view->width() * kPanShare, y = m_view->height() * kPanShare;
    switch (key) {
    case Qt::Key_Left: m_view->pan({x, 0}); return true;
    case Qt::Key_Right: m_view->pan({-x, 0}); return true;
    case Qt::Key_Up: m_view->pan({0, y}); return true;
    case Qt::Key_Down: m_view->pan({0, -y}); return true;
    default: return false;
    }
}

void PictureOverlay::toggleFacts()
{
    m_facts->setVisible(!m_facts->isVisible());
    QSettings().setValue(kFactsKey, m_facts->isVisible());
    fillFacts();
}

void PictureOverlay::fillFacts()
{
    if (m_id && !m_facts->isHidden())
        m_facts->showFacts(m_image);
}

} // namespace whisker
