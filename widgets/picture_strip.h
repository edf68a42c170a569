#pragma once

#include <QListView>

namespace whisker {

/// One row of square pictures with the current one ringed; Left and Right, Home and End walk through it. Takes any list model with the roles
/// of image_grid.h. A dashed border and a hint at the
/// right say that pictures can be dropped.
class PictureStrip : public QListView {
    Q_OBJECT
public:
    explicit PictureStrip(QWidget *parent = nullptr);

    void setModel(QAbstractItemModel *model) override;
    void setHint(const QString &text); ///< Shown where there is room left of it.
    int currentRow() const;            ///< -1: none.
    void setCurrentRow(int row);       ///< Scrolls it into view; emits currentRowChanged() where it changes.
    QSize sizeHint() const override;

Q_SIGNALS:
    void currentRowChanged(int row);

protected:
    bool event(QEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    QString m_hint;
};

} // namespace whisker
