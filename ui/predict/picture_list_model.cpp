#include "ui/predict/picture_list_model.h"

#include <QFileInfo>

namespace whisker {

int PictureListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_pictures.size());
}

QVariant PictureListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ListedPicture &picture = at(index.row());
    switch (role) {
    case ThumbnailRole:
        return picture.thumbnail;
    case Qt::DisplayRole:
    case NameRole:
        return picture.name;
    case Qt::ToolTipRole:
        return picture.error.isEmpty() ? picture.name : picture.error;
    case Qt::AccessibleTextRole:
        return picture.error.isEmpty() ? picture.name : tr("%1, can't be read").arg(picture.name);
    case ClassIndexRole:
        return picture.answer ? picture.answer->classIndex : kNoDot;
    case StateRole:
        if (!picture.error.isEmpty())
            return int(ThumbnailState::Broken);
        return int(picture.thumbnail.isNull() ? ThumbnailState::Waiting : ThumbnailState::Ready);
    default:
        return {};
    }
}

PictureId PictureListModel::append(ListedPicture picture)
{
    picture.id = m_nextId++;
    m_rows.insert(picture.id, int(m_pictures.size()));
    m_pictures.push_back(std::move(picture));
    return m_pictures.back().id;
}

int PictureListModel::addFiles(const QStringList &paths)
{
    const int first = rowCount();
    if (paths.isEmpty())
        return first;
    beginInsertRows({}, first, first + int(paths.size()) - 1);
    for (const QString &path : paths) {
        ListedPicture picture;
        picture.path = path;
        picture.name = QFileInfo(path).fileName();
        append(std::move(picture));
    }
    endInsertRows();
    return first;
}

int PictureListModel::addPasted(const QImage &image)
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    ListedPicture picture;
    ++m_pastedCount;
    picture.name = m_pastedCount == 1 ? tr("Pasted picture") : tr("Pasted picture %1").arg(m_pastedCount);
    picture.pasted = image;
    append(std::move(picture));
    endInsertRows();
    return row;
}

void PictureListModel::remove(int row)
{
    beginRemoveRows({}, row, row);
    const ListedPicture &picture = at(row);
    m_answered -= picture.answer || !picture.error.isEmpty() ? 1 : 0;
    m_rows.remove(picture.id);
    m_pictures.erase(m_pictures.begin() + row);
    for (int later = row; later < rowCount(); ++later)
        m_rows[at(later).id] = later;
    endRemoveRows();
}

void PictureListModel::clear()
{
    beginResetModel();
    m_pictures.clear();
    m_rows.clear();
    m_answered = 0;
    endResetModel();
}

int PictureListModel::rowOf(PictureId id) const
{
    return m_rows.value(id, -1);
}

void PictureListModel::setRead(PictureId id, const QImage &thumbnail, QSize fullSize)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    m_pictures[std::size_t(row)].thumbnail = thumbnail;
    m_pictures[std::size_t(row)].fullSize = fullSize;
    changed(row, {ThumbnailRole, StateRole});
}

void PictureListModel::setAnswer(PictureId id, const PictureAnswer &answer)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    ListedPicture &picture = m_pictures[std::size_t(row)];
    m_answered += picture.answer || !picture.error.isEmpty() ? 0 : 1;
    picture.answer = answer;
    picture.error.clear();
    changed(row, {ClassIndexRole, StateRole});
}

void PictureListModel::setError(PictureId id, const QString &sentence)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    ListedPicture &picture = m_pictures[std::size_t(row)];
    m_answered += picture.answer || !picture.error.isEmpty() ? 0 : 1;
    picture.answer.reset();
    picture.error = sentence;
    changed(row, {ClassIndexRole, StateRole, Qt::ToolTipRole});
}

void PictureListModel::forgetAnswers()
{
    m_answered = 0;
    for (ListedPicture &picture : m_pictures) {
        picture.answer.reset();
        picture.error.clear();
    }
    if (!m_pictures.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1), {ClassIndexRole, StateRole, Qt::ToolTipRole});
}

void PictureListModel::changed(int row, const QList<int> &roles)
{
    Q_EMIT dataChanged(index(row), index(row), roles);
}

} // namespace whisker
