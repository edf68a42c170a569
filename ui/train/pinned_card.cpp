#include "ui/train/pinned_card.h"

#include "engine/base/locations.h"
#include "engine/image/thumbnail.h"
#include "ui/texts.h"
#include "ui/train/pinned_row.h"
#include "widgets/buttons.h"
#include "widgets/drop_zone.h"
#include "widgets/sentence_label.h"

#include <QAction>
#include <QFileDialog>
#include <QImage>
#include <QMimeData>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace whisker {

namespace {

constexpr int kGap = 4;

QImage imageOf(const RgbImage &rgb)
{
    return QImage(rgb.pixels.data(), rgb.width, rgb.height, qsizetype(rgb.rowBytes()), QImage::Format_RGB888).copy();
}

PinnedCard::Load cachedThumbnails()
{
    return [cache = userCacheFolder() / "thumbnails"](const std::filesystem::path &file) { return thumbnail(file, 2 * PinnedRow::kThumbnailPx, cache); };
}

} // namespace

PinnedCard::PinnedCard(PinBoard &board, QWidget *parent) : PinnedCard(board, cachedThumbnails(), parent) {}

PinnedCard::PinnedCard(PinBoard &board, Load load, QWidget *parent)
    : Card(tr("Pinned pictures"), parent), m_board(board), m_load(std::move(load)), m_scroll(new QScrollArea(this)), m_list(new QWidget(this)),
      m_hint(new SentenceLabel(this))
{
    setAccessibleName(tr("Pinned pictures"));
    auto *choose = new QAction(tr("Add"), this);
    choose->setShortcut(Qt::CTRL | Qt::Key_D);
    choose->setToolTip(tr("Pin pictures to watch them being learned"));
    addAction(choose);
    connect(choose, &QAction::triggered, this, &PinnedCard::chooseFiles);
    auto *button = new Button(tr("Add"), Button::Kind::Link, this);
    button->setToolTip(withKeys(choose->toolTip(), *choose));
    connect(button, &Button::clicked, choose, &QAction::trigger);
    addHeaderWidget(button);

    auto *column = new QVBoxLayout(m_list);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGap);
    column->addStretch(1);
    m_scroll->setWidget(m_list);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_list->setAutoFillBackground(false);
    addWidget(m_scroll);
    addWidget(m_hint);
    takeDropsOn(*this);
    for (const auto &file : board.files())
        addRow(file);
    updateHeight();
    updateHint();
}

PinnedCard::~PinnedCard() = default;

QString PinnedCard::sentence() const { return m_hint->text(); }

void PinnedCard::add(const QStringList &paths)
{
    m_added = {};
    for (const QString &path : paths) {
        const std::filesystem::path file = toPath(path);
        if (rowOf(file))
            continue;
        ++m_added.wished;
        if (!m_board.add(file)) {
            m_added.isFull = true;
            continue;
        }
        m_added.taken.push_back(file);
        addRow(file);
    }
    updateHeight();
    updateHint();
    Q_EMIT changed();
}

void PinnedCard::takeDropsOn(QWidget &page)
{
    auto *target = new DropTarget(&page, this);
    target->setWanted([this](const QMimeData &dragged) { return isVisible() && !isFull() && !localFiles(dragged).isEmpty(); });
    connect(target, &DropTarget::filesDropped, this, &PinnedCard::add);
}

void PinnedCard::addRow(const std::filesystem::path &file)
{
    auto *row = new PinnedRow(file, m_list);
    row->begin(m_classes, m_colours);
    static_cast<QVBoxLayout *>(m_list->layout())->insertWidget(int(m_rows.size()), row);
    m_rows.push_back(row);
    connect(row, &PinnedRow::removeWished, this, [this, row] {
        remove(row);
        Q_EMIT changed();
    });
    m_decoder.add([this, file] {
        auto thumbnail = m_load(file);
        QMetaObject::invokeMethod(this, [this, file, thumbnail = std::move(thumbnail)] { showThumbnail(file, thumbnail); }, Qt::QueuedConnection);
    });
}

void PinnedCard::showThumbnail(const std::filesystem::path &file, const Result<RgbImage> &thumbnail)
{
    PinnedRow *row = rowOf(file); // it may have been taken off since
    if (row && thumbnail)
        row->setThumbnail(imageOf(*thumbnail));
    else if (row)
        takeOffUnreadable(file, thumbnail.error().message);
}

