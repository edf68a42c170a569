#include "engine/base/counter_random.h"
#include "engine/image/decode.h"
#include "engine/image/decode_to_augment.h"
#include "engine/image/preprocess.h"
#include "engine/image/thumbnail.h"

#include "tests/engine/image/sample_files.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <cstdio>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace whisker;
using namespace whisker::test;

namespace {

/// Sends what is written to file descriptor 2 into a file until text() is asked for.
class CapturedStderr {
public:
    explicit CapturedStderr(const std::filesystem::path &file) : m_file(file), m_saved(::dup(2))
    {
        const int target = ::open(file.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
        ::dup2(target, 2);
        ::close(target);
    }
    CapturedStderr(const CapturedStderr &) = delete;
    CapturedStderr &operator=(const CapturedStderr &) = delete;
    ~CapturedStderr() { restore(); }
    std::string text()
    {
        restore();
        return fileBytes(m_file);
    }

private:
    void restore()
    {
        if (m_saved < 0)
            return;
        std::fflush(stderr);
        ::dup2(m_saved, 2);
        ::close(m_saved);
        m_saved = -1;
    }
    std::filesystem::path m_file;
    int m_saved;
};

struct Broken {
    const char *name;
    std::string bytes;
    ErrorCode code;
};

std::vector<Broken> brokenPictures()
{
    using enum ErrorCode;
    const auto image = waves(160, 120);
    const auto cut = [](const std::string &bytes, double share) { return bytes.substr(0, static_cast<std::size_t>(static_cast<double>(bytes.size()) * share)); };
    std::vector<Broken> broken{
        {"empty.jpg", "", BadFormat},
        {"text.jpg", "Dear diary, today I saw a fox.\n", BadFormat},
        {"bm-text.bmp", "BM is how this text begins, and it goes on for a while.", BadFormat},
        {"xml.jpg", "<?xml version=\"1.0\"?><VRTDataset rasterXSize=\"1\"/>", BadFormat},
        {"drawing.jpg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", BadFormat},
        {"zeros.png", std::string(4000, '\0'), BadFormat},
        {"phone.heic", std::string("\0\0\0\x18", 4) + "ftypheic" + std::string(100, 'x'), BadFormat},
        {"one-byte.jpg", "\xFF", BadFormat},
        {"start-only.jpg", "\xFF\xD8\xFF", Unreadable},
        {"noise.jpg", "\xFF\xD8\xFF\xE0" + std::string(500, 'j'), Unreadable},
        {"noise.png", "\x89PNG\r\n\x1A\n" + std::string(500, 'p'), Unreadable},
        {"noise.gif", "GIF89a" + std::string(500, 'g'), Unreadable},
        {"noise.webp", "RIFF\x10\x10\x10\x10WEBP" + std::string(500, 'w'), Unreadable},
        {"noise.tif", std::string("II*\0", 4) + std::string(500, 't'), Unreadable},
        {"noise.ppm", "P6 what is this", Unreadable},
        {"bomb.png", pngHeaderOnly(40000, 40000), Unsupported},
        {"promise.png", pngHeaderOnly(20000, 20000), Unreadable},
        {"promise.jpg", std::string(encoded(image, ".jpg")).replace(encoded(image, ".jpg").find("\xFF\xC0") + 5, 4, "\x40\x10\x40\x10"), Unreadable},
        {"bomb.jpg", std::string(encoded(image, ".jpg")).replace(encoded(image, ".jpg").find("\xFF\xC0") + 5, 4, "\x80\x10\x80\x10"), Unsupported},
        {"bomb.ppm", "P6 99999999 99999999 255\n", Unsupported},
        {"promise.ppm", "P6 20000 20000 255\n", Unreadable},
        {"line.ppm", "P5 500000000 1 255\n", Unreadable},
        {"bomb.bmp", bmpHeader(2'000'000'000, 2'000'000'000, 24, 0, 0), Unsupported},
        {"promise.bmp", bmpHeader(20000, 20000, 24, 0, 0), Unreadable},
        {"odd.bmp", bmpHeader(20, 20, 7, 0, 0), Unreadable},
        {"nothing.bmp", bmpHeader(0, 0, 24, 0, 0), Unreadable},
        {"bomb.gif", "GIF89a" + std::string("\xFF\xFF\xFF\xFF\0\0\0,\0\0\0\0\xFF\xFF\xFF\xFF\0\2", 18), Unsupported},
        {"cut.jpg", cut(encoded(image, ".jpg"), 0.35), Unreadable},
        {"cut-progressive.jpg", cut(progressiveJpeg(image), 0.12), Unreadable},
        {"cut.png", cut(encoded(image, ".png"), 0.3), Unreadable},
        {"cut.bmp", cut(encoded(image, ".bmp"), 0.3), Unreadable},
        {"cut.webp", cut(encoded(image, ".webp"), 0.5), Unreadable},
        {"cut.tif", cut(encoded(image, ".tiff"), 0.3), Unreadable},
        {"cut.gif", cut(animatedGif({fourColours(200, 200)}), 0.3), Unreadable},
        {"cut.ppm", cut(encoded(image, ".ppm"), 0.3), Unreadable},
    };
    return broken;
}

} // namespace

class BrokenPictureTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyBrokenFileGetsASentenceWithItsName_data();
    void everyBrokenFileGetsASentenceWithItsName();
    void theSentenceSaysWhatTheFileIsInstead();
    void nothingIsPrinted();
    void damagedBytesNeverCrash();
    void aPictureCutInItsLaterHalfIsKept_data();
    void aPictureCutInItsLaterHalfIsKept();
    void aJpegThatOnlyLacksItsEndMarkerIsWhole();
    void aProgressiveJpegCutInItsLaterScansIsKept();
    void whatIsNoFileIsAnError();
    void aFileWithoutPermissionIsAnError();
    void aJpegOfThousandsOfScansIsRefused();
    void aLargeFileThatIsNoPictureIsNotRead();
};

