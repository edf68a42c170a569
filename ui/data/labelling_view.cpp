#include "ui/data/labelling_view.h"

#include "ui/data/class_row.h"
#include "ui/data/label_bar.h"
#include "ui/project_session.h"
#include "ui/suggestion_controller.h"
#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/picture_view.h"
#include "widgets/sentence_label.h"
#include "widgets/text_label.h"
#include "widgets/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {

constexpr int kDecodeThreads = 2;
constexpr std::size_t kAhead = 6;
constexpr std::size_t kBehind = 2;
constexpr int kPicturesBytes = 160 << 20; // a dozen of 2048 px
constexpr int kClassesWidth = 232;
constexpr int kBarHeight = 3;

bool isPlain(const QKeyEvent &key) { return !(key.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)); }

} // namespace

LabellingView::LabellingView(ProjectSession &session, ThumbnailLoader::Load load, QWidget *parent)
    : QWidget(parent), m_session(session), m_heading(new TextLabel(this)), m_caption(new TextLabel({}, Tone::Quiet, this)),
      m_message(new TextLabel({}, Tone::Accent, this)), m_body(new QStackedWidget(this)), m_view(new PictureView), m_classArea(new QScrollArea),
      m_commands(new QWidget(this)), m_names(new LabelBar(this)), m_pictures(kPicturesBytes), m_loader(std::move(load), kDecodeThreads)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Label by keyboard"));
    build();
    listenToSession();
    connect(m_names, &LabelBar::nameTyped, this, &LabellingView::labelByName);
    connect(m_names, &LabelBar::left, this, qOverload<>(&QWidget::setFocus));
    connect(&m_loader, &ThumbnailLoader::loaded, this, [this](ImageId id, const QImage &image) {
        m_pictures.insert(id, new QImage(image), static_cast<int>(image.sizeInBytes()));
        if (id == m_list.current())
            showPicture();
    });
    connect(&m_loader, &ThumbnailLoader::failed, this, [this](ImageId id, const Error &error) {
        if (id != m_list.current())
            return; // tried again when it is its turn
        m_view->setPicture({});
        m_view->setPlaceholder(tr("%1 Space goes on, X excludes it.").arg(fromUtf8(error.message)));
    });
    parent->installEventFilter(this);
    hide();
}

LabellingView::~LabellingView() = default;

void LabellingView::build()
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(12);
    auto *top = new QHBoxLayout;
    top->setSpacing(12);
    m_heading->setSize(17, QFont::DemiBold);
    m_heading->setTabular(true);
    m_message->setSize(13, QFont::Medium);
    auto *done = new Button(tr("Done"), Button::Kind::Plain, this);
    done->setKeyHint(Qt::Key_Escape);
    done->setFocusPolicy(Qt::NoFocus);
    connect(done, &Button::clicked, this, &LabellingView::leave);
    top->addWidget(m_heading);
    top->addWidget(m_caption, 1);
    top->addWidget(m_message);
    top->addWidget(done);
    column->addLayout(top);

    auto *looking = new QWidget;
    auto *row = new QHBoxLayout(looking);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(m_view, 1);
    auto *list = new QWidget;
    m_classColumn = new QVBoxLayout(list);
    m_classColumn->setContentsMargins(0, 0, 0, 0);
    m_classColumn->setSpacing(0);
    m_classColumn->addStretch(1);
    m_classArea->setFixedWidth(kClassesWidth);
    m_classArea->setFrameShape(QFrame::NoFrame);
    m_classArea->setWidgetResizable(true);
    m_classArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_classArea->setFocusPolicy(Qt::NoFocus);
    m_classArea->viewport()->setAutoFillBackground(false);
    list->setAutoFillBackground(false);
    m_classArea->setWidget(list);
    list->setAutoFillBackground(false);
    row->addWidget(m_classArea);
    m_body->addWidget(looking);
    m_body->addWidget(buildEnd());
    column->addWidget(m_body, 1);

    auto *commands = new QHBoxLayout(m_commands);
    commands->setContentsMargins(0, 0, 0, 0);
    commands->setSpacing(8);
    addCommand(tr("Back"), Qt::Key_Left, &LabellingView::back);
    addCommand(tr("Skip"), Qt::Key_Space, &LabellingView::skip);
    m_unsure = addCommand(tr("Not sure"), Qt::Key_Question, &LabellingView::toggleUnsure);
    addCommand(tr("Exclude"), Qt::Key_X, &LabellingView::exclude);
    addCommand(tr("Undo"), Qt::Key_U, &LabellingView::undo);
    commands->addStretch(1);
    m_enter = addCommand(tr("Type a class"), Qt::Key_Return, &LabellingView::enter);
    column->addWidget(m_commands);
    column->addWidget(m_names);
}

