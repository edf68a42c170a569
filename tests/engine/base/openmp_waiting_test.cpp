#include <QProcess>
#include <QTest>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr const char *kTell = "--tell";

const char *variable(const char *name)
{
    const char *const value = std::getenv(name);
    return value ? value : "";
}

} // namespace

/// What a program that is linked as Whisker's are finds in its environment. The program is this one, started with kTell.
class OpenMpWaitingTest : public QObject {
    Q_OBJECT

    struct Started {
        int exitCode = -1;
        QByteArray output{};
        qint64 process = 0;
    };

    static Started start(const QStringList &variables)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(QStringLiteral("GOMP_SPINCOUNT"));
        environment.remove(QStringLiteral("OMP_WAIT_POLICY"));
        for (const QString &variable : variables)
            environment.insert(variable.section(QLatin1Char('='), 0, 0), variable.section(QLatin1Char('='), 1));
        QProcess program;
        program.setProcessEnvironment(environment);
        program.start(QCoreApplication::applicationFilePath(), {QString::fromLatin1(kTell), QStringLiteral("a \"quoted\" ö")});
        if (!program.waitForStarted())
            return {};
        const qint64 process = program.processId();
        program.waitForFinished();
        return {program.exitCode(), program.readAllStandardOutput(), process};
    }

private Q_SLOTS:
    void threadsSpinBrieflyUnlessTold()
    {
        const Started started = start({});
        QCOMPARE(started.exitCode, 0);
        QVERIFY2(started.output.contains("spin=10000 policy= "), started.output);
    }

    void theProcessAndItsArgumentsStayWhatTheyWere()
    {
        const Started started = start({});
        QVERIFY2(started.output.contains("argument=a \"quoted\" ö process=" + QByteArray::number(started.process)), started.output);
    }

    void whoeverSetsTheSpinningIsObeyed()
    {
        QVERIFY(start({QStringLiteral("GOMP_SPINCOUNT=77")}).output.contains("spin=77 policy= "));
    }

    void whoeverSetsThePolicyIsObeyed()
    {
        QVERIFY(start({QStringLiteral("OMP_WAIT_POLICY=active")}).output.contains("spin= policy=active "));
    }
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 3 && std::strcmp(argv[1], kTell) == 0) {
        std::printf("spin=%s policy=%s argument=%s process=%lld\n", variable("GOMP_SPINCOUNT"), variable("OMP_WAIT_POLICY"), argv[2],
                    static_cast<long long>(QCoreApplication::applicationPid()));
        return EXIT_SUCCESS;
    }
    OpenMpWaitingTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "openmp_waiting_test.moc"
