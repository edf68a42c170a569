#include "engine/base/counter_random.h"
#include "engine/nn/device.h"
#include "engine/nn/weights.h"
#include "engine/train/run_folder.h"
#include "tests/app/cli_runner.h"

#include <QProcess>
#include <QTest>

#include <csignal>

using namespace whisker;
using test::fileBytes;
using test::runCli;
using test::TestFolder;

/// Trainings that are killed, as by `kill -9` or a power cut's sudden silence, at moments drawn by chance, and gone on with.
class KilledTrainingTest : public QObject {
    Q_OBJECT

    const TestFolder m_folder;
    CounterRandom m_random{20261123};
    int m_runs = 0; // whose folders are numbered
    int m_kills = 0, m_goneOnWith = 0;

    static QString path(const std::filesystem::path &file) { return QString::fromStdString(file.string()); }

    static QStringList arguments(const std::string &run, const QString &precision, int loaders)
    {
        return {"train", "pets", "--out", path(run + ".safetensors"), "--mode", "scratch", "--model", "small", "--size", "32", "--batch", "4", "--epochs", "24",
                "--ema", "0.9", "--mixup", "0.2", "--device", "cpu", "--threads", "1", "--precision", precision, "--loader-threads", QString::number(loaders),
                "--run", path(run)};
    }

    bool hasCheckpoint(const std::string &run) const
    {
        const auto summary = readRunSummary(m_folder / run);
        return summary && summary->hasCheckpoint;
    }

    std::uintmax_t metricBytes(const std::string &run) const
    {
        std::error_code error;
        const auto bytes = std::filesystem::file_size(m_folder / run / kMetricsFile, error);
        return error ? 0 : bytes;
    }

    /// True where it was killed, false where it had ended before. A quarter of the moments lie between the start and the first steps.
    bool startAndKill(const std::string &run, QStringList command)
    {
        if (hasCheckpoint(run)) {
            command << "--resume";
            ++m_goneOnWith;
        }
        const auto before = metricBytes(run);
        const bool early = m_random.below(4) == 0;
        const int delayMs = static_cast<int>(m_random.below(early ? 300 : 250));
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_CACHE_HOME", path(m_folder / "cache"));
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(path(m_folder.path()));
        process.start(WHISKER_CLI, command);
        while (!early && metricBytes(run) <= before && !process.waitForFinished(1) && process.state() != QProcess::NotRunning) {
        }
        if (process.waitForFinished(delayMs) || process.state() == QProcess::NotRunning)
            return false;
        ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
        process.waitForFinished();
        return process.exitStatus() == QProcess::CrashExit;
    }

    Weights weightsOf(const std::filesystem::path &file) const
    {
        const auto contents = readSafetensors(m_folder / file);
        return contents ? contents->weights : Weights();
    }

private Q_SLOTS:
    void initTestCase()
    {
        test::linkPictures(m_folder, "pets", 0, 16);
        for (const char *precision : {"fp32", "bf16"}) {
            const auto answer = runCli(m_folder, arguments(std::string("undisturbed-") + precision, precision, 2));
            if (answer.code != 0) // only where the processor has no such arithmetic
                QVERIFY2(std::string(precision) == "bf16" && !choosePrecision("bf16", Device{}), answer.messages.constData());
        }
    }

    void aKilledRunThatGoesOnEndsWithTheSameWeights_data()
    {
        QTest::addColumn<QString>("precision");
        QTest::addColumn<int>("loaders");
        const QString second = choosePrecision("bf16", Device{}) ? "bf16" : "fp32"; // then it is killed more often
        for (const int loaders : {1, 2, 4}) {
            QTest::addRow("fp32, %d loader threads", loaders) << "fp32" << loaders;
            QTest::addRow("%s, %d loader threads, once more", qPrintable(second), loaders) << second << loaders;
        }
    }

    void aKilledRunThatGoesOnEndsWithTheSameWeights()
    {
        QFETCH(QString, precision);
        QFETCH(int, loaders);
        constexpr int kKills = 3; // of each of six
        int killed = 0;
        std::string run;
        while (killed < kKills) {
            run = "killed-" + std::to_string(++m_runs);
            while (killed < kKills && startAndKill(run, arguments(run, precision, loaders)))
                ++killed;
        }
        m_kills += killed;
        const auto ended = runCli(m_folder, arguments(run, precision, loaders) << (hasCheckpoint(run) ? QStringList("--resume") : QStringList()));
        QVERIFY2(ended.code == 0, ended.messages.constData());
        const std::string undisturbed = "undisturbed-" + precision.toStdString();
        const Weights expected = weightsOf(undisturbed + ".safetensors");
        QVERIFY(expected.size() > 0);
        QVERIFY(weightsOf(run + ".safetensors") == expected);
        QVERIFY(weightsOf(std::filesystem::path(run) / kCheckpointFile) == weightsOf(std::filesystem::path(undisturbed) / kCheckpointFile));
        QCOMPARE(readRun(m_folder / run)->metrics.size(), readRun(m_folder / undisturbed)->metrics.size());
    }

    /// From its first checkpoint on it needs the model no more.
    void aKilledRunThatContinuesAModelEndsWithTheSameWeights()
    {
        constexpr int kKills = 3;
        const QStringList continues = {"--continue", path("undisturbed-fp32/model.safetensors")};
        const auto undisturbed = runCli(m_folder, arguments("continued", "fp32", 2) + continues);
        QVERIFY2(undisturbed.code == 0, undisturbed.messages.constData());
        int killed = 0, number = 0;
        std::string run;
        while (killed < kKills) {
            run = "killed-continued-" + std::to_string(++number);
            while (killed < kKills && startAndKill(run, arguments(run, "fp32", 2) + (hasCheckpoint(run) ? QStringList() : continues)))
                ++killed;
        }
        m_kills += killed;
        const bool resumes = hasCheckpoint(run);
        if (resumes)
            std::filesystem::rename(m_folder / "undisturbed-fp32", m_folder / "away");
        const auto ended = runCli(m_folder, arguments(run, "fp32", 2) + (resumes ? QStringList("--resume") : continues));
        QVERIFY2(ended.code == 0, ended.messages.constData());
        QVERIFY(weightsOf(run + ".safetensors").size() > 0);
        QVERIFY(weightsOf(run + ".safetensors") == weightsOf("continued.safetensors"));
        QVERIFY(weightsOf(std::filesystem::path(run) / kCheckpointFile) == weightsOf(std::filesystem::path("continued") / kCheckpointFile));
        QCOMPARE(readRun(m_folder / run)->metrics.size(), readRun(m_folder / "continued")->metrics.size());
    }

    void cleanupTestCase()
    {
        qInfo("%d killed, %d times gone on with before the last", m_kills, m_goneOnWith);
        QVERIFY(m_kills >= 20);
    }
};

QTEST_GUILESS_MAIN(KilledTrainingTest)
#include "killed_training_test.moc"
