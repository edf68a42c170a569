#include "ui/train/setup_field.h"

#include "widgets/sentence_label.h"
#include "widgets/text_label.h"
#include "widgets/theme.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QKeySequence>
#include <QVBoxLayout>
#include <charconv>
#include <cmath>

namespace whisker {

namespace {

/// Red text that follows the theme.
class ProblemLabel : public SentenceLabel {
public:
    explicit ProblemLabel(QWidget *parent) : SentenceLabel(parent)
    {
        setFont(themeFont(12));
        setTextFormat(Qt::PlainText);
        colour();
        connect(&Theme::current(), &Theme::changed, this, [this] { colour(); });
    }

private:
    void colour()
    {
        QPalette own = palette();
        own.setColor(QPalette::WindowText, Theme::current().colours().badText);
        setPalette(own);
    }
};

} // namespace

QString numberText(double number)
{
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, number);
    return QString::fromLatin1(text, end.ptr - text);
}

double roundedRate(double rate)
{
    return QString::number(rate, 'g', 2).toDouble();
}

QString roundedRateText(double rate)
{
    return numberText(roundedRate(rate));
}

void giveKey(QAbstractButton &button, const QKeySequence &keys, const QString &tip)
{
    button.setShortcut(keys);
    button.setToolTip(QStringLiteral("%1 (%2)").arg(tip, keys.toString(QKeySequence::NativeText)));
}

NumberEdit::NumberEdit(QWidget *parent) : QLineEdit(parent)
{
    setFixedHeight(32);
    setMaxLength(24);
}

void NumberEdit::setNumber(std::optional<double> number)
{
    setText(number ? numberText(*number) : QString());
}

std::optional<double> NumberEdit::typed() const
{
    bool isOne = false;
    const double value = text().trimmed().replace(QLatin1Char(','), QLatin1Char('.')).toDouble(&isOne);
    return isOne && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<double> NumberEdit::number() const
{
    return problem().isEmpty() ? typed() : std::nullopt;
}

QString NumberEdit::problem() const
{
    const QString said = text().trimmed();
    const auto value = typed();
    if (said.isEmpty())
        return {};
    if (!value)
        return tr("\"%1\" is no number.").arg(said);
    if (m_whole && *value != std::floor(*value))
        return tr("\"%1\" is no whole number.").arg(said);
    if (!m_takesZero && *value == 0.0)
        return tr("\"%1\" can't be: leave the field empty for what suits.").arg(said);
    return {};
}

void NumberEdit::setAutomatic(const QString &text)
{
    setPlaceholderText(text);
}

SetupField::SetupField(const QString &name, const QString &tip, QWidget *control, QWidget *parent)
    : QWidget(parent), m_name(name), m_control(control), m_problem(new ProblemLabel(this))
{
    control->setAccessibleName(name);
    control->setAccessibleDescription(tip);
    control->setToolTip(tip);
    auto *label = new TextLabel(name, Tone::Quiet, this);
    label->setSize(12);
    label->setToolTip(tip);
    m_problem->hide();

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto *row = new QHBoxLayout;
    row->setObjectName(QStringLiteral("control"));
    row->setSpacing(8);
    row->addWidget(control, 1);
    column->addWidget(label);
    column->addLayout(row);
    column->addWidget(m_problem);
    column->addStretch(1);
}

void SetupField::addBeside(QWidget *widget)
{
    findChild<QHBoxLayout *>(QStringLiteral("control"))->addWidget(widget);
    m_beside = widget;
}

void SetupField::setProblem(const QString &sentence)
{
    m_problem->setText(sentence);
    m_problem->setVisible(!sentence.isEmpty());
}

QString SetupField::problem() const
{
    return m_problem->text();
}

} // namespace whisker