QWidget *LabellingView::buildEnd()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setSpacing(20);
    column->addStretch(1);
    m_endText = new SentenceLabel(page);
    m_endText->setAlignment(Qt::AlignCenter);
    m_endText->setFont(themeFont(17));
    column->addWidget(m_endText);
    auto *row = new QHBoxLayout;
    m_again = new Button({}, Button::Kind::Primary, page);
    m_again->setKeyHint(Qt::Key_Return);
    m_again->setFocusPolicy(Qt::NoFocus);
    connect(m_again, &Button::clicked, this, &LabellingView::again);
    row->addStretch(1);
    row->addWidget(m_again);
    row->addStretch(1);
    column->addLayout(row);
    column->addStretch(2);
    return page;
}

Button *LabellingView::addCommand(const QString &text, const QKeySequence &keys, void (LabellingView::*command)())
{
    auto *button = new Button(text, Button::Kind::Plain, m_commands);
    button->setKeyHint(keys);
    button->setFocusPolicy(Qt::NoFocus);
    static_cast<QHBoxLayout *>(m_commands->layout())->addWidget(button);
    connect(button, &Button::clicked, this, command);
    return button;
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
    connect(&m_session, &ProjectSession::failed, this, &LabellingView::takeFailure);
    connect(&m_session, &ProjectSession::changed, this, [this](const QString &words) {
        if (m_active)
            say(words);
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
    m_lastName.clear();
    m_undoing = false;
    m_active = true;
    say({});
    fillClasses();
    setGeometry(parentWidget()->rect());
    raise();
    show();
    setFocus();
    showCurrent();
    if (m_session.state().classes.empty())
        askName();
}

void LabellingView::leave()
{
    if (!m_active)
        return;
    m_active = false;
    m_loader.setWanted({});
    m_pictures.clear();
    m_names->hide();
    hide();
    Q_EMIT left(m_list.current());
}

QString LabellingView::heading() const { return m_heading->text(); }

void LabellingView::showCounts(const ImageCounts &counts)
{
    m_counts = counts;
    if (m_active)
        fillClasses();
}

void LabellingView::fillClasses()
{
    const auto &classes = m_session.state().classes;
    while (m_rows.size() > classes.size()) {
        m_rows.back()->deleteLater();
        m_rows.back()->hide();
        m_rows.pop_back();
    }
    while (m_rows.size() < classes.size()) {
        auto *row = new ClassRow;
        row->setPlain(true);
        connect(row, &ClassRow::clicked, this, [this, row] { label(row->record().id); });
        m_classColumn->insertWidget(static_cast<int>(m_rows.size()), row);
        m_rows.push_back(row);
    }
    for (std::size_t k = 0; k < classes.size(); ++k) {
        const auto count = m_counts.ofClass.find(classes[k].id);
        m_rows[k]->setClass(classes[k], count == m_counts.ofClass.end() ? 0 : count->second);
    }
}

void LabellingView::showCurrent()
{
    const bool end = m_list.atEnd();
    m_body->setCurrentIndex(end ? 1 : 0);
    std::vector<ThumbnailLoader::Request> wanted;
    for (const ImageId id : m_list.around(kAhead, kBehind)) {
        if (const auto *image = m_session.image(id); image && !m_pictures.contains(id))
            wanted.push_back({id, image->file()});
    }
    m_loader.setWanted(std::move(wanted));
    if (end)
        showEnd();
    else
        showPicture();
    describe();
}

void LabellingView::showPicture()
{
    const auto *image = m_session.image(m_list.current());
    if (!image)
        return;
    const QImage *picture = m_pictures.object(image->id);
    m_ready = picture != nullptr;
    m_view->setPlaceholder(tr("Opening the picture"));
    m_view->setPicture(picture ? *picture : QImage(), fromUtf8(image->name), QSize(image->width, image->height));
}

void LabellingView::describe()
{
    m_heading->setText(tr("%L1 of %L2 labelled").arg(m_list.labelledCount()).arg(m_list.size()));
    const auto *image = m_session.image(m_list.current());
    const auto *record = image && image->label ? m_session.classRecord(*image->label) : nullptr;
    QStringList facts;
    if (record)
        facts.append(tr("this one: %1").arg(fromUtf8(record->name)));
    if (image && image->unsure)
        facts.append(tr("not sure"));
    if (image && image->excluded)
        facts.append(tr("excluded"));
    const auto *said = guess();
    if (said)
        facts.append(tr("the model says: %1").arg(guessText(*said)));
    m_enter->setText(said ? tr("Yes, %1").arg(said->className) : tr("Type a class"));
    m_caption->setText(facts.join(QStringLiteral(" · ")));
    m_unsure->setText(image && image->unsure ? tr("Sure") : tr("Not sure"));
    for (ClassRow *row : m_rows) {
        const bool marked = record && row->record().id == record->id;
        row->setMarked(marked);
        if (marked)
            m_classArea->ensureWidgetVisible(row, 0, ClassRow::kHeight);
    }
    if (m_list.atEnd())
        showEnd();
    update();
}

void LabellingView::showEnd()
{
    const std::size_t open = m_list.size() - m_list.labelledCount();
    const QString done = open == 0 ? countText(qint64(m_list.size()), tr("The picture has a label."), tr("All %1 pictures have a label."))
                                   : tr("%L1 of %L2 pictures have a label; the others were skipped, not sure or excluded.")
                                         .arg(m_list.labelledCount())
                                         .arg(m_list.size());
    const QString next = m_counts.ofClass.size() > 1 ? tr("Next: teach the computer with them on the Train page (Ctrl+2).")
                                                     : tr("Training needs pictures of two classes at least.");
    m_endText->setText(done + QStringLiteral("\n\n") + next);
    m_again->setText(countText(qint64(open), tr("Look at the one without a label"), tr("Look at the %1 without a label")));
    m_again->setVisible(open > 0);
}

void LabellingView::say(const QString &text) { m_message->setText(text); }

void LabellingView::sent(ImageId id)
{
    m_unsaved.push_back(id);
    m_list.goOn();
    showCurrent();
}

void LabellingView::label(ClassId id)
{
    if (const ImageId image = m_list.current()) {
        m_lastName.clear();
        m_session.setLabel({image}, id);
        sent(image);
    }
}

void LabellingView::labelByName(const QString &name)
{
    if (const ImageId image = m_list.current()) {
        m_lastName = name;
        m_session.setLabel({image}, name);
        sent(image);
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
    if (open.empty())
        say(tr("All the others are excluded."));
    else
        begin(std::move(open), 0);
}

void LabellingView::takeChanged(const std::vector<ImageId> &ids)
{
    if (!m_active)
        return;
    bool own = false;
    for (const ImageId id : ids) {
        own |= std::erase(m_unsaved, id) > 0;
        m_list.setLabelled(id, m_session.image(id)->label.has_value());
    }
    if (own)
        m_lastName.clear();
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
    if (!m_active || m_unsaved.empty())
        return;
    const ImageId refused = m_unsaved.front();
    m_unsaved.clear();
    m_list.goTo(refused);
    showCurrent();
    say(tr("This label could not be saved"));
    if (const QString name = std::exchange(m_lastName, {}); !name.isEmpty()) {
        askName();
        m_names->setName(name);
    }
}

void LabellingView::takeClassKey(const QString &key)
{
    if (const auto *record = m_session.classOfKey(key))
        label(record->id);
    else
        say(tr("No class has the key %1; Enter names one").arg(key.toUpper()));
}

bool LabellingView::takeCommand(int key)
{
    switch (key) {
    case Qt::Key_Escape: leave(); return true;
    case Qt::Key_Space:
    case Qt::Key_Right:
    case Qt::Key_Down:
    case Qt::Key_S: skip(); return true;
    case Qt::Key_Left:
    case Qt::Key_Up:
    case Qt::Key_Backspace:
    case Qt::Key_B: back(); return true;
    case Qt::Key_Question: toggleUnsure(); return true;
    case Qt::Key_X: exclude(); return true;
    case Qt::Key_U: undo(); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: m_list.atEnd() ? again() : enter(); return true;
    case Qt::Key_L: askName(); return true;
    default: return false;
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
    if (takeCommand(event->key()))
        return;
    const QString typed = event->text();
    if (typed.isEmpty() || !typed[0].isLetterOrNumber())
        return QWidget::keyPressEvent(event);
    if (!event->isAutoRepeat() && !m_list.atEnd()) // a key that is held labels one picture, not twenty
        takeClassKey(typed);
}

bool LabellingView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        setGeometry(parentWidget()->rect());
    return QWidget::eventFilter(watched, event);
}

/// With how much of the round is labelled along the upper edge.
void LabellingView::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    painter.fillRect(rect(), colours.ground);
    if (m_list.size() == 0)
        return;
    painter.fillRect(QRect(0, 0, width(), kBarHeight), colours.hover);
    const double share = static_cast<double>(m_list.labelledCount()) / static_cast<double>(m_list.size());
    painter.fillRect(QRectF(0, 0, width() * share, kBarHeight), colours.accent);
}

} // namespace whisker
