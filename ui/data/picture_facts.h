#pragma once

#include "engine/data/project_values.h"
#include "engine/image/exif.h"
#include "ui/job_thread.h"

#include <QWidget>

class QFormLayout;

namespace whisker {

/// A quiet column: what the project knows of a picture's file, and what its camera wrote into it, read on a thread of its own.
class PictureFacts : public QWidget {
    Q_OBJECT
public:
    explicit PictureFacts(QWidget *parent = nullptr);

    void showFacts(const ImageRecord &image);
    void clear(); ///< What is still read is not shown any more.
    QString valueOf(const QString &caption) const; ///< Empty where it isn't there.
    bool isReady() const { return m_ready; } ///< The file has been read.

private:
    void add(const QString &caption, const QString &value);
    void addExif(const ExifFacts &facts);

    QFormLayout *m_rows;
    int m_shown = 0; // counts showFacts() and clear(): what was read for another picture is dropped
    bool m_ready = false;
    JobThread m_thread{JobThread::AtEnd::Drop}; // last: joined first
};

} // namespace whisker