void BrokenPictureTest::everyBrokenFileGetsASentenceWithItsName_data()
{
    QTest::addColumn<std::string>("name");
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<ErrorCode>("code");
    for (const auto &broken : brokenPictures())
        QTest::newRow(broken.name) << std::string(broken.name) << broken.bytes << broken.code;
}

void BrokenPictureTest::everyBrokenFileGetsASentenceWithItsName()
{
    QFETCH(std::string, name);
    QFETCH(std::string, bytes);
    QFETCH(ErrorCode, code);
    const TestFolder folder;
    const auto file = folder.write(name, bytes);
    const auto decoded = decodeFile(file);
    QVERIFY(!decoded);
    QVERIFY2(decoded.error().code == code, decoded.error().message.c_str());
    QCOMPARE(decoded.error().file, file);
    QVERIFY2(decoded.error().message.starts_with(file.native() + " "), decoded.error().message.c_str());
    QVERIFY(decoded.error().message.ends_with("."));
    QVERIFY(!loadPreprocessed(file, {}));
    QCOMPARE(decodedToAugment(bytesOf(bytes), file, 64).error().message, decoded.error().message);
    QVERIFY(!thumbnail(file, 64, folder / "cache"));
}

void BrokenPictureTest::theSentenceSaysWhatTheFileIsInstead()
{
    const auto sentence = [](const std::string &bytes) { return decodeImage(bytesOf(bytes), "cat.jpg").error().message; };
    QCOMPARE(sentence(""), "cat.jpg is empty (0 bytes). Replace it with a good copy or take it out.");
    QCOMPARE(sentence("<svg/>"), "cat.jpg is no picture that can be read: it is an SVG drawing. Save it as JPEG or PNG, or take it out.");
    QCOMPARE(sentence("Hello, this is no picture."), "cat.jpg is no picture that can be read: it is a text. Save it as JPEG or PNG, or take it out.");
    QCOMPARE(sentence("P6 30000 30000 255\n"), "cat.jpg can't be decoded as PNM: its header says 30000 x 30000 pixels, and at most 500 million are "
                                               "read. Make it smaller or take it out.");
}

void BrokenPictureTest::nothingIsPrinted()
{
    const TestFolder folder;
    std::vector<std::filesystem::path> files;
    for (const auto &broken : brokenPictures())
        files.push_back(folder.write(broken.name, broken.bytes));
    CapturedStderr captured(folder / "stderr");
    for (const auto &file : files) {
        (void)decodeFile(file);
        (void)readHeader(file);
        if (const auto content = readPictureFile(file))
            (void)decodedToAugment(*content, file, 64);
        (void)thumbnail(file, 64, folder / "cache");
    }
    QCOMPARE(captured.text(), "");
}

void BrokenPictureTest::damagedBytesNeverCrash()
{
    const auto image = waves(40, 30);
    std::vector<std::string> files{animatedGif({fourColours(40, 30)}), animatedWebP({image, fourColours(40, 30)}), progressiveJpeg(image),
                                   cmykJpeg(40, 30, {1, 2, 3, 4}, true, true), tiff(40, 30, {.bits = 12, .samples = 3}, std::string(180, 'a'))};
    for (const char *extension : {".jpg", ".png", ".bmp", ".webp", ".tiff", ".ppm"})
        files.push_back(encoded(image, extension));
    const TestFolder folder;
    CapturedStderr captured(folder / "stderr");
    CounterRandom random(42);
    int answered = 0;
    for (const auto &file : files)
        for (int round = 0; round < 60; ++round) {
            std::string damaged = file;
            for (int i = 0; i < 5; ++i) // mostly near the start, where the structure is
                damaged[random.below(random.below(2) ? damaged.size() : std::min<std::size_t>(200, damaged.size()))] = static_cast<char>(random.next());
            const auto decoded = decodeImage(bytesOf(damaged), "damaged");
            answered += decoded ? !decoded->rgb.empty() : !decoded.error().message.empty();
        }
    QCOMPARE(captured.text(), "");
    QCOMPARE(answered, 60 * static_cast<int>(files.size()));
}

void BrokenPictureTest::aPictureCutInItsLaterHalfIsKept_data()
{
    QTest::addColumn<std::string>("bytes");
    const auto image = waves(160, 120);
    QTest::newRow("JPEG") << encoded(image, ".jpg");
    QTest::newRow("PNG") << encoded(image, ".png");
    QTest::newRow("PPM") << encoded(image, ".ppm");
}

