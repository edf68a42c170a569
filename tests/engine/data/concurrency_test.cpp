#include "engine/data/snapshot.h"
#include "tests/engine/data/pictures.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <latch>
#include <thread>

using namespace whisker;
using namespace whisker::test;

namespace {

/// A project with 40 pictures and no class.
Project projectOfPictures(const TestFolder &folder)
{
    writePictures(folder, "loose", 40, 0);
    auto project = std::move(Project::create(folder / "project").value());
    (void)importAll(project, {folder / "loose"}).value();
    return project;
}

} // namespace

/// One Project used by several threads at once, as the window's worker, its import and a run do. The thread sanitizer runs this, too.
class ConcurrencyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noLabelIsLostBetweenThreadsThatLabel()
    {
        const TestFolder folder;
        auto project = projectOfPictures(folder);
        const auto ids = idsOf(project.state().value());
        constexpr std::size_t kThreads = 4;
        std::array<ClassId, kThreads> classes{};
        std::atomic<int> failures = 0;
        {
            std::latch start(kThreads);
            std::vector<std::jthread> threads;
            for (std::size_t t = 0; t < kThreads; ++t)
                threads.emplace_back([&, t] {
                    start.arrive_and_wait();
                    classes[t] = project.addClass("class " + std::to_string(t)).value().classes->back().id;
                    for (std::size_t i = t; i < ids.size(); i += kThreads)
                        failures += !project.setLabel(std::array{ids[i]}, classes[t]);
                });
        }
        QCOMPARE(failures.load(), 0);
        const auto state = project.state().value();
        for (std::size_t i = 0; i < ids.size(); ++i)
            QCOMPARE(state.images[i].label, std::optional(classes[i % kThreads]));
    }

    void aReaderNeverSeesHalfAChange()
    {
        const TestFolder folder;
        auto project = projectOfPictures(folder);
        const auto ids = idsOf(project.state().value());
        const auto cat = project.addClass("cat").value().classes->back().id;
        const auto fox = project.addClass("fox").value().classes->back().id;
        std::atomic<int> halves = 0;
        {
            const std::jthread reader([&](std::stop_token stop) {
                do {
                    const auto state = project.state().value();
                    const auto foxes = std::ranges::count(state.images, std::optional(fox), &ImageRecord::label);
                    halves += foxes != 0 && foxes != std::ssize(ids);
                    halves += !snapshotOf(project);
                } while (!stop.stop_requested());
            });
            for (int i = 0; i < 10; ++i) {
                QVERIFY(project.setLabel(ids, fox));
                QVERIFY(project.undo());
                QVERIFY(project.redo());
                QVERIFY(project.setLabel(ids, cat));
            }
        }
        QCOMPARE(halves.load(), 0);
    }

    void labellingGoesOnWhileAnotherThreadImports()
    {
        const TestFolder folder;
        auto project = projectOfPictures(folder);
        const auto ids = idsOf(project.state().value());
        writePictures(folder, "dog", 300, 1000);
        const auto fox = project.addClass("fox").value().classes->back().id;
        std::atomic<bool> hasEnded = false;
        std::size_t added = 0;
        std::size_t labelled = 0;
        {
            const std::jthread importer([&] {
                added = importAll(project, {folder / "dog"}).value().added;
                hasEnded = true;
            });
            while (labelled < ids.size() || !hasEnded) {
                QVERIFY(project.setLabel(std::array{ids[labelled % ids.size()]}, fox));
                ++labelled;
            }
        }
        const auto state = project.state().value();
        QCOMPARE(added, 300u);
        QCOMPARE(state.images.size(), ids.size() + added);
        QCOMPARE(std::ranges::count(state.images, std::optional(fox), &ImageRecord::label), std::ssize(ids));
    }
};

QTEST_GUILESS_MAIN(ConcurrencyTest)
#include "concurrency_test.moc"
