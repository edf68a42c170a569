#include "ui/data/skipped_card.h"

#include "ui/texts.h"
#include "widgets/theme.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHash>
#include <QListView>
#include <QLocale>
#include <QPainter>
#include <QResizeEvent>
#include <QStyledItemDelegate>
#include <QTextLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <utility>

namespace whisker {

namespace {

constexpr int kNameHeight = 19;
constexpr int kEdge = 4; // above and below a row's contents
constexpr int kHighest = 320;
constexpr int kReasonRole = Qt::UserRole;

/// `text` in lines of `width`, broken within a word where it has to be, as a long path; gives its height. Draws it where there is a painter.
qreal layOut(const QString &text, qreal width, QPainter *painter = nullptr, QPointF place = {})
{
    QTextLayout layout(text, themeFont(11));
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    layout.beginLayout();
    qreal height = 0;
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, height});
        height += line.height();
    }
    layout.endLayout();
    if (painter)
        layout.draw(painter, place);
    return height;
}

/// The file's name over the reason, which has as many lines as it needs.
class NameAndReason : public QStyledItemDelegate {
public:
    explicit NameAndReason(QListView *list) : QStyledItemDelegate(list), m_list(*list) {}

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        const int width = std::max(40, m_list.viewport()->width());
        if (width != std::exchange(m_width, width))
            m_heights.clear();
        const QString reason = index.data(kReasonRole).toString();
        auto height = m_heights.constFind(reason); // a thousand files have few reasons
        if (height == m_heights.constEnd())
            height = m_heights.insert(reason, static_cast<int>(std::ceil(layOut(reason, width))));
        return {width, kNameHeight + *height + 2 * kEdge};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeColours &colours = Theme::current().colours();
        const QRect area = option.rect.adjusted(0, kEdge, 0, -kEdge);
        painter->setFont(themeFont(12));
        painter->setPen(option.state & QStyle::State_Selected ? colours.accentText : colours.text);
        painter->drawText(QRect(area.topLeft(), QSize(area.width(), kNameHeight)), Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, area.width()));
        painter->setPen(colours.quietText);
        layOut(index.data(kReasonRole).toString(), area.width(), painter, area.topLeft() + QPoint(0, kNameHeight));
    }

private:
    const QListView &m_list;
    mutable int m_width = 0;
    mutable QHash<QString, int> m_heights; // by reason, at this width
};

} // namespace

/// As high as its rows, up to a limit; scrolls beyond that.
class SkippedCard::List : public QListView {
public:
    using QListView::QListView;

    void fit()
    {
        int height = 0;
        for (int row = 0; row < model()->rowCount() && height <= kHighest; ++row)
            height += sizeHintForIndex(model()->index(row, 0)).height();
        setVerticalScrollBarPolicy(height > kHighest ? Qt::ScrollBarAlwaysOn : Qt::ScrollBarAlwaysOff);
        setFixedHeight(std::min(height, kHighest));
    }

protected:
    void resizeEvent(QResizeEvent *event) override
    {
        QListView::resizeEvent(event);
        if (event->oldSize().width() != event->size().width())
            fit();
    }
};

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
        case Qt::ToolTipRole:
            return SkippedCard::tr("%1\nEnter or a double click opens its folder, Ctrl+C copies its path and the reason").arg(displayText(skipped.file));
        case Qt::AccessibleTextRole: return QStringLiteral("%1: %2").arg(displayText(skipped.file.filename()), fromUtf8(skipped.reason));
        default: return {};
        }
    }

private:
    std::vector<SkippedFile> m_skipped;
};

SkippedCard::SkippedCard(QWidget *parent) : Card(tr("Skipped files"), parent), m_model(new Model(this)), m_list(new List(this))
{
    m_list->setModel(m_model);
    m_list->setItemDelegate(new NameAndReason(m_list));
    m_list->setResizeMode(QListView::Adjust); // the lines of a reason follow the width
    m_list->setLayoutMode(QListView::Batched); // any number of rows
    m_list->setBatchSize(1000);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QListView::ScrollPerPixel);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setAccessibleName(tr("Skipped files"));
    addWidget(m_list);
    connect(m_list, &QListView::activated, this,
            [this](const QModelIndex &index) { Q_EMIT folderWanted(displayText(m_model->at(index).file.parent_path())); });
    auto *copy = new QAction(tr("Copy"), m_list);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    m_list->addAction(copy);
    connect(copy, &QAction::triggered, this, [this] {
        if (const QModelIndex current = m_list->currentIndex(); current.isValid())
            QGuiApplication::clipboard()->setText(QStringLiteral("%1: %2").arg(displayText(m_model->at(current).file), fromUtf8(m_model->at(current).reason)));
    });
    hide();
}

int SkippedCard::count() const { return m_model->rowCount(); }

QListView *SkippedCard::list() const { return m_list; }

void SkippedCard::setSkipped(const std::vector<SkippedFile> &skipped)
{
    m_model->set(skipped);
    setSubtitle(QLocale().toString(count()));
    m_list->fit();
    setVisible(count() > 0);
}

} // namespace whisker
