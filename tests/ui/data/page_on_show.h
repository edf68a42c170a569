#pragma once

#include "tests/ui/drawn_pictures.h"
#include "ui/data/data_page.h"

#include <memory>

namespace whisker::test {

/// What a test of the Data page begins with: the page on show, on a session without a project, its caches in a folder of its own.
struct PageOnShow {
    std::unique_ptr<TestFolder> m_root;
    std::unique_ptr<ProjectSession> m_session;
    std::unique_ptr<DataPage> m_page;

    void open()
    {
        m_root = std::make_unique<TestFolder>();
        qputenv("XDG_CACHE_HOME", QByteArray::fromStdString((*m_root / "cache").string()));
        m_session = std::make_unique<ProjectSession>();
        m_page = std::make_unique<DataPage>(*m_session);
        m_page->resize(1100, 700);
        m_page->show();
    }

    void close()
    {
        m_page.reset();
        m_session.reset();
        m_root.reset();
    }
};

} // namespace whisker::test
