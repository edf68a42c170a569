// What the bar above the Train page says: each sentence belongs to a run or to what was just done, and goes with it.
#include "ui/train/train_page.h"

#include "ui/train/run_texts.h"

#include <algorithm>
#include <utility>

namespace whisker {

/// Of what was just done; until something else is shown.
void TrainPage::say(NoticeBar::Kind kind, const QString &text, const QString &action)
{
    m_said = Notice{kind, text, action};
    updateNotice();
}

/// Of the run that goes on or was the last; wherever that is shown.
void TrainPage::tellOfRun(NoticeBar::Kind kind, const QString &text, const QString &action)
{
    m_news.push_back({kind, text, action});
    updateNotice();
}

/// How many pictures the run does without so far, in place of what was said of fewer.
void TrainPage::tellOfLeftOut(const std::vector<SkippedFile> &pictures)
{
    const QString before = pictures.empty() ? m_leftOutText : std::exchange(m_leftOutText, leftOutText(pictures));
    if (before == m_leftOutText)
        return;
    std::erase_if(m_news, [&](const Notice &news) { return news.text == before; });
    tellOfRun(NoticeBar::Kind::Warning, m_leftOutText);
}

/// The run is over: what mattered only while it went on, and so is not among its `notes`, goes.
void TrainPage::settleNews(const std::vector<std::string> &notes)
{
    std::erase_if(m_news, [&](const Notice &news) { return news.text != m_leftOutText && std::ranges::find(notes, news.text.toStdString()) == notes.end(); });
    for (Notice &news : m_news) {
        if (news.text != m_leftOutText)
            news.kind = NoticeBar::Kind::Information;
    }
}

/// All in one, as grave as the gravest; but for those that were closed.
std::optional<TrainPage::Notice> TrainPage::newsOfRun() const
{
    std::vector<Notice> open = m_news;
    std::erase_if(open, [](const Notice &news) { return news.closed; });
    if (open.empty())
        return std::nullopt;
    Notice all = *std::ranges::max_element(open, {}, &Notice::kind);
    QStringList texts;
    for (const Notice &news : open)
        texts.append(news.text);
    texts.removeDuplicates();
    all.text = texts.join(QLatin1Char('\n'));
    return all;
}

std::optional<TrainPage::Notice> TrainPage::noticeOfPast() const
{
    if (!m_past)
        return std::nullopt;
    if (m_past->folder == m_controller->runFolder() && !m_news.empty())
        return newsOfRun();
    const QString notes = notesText(m_past->receipt);
    return notes.isEmpty() ? std::nullopt : std::optional(Notice{NoticeBar::Kind::Information, notes, {}, notes == m_closed});
}

std::optional<TrainPage::Notice> TrainPage::noticeOfView() const
{
    if (m_said)
        return m_said;
    switch (m_view) {
    case View::Setup:
        if (!m_material.obstacle.isEmpty() && !m_material.readOnly) // which the window's own bar says
            return Notice{NoticeBar::Kind::Warning, m_material.obstacle, tr("Go to Data"), m_material.obstacle == m_closed};
        break;
    case View::Live: return newsOfRun();
    case View::Past: return noticeOfPast();
    case View::Empty:
    case View::Runs: break;
    }
    return std::nullopt;
}

void TrainPage::updateNotice()
{
    const auto notice = noticeOfView();
    if (notice && !notice->closed)
        m_notice->showNotice(notice->kind, notice->text, notice->action);
    else
        m_notice->dismiss();
}

void TrainPage::closeNotice()
{
    const QString text = m_notice->text();
    for (Notice &news : m_news)
        news.closed = news.closed || text.contains(news.text); // it may stand there in one with others
    if (!std::exchange(m_said, std::nullopt))
        m_closed = text;
    updateNotice();
}

/// What Escape is for where the focus is in a message, whatever else it does on the page.
bool TrainPage::closeFocusedMessage()
{
    for (NoticeBar *message : findChildren<NoticeBar *>()) { // that of the curves too
        if (!message->isVisibleTo(this) || !message->isAncestorOf(focusWidget()))
            continue;
        message->closeByUser();
        focusTarget()->setFocus();
        return true;
    }
    return false;
}

} // namespace whisker
