#include "ui/data/picture_overlay.h"

#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/picture_view.h"
#include "widgets/text_label.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace whisker {

PictureOverlay::PictureOverlay(ThumbnailLoader::Load load, QWidget *parent)
    : QWidget(parent), m_caption(new TextLabel(this)), m_view(new PictureView(this)), m_loader(std::move(load), 1)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Picture"));
    auto *back = new Button(tr("Back"), Button::Kind::Plain, this);
    back->setKeyHint(Qt::Key_Escape);
    back->setFocusPolicy(Qt::NoFocus);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    auto *row = new QHBoxLayout;
    m_caption->setSize(17, QFont::DemiBold);
    row->addWidget(m_caption);
    row->addStretch(1);
    row->addWidget(back);
    column->addLayout(row);
    column->addWidget(m_view, 1);
    connect(back, &Button::clicked, this, &PictureOverlay::leave);
    connect(&m_loader, &ThumbnailLoader::loaded, this, [this](ImageId id, const QImage &image) {
        if (id != m_id)
            return;
        m_ready = true;
        m_view->setPicture(image, m_name, m_size);
    });
    connect(&m_loader, &ThumbnailLoader::failed, this, [this](ImageId id, const Error &error) {
        if (id != m_id)
            return;
        m_view->setPicture({}, m_name);
        m_view->setPlaceholder(fromUtf8(error.message));
    });
    parent->installEventFilter(this);
    hide();
}

void PictureOverlay::showPicture(const ImageRecord &image, const QImage &placeholder)
{
    m_id = image.id;
    m_ready = false;
    m_name = fromUtf8(image.name);
    m_size = QSize(image.width, image.height);
    m_view->setPlaceholder(tr("Opening the picture"));
    m_view->setPicture(placeholder, m_name, m_size);
    m_loader.setWanted({{image.id, image.file()}});
    setGeometry(parentWidget()->rect());
    raise();
    show();
    setFocus();
}

void PictureOverlay::setCaption(const QString &text) { m_caption->setText(text); }

void PictureOverlay::leave()
{
    if (!m_id)
        return;
    m_id = 0;
    m_loader.setWanted({});
    hide();
    Q_EMIT left();
}

void PictureOverlay::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), Theme::current().colours().ground);
}

void PictureOverlay::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Escape:
    case Qt::Key_Space:
    case Qt::Key_Return: return leave();
    case Qt::Key_Left:
    case Qt::Key_Up: Q_EMIT stepWanted(-1); return;
    case Qt::Key_Right:
    case Qt::Key_Down: Q_EMIT stepWanted(1); return;
    default: QWidget::keyPressEvent(event);
    }
}

void PictureOverlay::mouseDoubleClickEvent(QMouseEvent *) { leave(); }

bool PictureOverlay::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        setGeometry(parentWidget()->rect());
    return QWidget::eventFilter(watched, event);
}

} // namespace whisker
