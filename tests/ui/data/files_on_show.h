#pragma once

#include "tests/ui/drawn_pictures.h"
#include "ui/data/files_controller.h"
#include "widgets/buttons.h"

#include <QTest>
#include <QVBoxLayout>
#include <chrono>
#include <memory>

namespace whisker::test {

/// What a test of the Files menu begins with: its button and its bar on show, on a session without a project; paths are chosen by choose(), without a dialog.
struct FilesOnShow {
    std::unique_ptr<TestFolder> m_root;
    std::unique_ptr<ProjectSession> m_session;
    std::unique_ptr<QWidget> m_page;
    FilesController *m_files = nullptr;
    QStringList m_asked; // titles

    void open()
    {
        using namespace std::chrono_literals;
        m_root = std::make_unique<TestFolder>();
        m_session = std::make_unique<ProjectSession>();
        m_page = std::make_unique<QWidget>();
        m_page->resize(900, 600);
        m_files = new FilesController(*m_session, m_page.get(), {20ms, 60ms, 100ms});
        auto *column = new QVBoxLayout(m_page.get());
        column->addWidget(m_files->button());
        column->addWidget(m_files->bar());
        column->addStretch(1);
        m_page->show();
        m_asked.clear();
    }

    void close()
    {
        m_page.reset();
        m_session.reset();
        m_root.reset();
    }

    void begin(int cats, int dogs) { QVERIFY(openWith(*m_session, *m_root, {drawPictures(*m_root, "cat", cats), drawPictures(*m_root, "dog", dogs)})); }

    void choose(const std::filesystem::path &path)
    {
        m_files->setPathChooser([this, path](QWidget *, const PathQuestion &question, const PathChosen &chosen) {
            m_asked.append(question.title);
            chosen(displayText(path));
        });
    }

    /// The message on show; empty without one.
    QString text() const { return m_files->bar()->notice()->isVisible() ? m_files->bar()->notice()->text() : QString(); }
    Button *first() const { return m_files->bar()->notice()->actionButton(); }
    Button *second() const { return m_files->bar()->notice()->secondButton(); }
};

} // namespace whisker::test
