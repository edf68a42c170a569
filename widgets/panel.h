#pragma once

#include <QWidget>

namespace whisker {

/// The rounded ground on which cards and bars lie.
class Panel : public QWidget {
    Q_OBJECT
public:
    enum class Ground {
        Plain,  ///< Panel colour with a thin border.
        Chosen, ///< The accent's ground, without border: what belongs to a selection.
    };
    explicit Panel(QWidget *parent = nullptr, Ground ground = Ground::Plain) : QWidget(parent), m_ground(ground) {}

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Ground m_ground;
};

} // namespace whisker
