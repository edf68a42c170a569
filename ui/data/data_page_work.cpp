// The part of the Data page that says what goes on with files: pictures that are read, exports, and how each ended.
#include "engine/data/import.h"
#include "ui/data/classes_card.h"
#include "ui/data/data_page.h"
#include "ui/data/files_controller.h"
#include "ui/data/side_column.h"
#include "ui/data/work_bar.h"
#include "ui/project_session.h"
#include "ui/texts.h"
#include "widgets/image_grid.h"
#include "widgets/notice_bar.h"

#include <utility>

namespace whisker {

void DataPage::showReport(const ImportReport &report)
{
    m_importBar->hide();
    showActivity();
    refresh();
    const int added = static_cast<int>(report.added + report.updated);
    const int skipped = static_cast<int>(report.skipped.size());
    const auto say = [this](NoticeBar::Kind kind, const QString &text, const QString &action = {}) { m_notice->showNotice(kind, text, action); };
    if (report.cancelled)
        say(NoticeBar::Kind::Information, countText(added, tr("Reading was stopped; 1 picture came in before."), tr("Reading was stopped; %1 pictures came in before.")));
    else if (skipped > 0)
        say(NoticeBar::Kind::Warning, (added == 0 ? tr("Nothing new came in, ") : countText(added, tr("1 picture came in, "), tr("%1 pictures came in, "))) +
                                          countText(skipped, tr("1 file could not be used."),
                                                    tr("%1 files could not be used.")),
            tr("Show why"));
    else if (added == 0 && report.known > 0)
        say(NoticeBar::Kind::Information, countText(static_cast<qint64>(report.known), tr("This picture is in the project already."),
                                                         tr("All %1 pictures are in the project already.")));
}

void DataPage::listenToFiles()
{
    connect(m_notice, &NoticeBar::actionTriggered, m_side, &SideColumn::showSkipped);
    connect(m_files, &FilesController::activityChanged, this, &DataPage::showActivity);
    connect(m_files, &FilesController::missingWanted, this, [this] {
        ImageFilter missing;
        missing.state = ImageState::Missing;
        showPicturesAgain();
        setExtraFilter(missing);
        m_grid->setFocus();
    });
    connect(m_files, &FilesController::noneMissing, this, [this] {
        if (std::exchange(m_extraFilter.state, std::nullopt) == ImageState::Missing)
            applyFilter();
    });
    connect(&m_session, &ProjectSession::opened, this, [this] { m_side->classes()->setReadOnly(m_session.isReadOnly()); });
}

void DataPage::showActivity()
{
    if (!m_session.isImporting()) {
        auto activity = m_files->activity();
        if (!activity)
            activity = doctorActivity();
        Q_EMIT activityChanged(activity ? activity : guessActivity());
        return;
    }
    const auto &status = m_session.importStatus();
    PageActivity activity{tr("Reading pictures")};
    if (status.found > 0)
        activity.share = static_cast<double>(status.done) / static_cast<double>(status.found);
    if (const auto left = status.left())
        activity.left = timeLeftText(*left);
    Q_EMIT activityChanged(activity);
}

} // namespace whisker
