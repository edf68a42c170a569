#include "ui/train/curve_tools.h"

#include "widgets/buttons.h"
#include "widgets/text_label.h"

#include <QAction>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QSlider>
#include <algorithm>
#include <cmath>
#include <utility>

namespace whisker {

namespace {

constexpr int kSliderSteps = 100;
constexpr double kMostSteps = 1000; // that a mean is taken of
constexpr int kUsualSmoothing = 43; // some 20 steps
constexpr int kSide = 4;            // px left and right
constexpr int kGap = 8;             // px between two; twice that between things

double meanOf(int position) { return std::pow(kMostSteps, double(position) / kSliderSteps); }

} // namespace

CurveTools::CurveTools(QWidget *parent)
    : QWidget(parent), m_hint(new TextLabel(tr("Wheel zooms, drag moves"), Tone::Quiet, this)),
      m_smoothingLabel(new TextLabel(tr("Smoothing"), Tone::Quiet, this)), m_slider(new QSlider(Qt::Horizontal, this)),
      m_logarithmic(new QCheckBox(tr("Log scale"), this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(kSide, 0, kSide, 0);
    row->setSpacing(kGap);
    m_hint->setSize(12);
    m_smoothingLabel->setSize(12);
    m_slider->setRange(0, kSliderSteps);
    m_slider->setValue(kUsualSmoothing);
    m_slider->setFixedWidth(96);
    m_slider->setAccessibleName(tr("Smoothing of the training loss"));
    const QKeySequence logKeys(Qt::CTRL | Qt::Key_L);
    m_logarithmic->setToolTip(withKeys(tr("The loss on a logarithmic scale"), logKeys));
    auto *all = new Button(tr("Show all"), Button::Kind::Link, this);
    auto *save = new Button(tr("Save"), Button::Kind::Link, this);
    save->setToolTip(tr("Save the curves as a picture or a table"));
    row->addWidget(m_hint);
    row->addStretch(1);
    row->addWidget(m_smoothingLabel);
    m_stay = {m_slider, m_logarithmic, all, save};
    for (QWidget *widget : std::as_const(m_stay)) {
        row->addWidget(widget);
        if (widget != save)
            row->addSpacing(8);
    }
    for (Button *button : {all, save})
        button->setMinimumWidth(button->sizeHint().width()); // not to be elided

    auto *seeAll = makeAction(tr("Show all"), Qt::CTRL | Qt::Key_0);
    all->setToolTip(withKeys(tr("Show all of the curves"), seeAll->shortcut()));
    auto *toggle = makeAction(tr("Log scale"), logKeys);
    auto *smoother = makeAction(tr("Smoother"), Qt::CTRL | Qt::Key_BracketRight);
    auto *rougher = makeAction(tr("Less smooth"), Qt::CTRL | Qt::Key_BracketLeft);
    m_picture = makeAction(tr("As a picture (PNG)..."), Qt::CTRL | Qt::Key_S);
    m_table = makeAction(tr("As a table (CSV)..."), Qt::CTRL | Qt::SHIFT | Qt::Key_S);
    auto *menu = new QMenu(save);
    menu->addActions({m_picture, m_table});
    connect(save, &Button::clicked, menu, [menu, save] { menu->popup(save->mapToGlobal(QPoint(save->width() - menu->sizeHint().width(), save->height() + 4))); });
    connect(all, &Button::clicked, seeAll, &QAction::trigger);
    connect(seeAll, &QAction::triggered, this, &CurveTools::allWished);
    connect(toggle, &QAction::triggered, m_logarithmic, &QCheckBox::toggle);
    connect(m_logarithmic, &QCheckBox::toggled, this, &CurveTools::logarithmicChanged);
    connect(smoother, &QAction::triggered, m_slider, [this] { m_slider->setValue(m_slider->value() + kSliderSteps / 10); });
    connect(rougher, &QAction::triggered, m_slider, [this] { m_slider->setValue(m_slider->value() - kSliderSteps / 10); });
    connect(m_picture, &QAction::triggered, this, &CurveTools::pictureWished);
    connect(m_table, &QAction::triggered, this, &CurveTools::tableWished);
    connect(m_slider, &QSlider::valueChanged, this, [this] {
        showSmoothing();
        Q_EMIT smoothingChanged(smoothing());
    });
    showSmoothing();
}

QAction *CurveTools::makeAction(const QString &text, const QKeySequence &keys)
{
    auto *action = new QAction(text, this);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WindowShortcut); // wherever the keyboard is on the page; not while another page is seen
    addAction(action);
    return action;
}

int CurveTools::widthWith(std::initializer_list<const QWidget *> words) const
{
    int width = 2 * kSide - kGap;
    for (const QWidget *widget : m_stay)
        width += std::clamp(widget->sizeHint().width(), widget->minimumWidth(), widget->maximumWidth()) + 2 * kGap;
    for (const QWidget *widget : words)
        width += widget->sizeHint().width() + kGap;
    return width;
}

QSize CurveTools::minimumSizeHint() const { return {widthWith({}), QWidget::minimumSizeHint().height()}; }

void CurveTools::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_smoothingLabel->setVisible(width() >= widthWith({m_smoothingLabel})); // the slider says it in its tooltip
    m_hint->setVisible(width() >= widthWith({m_smoothingLabel, m_hint}) + kGap);
}

double CurveTools::smoothing() const { return m_slider->value() == 0 ? 0.0 : 1.0 - 1.0 / meanOf(m_slider->value()); }

void CurveTools::setSmoothingEnabled(bool on)
{
    m_slider->setEnabled(on);
    m_smoothingLabel->setEnabled(on);
}

void CurveTools::showSmoothing()
{
    const QString text = m_slider->value() == 0 ? tr("The training loss as it is (Ctrl+] smooths it)")
                                                : tr("The training loss as a mean of some %1 steps (Ctrl+[ and Ctrl+])").arg(qRound(meanOf(m_slider->value())));
    m_slider->setToolTip(text);
    m_slider->setAccessibleDescription(text);
}

} // namespace whisker
