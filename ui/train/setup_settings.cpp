#include "ui/train/setup_settings.h"

#include "ui/texts.h"
#include "widgets/buttons.h"

#include <QComboBox>
#include <QEvent>
#include <QFocusEvent>
#include <QGridLayout>
#include <QScopedValueRollback>
#include <QSettings>
#include <QVBoxLayout>
#include <algorithm>

namespace whisker {

namespace {

constexpr int kColumns = 2;
constexpr auto kFoldKey = "train/advanced";

void emptyGrid(QGridLayout &grid)
{
    while (QLayoutItem *item = grid.takeAt(0))
        delete item; // the widget stays
}

} // namespace

SetupSettings::SetupSettings(QWidget *parent)
    : QWidget(parent), m_usual(new QWidget(this)), m_fold(new Button({}, Button::Kind::Link, this)), m_folded(new QWidget(this)),
      m_defaults(new Button(tr("Back to defaults"), Button::Kind::Link, this)), m_usualGrid(new QGridLayout(m_usual)),
      m_foldedGrid(new QGridLayout(m_folded))
{
    for (QGridLayout *grid : {m_usualGrid, m_foldedGrid}) {
        grid->setContentsMargins(0, 0, 0, 0);
        grid->setHorizontalSpacing(16);
        grid->setVerticalSpacing(12);
        for (int column = 0; column < kColumns; ++column)
            grid->setColumnStretch(column, 1);
    }
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    auto *row = new QHBoxLayout;
    row->addWidget(m_fold);
    row->addStretch(1);
    row->addWidget(m_defaults);
    column->addWidget(m_usual);
    column->addLayout(row);
    column->addWidget(m_folded);
    giveKey(*m_defaults, Qt::ALT | Qt::Key_D, tr("Every setting as it is recommended for this way of training"));
    m_fold->setCheckable(true);

    makeUsual();
    makeLearning();
    makeMachine();
    m_fold->setChecked(QSettings().value(QLatin1String(kFoldKey), false).toBool());
    showFold();
    connect(m_fold, &Button::toggled, this, [this](bool unfolded) {
        const bool refused = std::ranges::any_of(m_settings, [](const Setting &each) { return each.folded && !each.field->problem().isEmpty(); });
        if (!unfolded && refused) {
            m_fold->setChecked(true); // the reason must not hide
            return;
        }
        QSettings().setValue(QLatin1String(kFoldKey), unfolded);
        showFold();
        Q_EMIT unfoldedChanged(unfolded);
    });
    connect(m_defaults, &Button::clicked, this, &SetupSettings::defaultsWished);
    showConfig({});
}

bool SetupSettings::isUnfolded() const
{
    return m_fold->isChecked();
}

void SetupSettings::setUnfolded(bool unfolded)
{
    m_fold->setChecked(unfolded);
}

void SetupSettings::showFold()
{
    m_fold->setText(isUnfolded() ? tr("Fewer settings") : tr("Advanced settings"));
    giveKey(*m_fold, Qt::ALT | Qt::Key_A, tr("Shows or hides the settings that most never need"));
    m_folded->setVisible(isUnfolded());
}

SetupField *SetupSettings::field(const QString &id) const
{
    const auto setting = std::ranges::find(m_settings, id, &Setting::id);
    return setting != m_settings.end() ? setting->field : nullptr;
}

bool SetupSettings::isOffered(const QString &id) const
{
    const auto setting = std::ranges::find(m_settings, id, &Setting::id);
    return setting != m_settings.end() && setting->applies(m_shown);
}

void SetupSettings::showConfig(const TrainConfig &config)
{
    const QScopedValueRollback<bool> showing(m_showing, true);
    m_shown = m_accepted = m_before = config;
    const TrainConfig full = completed(config).value_or(config);
    for (const Setting &setting : m_settings)
        setting.read(config);
    for (const Setting &setting : m_settings)
        setting.hint(full);
    arrange();
}

void SetupSettings::showSetting(const QString &id, const TrainConfig &config)
{
    const QScopedValueRollback<bool> showing(m_showing, true);
    const auto setting = std::ranges::find(m_settings, id, &Setting::id);
    setting->take(m_before, config);
    if (setting->field->problem().isEmpty())
        setting->read(config);
}

void SetupSettings::writeTo(TrainConfig &config) const
{
    for (const Setting &setting : m_settings) {
        if (setting.applies(config))
            setting.write(config);
    }
}

QString SetupSettings::textProblem(const Setting &setting) const
{
    const auto *number = qobject_cast<const NumberEdit *>(setting.field->control());
    return number && setting.applies(m_shown) ? number->problem() : QString();
}

/// A config holds no 1e99 and no seed of -5, only the nearest that it can: a refusal names what was typed.
QString SetupSettings::asTyped(QString sentence, const Setting &setting, const TrainConfig &config)
{
    const auto *number = qobject_cast<const NumberEdit *>(setting.field->control());
    if (!number || !number->number())
        return sentence;
    const QString is = QStringLiteral(" is %1,");
    return sentence.replace(is.arg(setting.text(config)), is.arg(number->text().trimmed()));
}

/// The one without which the config is accepted, or refused for another reason.
const SetupSettings::Setting *SetupSettings::atFault(const TrainConfig &config, const std::string &sentence) const
{
    for (const Setting &setting : m_settings) {
        TrainConfig without = config;
        setting.take(without, {});
        const auto checked = completed(without);
        if (checked || checked.error().message != sentence)
            return &setting;
    }
    return nullptr;
}

TrainConfig SetupSettings::withoutRefused(TrainConfig config) const
{
    for (const Setting &setting : m_settings) {
        if (!textProblem(setting).isEmpty())
            setting.take(config, m_before);
    }
    for (std::size_t left = m_settings.size(); left > 0; --left) { // bounded: what was there before may have been refused too
        const auto checked = completed(config);
        const Setting *fault = checked ? nullptr : atFault(config, checked.error().message);
        if (!fault)
            break;
        fault->take(config, m_before);
    }
    return config;
}

QString SetupSettings::check(const TrainConfig &config)
{
    const auto checked = completed(config);
    const Setting *fault = checked ? nullptr : atFault(config, checked.error().message);
    QString first = checked ? QString() : fromUtf8(checked.error().message);
    if (fault)
        first = asTyped(first, *fault, config);
    for (const Setting &setting : m_settings) {
        const QString typed = textProblem(setting);
        const QString problem = !typed.isEmpty() ? typed : &setting == fault ? first : QString();
        setting.field->setProblem(problem);
        if (!typed.isEmpty() && checked && first.isEmpty())
            first = setting.field->name() + QLatin1String(": ") + typed;
        if (!problem.isEmpty() && setting.folded && !isUnfolded())
            setUnfolded(true); // a reason must not hide
    }
    // What "automatic" stands for depends on the other settings.
    m_shown = config;
    m_accepted = withoutRefused(config);
    TrainConfig sound = config;
    if (fault)
        fault->take(sound, {});
    const TrainConfig full = completed(sound).value_or(config);
    for (const Setting &setting : m_settings)
        setting.hint(full);
    arrange();
    return first;
}

bool SetupSettings::eventFilter(QObject *watched, QEvent *event)
{
    // The wheel scrolls the page; it must not change a setting on its way.
    if (event->type() == QEvent::Wheel && !static_cast<QWidget *>(watched)->hasFocus()) {
        event->ignore();
        return true;
    }
    // Coming back to the window goes on with the edit.
    if (event->type() == QEvent::FocusIn) {
        const Qt::FocusReason reason = static_cast<QFocusEvent *>(event)->reason();
        if (reason != Qt::ActiveWindowFocusReason && reason != Qt::PopupFocusReason)
            m_before = m_accepted;
    }
    return QWidget::eventFilter(watched, event);
}

/// Fields that apply, from the left, in two columns.
void SetupSettings::arrange()
{
    emptyGrid(*m_usualGrid);
    emptyGrid(*m_foldedGrid);
    int usual = 0;
    int folded = 0;
    for (const Setting &setting : m_settings) {
        const bool applies = setting.applies(m_shown);
        if (applies) {
            int &place = setting.folded ? folded : usual;
            (setting.folded ? m_foldedGrid : m_usualGrid)->addWidget(setting.field, place / kColumns, place % kColumns);
            ++place;
        }
        setting.field->setVisible(applies);
    }
    m_usual->setVisible(usual > 0);
    QWidget *before = nullptr;
    for (const bool last : {false, true}) {
        for (const Setting &setting : m_settings) {
            if (setting.folded != last)
                continue;
            if (before)
                setTabOrder(before, setting.field->control());
            setTabOrder(setting.field->control(), setting.field->lastFocus());
            before = setting.field->lastFocus();
        }
        if (!last) {
            if (before)
                setTabOrder(before, m_fold);
            setTabOrder(m_fold, m_defaults);
            before = m_defaults;
        }
    }
}

} // namespace whisker
