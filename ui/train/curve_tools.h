#pragma once

#include <QWidget>

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

Q_SIGNALS:
    void smoothingChanged(double weight);
    void logarithmicChanged(bool on);
    void allWished(); ///< To see all of the curves.
    void pictureWished();
    void tableWished();

private:
    QAction *makeAction(const QString &text, const QKeySequence &keys);
    void showSmoothing();

    TextLabel *m_hint;
    TextLabel *m_smoothingLabel;
    QSlider *m_slider;
    QCheckBox *m_logarithmic;
    QAction *m_picture;
    QAction *m_table;
};

} // namespace whisker
