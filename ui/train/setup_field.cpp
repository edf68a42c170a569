#include "ui/train/setup_field.h"

#include "widgets/sentence_label.h"
#include "widgets/text_label.h"
#include "widgets/theme.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QKeySequence>
#include <QRegularExpression>
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

/// Digits in threes, as "1,000", "1.000" or "12 000 000"; what divides them is captured. One that begins with a 0 has decimals.
const QRegularExpression &groups()
{
    static const QRegularExpression expression(QStringLiteral("^[+-]?[1-9]\\d{0,2}([,. \u00A0\u2009\u202F])\\d{3}(?:\\1\\d{3})*$"));
    return expression;
}

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
    setAcceptDrops(false); // a picture that is dropped here is for the page, not its path for the field
}

void NumberEdit::setNumber(std::optional<double> number)
{
    setText(number ? numberText(*number) : QString());
}

std::optional<double> NumberEdit::typed() const
{
    QString said = text().trimmed();
    const QRegularExpressionMatch grouped = groups().match(said);
    const QChar separator = grouped.hasMatch() ? grouped.captured(1).front() : QChar();
    const bool maybeDecimal = separator == QLatin1Char('.') || (separator == QLatin1Char(',') && !m_whole);
    if (grouped.hasMatch() && !(maybeDecimal && said.count(separator) == 1)) // one alone: see isUnclear()
        said.remove(separator);
    bool isOne = false;
    const double value = said.replace(QLatin1Char(','), QLatin1Char('.')).toDouble(&isOne);
    return isOne && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// One point or comma that may divide off thousands or decimals, where the field can't tell.
bool NumberEdit::isUnclear(const QString &said) const
{
    const QLatin1Char separator(m_whole ? '.' : ',');
    const QRegularExpressionMatch grouped = groups().match(said);
    if (!grouped.hasMatch())
        return m_whole && said.contains(QLatin1Char(',')) && typed() != 0.0; // "10,00": a 0 too few, or too many
    return grouped.captured(1) == separator && said.count(separator) == 1;
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
    if (isUnclear(said)) {
        const QString thousands = QString(said).remove(QLatin1Char('.')).remove(QLatin1Char(','));
        return tr("\"%1\" is unclear: type %2 or %3.").arg(said, thousands, numberText(*value));
    }
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
