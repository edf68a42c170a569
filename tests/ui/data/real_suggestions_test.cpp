#include "tests/engine/train/drawn_pictures.h"
#include "tests/ui/drawn_pictures.h"
#include "ui/data/data_page.h"
#include "ui/data/image_list_model.h"
#include "ui/data/labelling_head.h"
#include "ui/data/labelling_view.h"
#include "ui/suggestion_controller.h"
#include "widgets/chip_row.h"
#include "widgets/image_grid.h"

#include <QStandardPaths>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

/// A model that Quick made of 24 photographs, in the window with 12 others that have no label.
class RealSuggestionsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        m_root = std::make_unique<TestFolder>();
        qputenv("XDG_CACHE_HOME", QByteArray::fromStdString((*m_root / "cache").string()));
        for (const char *name : {"cat", "dog"})
            copyPets(name);
        m_session = std::make_unique<ProjectSession>();
        m_suggestions = std::make_unique<SuggestionController>(*m_session);
        m_page = std::make_unique<DataPage>(*m_session);
        m_page->followSuggestions(*m_suggestions);
        m_page->resize(1100, 700);
        m_page->show();
        QVERIFY(openWith(*m_session, *m_root, {displayText(*m_root / "pets")}));
        QSignalSpy finished(m_session.get(), &ProjectSession::importFinished);
        m_session->importPaths({displayText(*m_root / "new")}, {}, {.meaning = FolderMeaning::Unlabelled});
        QVERIFY(finished.wait(20'000));
        QVERIFY(teach());
    }

    void cleanupTestCase()
    {
        m_page.reset();
        m_suggestions.reset();
        m_session.reset();
    }

    void suggestionsComeTheMostUncertainFirst()
    {
        QTRY_COMPARE_WITH_TIMEOUT(m_suggestions->teachingOrder().size(), 12u, 60'000);
        double most = 0;
        for (const auto &image : m_session->state().images) {
            if (!image.label)
                most = std::max(most, m_suggestions->guess(image.id)->uncertainty);
        }
        QCOMPARE(m_suggestions->guess(m_suggestions->teachingOrder().front())->uncertainty, most);
    }

    void mostGuessesAreRight()
    {
        int right = 0;
        for (const auto &image : m_session->state().images)
            right += !image.label && m_suggestions->guess(image.id)->className == QString::fromStdString(image.name.substr(0, 3));
        QVERIFY2(right >= 10, qPrintable(QString::number(right)));
    }

    void labellingBringsThemInThatOrderAndEnterConfirms()
    {
        QTest::keyClick(m_page->grid(), Qt::Key_L);
        auto *view = m_page->labelling();
        QVERIFY(view->isActive());
        const auto order = m_suggestions->teachingOrder();
        QVERIFY(std::ranges::equal(view->list().ids(), order));
        QCOMPARE(view->head()->said(), QStringLiteral("Those that teach the model most come first"));
        QCOMPARE(view->head()->facts(), QStringLiteral("the model says: %1").arg(guessText(*m_suggestions->guess(order[0]))));
        QTest::keyClick(view, Qt::Key_Return);
        QTRY_COMPARE(labelOf(order[0]), m_suggestions->guess(order[0])->className);
        QCOMPARE(view->list().current(), order[1]);
        QTest::keyClick(view, Qt::Key_Escape);
    }

    void enterConfirmsInTheGrid()
    {
        m_page->chips()->setCurrentId(QStringLiteral("suggestions"));
        const ImageId first = m_page->model()->idAt(0);
        QTest::keyClick(m_page->grid(), Qt::Key_Return);
        QTRY_COMPARE(labelOf(first), m_suggestions->guess(first)->className);
    }

    /// What Quick and the first guesses left on disk serves the next model and the next start: no picture is opened.
    void theNextModelAnswersWithoutItsPictures()
    {
        m_suggestions = nullptr;
        m_page.reset();
        QVERIFY(teach());
        for (const char *folder : {"pets", "new"})
            std::filesystem::rename(*m_root / folder, *m_root / (std::string(folder) + " gone"));
        SuggestionController again(*m_session);
        m_session->useModel({});
        QTRY_VERIFY_WITH_TIMEOUT(again.progress().total > 0 && again.progress().done == again.progress().total, 60'000);
        for (const auto &image : m_session->state().images)
            QVERIFY2(again.guess(image.id), image.name.c_str());
    }

private:
    void copyPets(const std::string &name)
    {
        std::vector<std::filesystem::path> files;
        for (const auto &entry : std::filesystem::directory_iterator(demonstrationPictures() / name))
            files.push_back(entry.path());
        std::ranges::sort(files);
        std::filesystem::create_directories(*m_root / "pets" / name);
        std::filesystem::create_directories(*m_root / "new");
        for (std::size_t k = 0; k < 18; ++k) {
            const auto &file = files[k * files.size() / 18];
            const bool labelled = k % 3 != 0;
            std::filesystem::copy_file(file, labelled ? *m_root / "pets" / name / file.filename() : *m_root / "new" / (name + std::to_string(k) + ".jpg"));
        }
    }

    /// A new model of what has a label now.
    bool teach()
    {
        std::shared_ptr<const Snapshot> snapshot;
        m_session->requestSnapshot(this, [&](const auto &ready) { snapshot = ready.value_or(nullptr); });
        if (!QTest::qWaitFor([&] { return snapshot != nullptr; }))
            return false;
        ++m_runs;
        TrainConfig config;
        config.device = "cpu";
        config.epochs = 20;
        const auto report = train(snapshot, config, {*m_root / ("run" + std::to_string(m_runs)), *m_root / ("model" + std::to_string(m_runs)), {}});
        if (!report)
            qWarning("%s", report.error().message.c_str());
        else
            m_session->announceModel(report->model);
        return report.has_value();
    }

    QString labelOf(ImageId id) const
    {
        const auto *image = m_session->image(id);
        const auto *record = image && image->label ? m_session->classRecord(*image->label) : nullptr;
        return record ? QString::fromStdString(record->name) : QString();
    }

    int m_runs = 0;
    std::unique_ptr<TestFolder> m_root;
    std::unique_ptr<ProjectSession> m_session;
    std::unique_ptr<SuggestionController> m_suggestions;
    std::unique_ptr<DataPage> m_page;
};

QTEST_MAIN(RealSuggestionsTest)
#include "real_suggestions_test.moc"
