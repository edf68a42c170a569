#pragma once

#include "engine/train/train_config.h"
#include "ui/train/setup_field.h"

#include <QWidget>
#include <functional>
#include <initializer_list>
#include <utility>
#include <vector>

class QComboBox;
class QGridLayout;

namespace whisker {

class Button;

/// The settings of a run that have a field: the usual ones in sight, all others one fold away. Those that a way of training does not have are hidden.
/// The fold is remembered for all projects. GUI thread.
class SetupSettings : public QWidget {
    Q_OBJECT
public:
    explicit SetupSettings(QWidget *parent = nullptr);

    void showConfig(const TrainConfig &config); ///< Emits nothing.
    void showSetting(const QString &id, const TrainConfig &config); ///< That one alone; a text that is refused stays in its field. Emits nothing.
    void writeTo(TrainConfig &config) const;    ///< Its settings; what is no number is left as it was.
    /// Puts why `config` is refused beside the field at fault and gives the first such sentence; empty where it is not.
    QString check(const TrainConfig &config);
    /// What was checked; a setting that is refused has the value from before its edit began, not one that was typed on the way.
    const TrainConfig &accepted() const { return m_accepted; }

    bool isUnfolded() const;
    void setUnfolded(bool unfolded);
    SetupField *field(const QString &id) const; ///< "learningRate", "epochs", ...: as TrainConfig calls it. Null: there is none.
    bool isOffered(const QString &id) const;    ///< Whether it applies to what is shown.

Q_SIGNALS:
    void edited();
    void defaultsWished();
    void unfoldedChanged(bool unfolded);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Setting {
        QString id;
        SetupField *field = nullptr;
        bool folded = true;
        std::function<bool(const TrainConfig &)> applies;
        std::function<void(const TrainConfig &)> read;
        std::function<void(const TrainConfig &full)> hint; // tells what an empty field stands for
        std::function<void(TrainConfig &)> write;
        std::function<void(TrainConfig &, const TrainConfig &from)> take;
        std::function<QString(const TrainConfig &)> text; // of a number: as a refusal names it
    };
    struct Text {
        QString name;
        QString tip;
    };
    using Applies = std::function<bool(const TrainConfig &)>;
    using Get = std::function<std::optional<double>(const TrainConfig &)>;
    using Set = std::function<void(TrainConfig &, std::optional<double>)>;

    void makeUsual();
    void makeLearning();
    void makeMachine();
    void addNumber(const QString &id, const Text &text, const Applies &applies, const Get &get, const Set &set, bool whole);
    void addReal(const QString &id, const Text &text, const Applies &applies, double TrainConfig::*member);
    void addCount(const QString &id, const Text &text, const Applies &applies, int TrainConfig::*member, bool zeroIsAutomatic);
    template <class Value>
    void addChoice(const QString &id, const Text &text, const Applies &applies, Value TrainConfig::*member,
                   std::initializer_list<std::pair<QString, Value>> values);
    QComboBox *newBox();
    void add(Setting setting);
    void arrange();
    void showFold();
    QString textProblem(const Setting &setting) const;
    static QString asTyped(QString sentence, const Setting &setting, const TrainConfig &config);
    const Setting *atFault(const TrainConfig &config, const std::string &sentence) const;
    TrainConfig withoutRefused(TrainConfig config) const;

    std::vector<Setting> m_settings;
    TrainConfig m_shown;
    TrainConfig m_accepted;
    TrainConfig m_before; // the edit that goes on
    bool m_showing = false; // what changes is not an edit
    QWidget *m_usual;
    Button *m_fold;
    QWidget *m_folded;
    Button *m_defaults;
    QGridLayout *m_usualGrid;
    QGridLayout *m_foldedGrid;
};

} // namespace whisker
