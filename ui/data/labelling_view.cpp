#include "ui/data/labelling_view.h"

#include "ui/data/label_bar.h"
#include "ui/data/labelling_classes.h"
#include "ui/data/labelling_end.h"
#include "ui/data/labelling_head.h"
#include "ui/data/labelling_picture.h"
#include "ui/data/labelling_round.h"
#include "ui/project_session.h"
#include "ui/suggestion_controller.h"
#include "ui/texts.h"
#include "widgets/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {

constexpr std::size_t kAhead = 6;
constexpr std::size_t kBehind = 2;
constexpr int kBarHeight = 3;

bool isPlain(const QKeyEvent &key) { return !(key.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)); }

} // namespace

LabellingView::LabellingView(ProjectSession &session, ThumbnailLoader::Load load, QWidget *parent)
    : PageCover(parent), m_session(session), m_head(new LabellingHead(this)), m_body(new QStackedWidget(this)), m_picture(new LabellingPicture(std::move(load))),
      m_classes(new LabellingClasses), m_end(new LabellingEnd), m_commands(new LabellingCommands(this)), m_names(new LabelBar(this))
{
    setAccessibleName(tr("Label by keyboard"));
    build();
    listenToSession();
    connect(m_head, &LabellingHead::leaveWanted, this, &LabellingView::leave);
    connect(m_classes, &LabellingClasses::classClicked, this, &LabellingView::label);
    connect(m_commands, &LabellingCommands::wanted, this, &LabellingView::run);
    connect(m_end, &LabellingEnd::wanted, this, &LabellingView::run);
    connect(m_names, &LabelBar::nameTyped, this, &LabellingView::labelByName);
    connect(m_names, &LabelBar::left, this, qOverload<>(&QWidget::setFocus));
}

LabellingView::~LabellingView() = default;

bool LabellingView::isReady() const { return m_picture->isReady(); }

void LabellingView::build()
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(12);
    column->addWidget(m_head);
    auto *looking = new QWidget;
    auto *row = new QHBoxLayout(looking);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(m_picture, 1);
    row->addWidget(m_classes);
    m_body->addWidget(looking);
    m_body->addWidget(m_end);
    column->addWidget(m_body, 1);
    column->addWidget(m_commands);
    column->addWidget(m_names);
}

void LabellingView::listenToSession()
{
    connect(&m_session, &ProjectSession::opened, this, &LabellingView::leave);
    connect(&m_session, &ProjectSession::imagesChanged, this, &LabellingView::takeChanged);
    connect(&m_session, &ProjectSession::imagesRemoved, this, [this](const std::vector<ImageId> &ids) {
        const ImageId before = m_list.current();
        m_list.remove(ids);
        if (m_active && m_list.current() != before)
            showCurrent();
        else if (m_active)
            describe();
    });
    connect(&m_session, &ProjectSession::classesChanged, this, [this] {
        fillClasses();
        describe();
    });
    connect(&m_session, &ProjectSession::undoChanged, this, [this] {
        if (m_active && m_list.atEnd())
            showEnd();
    });
    connect(&m_session, &ProjectSession::failed, this, &LabellingView::takeFailure);
    connect(&m_session, &ProjectSession::changed, this, [this](const QString &words) {
        if (m_active)
            m_head->say(words);
    });
}

void LabellingView::begin(std::vector<ImageId> images, ImageId start)
{
    const auto found = std::ranges::find(images, start);
    const auto at = static_cast<std::size_t>(found == images.end() ? 0 : found - images.begin());
    m_list.begin(std::move(images), at);
    for (const ImageId id : m_list.ids())
        m_list.setLabelled(id, m_session.image(id)->label.has_value());
    m_unsaved.clear();
    m_undoing = false;
    m_active = true;
    m_head->say({});
    fillClasses();
    cover();
    showCurrent();
    if (m_session.state().classes.empty())
        askName();
}

