#pragma once

#include <QHash>
#include <QWidget>

class QHBoxLayout;

namespace whisker {

class TextLabel;

/// The few big figures of a page, each a quiet label over its value. Digits keep their place while the values run.
class FigureRow : public QWidget {
    Q_OBJECT
public:
    explicit FigureRow(QWidget *parent = nullptr);
    void addFigure(const QString &id, const QString &label); ///< Starts as a dash.
    void setValue(const QString &id, const QString &value);  ///< An empty value shows a dash; an unknown id is ignored.
    QString value(const QString &id) const;
    void setFigureVisible(const QString &id, bool visible);

private:
    struct Figure {
        QWidget *box;
        TextLabel *label;
        TextLabel *value;
    };
    QHBoxLayout *m_row;
    QHash<QString, Figure> m_figures;
};

} // namespace whisker
