#include "ui/suggestion_controller.h"

#include "engine/base/thread_priority.h"
#include "ui/project_session.h"
#include "ui/texts.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace whisker {

namespace {

constexpr std::size_t kTogether = 256; // pictures of one job: half a second
constexpr std::size_t kPosted = 32;    // guesses that go to the window at once
constexpr int kNamesTold = 5;

} // namespace

QString guessText(const PictureGuess &guess)
{
    const int percent = guess.probability >= 1.0 ? 100 : std::min(99, static_cast<int>(std::lround(100 * guess.probability)));
    return SuggestionController::tr("%1 %2 %").arg(guess.className).arg(percent);
}

SuggestionController::SuggestionController(ProjectSession &session, GuesserLoader loader, QObject *parent)
    : QObject(parent), m_session(session), m_loader(std::move(loader)), m_worker(std::make_unique<JobThread>(JobThread::AtEnd::Finish))
{
    m_worker->add([] { stepBehindWindow(); });
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &SuggestionController::goOn);
    connect(&session, &ProjectSession::opened, this, &SuggestionController::startAnew);
    connect(&session, &ProjectSession::modelInUseChanged, this, &SuggestionController::startAnew);
    const auto soon = [this] { m_soon.start(); };
    connect(&session, &ProjectSession::imagesAdded, this, soon);
    connect(&session, &ProjectSession::imagesChanged, this, soon);
    connect(&session, &ProjectSession::importFinished, this, soon);
    connect(&session, &ProjectSession::importStarted, this, soon);
    connect(&session, &ProjectSession::classesChanged, this, [this] {
        if (!m_refusedForClasses)
            return;
        takeRefusal({});
        m_soon.start();
    });
    connect(&session, &ProjectSession::imagesRemoved, this, [this](const std::vector<ImageId> &ids) {
        for (const ImageId id : ids)
            m_guesses.remove(id);
    });
    m_soon.start();
}

SuggestionController::~SuggestionController()
{
    m_stop.request_stop();
    m_worker->add([this] { m_guesser.reset(); }); // on its own thread
    m_worker.reset();
}

/// Runs `function` in the GUI thread; from the worker, which is joined before this object goes.
template <class Function> void SuggestionController::post(Function function)
{
    QMetaObject::invokeMethod(this, std::move(function), Qt::QueuedConnection);
}

/// Another model or project: nothing that was said counts any more.
void SuggestionController::startAnew()
{
    ++m_generation;
    m_stop.request_stop();
    takeRefusal({});
    m_placed.clear();
    const bool hadGuesses = !m_guesses.isEmpty(), hadOrder = !m_order.empty();
    m_guesses.clear();
    m_order.clear();
    if (hadGuesses)
        Q_EMIT guessed({});
    if (hadOrder)
        Q_EMIT orderChanged();
    m_soon.start();
}

void SuggestionController::setTrainingGoesOn(bool goesOn)
{
    m_trainingGoesOn = goesOn;
    if (goesOn)
        m_stop.request_stop();
    m_soon.start();
}

const PictureGuess *SuggestionController::guess(ImageId id) const
{
    const auto place = m_guesses.constFind(id);
    return place != m_guesses.constEnd() && !(*place)->className.isEmpty() ? place->get() : nullptr;
}

std::vector<ImageId> SuggestionController::disagreements() const
{
    std::vector<std::pair<double, ImageId>> found;
    for (const auto &image : m_session.state().images) {
        const auto *said = image.label && !image.excluded ? guess(image.id) : nullptr;
        const auto *record = said && said->probability >= kSurely ? m_session.classRecord(*image.label) : nullptr;
        if (record && fromUtf8(record->name) != said->className)
            found.emplace_back(-said->probability, image.id);
    }
    std::ranges::sort(found);
    std::vector<ImageId> ids;
    std::ranges::transform(found, std::back_inserter(ids), [](const auto &entry) { return entry.second; });
    return ids;
}

bool SuggestionController::isAnswered(const ImageRecord &image) const
{
    const auto place = m_guesses.constFind(image.id);
    return place != m_guesses.constEnd() && (*place)->hash == image.hash;
}

/// What is to be asked about: the unlabelled first.
SuggestionController::Plan SuggestionController::plan() const
{
    Plan plan;
    const auto collect = [&](bool labelled) {
        for (const auto &image : m_session.state().images) {
            if (!image.usable() || image.label.has_value() != labelled)
                continue;
            ++plan.total;
            if (isAnswered(image)) {
                ++plan.done;
                plan.unplaced += !labelled && !m_placed.contains(image.id);
            } else if (plan.next.size() < kTogether) {
                plan.next.push_back({image.id, image.file(), image.hash});
            }
        }
    };
    collect(false);
    const bool allAsked = plan.next.empty();
    plan.wantsOrder = plan.unplaced > 0 && (allAsked || plan.unplaced >= std::max(kTogether / 2, m_placed.size()));
    collect(true);
    return plan;
}

