#include "ui/data/picture_facts.h"

#include "ui/texts.h"
#include "widgets/sentence_label.h"
#include "widgets/text_label.h"

#include <QDateTime>
#include <QFormLayout>
#include <QLocale>
#include <cmath>

namespace whisker {

namespace {

constexpr int kWidth = 232;

QString timeText(const QDateTime &time) { return QLocale().toString(time, QLocale::ShortFormat); }

QString takenText(const std::string &taken)
{
    const auto time = QDateTime::fromString(fromUtf8(taken), QStringLiteral("yyyy:MM:dd HH:mm:ss"));
    return time.isValid() ? timeText(time) : QString(); // cameras without a clock write zeros
}

QString exposureText(double seconds)
{
    return seconds < 0.4 ? PictureFacts::tr("1/%1 s").arg(std::lround(1 / seconds)) : PictureFacts::tr("%1 s").arg(QLocale().toString(seconds, 'g', 3));
}

} // namespace

PictureFacts::PictureFacts(QWidget *parent) : QWidget(parent), m_rows(new QFormLayout(this))
{
    setAccessibleName(tr("Facts of the picture"));
    setFixedWidth(kWidth);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setHorizontalSpacing(12);
    m_rows->setVerticalSpacing(8);
    m_rows->setRowWrapPolicy(QFormLayout::WrapAllRows);
}

void PictureFacts::add(const QString &caption, const QString &value)
{
    if (value.isEmpty())
        return;
    auto *name = new TextLabel(caption, Tone::Quiet, this);
    name->setSize(11);
    auto *text = new SentenceLabel(this);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    text->setText(QString(value).replace(QLatin1Char('/'), QStringLiteral("/\u200b"))); // a path may wrap at its folders
    text->setAccessibleName(caption);
    text->setProperty("value", value);
    m_rows->addRow(name, text);
}

void PictureFacts::showFacts(const ImageRecord &image)
{
    clear();
    add(tr("File"), fromUtf8(image.name));
    add(tr("Folder"), displayText(*image.folder));
    if (image.width > 0)
        add(tr("Size"), tr("%1 × %2, %3 megapixels").arg(image.width).arg(image.height).arg(QLocale().toString(image.width * 1e-6 * image.height, 'f', 1)));
    add(tr("File size"), QLocale().formattedDataSize(image.bytes, 1, QLocale::DataSizeSIFormat));
    add(tr("Changed"), timeText(QDateTime::fromMSecsSinceEpoch(image.modifiedNs / 1'000'000)));
    m_thread.add([this, file = image.file(), shown = m_shown] {
        auto facts = readExif(file).value_or(ExifFacts{}); // why a file can't be read stands where the picture would be
        QMetaObject::invokeMethod(this, [this, facts = std::move(facts), shown] {
            if (shown == m_shown)
                addExif(facts);
        }, Qt::QueuedConnection);
    });
}

void PictureFacts::addExif(const ExifFacts &facts)
{
    m_ready = true;
    add(tr("Taken"), takenText(facts.taken));
    add(tr("Camera"), fromUtf8(facts.camera));
    add(tr("Lens"), fromUtf8(facts.lens));
    const QLocale locale;
    QStringList exposure;
    if (facts.exposureSeconds)
        exposure.append(exposureText(*facts.exposureSeconds));
    if (facts.aperture)
        exposure.append(tr("f/%1").arg(locale.toString(*facts.aperture, 'g', 3)));
    if (facts.iso)
        exposure.append(tr("ISO %1").arg(*facts.iso));
    add(tr("Exposure"), exposure.join(QStringLiteral(", ")));
    if (facts.focalLengthMm)
        add(tr("Focal length"), tr("%1 mm").arg(locale.toString(*facts.focalLengthMm, 'g', 4)));
}

void PictureFacts::clear()
{
    ++m_shown;
    m_ready = false;
    while (m_rows->rowCount() > 0)
        m_rows->removeRow(0);
}

QString PictureFacts::valueOf(const QString &caption) const
{
    for (const auto *label : findChildren<SentenceLabel *>()) {
        if (label->accessibleName() == caption)
            return label->property("value").toString();
    }
    return {};
}

} // namespace whisker
