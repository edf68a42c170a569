#pragma once

#include "engine/data/project_values.h"

#include <QScrollArea>
#include <map>

class QVBoxLayout;

namespace whisker {

class ClassRow;

/// The classes with their keys beside a picture that is being labelled. Rows get lower where there are many, so that as many keys as possible are in sight;
/// what has no room then is scrolled to.
class LabellingClasses : public QScrollArea {
    Q_OBJECT
public:
    explicit LabellingClasses(QWidget *parent = nullptr);

    void setClasses(const std::vector<ClassRecord> &classes, const std::map<ClassId, int> &counts);
    void mark(ClassId id); ///< The label of the picture on show, brought into sight; 0: none.
    void scrollPage(int pages);
    const std::vector<ClassRow *> &rows() const { return m_rows; }

Q_SIGNALS:
    void classClicked(whisker::ClassId id);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void fitRows();
    QVBoxLayout *m_column;
    std::vector<ClassRow *> m_rows;
};

} // namespace whisker
