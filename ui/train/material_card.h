#pragma once

#include "engine/data/snapshot_file.h"
#include "widgets/card.h"

#include <QString>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

class QLabel;

namespace whisker {

class Button;
class ShareBars;

/// What there is to train on.
struct TrainingMaterial {
    std::filesystem::path runsFolder;         ///< Empty: no project is open.
    std::shared_ptr<const Snapshot> snapshot; ///< Null: no project, or its pictures are still being read.
    std::vector<std::string> emptyClasses{};    ///< Of the project, without pictures: not among those of the snapshot.
    std::vector<std::string> unusableClasses{}; ///< The same, with pictures that are all excluded, missing or broken.
    std::vector<int> classColours;            ///< Index into the palette, one per class of the snapshot; empty or -1: in order.
    QString obstacle;                         ///< Why it can't be trained on, for people; empty where it can.
    bool readOnly = false;                    ///< The project can't be written, so that no earlier run can go on or be repeated either; then `obstacle` says so.
};

/// "259 pictures to train on, 56 to validate with, 55 kept for the test; 2 classes".
QString materialText(const Snapshot &snapshot);

/// "bird and fox have no pictures and will not be learnt."; also of classes without pictures that can be used, or to train on. A sentence a line; empty where all classes have some.
QString emptyClassesText(const TrainingMaterial &material);

/// "Since the run of 13:58 quick: 120 pictures added, 14 labels changed."; empty where nothing changed.
QString changesText(const SnapshotChanges &changes, const QString &run);

/// Says in words and bars what a run will learn from.
class MaterialCard : public Card {
    Q_OBJECT
public:
    explicit MaterialCard(QWidget *parent = nullptr);
    void showMaterial(const TrainingMaterial &material);
    QString sentence() const;
    QString emptyClasses() const; ///< Empty where there are none.

private:
    QLabel *m_sentence;
    QLabel *m_emptyClasses;
    ShareBars *m_bars;
};

/// Says what is otherwise since a run, and offers to continue its model. Seen where something is.
class ChangesCard : public Card {
    Q_OBJECT
public:
    explicit ChangesCard(QWidget *parent = nullptr);
    void showChanges(const SnapshotChanges &changes, const QString &run);
    /// Whether the run's model can be continued with what changed; `toolTip` says what that does.
    void offerContinuing(bool possible, const QString &toolTip);
    Button *continueButton() const { return m_continue; } ///< Beside the changes, where continuing is offered.
    QString changes() const; ///< Empty where there are none.

Q_SIGNALS:
    void continueWished();

private:
    QLabel *m_changes;
    Button *m_continue;
};

} // namespace whisker
