#pragma once

#include <QHash>
#include <QWidget>

class QHBoxLayout;

namespace whisker {

class TextLabel;

/// The few big figures of a page, each a quiet label over its value. Digits keep their place while the values run. Where there is no room for all, they
/// stand closer together, then those that may give way are left out.
class FigureRow : public QWidget {
    Q_OBJECT
public:
    explicit FigureRow(QWidget *parent = nullptr);
    /// Starts as a dash. The figure that `givesWay` most is left out first; 0: never.
    void addFigure(const QString &id, const QString &label, int givesWay = 0);
    void setValue(const QString &id, const QString &value);  ///< An empty value shows a dash; an unknown id is ignored.
    QString value(const QString &id) const;
    void setToolTip(const QString &id, const QString &text);
    void setFigureVisible(const QString &id, bool visible); ///< Where there is room.

    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Figure {
        QWidget *box;
        TextLabel *label;
        TextLabel *value;
        int givesWay;
        bool wanted;
        int width; // the most that its values needed so far, or its neighbours would move about
    };
    void fit();
    int widthOf(int givingWay, int spacing) const;

    QHBoxLayout *m_row;
    QHash<QString, Figure> m_figures;
};

} // namespace whisker
