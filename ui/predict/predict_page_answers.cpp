// What comes back from the inference thread, and how the Predict page shows it.
#include "ui/predict/predict_page.h"

#include "ui/predict/answer_card.h"
#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/drop_zone.h"
#include "widgets/notice_bar.h"
#include "widgets/page_header.h"
#include "widgets/picture_strip.h"
#include "widgets/picture_view.h"
#include "widgets/probability_bars.h"
#include "widgets/tabular_text.h"
#include "widgets/text_label.h"

#include <QDateTime>
#include <QLocale>
#include <QStackedWidget>
#include <algorithm>
#include <utility>

namespace whisker {

void PredictPage::hear(const std::vector<InferenceEvent> &events)
{
    for (const InferenceEvent &event : events)
        std::visit([this](const auto &what) { heard(what); }, event);
    updateProgress(); // once for all of them
}

void PredictPage::heard(const FilesFound &found)
{
    if (found.files.isEmpty()) {
        m_notice->showNotice(NoticeBar::Kind::Warning, tr("There is no picture in that folder."));
        return;
    }
    if (found.truncated)
        m_notice->showNotice(NoticeBar::Kind::Information,
                             tr("Only the first %1 pictures were taken.").arg(QLocale().toString(found.files.size())));
    ask(m_pictures->addFiles(found.files));
}

void PredictPage::heard(const ModelReady &ready)
{
    m_modelExpected = false;
    m_model = ready.summary;
    m_modelError.clear();
    m_header->setDetail(modelText());
    askAgain();
}

void PredictPage::heard(const ModelRefused &refused)
{
    m_modelExpected = false;
    m_model.reset();
    m_modelError = refused.sentence;
    m_header->setDetail({});
    m_notice->showNotice(NoticeBar::Kind::Error, refused.sentence);
    askAgain();
}

void PredictPage::heard(const PictureRead &read)
{
    m_pictures->setRead(read.id, read.thumbnail, read.fullSize);
    if (m_pictures->rowOf(read.id) == currentRow() && !m_shown.contains(read.id))
        updatePicture(); // enlarged, until it is there itself
}

void PredictPage::heard(const PictureAnswered &answered)
{
    m_pictures->setAnswer(answered.id, answered.answer);
    if (m_pictures->rowOf(answered.id) == currentRow())
        updateAnswer();
}

void PredictPage::heard(const PictureRefused &refused)
{
    m_pictures->setError(refused.id, refused.sentence);
    if (m_pictures->rowOf(refused.id) != currentRow())
        return;
    updatePicture();
    updateAnswer();
}

void PredictPage::heard(const PictureShown &shown)
{
    if (m_pictures->rowOf(shown.id) < 0)
        return;
    m_shown.insert(shown.id, new Shown{shown.image, shown.fullSize}, std::max(1, int(shown.image.sizeInBytes() / 1024)));
    if (m_pictures->rowOf(shown.id) == currentRow())
        updatePicture();
}

InferenceRequest PredictPage::request(int row) const
{
    const ListedPicture &picture = m_pictures->at(row);
    return {picture.id, picture.path, picture.pasted};
}

void PredictPage::ask(int firstRow)
{
    std::vector<InferenceRequest> requests;
    for (int row = firstRow; row < m_pictures->rowCount(); ++row)
        requests.push_back(request(row));
    m_controller->ask(std::move(requests));
    updateView();
    m_strip->setCurrentRow(firstRow);
    updateProgress();
    Q_EMIT pictureCountChanged(m_pictures->rowCount());
}

void PredictPage::askAgain()
{
    m_pictures->forgetAnswers();
    const int current = std::max(0, currentRow());
    std::vector<InferenceRequest> requests;
    if (m_pictures->rowCount() > 0)
        requests.push_back(request(current)); // the one that is looked at
    for (int row = 0; row < m_pictures->rowCount(); ++row)
        if (row != current)
            requests.push_back(request(row));
    m_controller->askInstead(std::move(requests));
    updateView();
    updatePicture();
    updateAnswer();
}

int PredictPage::colourOf(int classIndex) const
{
    if (!m_model || classIndex < 0)
        return -1;
    const int colour = m_colourOf ? m_colourOf(m_model->classes.value(classIndex)) : -1;
    return colour >= 0 ? colour : classIndex; // a class that the project no longer has
}

void PredictPage::updateView()
{
    const bool pictures = m_pictures->rowCount() > 0;
    const bool model = m_model || m_modelExpected;
    m_stack->setCurrentWidget(pictures ? m_content : model ? static_cast<QWidget *>(m_noPicture) : m_noModel);
    m_remove->setVisible(pictures);
    m_clear->setVisible(pictures);
    m_open->setVisible(pictures || model);
}

void PredictPage::updatePicture()
{
    const int row = currentRow();
    if (row < 0 || row >= m_pictures->rowCount()) {
        m_view->setPicture({});
        return;
    }
    const ListedPicture &picture = m_pictures->at(row);
    if (const Shown *shown = m_shown.object(picture.id)) {
        m_view->setPicture(shown->image, picture.name, shown->fullSize);
        return;
    }
    if (!picture.error.isEmpty() && picture.thumbnail.isNull()) {
        m_view->setPlaceholder(tr("This picture can't be read"));
        m_view->setPicture({}, picture.name);
        return;
    }
    // The thumbnail, enlarged, until the picture is there: no flicker while one walks through the strip.
    m_view->setPlaceholder(tr("Opening"));
    m_view->setPicture(picture.thumbnail, picture.name, picture.fullSize);
    if (std::exchange(m_showing, picture.id) != picture.id)
        m_controller->show(request(row));
}

void PredictPage::updateAnswer()
{
    const int row = currentRow();
    if (row < 0 || row >= m_pictures->rowCount())
        return;
    const ListedPicture &picture = m_pictures->at(row);
    if (!picture.error.isEmpty()) {
        m_answer->showSentence(tr("No answer"), picture.error);
    } else if (m_model && picture.answer) {
        std::vector<int> colours;
        for (int k = 0; k < int(picture.answer->probabilities.size()); ++k)
            colours.push_back(colourOf(k));
        m_answer->showAnswer(*picture.answer, m_model->classes, colours);
    } else if (m_model || m_modelExpected) {
        m_answer->showWaiting();
    } else if (!m_modelError.isEmpty()) {
        m_answer->showSentence(tr("No answer"), m_modelError, tr("Train another"));
    } else {
        m_answer->showSentence(tr("No model yet"), tr("A model is what training leaves. It takes seconds."), tr("Train one first"));
    }
}

void PredictPage::updateProgress()
{
    const int count = m_pictures->rowCount();
    const int done = m_pictures->answeredCount();
    const bool busy = m_model && done < count;
    m_all->setVisible(count > 1 && m_model);
    const QString allText = QLocale().toString(count);
    const QString doneText = QLocale().toString(done);
    if (count > 1 && m_model) {
        m_all->setSubtitle(busy ? tr("%1 of %2").arg(doneText, allText) : allText);
        showCounts();
    }
    if (busy && count > 1)
        Q_EMIT activityChanged(PageActivity{tr("Answering: picture %1 of %2").arg(doneText, allText), double(done) / count, {}});
    else
        Q_EMIT activityChanged(std::nullopt);
}

void PredictPage::showCounts()
{
    const int classes = int(m_model->classes.size());
    std::vector<int> counts(std::size_t(classes), 0);
    int broken = 0;
    int answered = 0;
    for (int row = 0; row < m_pictures->rowCount(); ++row) {
        const ListedPicture &picture = m_pictures->at(row);
        broken += picture.error.isEmpty() ? 0 : 1;
        if (picture.answer && picture.answer->classIndex >= 0 && picture.answer->classIndex < classes) {
            ++counts[std::size_t(picture.answer->classIndex)];
            ++answered;
        }
    }
    std::vector<ProbabilityRow> rows;
    for (int k = 0; k < classes; ++k) {
        const int count = counts[std::size_t(k)];
        rows.push_back({m_model->classes.value(k), colourOf(k), double(count) / std::max(1, answered), count});
    }
    m_allBars->setRows(std::move(rows));
    m_allBroken->setText(broken == 1 ? tr("1 can't be read") : tr("%1 can't be read").arg(QLocale().toString(broken)));
    m_allBroken->setVisible(broken > 0);
}

QString PredictPage::modelText() const
{
    if (!m_model)
        return {};
    QString text = m_model->recipe.isEmpty() ? QString::fromStdString(m_model->file.filename().string()) : m_model->recipe;
    if (m_model->trainedAtMs > 0) {
        const auto moment = QDateTime::fromMSecsSinceEpoch(m_model->trainedAtMs);
        const bool today = moment.date() == QDate::currentDate();
        text = today ? tr("%1 of today %2").arg(text, moment.toString(QStringLiteral("HH:mm")))
                     : tr("%1 of %2").arg(text, QLocale().toString(moment.date(), QStringLiteral("d MMM yyyy")));
    }
    if (m_model->stoppedEarly)
        text += tr(", stopped early");
    if (m_model->testAccuracy)
        text += tr(", %1 on test").arg(percentText(*m_model->testAccuracy));
    else if (m_model->validationAccuracy)
        text += tr(", %1 on validation").arg(percentText(*m_model->validationAccuracy));
    return text;
}

} // namespace whisker