void LabellingView::begin(LabellingRound round, ImageId start)
{
    begin(std::move(round.images), start);
    if (round.teachesFirst)
        m_head->say(tr("Those that teach the model most come first"));
}

void LabellingView::leave()
{
    if (!m_active)
        return;
    m_active = false;
    m_picture->forget();
    m_names->hide();
    hide();
    Q_EMIT left(m_list.current());
}

void LabellingView::showCounts(const ImageCounts &counts)
{
    m_counts = counts;
    if (m_active)
        fillClasses();
}

void LabellingView::fillClasses() { m_classes->setClasses(m_session.state().classes, m_counts.ofClass); }

void LabellingView::showCurrent()
{
    const bool end = m_list.atEnd();
    m_body->setCurrentIndex(end ? 1 : 0);
    m_commands->setVisible(!end);
    m_head->setLeaveShown(!end); // the end has its own
    std::vector<const ImageRecord *> next;
    for (const ImageId id : m_list.around(kAhead, kBehind)) {
        if (const auto *image = m_session.image(id))
            next.push_back(image);
    }
    m_picture->showPicture(m_session.image(m_list.current()), next);
    describe();
}

void LabellingView::describe()
{
    m_head->showCount(m_list.labelledCount(), m_list.size());
    const auto *image = m_session.image(m_list.current());
    const auto *record = image && image->label ? m_session.classRecord(*image->label) : nullptr;
    const auto *said = guess();
    m_head->describe(image, record ? fromUtf8(record->name) : QString(), said ? guessText(*said) : QString());
    m_commands->describe(image, said ? said->className : QString());
    m_classes->mark(record ? record->id : 0);
    if (m_list.atEnd())
        showEnd();
    update();
}

void LabellingView::showEnd()
{
    LabellingResult result;
    result.labelled = m_list.labelledCount();
    result.pictures = m_list.size();
    const auto open = m_list.unlabelled();
    result.open = static_cast<std::size_t>(std::ranges::count_if(open, [this](ImageId id) { return !m_session.image(id)->excluded; }));
    result.elsewhere = countNextRound(m_session, m_list);
    result.canTrain = m_counts.ofClass.size() > 1;
    if (m_session.canUndo())
        result.lastChange = fromUtf8(*m_session.state().history.undo);
    m_end->show(result);
}

void LabellingView::sent(ImageId id, const QString &name)
{
    m_unsaved.give(id, name);
    m_list.goOn();
    showCurrent();
}

void LabellingView::label(ClassId id)
{
    if (const ImageId image = m_list.current()) {
        m_session.setLabel({image}, id);
        sent(image);
    }
}

void LabellingView::labelByName(const QString &name)
{
    if (const ImageId image = m_list.current()) {
        m_session.setLabel({image}, name);
        sent(image, name);
    }
}

void LabellingView::followSuggestions(const SuggestionController &suggestions)
{
    m_suggestions = &suggestions;
    connect(&suggestions, &SuggestionController::guessed, this, [this] {
        if (m_active)
            describe();
    });
}

/// Of the picture on show, where it has no label and the project has such a class.
const PictureGuess *LabellingView::guess() const
{
    const auto *image = m_suggestions ? m_session.image(m_list.current()) : nullptr;
    const auto *said = image && !image->label ? m_suggestions->guess(image->id) : nullptr;
    return said && m_session.classNamed(said->className) ? said : nullptr;
}

void LabellingView::enter()
{
    if (const auto *said = guess())
        label(m_session.classNamed(said->className)->id);
    else
        askName();
}

void LabellingView::skip()
{
    m_list.step(1);
    showCurrent();
}

void LabellingView::back()
{
    m_list.step(-1);
    showCurrent();
}

void LabellingView::toggleUnsure()
{
    const auto *image = m_session.image(m_list.current());
    if (!image)
        return;
    const bool unsure = !image->unsure;
    m_session.setUnsure({image->id}, unsure);
    if (unsure)
        sent(image->id);
}

