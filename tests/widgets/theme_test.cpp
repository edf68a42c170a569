#include "widgets/icons.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QLabel>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <cmath>

using namespace whisker;

namespace {

/// WCAG 2.1, "relative luminance".
double luminance(const QColor &colour)
{
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double x = luminance(a);
    const double y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

bool hasColour(const QImage &image, const QColor &colour)
{
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (image.pixelColor(x, y).rgb() == colour.rgb())
                return true;
        }
    }
    return false;
}

} // namespace

class ThemeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Scheme::Light); }
    void init() { Theme::current().setScheme(Scheme::Light); }
    void everyTextCanBeReadOnEveryGround_data();
    void everyTextCanBeReadOnEveryGround();
    void marksOfClassesStandOutFromTheirGround();
    void classesHaveDifferentColoursAndRepeat();
    void aChangeOfSchemeReachesWhatIsOpen();
    void iconsFollowTheSchemeAfterTheyWereGivenAway();
    void everyIconDrawsSomethingAtTwicePixelRatio();
};

void ThemeTest::everyTextCanBeReadOnEveryGround_data()
{
    QTest::addColumn<int>("scheme");
    QTest::newRow("light") << int(Scheme::Light);
    QTest::newRow("dark") << int(Scheme::Dark);
}

void ThemeTest::everyTextCanBeReadOnEveryGround()
{
    QFETCH(int, scheme);
    const ThemeColours &c = Theme::coloursOf(Scheme(scheme));
    for (const QColor &ground : {c.ground, c.panel, c.rail, c.hover, c.accentGround}) {
        for (const Tone tone : {Tone::Text, Tone::Quiet, Tone::Accent, Tone::Good, Tone::Warning, Tone::Bad}) {
            const double found = contrast(c.textOf(tone), ground);
            QVERIFY2(found >= 4.5, qPrintable(QStringLiteral("tone %1 on %2: %3").arg(int(tone)).arg(ground.name()).arg(found)));
        }
    }
    QVERIFY(contrast(c.onAccent, c.accent) >= 4.5);
}

void ThemeTest::marksOfClassesStandOutFromTheirGround()
{
    // WCAG 2.1, 1.4.11: 3:1 for what isn't text.
    for (const Scheme scheme : {Scheme::Light, Scheme::Dark}) {
        const ThemeColours &c = Theme::coloursOf(scheme);
        for (const QColor &colour : c.classes)
            QVERIFY2(contrast(colour, c.panel) >= 3.0, qPrintable(colour.name()));
    }
}

void ThemeTest::classesHaveDifferentColoursAndRepeat()
{
    QSet<QRgb> seen;
    for (int i = 0; i < 8; ++i)
        seen.insert(classColour(i).rgb());
    QCOMPARE(seen.size(), 8);
    QCOMPARE(classColour(8), classColour(0));
    QCOMPARE(classColour(-1), Theme::current().colours().quietText);
}

void ThemeTest::aChangeOfSchemeReachesWhatIsOpen()
{
    QWidget window;
    window.resize(40, 40);
    window.show();
    QSignalSpy changed(&Theme::current(), &Theme::changed);
    Theme::current().setScheme(Scheme::Dark);
    QCOMPARE(changed.size(), 1);
    QVERIFY(Theme::current().isDark());
    QCOMPARE(window.grab().toImage().pixelColor(20, 20).name(), Theme::coloursOf(Scheme::Dark).ground.name());
}

void ThemeTest::iconsFollowTheSchemeAfterTheyWereGivenAway()
{
    const QIcon kept = icon(Icon::Stop);
    QVERIFY(hasColour(kept.pixmap(24).toImage(), Theme::coloursOf(Scheme::Light).text));
    Theme::current().setScheme(Scheme::Dark);
    QVERIFY(hasColour(kept.pixmap(24).toImage(), Theme::coloursOf(Scheme::Dark).text));
}

void ThemeTest::everyIconDrawsSomethingAtTwicePixelRatio()
{
    for (int i = 0; i <= int(Icon::More); ++i) {
        const QPixmap pixmap = iconPixmap(Icon(i), 24, Qt::red, 2.0);
        QCOMPARE(pixmap.size(), QSize(48, 48));
        QVERIFY2(hasColour(pixmap.toImage(), Qt::red), qPrintable(QString::number(i)));
    }
}

QTEST_MAIN(ThemeTest)
#include "theme_test.moc"