/// It would keep its place from a picture that can be read.
void PinnedCard::takeOffUnreadable(const std::filesystem::path &file, const std::string &reason)
{
    PinnedRow *row = rowOf(file);
    if (!row)
        return;
    Added added = std::exchange(m_added, {}); // what is taken off by hand needs no more words, this does
    remove(row);
    std::erase(added.taken, file);
    added.unreadable.append(fromUtf8(reason).replace(displayText(file), displayText(file.filename()))); // the folder is long, and known to who dropped it
    m_added = std::move(added);
    updateHint();
    Q_EMIT changed();
}

PinnedRow *PinnedCard::rowOf(const std::filesystem::path &file) const
{
    const auto found = std::ranges::find_if(m_rows, [&](const PinnedRow *row) { return row->file() == file; });
    return found == m_rows.end() ? nullptr : *found;
}

void PinnedCard::remove(PinnedRow *row)
{
    const auto found = std::ranges::find(m_rows, row);
    const auto place = std::size_t(found - m_rows.begin());
    const bool hadFocus = row->hasFocus();
    m_board.remove(row->file());
    m_rows.erase(found);
    row->hide();
    row->deleteLater(); // it may be its own key that is answered here
    if (hadFocus && !m_rows.empty())
        m_rows[std::min(place, m_rows.size() - 1)]->setFocus();
    m_added = {};
    updateHeight();
    updateHint();
}

void PinnedCard::setAside(const std::filesystem::path &file)
{
    PinnedRow *row = rowOf(file);
    if (!row)
        return; // taken off since
    remove(row);
    m_away.append(displayText(file));
}

QStringList PinnedCard::paths() const
{
    QStringList paths;
    for (const PinnedRow *row : m_rows)
        paths.append(displayText(row->file()));
    paths.append(m_away);
    paths.removeDuplicates(); // one that has come back may be pinned again
    return paths.first(std::min(paths.size(), qsizetype(PinBoard::kMost)));
}

void PinnedCard::removeAll()
{
    m_away.clear();
    while (!m_rows.empty())
        remove(m_rows.back());
}

void PinnedCard::begin(const QStringList &classes, const std::vector<int> &colours)
{
    m_classes = classes;
    m_colours = colours;
    for (PinnedRow *row : m_rows)
        row->begin(classes, colours);
}

void PinnedCard::addAnswers(std::span<const PinnedAnswer> answers)
{
    for (const PinnedAnswer &answer : answers) {
        PinnedRow *row = rowOf(answer.file);
        if (answer.probabilities.empty())
            takeOffUnreadable(answer.file, answer.error);
        else if (row)
            row->addAnswer(answer);
    }
}

void PinnedCard::setMostRowsSeen(int rows)
{
    m_mostRows = std::max(1, rows);
    updateHeight();
}

void PinnedCard::updateHeight()
{
    const int rows = std::min(int(m_rows.size()), m_mostRows);
    m_scroll->setVisible(rows > 0);
    m_scroll->setFixedHeight(rows * (PinnedRow::kHeight + kGap));
}

void PinnedCard::updateHint()
{
    QStringList said;
    if (m_added.isFull && m_added.taken.empty())
        said.append(tr("Not pinned: %1 is the most. Del takes one off.").arg(PinBoard::kMost));
    else if (m_added.isFull)
        said.append(tr("%1 of %2 were pinned: %3 is the most.").arg(m_added.taken.size()).arg(m_added.wished).arg(PinBoard::kMost));
    const QStringList &unreadable = m_added.unreadable;
    if (unreadable.size() > 1)
        said.append(tr("%1 files can't be pinned. The first:").arg(unreadable.size()));
    if (!unreadable.empty())
        said.append(unreadable.front());
    if (said.empty())
        said.append(m_rows.empty() ? tr("Drop pictures here to watch them being learned.")
                    : isFull()     ? tr("%1 is the most; Del takes one off.").arg(PinBoard::kMost)
                                   : tr("Drop more here; Del takes one off."));
    m_hint->setText(said.join(u' '));
}

void PinnedCard::chooseFiles()
{
    auto *dialog = new QFileDialog(this, tr("Pin pictures"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({tr("Pictures (*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff *.gif *.ppm *.pgm *.pbm *.JPG *.JPEG *.PNG)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this, &PinnedCard::add);
    dialog->open();
}

void PinnedCard::restore(const QStringList &paths)
{
    for (const QString &path : paths) {
        const std::filesystem::path file = toPath(path);
        if (rowOf(file) || !m_board.add(file))
            continue;
        m_decoder.add([this, file] { // before its thumbnail, which would be said to be missing
            std::error_code unknown; // then the thumbnail's sentence says more
            if (!std::filesystem::exists(file, unknown) && !unknown)
                QMetaObject::invokeMethod(this, [this, file] { setAside(file); }, Qt::QueuedConnection);
        });
        addRow(file);
    }
    updateHeight();
    updateHint();
}

} // namespace whisker
