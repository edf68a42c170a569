#pragma once

#include "engine/data/splits.h"

#include <QWidget>

class QCheckBox;
class QSpinBox;

namespace whisker {

class Button;
class SentenceLabel;

/// How the labelled pictures are to be divided: three shares, a seed, and what stays together. In the Splits card, closed until it is asked for.
class SplitsDivide : public QWidget {
    Q_OBJECT
public:
    explicit SplitsDivide(QWidget *parent = nullptr);

    /// What it starts from. `movable`: labelled pictures that are divided; `inTest`: those that stay in a locked test set.
    void open(const SplitRules &rules, int movable, int inTest, bool nearCopiesKnown);
    SplitShares shares() const; ///< Per cent.
    std::uint64_t seed() const;
    bool keepsNearCopies() const;
    void setShares(const SplitShares &shares);
    QString preview() const;
    Button *applyButton() const { return m_apply; }

Q_SIGNALS:
    void applied();
    void left();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void showPreview();
    QSpinBox *m_train;
    QSpinBox *m_validation;
    QSpinBox *m_test;
    QSpinBox *m_seed;
    QCheckBox *m_nearCopies;
    SentenceLabel *m_preview;
    Button *m_apply;
    int m_movable = 0;
    int m_inTest = 0;
    bool m_locked = false;
};

} // namespace whisker
