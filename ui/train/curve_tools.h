#pragma once

#include <QList>
#include <QWidget>
#include <initializer_list>

class QAction;
class QCheckBox;
class QSlider;

namespace whisker {

class TextLabel;

/// The slim row above the curves: smoothing, logarithmic scale, all of the curves, saving. With their keys, while it is in sight.
class CurveTools : public QWidget {
    Q_OBJECT
public:
    explicit CurveTools(QWidget *parent = nullptr);

    double smoothing() const; ///< Weight of the past in the running mean, [0, 1).
    void setSmoothingEnabled(bool on); ///< Off where there is nothing that trembles.
    QSlider *slider() const { return m_slider; }
    QCheckBox *logarithmic() const { return m_logarithmic; }
    QAction *pictureAction() const { return m_picture; }
    QAction *tableAction() const { return m_table; }

    QSize minimumSizeHint() const override; ///< Of what stays: the rest is left out where there is no room, the hint first.

Q_SIGNALS:
    void smoothingChanged(double weight);
    void logarithmicChanged(bool on);
    void allWished(); ///< To see all of the curves.
    void pictureWished();
    void tableWished();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    int widthWith(std::initializer_list<const QWidget *> words) const;
    QAction *makeAction(const QString &text, const QKeySequence &keys);
    void showSmoothing();

    TextLabel *m_hint;
    TextLabel *m_smoothingLabel;
    QSlider *m_slider;
    QCheckBox *m_logarithmic;
    QList<QWidget *> m_stay; // whatever the width
    QAction *m_picture;
    QAction *m_table;
};

} // namespace whisker
