#include "ui/data/add_button.h"

#include "ui/project_session.h"

#include <QAction>
#include <QFileDialog>
#include <QMenu>

namespace whisker {

namespace {

void open(QFileDialog *dialog, ProjectSession &session)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QFileDialog::filesSelected, &session, [&session](const QStringList &paths) { session.importPaths(paths); });
    dialog->open();
}

} // namespace

AddButton::AddButton(ProjectSession &session, QWidget *page) : Button(tr("Add pictures"), Kind::Primary, page), m_session(session)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setToolTip(tr("Add a folder (%1) or files (%2)").arg(keyText(QKeySequence::Open), keyText(Qt::CTRL | Qt::SHIFT | Qt::Key_O)));
    auto *menu = new QMenu(this);
    auto *folder = menu->addAction(tr("Add a folder..."), this, &AddButton::chooseFolder);
    folder->setShortcut(QKeySequence::Open);
    auto *files = menu->addAction(tr("Add files..."), this, &AddButton::chooseFiles);
    files->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_O);
    page->addActions({folder, files});
    connect(this, &Button::clicked, this, [this, menu] { openBelow(*menu, *this); });
    connect(&session, &ProjectSession::opened, this, [this, folder, files] {
        for (QAction *action : {folder, files})
            action->setEnabled(!m_session.isReadOnly());
        setEnabled(!m_session.isReadOnly());
    });
}

void AddButton::chooseFolder()
{
    auto *dialog = new QFileDialog(window(), tr("Add a folder of pictures"));
    dialog->setFileMode(QFileDialog::Directory);
    open(dialog, m_session);
}

void AddButton::chooseFiles()
{
    auto *dialog = new QFileDialog(window(), tr("Add pictures"));
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({tr("Pictures (*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff *.gif *.ppm *.pgm *.pbm *.JPG *.JPEG *.PNG)"), tr("All files (*)")});
    open(dialog, m_session);
}

} // namespace whisker
