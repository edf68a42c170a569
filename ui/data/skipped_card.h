#pragma once

#include "engine/data/skipped_file.h"
#include "widgets/card.h"

#include <QAbstractListModel>
#include <vector>

class QListView;

namespace whisker {

/// What imports could not use, each file with its reason, as a list; any number of rows. Hidden while there is none. Enter or a double click opens the
/// folder of a file.
class SkippedCard : public Card {
    Q_OBJECT
public:
    explicit SkippedCard(QWidget *parent = nullptr);

    void setSkipped(const std::vector<SkippedFile> &skipped);
    int count() const;
    QListView *list() const { return m_list; }

Q_SIGNALS:
    void folderWanted(const QString &folder);

private:
    class Model;
    Model *m_model;
    QListView *m_list;
};

} // namespace whisker
