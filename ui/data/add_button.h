#pragma once

#include "widgets/buttons.h"

namespace whisker {

class ProjectSession;

/// "Add pictures": a folder or files, chosen in a dialog, come into the project. At rest while it is open for reading.
class AddButton : public Button {
    Q_OBJECT
public:
    /// The keys work in `page`, also while the button is hidden.
    AddButton(ProjectSession &session, QWidget *page);

    void chooseFolder();
    void chooseFiles();

private:
    ProjectSession &m_session;
};

} // namespace whisker
