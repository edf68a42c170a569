#include "ui/data/path_question.h"

#include <QCoreApplication>
#include <QFileDialog>

namespace whisker {

namespace {

struct PathTexts {
    Q_DECLARE_TR_FUNCTIONS(PathTexts)
};

} // namespace

void askForPath(QWidget *parent, const PathQuestion &question, const PathChosen &chosen)
{
    auto *dialog = new QFileDialog(parent, question.title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    switch (question.kind) {
    case PathQuestion::Kind::List:
        dialog->setFileMode(QFileDialog::ExistingFile);
        dialog->setNameFilters({PathTexts::tr("Lists (*.csv *.tsv *.txt *.json *.jsonl *.ndjson)"), PathTexts::tr("All files (*)")});
        break;
    case PathQuestion::Kind::Folder:
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
        break;
    case PathQuestion::Kind::NewCsv:
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setNameFilter(PathTexts::tr("Tables (*.csv)"));
        dialog->setDefaultSuffix(QStringLiteral("csv"));
        dialog->selectFile(PathTexts::tr("labels.csv"));
        break;
    }
    if (!question.folder.isEmpty())
        dialog->setDirectory(question.folder);
    dialog->setLabelText(QFileDialog::Accept, question.accept);
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, chosen);
    dialog->open();
}

} // namespace whisker
