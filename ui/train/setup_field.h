#pragma once

#include <QLineEdit>
#include <QString>
#include <QWidget>
#include <optional>

class QAbstractButton;
class QKeySequence;
class QLabel;

namespace whisker {

/// Lets `keys` click the button, and says so in its tooltip. Again after each change of its text, which takes the key away.
void giveKey(QAbstractButton &button, const QKeySequence &keys, const QString &tip);

/// A number, or nothing where the field is empty; what happens then stands in it, pale.
class NumberEdit : public QLineEdit {
    Q_OBJECT
public:
    explicit NumberEdit(QWidget *parent = nullptr);

    void setNumber(std::optional<double> number);
    /// Nothing also where the text is refused. Thousands may be divided by spaces, of a whole number by commas too, and by points or commas where there are
    /// several; in a number with decimals one comma is the point.
    std::optional<double> number() const;
    QString problem() const;              ///< Why the text is refused, as a sentence; empty where it is not, as in an empty field.
    void setWhole(bool whole) { m_whole = whole; }           ///< Only whole numbers.
    void refuseZero() { m_takesZero = false; }               ///< An empty field says what 0 would.
    void setAutomatic(const QString &text);                  ///< What an empty field stands for.

private:
    std::optional<double> typed() const;
    bool isUnclear(const QString &said) const;

    bool m_whole = false;
    bool m_takesZero = true;
};

/// "0.001", "1e-06": as short as the value allows, and read back the same.
QString numberText(double number);

/// A learning rate that was found to two digits: "0.0032". > 0.
double roundedRate(double rate);
QString roundedRateText(double rate);

/// A setting: its name, the control below it, and why it is refused where it is.
class SetupField : public QWidget {
    Q_OBJECT
public:
    /// `tip`: one sentence. `control` is moved into the field.
    SetupField(const QString &name, const QString &tip, QWidget *control, QWidget *parent = nullptr);

    QString name() const { return m_name; }
    QWidget *control() const { return m_control; }
    void setProblem(const QString &sentence); ///< Empty: none.
    QString problem() const;
    void addBeside(QWidget *widget); ///< Right of the control.
    QWidget *lastFocus() const { return m_beside ? m_beside : m_control; } ///< Where the keyboard leaves it.

private:
    const QString m_name;
    QWidget *m_control;
    QWidget *m_beside = nullptr;
    QLabel *m_problem;
};

} // namespace whisker
