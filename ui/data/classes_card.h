#pragma once

#include "engine/data/project_values.h"
#include "widgets/card.h"

#include <map>

class QLineEdit;

namespace whisker {

class Button;
class ClassRow;

/// The classes with their colour, count and key, and a field for one more. A click shows a class's pictures; a double click or F2 renames it.
class ClassesCard : public Card {
    Q_OBJECT
public:
    explicit ClassesCard(QWidget *parent = nullptr);

    /// Rows that stay keep their widget, so a new count moves no focus.
    void setClasses(const std::vector<ClassRecord> &classes, const std::map<ClassId, int> &counts);
    int countShown(const QString &className) const; ///< -1 for a class that isn't there.
    void startAdding();                             ///< Opens the field for a new name.

Q_SIGNALS:
    void classClicked(whisker::ClassId id);
    void addWanted(const QString &name);
    void renameWanted(whisker::ClassId id, const QString &name);
    void removeWanted(whisker::ClassId id);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void startRenaming(ClassId id);
    void showMenu(ClassId id, const QPoint &place);
    void finishEdit();
    void closeEdit();

    std::vector<ClassRow *> m_rows;
    QLineEdit *m_edit;
    Button *m_add;
    ClassId m_renaming = 0; // 0: the field is for a new class
};

} // namespace whisker