void LabellingView::exclude()
{
    const auto *image = m_session.image(m_list.current());
    if (!image)
        return;
    const bool excluded = !image->excluded;
    m_session.setExcluded({image->id}, excluded);
    if (excluded)
        sent(image->id);
}

void LabellingView::undo()
{
    m_undoing = true;
    m_session.undo();
}

void LabellingView::askName()
{
    if (!m_list.atEnd())
        m_names->open(1, m_session.classNames());
}

void LabellingView::again()
{
    auto open = m_list.unlabelled();
    std::erase_if(open, [this](ImageId id) { return m_session.image(id)->excluded; });
    if (!open.empty())
        begin(std::move(open), 0);
}

void LabellingView::more()
{
    if (auto round = nextRound(m_session, m_suggestions, m_list); !round.images.empty())
        begin(std::move(round), 0);
}

void LabellingView::takeChanged(const std::vector<ImageId> &ids)
{
    if (!m_active)
        return;
    const bool own = m_unsaved.hear(ids);
    for (const ImageId id : ids)
        m_list.setLabelled(id, m_session.image(id)->label.has_value());
    if (m_undoing && !own) {
        m_undoing = false;
        const auto shown = std::ranges::find_if(ids, [this](ImageId id) { return m_list.contains(id); });
        if (shown != ids.end() && m_list.goTo(*shown))
            return showCurrent();
    }
    describe();
}

void LabellingView::takeFailure()
{
    m_undoing = false;
    const auto refused = m_active ? m_unsaved.refuse() : std::nullopt;
    if (!refused)
        return;
    m_list.goTo(refused->image);
    showCurrent();
    m_head->say(tr("This label could not be saved"));
    if (!refused->name.isEmpty()) {
        askName();
        m_names->setName(refused->name);
    }
}

void LabellingView::takeClassKey(const QString &key)
{
    if (const auto *record = m_session.classOfKey(key))
        label(record->id);
    else
        m_head->say(tr("No class has the key %1; L names one").arg(key.toUpper()));
}

void LabellingView::run(LabellingCommand command)
{
    switch (command) {
    case LabellingCommand::Leave: return leave();
    case LabellingCommand::Back: return back();
    case LabellingCommand::Skip: return skip();
    case LabellingCommand::Unsure: return toggleUnsure();
    case LabellingCommand::Exclude: return exclude();
    case LabellingCommand::Undo: return undo();
    case LabellingCommand::Enter: return enter();
    case LabellingCommand::TypeName: return askName();
    case LabellingCommand::Again: return again();
    case LabellingCommand::More: return more();
    }
}

/// The page's own shortcuts rest meanwhile.
bool LabellingView::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto &key = static_cast<const QKeyEvent &>(*event);
        if (isPlain(key) || key.matches(QKeySequence::Undo)) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void LabellingView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Undo))
        return undo();
    if (!isPlain(*event))
        return QWidget::keyPressEvent(event);
    if (event->key() == Qt::Key_PageUp || event->key() == Qt::Key_PageDown)
        return m_classes->scrollPage(event->key() == Qt::Key_PageUp ? -1 : 1);
    if (const auto command = m_list.atEnd() ? m_end->commandOf(event->key()) : labellingCommand(event->key()))
        return run(*command);
    const QString typed = event->text();
    if (typed.isEmpty() || !typed[0].isLetterOrNumber())
        return QWidget::keyPressEvent(event);
    if (!event->isAutoRepeat() && !m_list.atEnd()) // a key that is held labels one picture, not twenty
        takeClassKey(typed);
}

/// With how much of the round is labelled along the upper edge.
void LabellingView::paintEvent(QPaintEvent *event)
{
    PageCover::paintEvent(event);
    if (m_list.size() == 0)
        return;
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    painter.fillRect(QRect(0, 0, width(), kBarHeight), colours.hover);
    const double share = static_cast<double>(m_list.labelledCount()) / static_cast<double>(m_list.size());
    painter.fillRect(QRectF(0, 0, width() * share, kBarHeight), colours.accent);
}

} // namespace whisker
