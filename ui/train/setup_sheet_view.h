#pragma once

#include <QImage>
#include <QString>
#include <QWidget>
#include <vector>

namespace whisker {

/// Pictures in rows, as large as the room allows, and on those that count as more than one class what they count as, where there is room for all; always as a tooltip.
/// As accessible as their card's sentence.
class SheetView : public QWidget {
    Q_OBJECT
public:
    explicit SheetView(QWidget *parent = nullptr);
    /// `captions`: none, or one for each picture; empty where there is nothing to say.
    void setPictures(std::vector<QImage> pictures, std::vector<QString> captions = {});
    const std::vector<QImage> &pictures() const { return m_pictures; }
    const std::vector<QString> &captions() const { return m_captions; }

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    QString captionOf(std::size_t picture) const { return picture < m_captions.size() ? m_captions[picture] : QString(); }

    std::vector<QImage> m_pictures;
    std::vector<QString> m_captions;
};

} // namespace whisker
