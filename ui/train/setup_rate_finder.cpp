#include "ui/train/setup_rate_finder.h"

#include "engine/base/thread_priority.h"
#include "ui/texts.h"
#include "ui/train/setup_field.h"
#include "ui/train/setup_rate_plot.h"
#include "ui/train/training_texts.h"
#include "widgets/buttons.h"
#include "widgets/sentence_label.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QProgressBar>
#include <QVBoxLayout>
#include <utility>

namespace whisker {

namespace {

QString whatItDoes()
{
    return RateFinderCard::tr("Trains a little with ever larger rates, and throws away what it learned.");
}

} // namespace

RateFinderCard::RateFinderCard(Find find, QWidget *parent)
    : Card(tr("Find a learning rate"), parent), m_find(std::move(find)), m_sentence(new SentenceLabel(this)), m_progress(new QProgressBar(this)),
      m_plot(new RatePlot(this)), m_cancel(new Button(tr("Cancel"), Button::Kind::Plain, this)),
      m_close(new Button(tr("Close"), Button::Kind::Link, this)), m_use(new Button({}, Button::Kind::Plain, this)), m_thread(JobThread::AtEnd::Drop)
{
    m_sentence->setTextFormat(Qt::PlainText);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Search for a learning rate"));
    giveKey(*m_cancel, Qt::ALT | Qt::Key_C, tr("Ends the search; the learning rate stays as it is"));
    giveKey(*m_close, Qt::ALT | Qt::Key_X, tr("Hides the curve; the learning rate stays as it is"));
    addHeaderWidget(m_close);
    addWidget(m_sentence);
    addWidget(m_progress);
    addWidget(m_plot);
    auto *row = new QHBoxLayout;
    row->addWidget(m_cancel);
    row->addWidget(m_use);
    row->addStretch(1);
    body()->addLayout(row);
    connect(m_cancel, &Button::clicked, this, &RateFinderCard::cancel);
    connect(m_close, &Button::clicked, this, &RateFinderCard::dismiss);
    connect(m_use, &Button::clicked, this, [this] {
        if (!m_suggestion)
            return;
        Q_EMIT rateChosen(roundedRate(*m_suggestion));
        dismiss();
    });
    hide();
}

RateFinderCard::~RateFinderCard()
{
    m_stop.request_stop();
}

QString RateFinderCard::sentence() const
{
    return m_sentence->text();
}

void RateFinderCard::begin(std::shared_ptr<const Snapshot> snapshot, const TrainConfig &config)
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    m_suggestion.reset();
    m_plot->hide();
    m_progress->setRange(0, 0);
    showState(whatItDoes(), true);
    show();
    m_cancel->setFocus();
    m_thread.add([this, snapshot = std::move(snapshot), config, number = ++m_number, stop = m_stop.get_token()] { search(snapshot, config, number, stop); });
}

/// On the thread.
void RateFinderCard::search(const std::shared_ptr<const Snapshot> &snapshot, const TrainConfig &config, int number, const std::stop_token &stop)
{
    if (stop.stop_requested())
        return;
    stepBehindWindow();
    TrainEvents events;
    events.onProgress = [&](const TrainProgress &progress) {
        QMetaObject::invokeMethod(this, [this, number, progress] {
            if (number == m_number && m_running)
                showProgress(progress);
        }, Qt::QueuedConnection);
    };
    auto found = std::make_shared<Result<RateCurve>>(m_find(snapshot, config, RateRange(), events, stop));
    QMetaObject::invokeMethod(this, [this, number, found] {
        if (number == m_number && m_running)
            showEnd(*found);
    }, Qt::QueuedConnection);
}

void RateFinderCard::cancel()
{
    if (!m_running)
        return;
    m_stop.request_stop();
    showState(tr("Cancelled; the learning rate stays as it is."), false);
}

void RateFinderCard::dismiss()
{
    cancel();
    hide();
}

void RateFinderCard::showProgress(const TrainProgress &progress)
{
    m_progress->setRange(0, progress.stepsPerEpoch);
    m_progress->setValue(progress.step);
    if (progress.left)
        m_sentence->setText(tr("%1 Time left: %2.").arg(whatItDoes(), timeRangeText(*progress.left)));
}

bool RateFinderCard::event(QEvent *event)
{
    const bool isKey = event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress;
    if (!m_running || !isKey || static_cast<QKeyEvent *>(event)->key() != Qt::Key_Escape)
        return Card::event(event);
    if (event->type() == QEvent::KeyPress)
        cancel();
    event->accept(); // else it is a key of the page
    return true;
}

void RateFinderCard::showEnd(const Result<RateCurve> &found)
{
    if (!found) {
        showState(fromUtf8(found.error().message), false);
        return;
    }
    m_suggestion = found->suggestion;
    m_plot->showCurve(*found);
    m_plot->setVisible(!found->points.empty());
    if (m_suggestion) {
        m_use->setText(tr("Use %1").arg(roundedRateText(*m_suggestion)));
        giveKey(*m_use, Qt::ALT | Qt::Key_U, tr("Takes it as the learning rate"));
        m_use->setAccessibleName(tr("Use the suggested learning rate"));
        showState(tr("The loss falls well at %1; much beyond, it runs away.").arg(roundedRateText(*m_suggestion)), false);
    } else {
        showState(tr("No rate made the loss fall, so there is nothing to suggest: try more pictures, or another network."), false);
    }
}

void RateFinderCard::showState(const QString &sentence, bool running)
{
    const bool changed = std::exchange(m_running, running) != running;
    m_sentence->setText(sentence);
    m_progress->setVisible(running);
    m_close->setVisible(!running);
    m_use->setVisible(!running && m_suggestion.has_value());
    if (!running && m_cancel->hasFocus())
        (m_suggestion ? m_use : m_close)->setFocus(); // before it hides, or the focus goes anywhere
    m_cancel->setVisible(running);
    if (changed)
        Q_EMIT runningChanged(running);
}

} // namespace whisker
