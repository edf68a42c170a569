#include "ui/data/files_bar.h"

#include "ui/data/work_bar.h"
#include "ui/texts.h"
#include "widgets/buttons.h"

#include <QShortcut>
#include <QVBoxLayout>
#include <utility>

namespace whisker {

FilesBar::FilesBar(QWidget *parent) : QWidget(parent), m_work(new WorkBar(this)), m_notice(new NoticeBar(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_work);
    column->addWidget(m_notice);
    connect(m_work, &WorkBar::cancelled, this, &FilesBar::cancelled);
    const auto does = [this](const std::function<void()> FilesBar::*offer) {
        const auto wanted = this->*offer; // what it does may put another in its place
        if (wanted)
            wanted();
    };
    connect(m_notice, &NoticeBar::actionTriggered, this, [does] { does(&FilesBar::m_first); });
    connect(m_notice, &NoticeBar::secondTriggered, this, [does] { does(&FilesBar::m_second); });
    connect(m_notice, &NoticeBar::closed, this, &FilesBar::showParts);
    for (const auto &[button, keys] : {std::pair(m_notice->actionButton(), QKeySequence(Qt::ALT | Qt::Key_Return)),
                                       std::pair(m_notice->secondButton(), QKeySequence(Qt::ALT | Qt::SHIFT | Qt::Key_Return))}) {
        button->setToolTip(keys.toString(QKeySequence::NativeText));
        connect(new QShortcut(keys, button), &QShortcut::activated, button, &QAbstractButton::click); // of a hidden one it is off
    }
    hide();
}

void FilesBar::begin(Work work)
{
    m_notice->dismiss();
    switch (work) {
    case Work::Labels: m_work->begin({tr("Writing labels"), tr("Writing %1 of %2"), {}}); break;
    case Work::Pictures: m_work->begin({tr("Looking what is to be exported"), tr("Exporting %1 of %2"), tr("Stop exporting; what is there stays, each picture whole")}); break;
    case Work::Search: m_work->begin({tr("Looking through folders"), tr("Comparing %1 of %2"), tr("Stop looking; what was found stays found")}); break;
    }
    showParts();
}

void FilesBar::showProgress(const TransferProgress &progress) { m_work->showProgress(progress.done, progress.found, progress.left); }

void FilesBar::end()
{
    m_work->hide();
    showParts();
}

void FilesBar::showMessage(NoticeBar::Kind kind, const QString &text, const Offer &first, const Offer &second)
{
    m_first = first.does;
    m_second = second.does;
    m_notice->showNotice(kind, text, first.words, second.words);
    showParts();
}

void FilesBar::dismiss()
{
    m_notice->dismiss();
    showParts();
}

void FilesBar::showParts() { setVisible(!m_work->isHidden() || !m_notice->isHidden()); }

QString exportedText(const ExportReport &report)
{
    const auto count = static_cast<qint64>(report.exported);
    if (report.cancelled)
        return countText(count, FilesBar::tr("Exporting was stopped; 1 picture is there, whole."), FilesBar::tr("Exporting was stopped; %1 pictures are there, each whole."));
    QString text = countText(count, FilesBar::tr("1 picture exported."), FilesBar::tr("%1 pictures exported."));
    if (!report.skipped.empty()) {
        const auto &first = report.skipped.front();
        text += QLatin1Char(' ') + countText(std::ssize(report.skipped), FilesBar::tr("1 could not be"), FilesBar::tr("%1 could not be"))
                + QStringLiteral(": %1: %2").arg(displayText(first.file.filename()), fromUtf8(first.reason));
    }
    if (!report.renamedClasses.empty()) {
        const auto &[name, folder] = report.renamedClasses.front();
        text += FilesBar::tr(" Not every name fits a folder: \"%1\" lies in \"%2\".").arg(fromUtf8(name), fromUtf8(folder));
    }
    return text;
}

QString missingText(qint64 missing)
{
    return countText(missing, FilesBar::tr("1 picture is missing. Its label is kept."), FilesBar::tr("%1 pictures are missing. Their labels are kept."));
}

QString relinkedText(const RelinkReport &report, qint64 missing)
{
    const auto found = static_cast<qint64>(report.relinked);
    QString text;
    if (report.cancelled)
        text = FilesBar::tr("The search was stopped. ");
    if (found > 0)
        text += countText(found, FilesBar::tr("1 picture was found again."), FilesBar::tr("%1 pictures were found again."));
    else if (missing > 0 && !report.cancelled)
        text += FilesBar::tr("None of them is in this folder.");
    else if (missing == 0)
        text += FilesBar::tr("No picture is missing.");
    if (missing > 0)
        text += QLatin1Char(' ') + missingText(missing);
    return text.simplified();
}

} // namespace whisker
