#pragma once

#include "engine/train/network_offer.h"
#include "ui/train/setup_speeds.h"
#include "widgets/card.h"

#include <QString>
#include <string>

class QTreeWidget;
class QTreeWidgetItem;

namespace whisker {

class Button;
class TextLabel;

/// The network that is chosen, and one click away all there are, with what each costs on this machine. Those that the way of training can't use say why.
class NetworkCard : public Card {
    Q_OBJECT
public:
    /// `speeds` outlives the card.
    explicit NetworkCard(SetupSpeeds &speeds, QWidget *parent = nullptr);

    void showConfig(const TrainConfig &config); ///< Emits nothing.
    bool isMeasuring() const { return m_speeds.isMeasuring(); }
    bool isUnfolded() const;
    void setUnfolded(bool unfolded);
    QTreeWidget *list() const { return m_list; }
    QString summary() const; ///< "EfficientNet-Lite0, 14 MB, about 400 pictures a second".

Q_SIGNALS:
    void chosen(const std::string &architecture);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void makeList();
    void fill();
    void fillRow(QTreeWidgetItem &row, std::string_view architecture);
    NetworkOffer offer(std::string_view architecture) const;
    QString speedText(const NetworkOffer &offer, bool brief) const;
    QString obstacle(std::string_view architecture) const;
    void fold(bool unfolded);

    SetupSpeeds &m_speeds;
    TrainConfig m_config;
    bool m_filling = false;
    TextLabel *m_summary;
    TextLabel *m_note;
    Button *m_change;
    QTreeWidget *m_list;
};

} // namespace whisker
