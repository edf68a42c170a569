#pragma once

#include "ui/predict/picture_answer.h"
#include "widgets/image_grid.h"

#include <QAbstractListModel>
#include <QHash>
#include <QImage>
#include <QStringList>
#include <optional>
#include <vector>

namespace whisker {

/// A picture that was dropped, opened or pasted, and what is known of it.
struct ListedPicture {
    PictureId id = 0;
    QString path;          ///< Empty for a pasted picture.
    QString name;          ///< For people.
    QImage pasted;         ///< Null for a file.
    QImage thumbnail;      ///< Null until it was read.
    QSize fullSize;        ///< Of the picture in the file; empty until it was read.
    QString error;         ///< Why it can't be read; empty where it can, or is not known yet.
    std::optional<PictureAnswer> answer;
};

/// The pictures of the Predict page in the order in which they came, for a PictureStrip. Memory only; GUI thread.
class PictureListModel : public QAbstractListModel {
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override; ///< The roles of image_grid.h, names as display role and tooltip.

    /// Appends them; gives the row of the first. Paths may repeat.
    int addFiles(const QStringList &paths);
    int addPasted(const QImage &picture);
    void remove(int row);
    void clear();

    const ListedPicture &at(int row) const { return m_pictures[std::size_t(row)]; } ///< 0 <= row < rowCount().
    int rowOf(PictureId id) const; ///< -1 where it was closed.
    int answeredCount() const { return m_answered; } ///< Those with an answer or an error.

    /// What came back; dropped where the picture was closed meanwhile. An answer with an error makes the picture broken.
    void setRead(PictureId id, const QImage &thumbnail, QSize fullSize);
    void setAnswer(PictureId id, const PictureAnswer &answer);
    void setError(PictureId id, const QString &sentence);
    void forgetAnswers(); ///< Another model is there: everything that can be read is asked again.

private:
    PictureId append(ListedPicture picture);
    void changed(int row, const QList<int> &roles);

    std::vector<ListedPicture> m_pictures;
    QHash<PictureId, int> m_rows;
    PictureId m_nextId = 1;
    int m_pastedCount = 0;
    int m_answered = 0;
};

} // namespace whisker
