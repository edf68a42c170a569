#pragma once

#include "engine/data/export.h"
#include "widgets/popup_card.h"

class QButtonGroup;
class QCheckBox;

namespace whisker {

class Button;
class ProjectSession;
class SentenceLabel;

/// How the labelled pictures are to be laid out as class folders, and how many that are. GUI thread.
class ExportSheet : public PopupCard {
    Q_OBJECT
public:
    ExportSheet(const ProjectSession &session, QWidget *button, QWidget *parent);

    ExportOptions options() const;
    void setOptions(const ExportOptions &options);
    QString preview() const;
    Button *chooseButton() const { return m_choose; }

Q_SIGNALS:
    void folderWanted();

protected:
    void fill() override;
    QWidget *firstFocus() override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    const ProjectSession &m_session;
    QButtonGroup *m_as;
    QCheckBox *m_splits;
    SentenceLabel *m_preview;
    Button *m_choose;
};

} // namespace whisker
