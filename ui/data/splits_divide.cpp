#include "ui/data/splits_divide.h"

#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/sentence_label.h"
#include "widgets/text_label.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLocale>
#include <QSpinBox>
#include <cmath>
#include <limits>

namespace whisker {

namespace {

QSpinBox *percentField(const QString &name, QWidget *parent)
{
    auto *field = new QSpinBox(parent);
    field->setRange(0, 100);
    field->setSuffix(SplitsDivide::tr(" %"));
    field->setAccessibleName(name);
    return field;
}

} // namespace

SplitsDivide::SplitsDivide(QWidget *parent)
    : QWidget(parent), m_train(percentField(tr("Share for training"), this)), m_validation(percentField(tr("Share for validation"), this)),
      m_test(percentField(tr("Share for the test"), this)), m_seed(new QSpinBox(this)), m_nearCopies(new QCheckBox(tr("Near copies stay together"), this)),
      m_preview(new SentenceLabel(this)), m_apply(new Button(tr("Divide"), Button::Kind::Primary, this))
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 8, 0, 0);
    grid->setVerticalSpacing(6);
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_seed->setAccessibleName(tr("Seed"));
    m_seed->setToolTip(tr("The same number divides the same pictures the same way"));
    m_nearCopies->setChecked(true);
    m_nearCopies->setToolTip(tr("A near copy in the test set of what was learnt makes a model look better than it is"));
    m_preview->setForegroundRole(QPalette::PlaceholderText);
    int row = 0;
    for (const auto &[text, field] : {std::pair(tr("Train"), m_train), std::pair(tr("Validation"), m_validation), std::pair(tr("Test"), m_test), std::pair(tr("Seed"), m_seed)}) {
        grid->addWidget(new TextLabel(text, Tone::Quiet, this), row, 0);
        grid->addWidget(field, row++, 1);
        connect(field, &QSpinBox::valueChanged, this, &SplitsDivide::showPreview);
    }
    grid->addWidget(m_nearCopies, row++, 0, 1, 2);
    grid->addWidget(m_preview, row++, 0, 1, 2);
    auto *close = new Button(tr("Cancel"), Button::Kind::Plain, this);
    grid->addWidget(close, row, 0);
    grid->addWidget(m_apply, row, 1);
    connect(close, &Button::clicked, this, &SplitsDivide::left);
    connect(m_apply, &Button::clicked, this, &SplitsDivide::applied);
    hide();
}

void SplitsDivide::open(const SplitRules &rules, int movable, int inTest, bool nearCopiesKnown)
{
    m_movable = movable;
    m_inTest = inTest;
    m_locked = rules.testLocked;
    setShares(rules.shares);
    m_test->setEnabled(!m_locked);
    m_seed->setValue(static_cast<int>(std::min<std::uint64_t>(rules.seed, std::numeric_limits<int>::max())));
    m_nearCopies->setEnabled(nearCopiesKnown);
    m_nearCopies->setText(nearCopiesKnown ? tr("Near copies stay together") : tr("Near copies are not known yet"));
    showPreview();
    show();
    m_train->setFocus(Qt::OtherFocusReason);
}

void SplitsDivide::setShares(const SplitShares &shares)
{
    const double sum = shares.train + shares.validation + shares.test;
    const auto percent = [sum](double share) { return static_cast<int>(std::lround(100 * share / sum)); };
    m_train->setValue(percent(shares.train));
    m_validation->setValue(percent(shares.validation));
    m_test->setValue(100 - m_train->value() - m_validation->value());
}

SplitShares SplitsDivide::shares() const
{
    return {static_cast<double>(m_train->value()), static_cast<double>(m_validation->value()), static_cast<double>(m_test->value())};
}

std::uint64_t SplitsDivide::seed() const { return static_cast<std::uint64_t>(m_seed->value()); }

bool SplitsDivide::keepsNearCopies() const { return m_nearCopies->isEnabled() && m_nearCopies->isChecked(); }

QString SplitsDivide::preview() const { return m_preview->text(); }

/// By arithmetic: what stays together shifts it by a few pictures.
void SplitsDivide::showPreview()
{
    const SplitShares wanted = shares();
    const double sum = wanted.train + wanted.validation + (m_locked ? 0 : wanted.test);
    m_apply->setEnabled(sum > 0 && m_movable > 0);
    if (m_movable == 0 || sum <= 0) {
        m_preview->setText(m_movable == 0 ? tr("No labelled picture can be divided.") : tr("Give one of the splits a share."));
        return;
    }
    const int train = static_cast<int>(std::lround(m_movable * wanted.train / sum));
    const int validation = m_locked ? m_movable - train : static_cast<int>(std::lround(m_movable * wanted.validation / sum));
    const int test = m_locked ? m_inTest : m_movable - train - validation;
    const QLocale locale;
    m_preview->setText(tr("About %1 / %2 / %3 pictures. Groups stay together; what came already split stays.")
                           .arg(locale.toString(train), locale.toString(validation), locale.toString(test)));
}

void SplitsDivide::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT left();
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_apply->isEnabled())
        Q_EMIT applied();
    else
        QWidget::keyPressEvent(event);
}

} // namespace whisker
