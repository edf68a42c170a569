#pragma once

#include "engine/data/project_values.h"
#include "widgets/card.h"

#include <map>

class QKeyEvent;
class QLineEdit;
class QMenu;

namespace whisker {

class Button;
class ClassRow;

/// The classes with their colour, count and key, and a field for one more. A click shows a class's pictures; a double click or F2 renames it; pictures can be
/// dropped on it. The rest is in each row's menu, most of it with a key: Delete, Alt+Up, Alt+Down; Up and Down walk along the rows.
class ClassesCard : public Card {
    Q_OBJECT
public:
    explicit ClassesCard(QWidget *parent = nullptr);

    /// Rows that stay keep their widget, so a new count moves no focus.
    void setClasses(const std::vector<ClassRecord> &classes, const std::map<ClassId, int> &counts);
    void setReadOnly(bool readOnly); ///< Classes can then be clicked, but not changed.
    int countShown(const QString &className) const; ///< -1 for a class that isn't there.
    void startAdding();                             ///< Opens the field for a new name.
    void reopenEdit();                              ///< The last name was refused: opens the field with it again.
    ClassRow *rowOf(ClassId id) const;              ///< Null for a class that isn't there.
    QMenu *makeMenu(ClassId id);                    ///< What can be done with a class; deletes itself when it closes.

Q_SIGNALS:
    void classClicked(whisker::ClassId id);
    void addWanted(const QString &name);
    void renameWanted(whisker::ClassId id, const QString &name);
    void removeWanted(whisker::ClassId id);
    void mergeWanted(whisker::ClassId from, whisker::ClassId into);
    void colourWanted(whisker::ClassId id, int colour);
    void keyWanted(whisker::ClassId id, const QString &key); ///< Empty: none.
    void moveWanted(whisker::ClassId id, std::size_t position);
    void picturesDropped(whisker::ClassId id);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    ClassRow *makeRow();
    void startRenaming(ClassId id);
    bool takeRowKey(ClassRow &row, const QKeyEvent &key);
    void moveBy(const ClassRow &row, int step);
    void addColours(QMenu &menu, const ClassRow &row);
    void addMergeTargets(QMenu &menu, const ClassRow &row);
    std::ptrdiff_t placeOf(const ClassRow &row) const;
    void finishEdit();
    void closeEdit();

    std::vector<ClassRow *> m_rows;
    QLineEdit *m_edit;
    Button *m_add;
    bool m_readOnly = false;
    ClassId m_renaming = 0; // 0: the field is for a new class
    QString m_asked;        // the name that was given last, until it is seen
};

} // namespace whisker
