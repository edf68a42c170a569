#pragma once

#include "ui/data/image_filter.h"
#include "widgets/chip_row.h"

namespace whisker {

class ProjectSession;
class SuggestionController;

/// The chips above the grid: all pictures, those of each class, those without label, those of which the model says something, and those with which something is
/// wrong; each with its count, and with what it lets through.
class PictureChips : public ChipRow {
    Q_OBJECT
public:
    explicit PictureChips(const ProjectSession &session, QWidget *parent = nullptr);

    void followSuggestions(const SuggestionController &suggestions); ///< `suggestions` outlives this.
    void showCounts(const ImageCounts &counts);
    void showAll();
    void showClass(ClassId id);
    bool showsSuggestions() const; ///< Pictures without label, with what the model says of them.
    bool showsGuesses() const;     ///< Those, or the ones whose label the model would not give.
    /// Sets its kind and class; where the model says which, also the pictures and their order.
    void applyTo(ImageFilter &filter) const;

private:
    void addGuesses(std::vector<ChipItem> &chips) const;
    void applyGuesses(ImageFilter &filter) const;

    const ProjectSession &m_session;
    const SuggestionController *m_suggestions = nullptr;
};

} // namespace whisker
