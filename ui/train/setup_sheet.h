#pragma once

#include "engine/data/snapshot.h"
#include "engine/train/train_config.h"
#include "ui/train/setup_sheet_maker.h"
#include "widgets/card.h"

#include <QImage>
#include <array>
#include <memory>
#include <optional>
#include <vector>

class QCheckBox;
class QLabel;

namespace whisker {

class Button;

/// Pictures in rows, as large as the room allows; as accessible as their card's sentence.
class SheetView : public QWidget {
    Q_OBJECT
public:
    explicit SheetView(QWidget *parent = nullptr);
    void setPictures(std::vector<QImage> pictures);
    const std::vector<QImage> &pictures() const { return m_pictures; }

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<QImage> m_pictures;
};

/// The same training picture as chance would show it to the network, with a switch for each thing that chance may do.
class SheetCard : public Card {
    Q_OBJECT
public:
    explicit SheetCard(QWidget *parent = nullptr);

    void setSnapshot(std::shared_ptr<const Snapshot> snapshot); ///< Its training pictures; null: none are known.
    void showConfig(const TrainConfig &config);                 ///< Emits nothing.
    const Augmentation &augmentation() const { return m_config.augmentation; }
    const std::vector<QImage> &variants() const { return m_view->pictures(); }
    QString sentence() const;
    Button *anotherButton() const { return m_another; }
    QCheckBox *kindSwitch(int kind) const { return m_kinds[static_cast<std::size_t>(kind)]; } ///< 0 crop, 1 flip, 2 brightness, 3 contrast, 4 saturation.

Q_SIGNALS:
    void augmentationChanged(); ///< By a switch.

protected:
    void showEvent(QShowEvent *event) override;

private:
    static constexpr std::size_t kKinds = 5;
    void makeSwitches();
    void another();
    void makeSheet();
    void showSentence(const QString &sentence);

    std::shared_ptr<const Snapshot> m_snapshot;
    std::vector<std::size_t> m_entries; // to learn from
    std::size_t m_place = 0;            // in m_entries
    TrainConfig m_config;
    std::optional<SheetWish> m_wished;
    std::array<QCheckBox *, kKinds> m_kinds{};
    SheetView *m_view;
    QLabel *m_sentence;
    Button *m_another;
    SheetMaker m_maker;
};

} // namespace whisker
