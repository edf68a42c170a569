#pragma once

#include "ui/train/run_history.h"

#include <QDateTime>
#include <QString>
#include <QWidget>
#include <filesystem>
#include <utility>

namespace whisker {

class FactSheet;
class RunCurves;
class SentenceLabel;

/// Two runs beside each other: in sentences what differs and what to make of it, below them all that differs and what became of both, and their curves in one picture.
class ComparisonView : public QWidget {
    Q_OBJECT
public:
    explicit ComparisonView(QWidget *parent = nullptr);

    void showRuns(const ComparedRuns &runs);
    bool shows(const std::filesystem::path &runFolder) const; ///< Is it one of the two that were shown last?
    QString names() const { return m_names; }                 ///< "13:58 quick and 14:02 quick".
    QString sentences() const;
    FactSheet *facts() const { return m_facts; }
    RunCurves *curves() const { return m_curves; }

private:
    SentenceLabel *m_summary;
    SentenceLabel *m_judgement;
    SentenceLabel *m_verdict;
    SentenceLabel *m_legend;
    FactSheet *m_facts;
    RunCurves *m_curves;
    QString m_names;
    std::filesystem::path m_first;
    std::filesystem::path m_second;
};

} // namespace whisker
