#include "tests/app/cli_runner.h"

#include <QProcess>
#include <QTest>

#include <csignal>
#include <cstdio>
#include <map>
#include <sys/types.h>

using namespace whisker::test;
using nlohmann::json;

/// A training that was interrupted within an epoch, gone on with and made longer, in the real whisker-cli: what is told of it is whole.
class CliResumeTest : public QObject {
    Q_OBJECT

private:
    static constexpr int kSteps = 12; // of an epoch: so many pictures of each of two classes, in batches of two
    Answer run(const QStringList &arguments) { return runCli(m_folder, arguments); }
    static QStringList command(const QStringList &options = {})
    {
        return QStringList{"train", "pets", "--out", "m.safetensors", "--run", "run", "--mode", "scratch", "--model", "resnet18", "--size", "224", "--batch", "2",
                           "--precision", "fp32", "--epochs", "1", "--threads", "1"} + options;
    }
    /// Losses of training by step; of a step that was taken again the later one.
    std::map<int, double> losses() const
    {
        std::map<int, double> losses;
        const QString metrics = QString::fromStdString(fileBytes(m_folder / "run/metrics.jsonl"));
        for (const QString &line : metrics.split('\n', Qt::SkipEmptyParts)) {
            const json point = json::parse(line.toStdString(), nullptr, false);
            if (point.is_object() && point.value("series", "") == "training_loss")
                losses[point["step"]] = point["value"];
        }
        return losses;
    }
    /// How many points of that curve TensorBoard's files hold.
    qsizetype curvePoints(const char *tag, const char *board = "board") const
    {
        qsizetype count = 0;
        for (const auto &file : std::filesystem::directory_iterator(m_folder / board))
            count += QByteArray::fromStdString(fileBytes(file.path())).count(tag);
        return count;
    }
    static QByteArray meanText(const std::map<int, double> &losses)
    {
        double sum = 0.0;
        for (const auto &[step, loss] : losses)
            sum += loss;
        char text[32];
        std::snprintf(text, sizeof text, "; training loss %#.3g\n", sum / static_cast<double>(losses.size()));
        return text;
    }

    TestFolder m_folder;
    Answer m_goneOn; ///< Of the run that was interrupted.

private Q_SLOTS:
    void initTestCase()
    {
        linkPictures(m_folder, "pets/train", 0, kSteps);
        linkPictures(m_folder, "pets/val", kSteps, 4);
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_CACHE_HOME", QString::fromStdString((m_folder / "cache").string()));
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(QString::fromStdString(m_folder.path().string()));
        process.start(WHISKER_CLI, command());
        QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(m_folder / "run/metrics.jsonl") && losses().size() >= 2, 60'000);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitCode(), 130);
        QVERIFY2(losses().size() < kSteps, "The run was not interrupted within its epoch.");
        m_goneOn = run(command({"--resume", "--tensorboard", "board"}));
        QVERIFY2(m_goneOn.code == 0, m_goneOn.messages);
    }

    void theLineOfTheEpochSaysAllOfIt()
    {
        QCOMPARE(losses().size(), std::size_t(kSteps));
        QCOMPARE(m_goneOn.messages.count("epoch 1: "), 1);
        QVERIFY2(m_goneOn.messages.contains(meanText(losses())), m_goneOn.messages + meanText(losses()));
    }

    void curvesThatAreWantedLaterBeginWithTheRun()
    {
        QCOMPARE(curvePoints("loss/training"), kSteps);
        QCOMPARE(curvePoints("learning_rate"), kSteps);
        QCOMPARE(curvePoints("accuracy/validation"), 1);
    }

    /// A script is simply run again.
    void theEpochsThatItWasBegunWithMayBeSaidAlsoWhenItWasMadeLonger()
    {
        const Answer longer = run(command({"--resume", "--more-epochs", "1", "--tensorboard", "board"}));
        QVERIFY2(longer.code == 0, longer.messages);
        QVERIFY2(!longer.messages.contains("epoch 1: ") && longer.messages.contains("epoch 2: "), longer.messages); // the first is told
        QCOMPARE(curvePoints("loss/training"), 2 * kSteps); // and written
        QCOMPARE(curvePoints("accuracy/validation"), 2);
        const Answer again = run(command({"--resume", "--tensorboard", "late", "--json"}));
        QVERIFY2(again.code == 0, again.messages);
        QCOMPARE(again.value()["epochs"].get<int>(), 2);
        QVERIFY2(again.messages.contains("--epochs 1 is what the run had before it was made longer: it goes on with its own, 2."), again.messages);
        QCOMPARE(curvePoints("loss/training", "late"), 2 * kSteps); // also where nothing more comes
    }
};

QTEST_GUILESS_MAIN(CliResumeTest)
#include "cli_resume_test.moc"
