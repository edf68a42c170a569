#include "engine/data/doctor.h"
#include "tests/engine/data/pictures.h"
#include "tests/support/altered_pictures.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace whisker;
using namespace whisker::test;

namespace {

/// Photographs of cats and dogs, labelled, and the same saved anew and without a label, which the doctor has looked at.
struct NearCopiesProject {
    static constexpr std::size_t kPhotographs = 8; ///< A class.
    TestFolder folder{};
    Project project;

    NearCopiesProject() : project(std::move(Project::create(folder / "project").value()))
    {
        for (const std::string name : {"cat", "dog"}) {
            for (std::size_t i = 0; i < kPhotographs; ++i) {
                folder.write("labelled/" + name + "/" + std::to_string(i) + ".jpg", fileBytes(photographs(name).at(i)));
                folder.write("loose/" + name + std::to_string(i) + ".jpg", jpegOf(photograph(name, i), 60));
            }
        }
        importAll(project, {folder / "labelled"}).value();
        importFolders(project, std::array{folder / "loose"}, {.meaning = FolderMeaning::Unlabelled}, {}, {}).value();
        diagnoseProject(project, {}, {}, {}).value();
    }
    /// A picture as it is now, by its file in `folder`.
    ImageRecord at(const std::string &file) const
    {
        const auto state = project.state().value();
        return *std::ranges::find(state.images, folder / file, &ImageRecord::file);
    }
    std::vector<ImageId> loose() const
    {
        std::vector<ImageId> ids;
        const auto state = project.state().value();
        for (const auto &image : state.images) {
            if (image.folder->filename() == "loose")
                ids.push_back(image.id);
        }
        return ids;
    }
};

} // namespace

class NearCopySplitsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aNewLabelFollowsItsNearCopies()
    {
        NearCopiesProject pets;
        QVERIFY(pets.project.setLabel(pets.loose(), pets.project.state()->classes[0].id));
        std::set<Split> splits;
        for (const std::string name : {"cat", "dog"}) {
            for (std::size_t i = 0; i < NearCopiesProject::kPhotographs; ++i) {
                const auto original = pets.at("labelled/" + name + "/" + std::to_string(i) + ".jpg");
                QVERIFY(original.split);
                QCOMPARE(pets.at("loose/" + name + std::to_string(i) + ".jpg").split, original.split);
                splits.insert(*original.split);
            }
        }
        QCOMPARE(splits.size(), 3u);
    }

    void aNewLabelFollowsAChainOfGroupsAndNearCopies()
    {
        NearCopiesProject pets;
        for (const std::string name : {"cat", "dog"}) {
            for (std::size_t i = 0; i + 1 < NearCopiesProject::kPhotographs; i += 2) {
                const auto near = pets.at("loose/" + name + std::to_string(i) + ".jpg"), other = pets.at("loose/" + name + std::to_string(i + 1) + ".jpg");
                QVERIFY(pets.project.setSplit(std::array{pets.at("labelled/" + name + "/" + std::to_string(i + 1) + ".jpg").id}, Split::Validation));
                QVERIFY(pets.project.setSplit(std::array{pets.at("labelled/" + name + "/" + std::to_string(i) + ".jpg").id}, Split::Validation));
                QVERIFY(pets.project.setGroup(std::array{near.id, other.id}, name + std::to_string(i)));
                QVERIFY(pets.project.setLabel(std::array{other.id}, pets.project.state()->classes[0].id));
                QCOMPARE(pets.at("loose/" + name + std::to_string(i + 1) + ".jpg").split, std::optional(Split::Validation));
            }
        }
    }

    void aNearCopyOfALockedTestSetIsLeftOut()
    {
        NearCopiesProject pets;
        QVERIFY(pets.project.setSplit(std::array{pets.at("labelled/cat/3.jpg").id}, Split::Test));
        QVERIFY(pets.project.setTestLocked(true));
        const auto change = pets.project.setLabel(std::array{pets.at("loose/cat3.jpg").id}, pets.project.state()->classes[0].id);
        QCOMPARE(change->words, "Labelled 1 picture cat; 1 is left out: it belongs with the locked test set");
        QVERIFY(pets.at("loose/cat3.jpg").excluded);
    }

    void aListThatLabelsNearCopiesPutsThemIntoTheirSplits()
    {
        NearCopiesProject pets;
        std::string list = "file,label\n";
        for (std::size_t i = 0; i < NearCopiesProject::kPhotographs; ++i)
            list += "loose/cat" + std::to_string(i) + ".jpg,cat\n";
        pets.folder.write("list.csv", list);
        QVERIFY(importAll(pets.project, {pets.folder / "list.csv"}));
        for (std::size_t i = 0; i < NearCopiesProject::kPhotographs; ++i)
            QCOMPARE(pets.at("loose/cat" + std::to_string(i) + ".jpg").split, pets.at("labelled/cat/" + std::to_string(i) + ".jpg").split);
    }

    void whatIsMeasuredLaterIsSeenWithTheNextLabel()
    {
        NearCopiesProject pets;
        QVERIFY(pets.project.setLabel(std::array{pets.at("loose/cat0.jpg").id}, pets.project.state()->classes[0].id)); // near copies are worked out
        for (std::size_t i = 10; i < 16; ++i) {
            for (const int quality : {70, 80})
                pets.folder.write("later/" + std::to_string(i) + "-" + std::to_string(quality) + ".jpg", jpegOf(photograph("cat", i), quality));
        }
        importFolders(pets.project, std::array{pets.folder / "later"}, {.meaning = FolderMeaning::Unlabelled}, {}, {}).value();
        diagnoseProject(pets.project, {}, {}, {}).value();
        for (const std::string quality : {"70", "80"}) {
            for (std::size_t i = 10; i < 16; ++i)
                QVERIFY(pets.project.setLabel(std::array{pets.at("later/" + std::to_string(i) + "-" + quality + ".jpg").id}, pets.project.state()->classes[0].id));
        }
        for (std::size_t i = 10; i < 16; ++i)
            QCOMPARE(pets.at("later/" + std::to_string(i) + "-70.jpg").split, pets.at("later/" + std::to_string(i) + "-80.jpg").split);
    }
};

QTEST_GUILESS_MAIN(NearCopySplitsTest)
#include "near_copy_splits_test.moc"
