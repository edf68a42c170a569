#pragma once

#include <QWidget>
#include <optional>

class QProgressBar;

namespace whisker {

class TextLabel;

/// The thin line at the foot of the window: project and its summary or what runs, device and memory.
class StatusLine : public QWidget {
    Q_OBJECT
public:
    explicit StatusLine(QWidget *parent = nullptr);

    void setProject(const QString &name);
    void setSummary(const QString &text); ///< "370 pictures, 2 classes"; steps aside while something runs.
    /// `share` 0..1; without one the bar shows that it is not known. `left` is a finished text: "about 2 min left".
    void setActivity(const QString &text, std::optional<double> share = std::nullopt, const QString &left = {});
    void clearActivity();
    void setDevice(const QString &text); ///< "CPU, 2 threads, bf16"
    void setMemory(const QString &text); ///< "412 MB"

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    TextLabel *m_project;
    TextLabel *m_summary;
    TextLabel *m_activity;
    QProgressBar *m_progress;
    TextLabel *m_left;
    TextLabel *m_device;
    TextLabel *m_memory;
};

} // namespace whisker
