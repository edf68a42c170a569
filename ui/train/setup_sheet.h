#pragma once

#include "engine/data/snapshot.h"
#include "engine/train/train_config.h"
#include "ui/train/setup_sheet_maker.h"
#include "ui/train/setup_sheet_view.h"
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

/// The same training picture as chance would show it to the network, with a switch for each thing that chance may do, and with what is mixed in and how it then counts.
class SheetCard : public Card {
    Q_OBJECT
public:
    explicit SheetCard(QWidget *parent = nullptr);

    void setSnapshot(std::shared_ptr<const Snapshot> snapshot); ///< Its training pictures; null: none are known.
    void showConfig(const TrainConfig &config);                 ///< Emits nothing.
    const TrainConfig &config() const { return m_config; }      ///< As the switches stand.
    SheetView *view() const { return m_view; }
    const std::vector<QImage> &variants() const { return m_view->pictures(); }
    QString sentence() const;
    Button *anotherButton() const { return m_another; }
    QCheckBox *kindSwitch(int kind) const { return m_kinds[static_cast<std::size_t>(kind)]; } ///< 0 crop, 1 flip, 2 brightness, 3 contrast, 4 saturation, 5 mixup, 6 cutmix.

Q_SIGNALS:
    void configChanged(); ///< By a switch.

protected:
    void showEvent(QShowEvent *event) override;

private:
    static constexpr std::size_t kKinds = 7;
    void makeSwitches();
    void another();
    void makeSheet();
    std::vector<std::size_t> partners() const;
    void showVariants(const std::vector<SheetPicture> &variants);
    QString labelText(const SheetPicture &variant) const;
    void showSentence(const QString &sentence);

    std::shared_ptr<const Snapshot> m_snapshot;
    std::vector<std::size_t> m_entries; // to learn from
    std::size_t m_place = 0;            // in m_entries
    QString m_class;                       // of the picture that was wished for,
    std::vector<QString> m_partnerClasses; // and of what is mixed into it
    TrainConfig m_config;
    TrainConfig m_on; // what a switch sets, each thing as it was last and was not refused
    std::optional<SheetWish> m_wished;
    std::array<QCheckBox *, kKinds> m_kinds{};
    SheetView *m_view;
    QLabel *m_sentence;
    Button *m_another;
    SheetMaker m_maker;
};

} // namespace whisker