void BrokenPictureTest::aPictureCutInItsLaterHalfIsKept()
{
    QFETCH(std::string, bytes);
    const auto whole = decodeImage(bytesOf(bytes), "a");
    const auto decoded = decodeImage(bytesOf(bytes).first(bytes.size() * 3 / 4), "a");
    QVERIFY2(decoded, errorText(decoded));
    QVERIFY(decoded->truncated);
    QVERIFY(!decoded->note.empty());
    QCOMPARE(decoded->rgb.height, 120);
    for (const int y : {0, 30, 50}) // the upper rows are what they were
        QVERIFY(std::equal(decoded->rgb.row(y), decoded->rgb.row(y + 1), whole->rgb.row(y)));
}

void BrokenPictureTest::aJpegThatOnlyLacksItsEndMarkerIsWhole()
{
    for (const auto &bytes : {encoded(waves(160, 120), ".jpg"), progressiveJpeg(waves(160, 120))}) {
        const auto whole = decodeImage(bytesOf(bytes), "a.jpg");
        const auto decoded = decodeImage(bytesOf(bytes).first(bytes.size() - 2), "a.jpg");
        QVERIFY2(decoded, errorText(decoded));
        QVERIFY2(!decoded->truncated, decoded->note.c_str());
        QCOMPARE(decoded->rgb, whole->rgb);
    }
}

void BrokenPictureTest::aProgressiveJpegCutInItsLaterScansIsKept()
{
    const auto bytes = progressiveJpeg(waves(160, 120));
    const auto decoded = decodeImage(bytesOf(bytes).first(bytes.size() * 3 / 4), "a.jpg");
    QVERIFY2(decoded, errorText(decoded));
    QVERIFY(decoded->truncated);
    QVERIFY(meanDifference(decoded->rgb, waves(160, 120)) < 20);
}

void BrokenPictureTest::whatIsNoFileIsAnError()
{
    const TestFolder folder;
    std::filesystem::create_symlink(folder / "gone.jpg", folder / "link.jpg");
    QCOMPARE(::mkfifo((folder / "pipe.jpg").c_str(), 0600), 0);
    QCOMPARE(decodeFile(folder.path()).error().code, ErrorCode::Unreadable);
    QCOMPARE(decodeFile(folder / "pipe.jpg").error().code, ErrorCode::Unreadable);
    QCOMPARE(decodeFile(folder / "gone.jpg").error().code, ErrorCode::NotFound);
    const auto link = decodeFile(folder / "link.jpg");
    QCOMPARE(link.error().code, ErrorCode::NotFound);
    QVERIFY(link.error().message.find("is a link to a file that isn't there") != std::string::npos);
    QCOMPARE(readHeader(folder.path()).error().code, ErrorCode::Unreadable);
    QCOMPARE(readHeader(folder / "gone.jpg").error().code, ErrorCode::NotFound);
}

void BrokenPictureTest::aFileWithoutPermissionIsAnError()
{
    const TestFolder folder;
    const auto file = folder.write("secret.jpg", encoded(solid(8, 8, kRed), ".jpg"));
    std::filesystem::permissions(file, std::filesystem::perms::none);
    std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all | std::filesystem::perms::others_exec);
    const pid_t child = ::fork(); // permissions don't bind root, so a child becomes nobody
    if (child == 0) {
        if (::geteuid() == 0 && ::setuid(65534) != 0)
            ::_exit(2);
        const auto decoded = decodeFile(file);
        const bool right = !decoded && decoded.error().code == ErrorCode::PermissionDenied;
        ::_exit(right && !decoded.error().message.empty() ? 0 : 1);
    }
    int status = -1;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 0);
}

void BrokenPictureTest::aJpegOfThousandsOfScansIsRefused()
{
    const auto bytes = progressiveJpeg(solid(8, 8, kRed));
    const auto lastScan = bytes.rfind("\xFF\xDA");
    std::string many = bytes.substr(0, lastScan);
    for (int i = 0; i < 2000; ++i)
        many += bytes.substr(lastScan, bytes.size() - 2 - lastScan);
    const auto decoded = decodeImage(bytesOf(many + "\xFF\xD9"), "scans.jpg");
    QVERIFY(!decoded);
    QVERIFY2(decoded.error().message.find("more than 500 scans") != std::string::npos, errorText(decoded));
}

void BrokenPictureTest::aLargeFileThatIsNoPictureIsNotRead()
{
    const TestFolder folder;
    const auto file = folder.write("film.mp4", std::string("\0\0\0\x18", 4) + "ftypisom" + std::string(1000, 'x'));
    std::filesystem::resize_file(file, std::uintmax_t(100) << 30); // sparse
    QCOMPARE(decodeFile(file).error().code, ErrorCode::BadFormat);
    QCOMPARE(readHeader(file).error().code, ErrorCode::BadFormat);
}

QTEST_GUILESS_MAIN(BrokenPictureTest)
#include "broken_picture_test.moc"
