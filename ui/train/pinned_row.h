#pragma once

#include "engine/train/pin_board.h"

#include <QColor>
#include <QImage>
#include <QStringList>
#include <QWidget>
#include <optional>
#include <vector>

class QPen;
class QToolButton;

namespace whisker {

/// `text` in as many lines as there is `room` for, in px; what does not fit is elided at the end of the last.
QStringList linesThatFit(const QString &text, const QFont &font, const QSizeF &room);

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
    /// Forgets the answers of an earlier run. `colours`: index into the palette for each class.
    void begin(const QStringList &classes, const std::vector<int> &colours);
    /// One that has probabilities. Those of later steps go: a run that goes on from a checkpoint takes them anew. That of the model that is kept stands in place of the
    /// latest, and is a point of the curve only where there is no other.
    void addAnswer(const PinnedAnswer &answer);

    QString leader() const; ///< The class of the latest answer; empty before the first.
    double share() const;   ///< Its probability; 0 before the first answer.
    bool showsKept() const { return m_kept.has_value(); } ///< What the model kept says, not the network as it was when last asked.
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
    const PinnedAnswer &shown() const { return m_kept ? *m_kept : m_answers.back(); }
    std::size_t leadingClass() const;
    static std::size_t leadingClass(const PinnedAnswer &answer);
    void addPoint(const PinnedAnswer &answer);
    void addLeader(std::size_t label);
    int colourOf(std::size_t label) const;

    const std::filesystem::path m_file;
    QImage m_picture;
    QStringList m_classes;
    std::vector<int> m_colours;
    std::vector<PinnedAnswer> m_answers; // of this run, each with probabilities
    std::optional<PinnedAnswer> m_kept;  // what the model that is kept says, till a run goes on
    std::vector<std::size_t> m_leaders;  // classes that were on top in one of them, each once
    QToolButton *m_remove;
};

} // namespace whisker
