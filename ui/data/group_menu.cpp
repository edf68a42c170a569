#include "ui/data/group_menu.h"

#include "ui/project_session.h"
#include "ui/texts.h"

#include <QCoreApplication>
#include <QLineEdit>
#include <QMenu>
#include <QWidgetAction>
#include <QVBoxLayout>
#include <algorithm>

namespace whisker {

namespace {

struct GroupMenu {
    Q_DECLARE_TR_FUNCTIONS(whisker::GroupMenu)
};

/// The group that all of `images` are in; empty where they are not in the same.
QString commonGroup(const ProjectSession &session, const std::vector<ImageId> &images)
{
    const auto *first = session.image(images.front());
    const auto same = [&](ImageId id) {
        const auto *image = session.image(id);
        return image && image->group && first->group && *image->group == *first->group;
    };
    return first && std::ranges::all_of(images, same) ? fromUtf8(*first->group) : QString();
}

} // namespace

QMenu *makeGroupMenu(ProjectSession &session, std::vector<ImageId> images, QWidget *parent)
{
    auto *menu = new QMenu(parent);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *around = new QWidget(menu);
    auto *margins = new QVBoxLayout(around);
    margins->setContentsMargins(12, 4, 12, 4);
    auto *name = new QLineEdit(commonGroup(session, images), around);
    name->setPlaceholderText(countText(std::ssize(images), GroupMenu::tr("Group: one animal, one camera"), GroupMenu::tr("Group of %1: one animal, one camera")));
    name->setAccessibleName(GroupMenu::tr("Name of the group"));
    name->setToolTip(GroupMenu::tr("Pictures of one group never straddle splits"));
    name->setMinimumWidth(260);
    margins->addWidget(name);
    around->setFocusProxy(name);
    auto *field = new QWidgetAction(menu);
    field->setDefaultWidget(around);
    menu->addAction(field);
    QObject::connect(name, &QLineEdit::returnPressed, menu, [&session, menu, name, images] {
        const QString group = name->text().trimmed();
        session.setGroup(images, group.isEmpty() ? std::nullopt : std::optional(group));
        menu->close();
    });
    const bool grouped = std::ranges::any_of(images, [&](ImageId id) { return session.image(id) && session.image(id)->group; });
    menu->addAction(GroupMenu::tr("Out of the group"), &session, [&session, images] { session.setGroup(images, std::nullopt); })->setEnabled(grouped);
    menu->addSeparator();
    addSplits(*menu, session, images);
    QObject::connect(menu, &QMenu::aboutToShow, name, [name] { name->setFocus(Qt::PopupFocusReason); }, Qt::QueuedConnection);
    return menu;
}

void addSplits(QMenu &menu, ProjectSession &session, const std::vector<ImageId> &images)
{
    for (const auto &[text, split] : {std::pair(GroupMenu::tr("Use for training"), Split::Train), std::pair(GroupMenu::tr("Use for validation"), Split::Validation),
                                      std::pair(GroupMenu::tr("Use for the test"), Split::Test)}) {
        auto *action = menu.addAction(text, &session, [&session, images, split = split] { session.setSplit(images, split); });
        action->setCheckable(true);
        action->setChecked(std::ranges::all_of(images, [&, split = split](ImageId id) { return session.image(id) && session.image(id)->label && session.image(id)->split == split; }));
        action->setEnabled(!session.isReadOnly());
    }
}

} // namespace whisker
