#pragma once

#include "engine/data/load_data.h"
#include "tests/support/test_folder.h"
#include "tests/ui/active_window.h"
#include "tests/ui/train/page_button.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/result_card.h"
#include "ui/train/train_page.h"

#include <QTest>
#include <algorithm>

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

/// In a bar or on the card of the result.
inline bool isSaid(const TrainPage &page, const QString &words)
{
    const auto bars = page.findChildren<NoticeBar *>();
    const auto *result = page.findChild<ResultCard *>();
    return std::ranges::any_of(bars, [&](const NoticeBar *bar) { return bar->isVisible() && bar->text().contains(words); }) ||
           result->sentence().contains(words) || result->certainty().contains(words);
}

/// From the set-up that the button leads to.
inline bool canStart(TrainPage &page)
{
    const Button *next = button(page, "New training");
    return next && next->isEnabled();
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
    bool learnsOn() ///< For two epochs more.
    {
        const int before = page.controller()->progress().epoch;
        return QTest::qWaitFor([&] { return page.controller()->progress().epoch >= before + 2; }, 60'000) && page.controller()->isRunning();
    }
    bool pauses() ///< A run of many epochs, in its midst.
    {
        start(300);
        if (!learns())
            return false;
        page.pause();
        return ends();
    }
    bool ends() { return QTest::qWaitFor([&] { return !page.controller()->isRunning(); }, 120'000); }
    bool says(const QString &words) { return QTest::qWaitFor([&] { return isSaid(page, words); }, 60'000); }
    NoticeBar *offer() { return page.offer(); }

    TrainPage page;

private:
    const TestFolder &m_folder;
};

} // namespace whisker::test
