#include "ui/data/skipped_card.h"

#include "ui/texts.h"
#include "widgets/theme.h"

#include <QListView>
#include <QLocale>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

namespace whisker {

namespace {

constexpr int kRowHeight = 40;
constexpr int kMostRowsAtOnce = 8;
constexpr int kReasonRole = Qt::UserRole;

/// The file's name over the reason.
class TwoLines : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {100, kRowHeight}; }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeColours &colours = Theme::current().colours();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, colours.accentGround);
        const QRect area = option.rect.adjusted(4, 2, -4, -2);
        const auto line = [&](const QRect &place, int size, const QColor &colour, const QString &text) {
            painter->setFont(themeFont(size));
            painter->setPen(colour);
            painter->drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                              painter->fontMetrics().elidedText(text, Qt::ElideRight, place.width()));
        };
        line(area.adjusted(0, 0, 0, -area.height() / 2), 12, colours.text, index.data().toString());
        line(area.adjusted(0, area.height() / 2, 0, 0), 11, colours.quietText, index.data(kReasonRole).toString());
    }
};

} // namespace

class SkippedCard::Model : public QAbstractListModel {
public:
    using QAbstractListModel::QAbstractListModel;
    void set(std::vector<SkippedFile> skipped)
    {
        beginResetModel();
        m_skipped = std::move(skipped);
        endResetModel();
    }
    const SkippedFile &at(const QModelIndex &index) const { return m_skipped[static_cast<std::size_t>(index.row())]; }
    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(m_skipped.size()); }
    QVariant data(const QModelIndex &index, int role) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid))
            return {};
        const auto &skipped = at(index);
        switch (role) {
        case Qt::DisplayRole: return displayText(skipped.file.filename());
        case kReasonRole: return fromUtf8(skipped.reason);
        case Qt::ToolTipRole: return SkippedCard::tr("%1\n%2\nEnter or a double click opens its folder").arg(displayText(skipped.file), fromUtf8(skipped.reason));
        case Qt::AccessibleTextRole: return QStringLiteral("%1: %2").arg(displayText(skipped.file.filename()), fromUtf8(skipped.reason));
        default: return {};
        }
    }

private:
    std::vector<SkippedFile> m_skipped;
};

SkippedCard::SkippedCard(QWidget *parent) : Card(tr("Skipped files"), parent), m_model(new Model(this)), m_list(new QListView(this))
{
    m_list->setModel(m_model);
    m_list->setItemDelegate(new TwoLines(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QListView::ScrollPerPixel);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setAccessibleName(tr("Skipped files"));
    addWidget(m_list);
    connect(m_list, &QListView::activated, this,
            [this](const QModelIndex &index) { Q_EMIT folderWanted(displayText(m_model->at(index).file.parent_path())); });
    hide();
}

int SkippedCard::count() const { return m_model->rowCount(); }

void SkippedCard::setSkipped(const std::vector<SkippedFile> &skipped)
{
    m_model->set(skipped);
    const int rows = m_model->rowCount();
    setSubtitle(QLocale().toString(rows));
    m_list->setFixedHeight(std::min(rows, kMostRowsAtOnce) * kRowHeight);
    setVisible(rows > 0);
}

} // namespace whisker
