#include "widgets/drop_zone.h"

#include "widgets/buttons.h"
#include "widgets/internal/paint.h"
#include "widgets/sentence_label.h"

#include <QDropEvent>
#include <QEvent>
#include <QHBoxLayout>
#include <QMimeData>
#include <QUrl>
#include <QVBoxLayout>

namespace whisker {

namespace {

constexpr int kIconEdge = 40;
constexpr int kSentenceWidth = 420;

/// Lies over a page while something hovers over it; lets every event through.
class HoverFrame : public QWidget {
public:
    explicit HoverFrame(QWidget *parent) : QWidget(parent)
    {
        setObjectName(QStringLiteral("dropFrame"));
        setAttribute(Qt::WA_TransparentForMouseEvents);
        setGeometry(parent->rect());
        raise();
        show();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const QColor accent = Theme::current().colours().accent;
        QColor fill = accent;
        fill.setAlphaF(0.08f);
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(accent, 2, Qt::DashLine));
        painter.setBrush(fill);
        painter.drawRoundedRect(QRectF(rect()).adjusted(4, 4, -4, -4), kCardRadius, kCardRadius);
    }
};

/// The icon of an empty state, tinted anew at every painting.
class IconBox : public QWidget {
public:
    IconBox(Icon icon, QWidget *parent) : QWidget(parent), m_icon(icon) { setFixedSize(kIconEdge, kIconEdge); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter(this).drawPixmap(0, 0, iconPixmap(m_icon, kIconEdge, Theme::current().colours().quietText, devicePixelRatioF()));
    }

private:
    Icon m_icon;
};

bool carriesPictures(const QMimeData &data) { return data.hasImage() || !localFiles(data).isEmpty(); }

} // namespace

QStringList localFiles(const QMimeData &data)
{
    QStringList paths;
    for (const QUrl &url : data.urls()) {
        if (url.isLocalFile())
            paths.append(url.toLocalFile());
    }
    return paths;
}

DropTarget::DropTarget(QWidget *target) : DropTarget(target, target) {}

DropTarget::DropTarget(QWidget *target, QWidget *framed) : QObject(framed), m_target(target), m_framed(framed), m_wanted(&carriesPictures)
{
    target->setAcceptDrops(true);
    target->installEventFilter(this);
    if (framed != target)
        framed->installEventFilter(this);
}

void DropTarget::setWanted(std::function<bool(const QMimeData &)> wanted) { m_wanted = std::move(wanted); }

void DropTarget::setHovering(bool hovering)
{
    if (hovering == !m_frame.isNull())
        return;
    if (hovering)
        m_frame = new HoverFrame(m_framed);
    else
        delete m_frame;
    Q_EMIT hoverChanged(hovering);
}

bool DropTarget::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_framed && event->type() == QEvent::Resize && m_frame)
        m_frame->setGeometry(m_framed->rect());
    if (watched != m_target)
        return false;
    switch (event->type()) {
    case QEvent::DragEnter:
    case QEvent::DragMove: {
        auto *drag = static_cast<QDragMoveEvent *>(event);
        const bool wanted = m_wanted(*drag->mimeData());
        setHovering(wanted);
        if (!wanted) {
            drag->ignore(); // it may have been wanted a moment ago
            return false;
        }
        drag->setDropAction(Qt::CopyAction); // files stay where they are
        drag->accept();
        return true;
    }
    case QEvent::DragLeave: setHovering(false); return true;
    case QEvent::Drop: {
        auto *drop = static_cast<QDropEvent *>(event);
        setHovering(false);
        if (!m_wanted(*drop->mimeData()))
            return false;
        const QStringList paths = localFiles(*drop->mimeData());
        const auto picture = drop->mimeData()->imageData().value<QImage>();
        if (paths.isEmpty() && picture.isNull())
            return false;
        drop->setDropAction(Qt::CopyAction);
        drop->accept();
        if (!paths.isEmpty())
            Q_EMIT filesDropped(paths);
        else
            Q_EMIT pictureDropped(picture);
        return true;
    }
    default: return false;
    }
}

DropZone::DropZone(Icon icon, const QString &headline, const QString &sentence, const QString &buttonText, QWidget *parent)
    : QWidget(parent), m_icon(new IconBox(icon, this)), m_headline(new SentenceLabel(headline, this)),
      m_sentence(new SentenceLabel(sentence, this)), m_button(new Button(buttonText, Button::Kind::Primary, this)),
      m_buttons(new QHBoxLayout)
{
    setAccessibleName(headline);
    m_headline->setFont(themeFont(17, QFont::DemiBold));
    m_headline->setAlignment(Qt::AlignCenter);
    m_sentence->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_sentence->setFixedWidth(kSentenceWidth);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(32, 32, 32, 32);
    column->setSpacing(8);
    column->addStretch(2);
    column->addWidget(m_icon, 0, Qt::AlignHCenter);
    column->addSpacing(8);
    column->addWidget(m_headline);
    column->addWidget(m_sentence, 0, Qt::AlignHCenter);
    column->addSpacing(12);
    m_buttons->setSpacing(12);
    m_buttons->addStretch(1);
    m_buttons->addWidget(m_button);
    m_buttons->addStretch(1);
    column->addLayout(m_buttons);
    column->addStretch(3);
    setSentence(sentence);
    m_button->setVisible(!buttonText.isEmpty());
    connect(m_button, &Button::clicked, this, &DropZone::buttonClicked);
    auto *target = new DropTarget(this);
    connect(target, &DropTarget::filesDropped, this, &DropZone::filesDropped);
    connect(target, &DropTarget::pictureDropped, this, &DropZone::pictureDropped);
}

void DropZone::setHeadline(const QString &text)
{
    m_headline->setText(text);
    setAccessibleName(text);
}

void DropZone::setSentence(const QString &text)
{
    m_sentence->setText(text);
    // A layout's minimum knows nothing of wrapped lines.
    m_sentence->setMinimumHeight(m_sentence->heightForWidth(kSentenceWidth));
    setAccessibleDescription(text);
}

Button *DropZone::addButton(const QString &text)
{
    auto *button = new Button(text, Button::Kind::Plain, this);
    m_buttons->insertWidget(m_buttons->count() - 1, button);
    return button;
}

void DropZone::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(mixed(colours.line, colours.quietText, 0.35), 1.5, Qt::DashLine));
    painter.setBrush(colours.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), kCardRadius, kCardRadius);
}

} // namespace whisker