void SuggestionController::goOn()
{
    if (m_isBusy)
        return;
    if (!m_refusal.isEmpty() || m_trainingGoesOn || !m_session.isOpen() || m_session.modelInUse().empty() || m_session.isImporting())
        return takeProgress(0, 0);
    auto next = plan();
    takeProgress(next.done, next.total);
    if (next.wantsOrder)
        makeOrder();
    else if (!next.next.empty())
        ask(std::move(next.next));
}

void SuggestionController::takeProgress(int done, int total)
{
    if (done == m_progress.done && total == m_progress.total)
        return;
    m_progress = {done, total};
    Q_EMIT progressed();
}

void SuggestionController::takeRefusal(const QString &sentence)
{
    m_refusedForClasses = false;
    if (m_refusal == sentence)
        return;
    m_refusal = sentence;
    Q_EMIT refusalChanged();
}

/// From the worker.
void SuggestionController::refuse(int generation, const QString &sentence, bool forItsClasses)
{
    post([this, generation, sentence, forItsClasses] {
        if (generation != m_generation)
            return;
        takeRefusal(sentence);
        m_refusedForClasses = forItsClasses;
    });
}

void SuggestionController::ask(std::vector<Wish> wishes)
{
    m_isBusy = true;
    m_stop = std::stop_source();
    m_worker->add([this, model = m_session.modelInUse(), classes = m_session.classNames(), wishes = std::move(wishes), generation = m_generation,
                   stop = m_stop.get_token()] {
        askOnWorker(model, classes, wishes, generation, stop);
        post([this] { endJob(); });
    });
}

void SuggestionController::endJob()
{
    m_isBusy = false;
    goOn();
}

bool SuggestionController::load(const std::filesystem::path &model, int generation)
{
    if (m_guesser && m_loadedModel == model)
        return true;
    m_guesser.reset();
    auto loaded = m_loader(model);
    if (!loaded) {
        refuse(generation, fromUtf8(loaded.error().message), false);
        return false;
    }
    m_guesser = *std::move(loaded);
    m_loadedModel = model;
    return true;
}

bool SuggestionController::knowsOneOf(const QStringList &classes, int generation)
{
    const QStringList known = m_guesser->classes();
    if (std::ranges::any_of(known, [&](const QString &name) { return classes.contains(name); }))
        return true;
    const QString some = known.size() > kNamesTold ? tr("%1 and %L2 more").arg(known.mid(0, kNamesTold).join(QStringLiteral(", "))).arg(known.size() - kNamesTold)
                                                   : known.join(QStringLiteral(", "));
    refuse(generation, tr("The model in use knows none of this project's classes, so it suggests nothing. It knows: %1. Train another on the Train page (Ctrl+2).").arg(some),
           true);
    return false;
}

void SuggestionController::askOnWorker(const std::filesystem::path &model, const QStringList &classes, const std::vector<Wish> &wishes, int generation, std::stop_token stop)
{
    if (stop.stop_requested() || !load(model, generation) || !knowsOneOf(classes, generation))
        return;
    std::vector<HashedPicture> pictures;
    for (const auto &wish : wishes)
        pictures.push_back({wish.file, wish.hash});
    Guesses ready;
    const auto tell = [&] {
        post([this, generation, told = std::exchange(ready, {})] { take(told, generation); });
    };
    const auto sink = [&](std::size_t index, PictureGuess said) {
        said.hash = wishes[index].hash;
        ready.emplace_back(wishes[index].id, std::make_shared<const PictureGuess>(std::move(said)));
        if (ready.size() >= kPosted)
            tell();
    };
    m_guesser->guess(pictures, sink, stop);
    tell();
}

void SuggestionController::take(const Guesses &guesses, int generation)
{
    if (generation != m_generation)
        return;
    std::vector<ImageId> ids;
    for (const auto &[id, said] : guesses) {
        if (!m_session.image(id))
            continue; // removed meanwhile
        m_guesses.insert(id, said);
        ids.push_back(id);
    }
    if (!ids.empty())
        Q_EMIT guessed(ids);
}

void SuggestionController::makeOrder()
{
    m_isBusy = true;
    m_placed.clear();
    Guesses unlabelled;
    for (const auto &image : m_session.state().images) {
        if (!image.usable() || image.label || !isAnswered(image))
            continue;
        m_placed.insert(image.id);
        if (guess(image.id))
            unlabelled.emplace_back(image.id, m_guesses[image.id]);
    }
    m_worker->add([this, unlabelled = std::move(unlabelled), generation = m_generation] {
        std::vector<TeachingCandidate> candidates;
        for (const auto &[id, said] : unlabelled)
            candidates.push_back({said->uncertainty, said->sketch});
        std::vector<ImageId> order;
        for (const std::size_t place : whisker::teachingOrder(candidates))
            order.push_back(unlabelled[place].first);
        post([this, generation, order = std::move(order)]() mutable {
            if (generation == m_generation && order != m_order) {
                m_order = std::move(order);
                Q_EMIT orderChanged();
            }
            endJob();
        });
    });
}

} // namespace whisker
