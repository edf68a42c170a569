#pragma once

#include <QRect>
#include <QString>
#include <QStringList>
#include <QWidget>
#include <vector>

namespace whisker {

/// One thing with its value, or with a value for each of some things that are compared.
struct FactLine {
    QString name;
    QStringList values;
    bool stressed = false; ///< Stands out among the lines of its section.
};

struct FactSection {
    QString title;
    QStringList heads; ///< Over the values; empty where there is one of each.
    std::vector<FactLine> lines;
};

/// Sections of names and values, in as many columns below and beside each other as there is room for; one that goes on in the next column has its title there once
/// more. What is too long ends in "..." and is its tooltip.
class FactSheet : public QWidget {
    Q_OBJECT
public:
    static constexpr int kTitleHeight = 26; ///< Of a section.
    /// Columns are at least `leastColumn` px wide; 0: there is one, as wide as the sheet.
    explicit FactSheet(int leastColumn = 0, QWidget *parent = nullptr);

    void setSections(std::vector<FactSection> sections);
    const std::vector<FactSection> &sections() const { return m_sections; }
    /// All of it, one line a fact with tabs between its values.
    QString text() const;
    /// Of the first line of that name; empty where there is none.
    QString value(const QString &name, int index = 0) const;
    int columnsAt(int width) const;

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    enum class Kind { Title, TitleAgain, Heads, Line };
    struct Placed {
        Kind kind;
        QRect area; ///< From placedWithin() its left is the number of its column.
        const FactSection *section;
        const FactLine *line; ///< Of Kind::Line.
    };
    std::vector<Placed> placedWithin(int limit, int columns, bool broken) const;
    std::vector<Placed> lowest(int columns, bool broken) const;
    std::vector<Placed> placed(int width) const;
    QList<QRect> cells(const Placed &place) const;
    void paintCells(QPainter &painter, const Placed &place) const;

    const int m_leastColumn;
    std::vector<FactSection> m_sections;
    int m_widestName = 0; // px, where values are compared
};

} // namespace whisker
