#pragma once

#include "widgets/icons.h"

#include <QImage>
#include <QPointer>
#include <QStringList>
#include <QWidget>
#include <functional>

class QHBoxLayout;
class QLabel;
class QMimeData;

namespace whisker {

class Button;

/// The local files and folders that `data` names; empty where there is none.
QStringList localFiles(const QMimeData &data);

/// Makes any widget take dropped files and pictures, with a frame around it while they hover over it. Lives as the child of what it frames.
class DropTarget : public QObject {
    Q_OBJECT
public:
    explicit DropTarget(QWidget *target);
    /// With the frame around `framed`, which is in `target` and says where they go.
    DropTarget(QWidget *target, QWidget *framed);

    /// What is not `wanted` is refused while it hovers, so that the mouse shows it. At first all that has files or a picture is.
    void setWanted(std::function<bool(const QMimeData &data)> wanted);

Q_SIGNALS:
    void filesDropped(const QStringList &paths); ///< At least one.
    void pictureDropped(const QImage &picture);  ///< Pixels without a file, as a browser gives them.
    void hoverChanged(bool hovering);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void setHovering(bool hovering);
    QWidget *m_target;
    QWidget *m_framed;
    QPointer<QWidget> m_frame;
    std::function<bool(const QMimeData &data)> m_wanted;
};

/// The empty state of a page: what it is for, one button, and "drop here".
class DropZone : public QWidget {
    Q_OBJECT
public:
    DropZone(Icon icon, const QString &headline, const QString &sentence, const QString &buttonText, QWidget *parent = nullptr);

    void setHeadline(const QString &text);
    void setSentence(const QString &text);
    Button *button() const { return m_button; }
    /// A second, plain button beside the first.
    Button *addButton(const QString &text);

Q_SIGNALS:
    void filesDropped(const QStringList &paths);
    void pictureDropped(const QImage &picture);
    void buttonClicked();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QWidget *m_icon;
    QLabel *m_headline;
    QLabel *m_sentence;
    Button *m_button;
    QHBoxLayout *m_buttons;
};

} // namespace whisker
