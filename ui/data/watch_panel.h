#pragma once

#include "ui/data/folder_watcher.h"
#include "widgets/popup_card.h"

class QButtonGroup;
class QScrollArea;
class QVBoxLayout;

namespace whisker {

class Button;
class SentenceLabel;

/// The folders whose new pictures come in by themselves, each with a button that stops it; and how another one is to be understood. GUI thread.
class WatchPanel : public PopupCard {
    Q_OBJECT
public:
    WatchPanel(const ProjectSession &session, FolderWatcher &watcher, QWidget *button, QWidget *parent);

    FolderMeaning meaning() const; ///< Of the folder that is chosen next.
    void setMeaning(FolderMeaning meaning);
    Button *chooseButton() const { return m_choose; }
    QList<Button *> stopButtons() const; ///< In the order of FolderWatcher::folders().
    QStringList notes() const;           ///< What stands below each folder.

Q_SIGNALS:
    void folderWanted();

protected:
    void fill() override;
    QWidget *firstFocus() override;

private:
    void addRow(const WatchedFolder &watched);

    FolderWatcher &m_watcher;
    SentenceLabel *m_sentence;
    QScrollArea *m_scroll;
    QVBoxLayout *m_rows = nullptr;
    QButtonGroup *m_meaning;
    Button *m_choose;
};

} // namespace whisker
