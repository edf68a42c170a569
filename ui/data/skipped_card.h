#pragma once

#include "engine/data/skipped_file.h"
#include "widgets/card.h"

#include <QAbstractListModel>
#include <vector>

class QListView;

namespace whisker {

/// What imports could not use, each file with its whole reason, as a list; any number of rows. Hidden while there is none. Enter or a double click opens the
/// folder of a file, Ctrl+C copies its path and the reason.
class SkippedCard : public Card {
    Q_OBJECT
public:
    explicit SkippedCard(QWidget *parent = nullptr);

    void setSkipped(const std::vector<SkippedFile> &skipped);
    int count() const;
    QListView *list() const;

Q_SIGNALS:
    void folderWanted(const QString &folder);

private:
    class List;
    class Model;
    Model *m_model;
    List *m_list;
};

} // namespace whisker
