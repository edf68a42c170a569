#pragma once

#include <QString>
#include <QWidget>
#include <filesystem>
#include <map>

class QPlainTextEdit;
class QTimer;

namespace whisker {

class SentenceLabel;

/// The note of a run, to be read and written. What is typed is given to be kept by itself: after a pause, when the keyboard leaves the field, when another run is
/// shown, and by keepNow(). What is too long, or could not be kept, stays here for its run until it can be.
class NoteEditor : public QWidget {
    Q_OBJECT
public:
    static constexpr int kPauseMs = 800;
    explicit NoteEditor(QWidget *parent = nullptr);

    /// The note of the run in `folder`; an empty folder: of none. What a person types at this moment is not replaced.
    void showNote(const std::filesystem::path &folder, const QString &note);
    void setReadOnly(bool readOnly); ///< It can be read, but not written.
    void keepNow();
    /// The same when all is closed: of a note that is too long its beginning, which is more than nothing.
    void keepAtEnd();
    void setKept(const std::filesystem::path &folder);                          ///< What was wished last is kept.
    void setFailed(const std::filesystem::path &folder, const QString &note, const QString &sentence); ///< `note` could not be kept, and why.
    void forget(const std::filesystem::path &folder); ///< Its run was deleted.

    QString text() const;
    QString message() const; ///< Below the field: kept, too long, or why it isn't kept.
    QPlainTextEdit *field() const { return m_field; }

Q_SIGNALS:
    void keepWished(const std::filesystem::path &folder, const QString &note);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void typed();
    void say();
    QPlainTextEdit *m_field;
    SentenceLabel *m_message;
    QTimer *m_pause;
    std::filesystem::path m_folder;
    QString m_given;      // as shown or given to be kept last
    QString m_said;       // of m_folder: what became of it
    bool m_taking = false; // a note is shown: nobody types
    bool m_bad = false;
    std::map<std::filesystem::path, QString> m_unkept; // that are too long or could not be kept
};

} // namespace whisker
