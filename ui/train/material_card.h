#pragma once

#include "engine/data/snapshot_file.h"
#include "widgets/card.h"

#include <QString>
#include <filesystem>
#include <memory>
#include <vector>

class QLabel;

namespace whisker {

class Button;
class ShareBars;

/// What there is to train on.
struct TrainingMaterial {
    std::filesystem::path runsFolder;         ///< Empty: no project is open.
    std::shared_ptr<const Snapshot> snapshot; ///< Null: no project, or its pictures are still being read.
    std::vector<int> classColours;            ///< Index into the palette, one per class of the snapshot; empty or -1: in order.
    QString obstacle;                         ///< Why it can't be trained on, for people; empty where it can.
};

/// "259 pictures to learn from, 56 to check, 55 kept for the test; 2 classes".
QString materialText(const Snapshot &snapshot);

/// "Since the last training: 120 pictures added, 14 labels changed."; empty where nothing changed.
QString changesText(const SnapshotChanges &changes);

/// Says in words and bars what a run will learn from.
class MaterialCard : public Card {
    Q_OBJECT
public:
    explicit MaterialCard(QWidget *parent = nullptr);
    void showMaterial(const TrainingMaterial &material);
    void showChanges(const SnapshotChanges &changes); ///< Since the last training; none hide the line.
    /// Whether the last model can be continued with what changed; `toolTip` says what that does.
    void offerContinuing(bool possible, const QString &toolTip);
    Button *continueButton() const { return m_continue; } ///< Beside the changes, where there are any and continuing is offered.
    QString sentence() const;
    QString changes() const; ///< Empty where there are none.

Q_SIGNALS:
    void continueWished();

private:
    QLabel *m_sentence;
    QLabel *m_changes;
    Button *m_continue;
    bool m_offers = false;
    ShareBars *m_bars;
};

} // namespace whisker
