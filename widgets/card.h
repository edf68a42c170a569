#pragma once

#include "widgets/panel.h"

class QHBoxLayout;
class QVBoxLayout;

namespace whisker {

class TextLabel;

/// A panel with a thin border, a title and a column of contents.
class Card : public Panel {
    Q_OBJECT
public:
    explicit Card(const QString &title = {}, QWidget *parent = nullptr);

    void setTitle(const QString &title); ///< An empty title takes no room.
    QString title() const;
    void setSubtitle(const QString &text); ///< Quiet, right of the title.
    void addHeaderWidget(QWidget *widget); ///< At the right of the title.
    void addWidget(QWidget *widget, int stretch = 0);
    QVBoxLayout *body() const { return m_body; }

private:
    void showHeader();
    TextLabel *m_title;
    TextLabel *m_subtitle;
    QWidget *m_header;
    QHBoxLayout *m_headerRow;
    QVBoxLayout *m_body;
};

} // namespace whisker
