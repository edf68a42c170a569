#include "ui/suggestion_controller.h"

#include "tests/ui/drawn_pictures.h"
#include "tests/ui/fake_guesser.h"

#include <QTest>
#include <algorithm>

using namespace whisker;
using namespace whisker::test;

namespace {

constexpr int kSoonMs = 10'000;

/// A project of cats and dogs: 6 labelled pictures and some without a label.
struct Pets {
    TestFolder root;
    ProjectSession session;
    std::shared_ptr<std::atomic<int>> asked = std::make_shared<std::atomic<int>>(0);

    bool open(int unlabelled)
    {
        if (!openWith(session, root, {drawPictures(root, "cat", 3), drawPictures(root, "dog", 3)}))
            return false;
        std::vector<ImageId> labelled = idsOf(session);
        QSignalSpy finished(&session, &ProjectSession::importFinished);
        session.importPaths({drawPictures(root, "new", unlabelled)}, {}, {.meaning = FolderMeaning::Unlabelled});
        return finished.wait(kSoonMs) && labelled.size() == 6;
    }
    ImageId named(const std::string &name) const
    {
        const auto found = std::ranges::find(session.state().images, name, &ImageRecord::name);
        return found == session.state().images.end() ? 0 : found->id;
    }
};

} // namespace

class SuggestionControllerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingIsAskedWithoutAModel()
    {
        Pets pets;
        QVERIFY(pets.open(4));
        SuggestionController suggestions(pets.session, fakeGuessers(pets.asked));
        QSignalSpy opened(&pets.session, &ProjectSession::opened);
        pets.session.open(pets.session.projectFile());
        QVERIFY(opened.wait());
        QVERIFY(!suggestions.isBusy());
        QCOMPARE(pets.asked->load(), 0);
        QVERIFY(suggestions.teachingOrder().empty());
    }

    void aModelBringsGuessesAndAnOrder()
    {
        Pets pets;
        QVERIFY(pets.open(4));
        SuggestionController suggestions(pets.session, fakeGuessers(pets.asked));
        pets.session.announceModel(pets.root / "model");
        QTRY_COMPARE_WITH_TIMEOUT(suggestions.teachingOrder().size(), 4u, kSoonMs);
        QTRY_VERIFY(suggestions.guess(pets.named("cat2.png")));
        const std::vector<ImageId> expected{pets.named("new3.png"), pets.named("new2.png"), pets.named("new1.png"), pets.named("new0.png")};
        QCOMPARE(suggestions.teachingOrder(), expected);
        QCOMPARE(suggestions.guess(pets.named("cat2.png"))->className, QStringLiteral("cat"));
        QCOMPARE(suggestions.guess(pets.named("new1.png"))->className, QStringLiteral("dog"));
        QTRY_VERIFY(!suggestions.isBusy());
        QCOMPARE(pets.asked->load(), 10);
    }

    void eachPictureIsAskedAboutOnce()
    {
        Pets pets;
        QVERIFY(pets.open(3));
        SuggestionController suggestions(pets.session, fakeGuessers(pets.asked));
        pets.session.announceModel(pets.root / "model");
        QTRY_COMPARE_WITH_TIMEOUT(pets.asked->load(), 9, kSoonMs);
        QTRY_VERIFY(!suggestions.isBusy());
        QSignalSpy labelled(&pets.session, &ProjectSession::imagesChanged);
        pets.session.setLabel({pets.named("new0.png")}, QStringLiteral("cat"));
        QVERIFY(labelled.wait(kSoonMs)); // an import does not wait for it
        QSignalSpy finished(&pets.session, &ProjectSession::importFinished), ordered(&suggestions, &SuggestionController::orderChanged);
        pets.session.importPaths({drawPictures(pets.root, "more", 2)}, {}, {.meaning = FolderMeaning::Unlabelled});
        QVERIFY(finished.wait(kSoonMs));
        QTRY_COMPARE(pets.asked->load(), 11);
        QTRY_VERIFY(!ordered.isEmpty());
        QCOMPARE(suggestions.teachingOrder().size(), 4u); // without what has got its label
    }

    void anotherModelIsAskedAboutEverything()
    {
        Pets pets;
        QVERIFY(pets.open(2));
        SuggestionController suggestions(pets.session, fakeGuessers(pets.asked));
        pets.session.announceModel(pets.root / "model");
        QTRY_COMPARE_WITH_TIMEOUT(pets.asked->load(), 8, kSoonMs);
        QTRY_VERIFY(!suggestions.isBusy());
        QVERIFY(suggestions.disagreements().empty());
        pets.session.announceModel(pets.root / "wrong");
        QVERIFY(!suggestions.guess(pets.named("cat0.png")));
        QTRY_COMPARE_WITH_TIMEOUT(pets.asked->load(), 16, kSoonMs);
        QTRY_COMPARE(suggestions.disagreements().size(), 6u);
        QCOMPARE(suggestions.guess(pets.named("cat0.png"))->className, QStringLiteral("dog"));
    }

    void aLabelThatIsMendedIsNoDisagreement()
    {
        Pets pets;
        QVERIFY(pets.open(1));
        SuggestionController suggestions(pets.session, fakeGuessers(pets.asked));
        pets.session.setLabel({pets.named("cat0.png")}, QStringLiteral("dog"));
        pets.session.announceModel(pets.root / "model");
        QTRY_COMPARE_WITH_TIMEOUT(suggestions.disagreements(), std::vector<ImageId>{pets.named("cat0.png")}, kSoonMs);
        pets.session.setLabel({pets.named("cat0.png")}, QStringLiteral("cat"));
        QTRY_VERIFY(suggestions.disagreements().empty());
    }

    void aPictureThatCannotBeReadHasNoGuessAndIsNotTriedAgain()
    {
        Pets pets;
        QVERIFY(openWith(pets.session, pets.root, {drawPictures(pets.root, "cat", 2), drawPictures(pets.root, "dog", 2)}));
        QSignalSpy finished(&pets.session, &ProjectSession::importFinished);
        pets.root.write("new/bad.pgm", "P2\n2 2\n255\n1 2 3 4\n");
        pets.session.importPaths({displayText(pets.root / "new")}, {}, {.meaning = FolderMeaning::Unlabelled});
        QVERIFY(finished.wait(kSoonMs));
        SuggestionController suggestions(pets.session, fakeGuessers(pets.asked));
        pets.session.announceModel(pets.root / "model");
        QTRY_COMPARE_WITH_TIMEOUT(pets.asked->load(), 5, kSoonMs);
        QTRY_VERIFY(!suggestions.isBusy());
        QVERIFY(!suggestions.guess(pets.named("bad.pgm")));
        QVERIFY(suggestions.teachingOrder().empty());
    }

    void aModelThatIsRefusedIsToldOnce()
    {
        Pets pets;
        QVERIFY(pets.open(2));
        SuggestionController suggestions(pets.session, fakeGuessers(pets.asked));
        QSignalSpy refused(&suggestions, &SuggestionController::refusalChanged);
        pets.session.announceModel(pets.root / "broken");
        QVERIFY(refused.wait(kSoonMs));
        QTRY_VERIFY(!suggestions.isBusy());
        QCOMPARE(refused.count(), 1);
        QVERIFY(suggestions.refusal().contains(QStringLiteral("train another")));
        pets.session.announceModel(pets.root / "model");
        QVERIFY(suggestions.refusal().isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(suggestions.teachingOrder().size(), 2u, kSoonMs);
    }

    void aModelOfOtherClassesIsRefusedUntilOneOfThemComes()
    {
        Pets pets;
        QVERIFY(openWith(pets.session, pets.root, {drawPictures(pets.root, "owl", 2), drawPictures(pets.root, "fox", 2)}));
        SuggestionController suggestions(pets.session, fakeGuessers(pets.asked));
        pets.session.announceModel(pets.root / "model");
        QTRY_VERIFY_WITH_TIMEOUT(suggestions.refusal().contains(QStringLiteral("It knows: cat, dog.")), kSoonMs);
        QCOMPARE(pets.asked->load(), 0);
        pets.session.addClass(QStringLiteral("cat"));
        QTRY_COMPARE_WITH_TIMEOUT(pets.asked->load(), 4, kSoonMs);
        QVERIFY(suggestions.refusal().isEmpty());
    }

    void itTellsHowFarItIs()
    {
        Pets pets;
        QVERIFY(pets.open(300));
        SuggestionController suggestions(pets.session, fakeGuessers(pets.asked));
        std::vector<std::pair<int, int>> told;
        connect(&suggestions, &SuggestionController::progressed, &suggestions, [&] { told.emplace_back(suggestions.progress().done, suggestions.progress().total); });
        pets.session.announceModel(pets.root / "model");
        const std::pair all(306, 306);
        QTRY_VERIFY_WITH_TIMEOUT(!told.empty() && told.back() == all, kSoonMs);
        QCOMPARE(told.front(), std::pair(0, 306));
        QVERIFY(std::ranges::is_sorted(told));
        suggestions.setTrainingGoesOn(true);
        QTRY_COMPARE(suggestions.progress().total, suggestions.progress().done);
    }

    void itRestsWhileATrainingGoesOn()
    {
        Pets pets;
        QVERIFY(pets.open(2));
        SuggestionController suggestions(pets.session, fakeGuessers(pets.asked));
        suggestions.setTrainingGoesOn(true);
        pets.session.announceModel(pets.root / "model");
        QSignalSpy changed(&pets.session, &ProjectSession::changed);
        pets.session.setLabel({pets.named("new0.png")}, QStringLiteral("cat"));
        QVERIFY(changed.wait(kSoonMs));
        QCOMPARE(pets.asked->load(), 0);
        suggestions.setTrainingGoesOn(false);
        QTRY_COMPARE_WITH_TIMEOUT(pets.asked->load(), 8, kSoonMs);
    }

    void anotherProjectStartsWithoutGuesses()
    {
        Pets pets;
        QVERIFY(pets.open(2));
        SuggestionController suggestions(pets.session, fakeGuessers(pets.asked));
        pets.session.announceModel(pets.root / "model");
        QTRY_COMPARE_WITH_TIMEOUT(suggestions.teachingOrder().size(), 2u, kSoonMs);
        QSignalSpy opened(&pets.session, &ProjectSession::opened);
        pets.session.create(pets.root / "empty");
        QVERIFY(opened.wait(kSoonMs));
        QVERIFY(suggestions.teachingOrder().empty());
        QVERIFY(suggestions.disagreements().empty());
        QTRY_VERIFY(!suggestions.isBusy());
    }

    void itMayBeDestroyedAtAnyMoment()
    {
        Pets pets;
        QVERIFY(pets.open(40));
        for (int wanted : {0, 1, 5, 20, 46}) {
            pets.asked->store(0);
            auto suggestions = std::make_unique<SuggestionController>(pets.session, fakeGuessers(pets.asked));
            pets.session.announceModel(pets.root / "model");
            QTRY_VERIFY_WITH_TIMEOUT(pets.asked->load() >= wanted, kSoonMs);
            suggestions.reset();
        }
        QCoreApplication::sendPostedEvents(); // nothing that comes late finds somebody who is gone
    }
};

QTEST_MAIN(SuggestionControllerTest)
#include "suggestion_controller_test.moc"
