#pragma once

#include "engine/train/pin_board.h"

#include <QColor>
#include <QImage>
#include <QStringList>
#include <QWidget>
#include <vector>

class QPen;
class QToolButton;

namespace whisker {

/// One pinned picture: its thumbnail, the class the network leans to, how sure it is, and how sure it was over the run of each class that it ever leant to, a line in the
/// colour of each. GUI thread.
class PinnedRow : public QWidget {
    Q_OBJECT
public:
    static constexpr int kHeight = 60;
    static constexpr int kThumbnailPx = 52;
    PinnedRow(std::filesystem::path file, QWidget *parent);

    const std::filesystem::path &file() const { return m_file; }
    void setThumbnail(const QImage &picture);
    void setError(const QString &sentence); ///< In place of the answers.
    /// Forgets the answers of an earlier run. `colours`: index into the palette for each class.
    void begin(const QStringList &classes, const std::vector<int> &colours);
    void addAnswer(const PinnedAnswer &answer); ///< Those of later steps go: a run that goes on from a checkpoint takes them anew.

    QString leader() const;                          ///< The class of the latest answer; empty before the first.
    double share() const;                            ///< Its probability; 0 before the first answer.
    QString error() const { return m_error; }
    int answerCount() const { return int(m_answers.size()); }
    QStringList leaders() const; ///< The classes that were on top in one of the answers, each once: those with a line.
    QSize sizeHint() const override { return {240, kHeight}; }

Q_SIGNALS:
    void removeWished();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void describe();
    void paintThumbnail(QPainter &painter) const;
    void paintCurves(QPainter &painter, const QRectF &area) const;
    void paintCurve(QPainter &painter, const QRectF &area, std::size_t label, const QPen &pen) const;
    std::size_t leadingClass() const;
    static std::size_t leadingClass(const PinnedAnswer &answer);
    void addLeader(std::size_t label);
    int colourOf(std::size_t label) const;

    const std::filesystem::path m_file;
    QImage m_picture;
    QString m_error;
    QStringList m_classes;
    std::vector<int> m_colours;
    std::vector<PinnedAnswer> m_answers; // of this run, each with probabilities
    std::vector<std::size_t> m_leaders;  // classes that were on top in one of them, each once
    QToolButton *m_remove;
};

} // namespace whisker
