#pragma once

#include <QAbstractButton>
#include <QString>

namespace whisker {

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

} // namespace whisker
