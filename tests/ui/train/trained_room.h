#pragma once

#include "engine/data/load_data.h"
#include "tests/support/test_folder.h"
#include "tests/ui/active_window.h"
#include "tests/ui/train/page_button.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/train_page.h"

#include <QTest>

namespace whisker::test {

/// The teaching net as small as it gets.
inline TrainConfig tinyNet(int epochs)
{
    TrainConfig config;
    config.mode = TrainMode::Scratch;
    config.architecture = "small";
    config.epochs = epochs;
    config.sizePx = 32;
    config.batch = 8;
    config.threads = 1;
    config.loaderThreads = 1;
    return config;
}

/// A page with 60 photographs to train the real engine on.
class Room {
public:
    explicit Room(const TestFolder &folder) : m_folder(folder)
    {
        for (const char *pet : {"cat", "dog"}) {
            int copied = 0;
            std::filesystem::create_directories(folder / "pets" / pet);
            for (const auto &file : std::filesystem::directory_iterator(demonstrationPictures() / pet))
                if (++copied <= 30)
                    std::filesystem::copy_file(file, folder / "pets" / pet / file.path().filename(), std::filesystem::copy_options::skip_existing);
        }
        showActive(page);
        page.setMaterial(material());
    }

    TrainingMaterial material() const
    {
        TrainingMaterial material;
        material.runsFolder = m_folder / "runs";
        material.snapshot = std::make_shared<const Snapshot>(loadData(m_folder / "pets")->snapshot);
        return material;
    }

    void start(int epochs) { start(tinyNet(epochs)); }
    void start(const TrainConfig &config)
    {
        page.recipe()->setConfig(config);
        page.start();
    }
    bool learns() { return QTest::qWaitFor([&] { return page.controller()->progress().epoch >= 2; }, 60'000); }
    bool ends() { return QTest::qWaitFor([&] { return !page.controller()->isRunning(); }, 120'000); }
    NoticeBar *offer() { return page.offer(); }

    TrainPage page;

private:
    const TestFolder &m_folder;
};

} // namespace whisker::test
