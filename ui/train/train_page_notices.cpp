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

/// The run is over: what helped only while it went on goes.
void TrainPage::settleNews()
{
    for (Notice &news : m_news) {
        news.kind = NoticeBar::Kind::Information;
        news.text = lastingNotes({news.text.toStdString()});
    }
    std::erase_if(m_news, [](const Notice &news) { return news.text.isEmpty(); });
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
    const QString notes = lastingNotes(m_past->receipt.notes);
    return notes.isEmpty() ? std::nullopt : std::optional(Notice{NoticeBar::Kind::Information, notes, {}, notes == m_closed});
}

std::optional<TrainPage::Notice> TrainPage::noticeOfView() const
{
    if (m_said)
        return m_said;
    switch (m_view) {
    case View::Setup:
        if (!m_material.obstacle.isEmpty())
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
    const auto hasFocus = [this](const NoticeBar *message) { return message->isVisibleTo(this) && message->isAncestorOf(focusWidget()); };
    if (hasFocus(m_offer))
        withdrawOffer();
    else if (hasFocus(m_notice))
        closeNotice();
    else
        return false;
    focusTarget()->setFocus();
    return true;
}

} // namespace whisker
