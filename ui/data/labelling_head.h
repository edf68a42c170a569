#pragma once

#include <QWidget>

namespace whisker {

class Button;
class TextLabel;
struct ImageRecord;

/// Above a picture that is being labelled: how far the round is, what is known of the picture, what was done last, and the way out.
class LabellingHead : public QWidget {
    Q_OBJECT
public:
    explicit LabellingHead(QWidget *parent = nullptr);

    void showCount(std::size_t labelled, std::size_t pictures);
    QString count() const; ///< "3 of 20 labelled"
    /// `image` may be null; `className` and `guess` may be empty.
    void describe(const ImageRecord *image, const QString &className, const QString &guess);
    QString facts() const;
    void say(const QString &text);
    QString said() const;
    void setLeaveShown(bool shown);

Q_SIGNALS:
    void leaveWanted();

private:
    TextLabel *m_count;
    TextLabel *m_facts;
    TextLabel *m_said;
    Button *m_leave;
};

} // namespace whisker
