#pragma once

#include <QAbstractButton>
#include <QString>
#include <QWidget>

class QButtonGroup;
class QComboBox;
class QLabel;
class QSpinBox;

namespace whisker {

class ChipRow;

/// One of the ways to train, as a card to choose: a name, what it does, when it is right. Keys and screen readers see a radio button.
class RecipeCard : public QAbstractButton {
    Q_OBJECT
public:
    RecipeCard(const QString &title, const QString &sentence, const QString &when, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
};

/// What the user wants to be trained.
struct RecipeChoice {
    enum class Recipe { Quick, Scratch };
    Recipe recipe = Recipe::Quick;
    QString architecture = QStringLiteral("resnet18"); ///< Of Scratch; Quick has its own.
    int epochs = 20;                                   ///< Of Scratch, 1..500.
    int sizePx = 128;                                  ///< Of Scratch: side of the square input.
    bool operator==(const RecipeChoice &) const = default;
};

/// Chooses a recipe and, where it has any, its few options. The defaults are right for a beginner.
class RecipePanel : public QWidget {
    Q_OBJECT
public:
    explicit RecipePanel(QWidget *parent = nullptr);

    RecipeChoice choice() const;
    void setChoice(const RecipeChoice &choice); ///< What the panel does not offer is left as it is by default.

Q_SIGNALS:
    void choiceChanged();

private:
    QWidget *makeOptions();
    void showOptions();
    void takeArchitectureDefaults();

    QButtonGroup *m_group;
    RecipeCard *m_quick;
    RecipeCard *m_scratch;
    QWidget *m_options;
    ChipRow *m_architecture = nullptr;
    QSpinBox *m_epochs = nullptr;
    QComboBox *m_size = nullptr;
};

} // namespace whisker
