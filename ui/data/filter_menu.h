#pragma once

#include "ui/data/image_filter.h"

#include <QCoreApplication>
#include <functional>

class QMenu;

namespace whisker {

/// The words of the parts of a filter, for menus and chips.
struct FilterTexts {
    Q_DECLARE_TR_FUNCTIONS(FilterTexts)
public:
    static QString split(ImageFilter::SplitChoice choice); ///< "Train"; "In no split".
    static QString state(ImageState state);                ///< "Ok", "Cut short", "Unreadable", "Missing".
    static QString unsure();
    static QString group(const std::string &group);
    static QString predicted(const QString &className);                   ///< "Model says cat".
    static QString confidence(const ImageFilter::Confidence &confidence); ///< "Under 50 % sure".
};

/// Fills `menu` anew with what can be combined, `filter` checked in it, and a count beside each as of `images`. `take` gets the filter that was chosen. `ask`
/// null: no model answers, which the menu says instead of what it would say. One pass over the pictures.
void fillFilterMenu(QMenu &menu, const ImageFilter &filter, const std::vector<ImageRecord> &images, const AskModel *ask,
                    const std::function<void(const ImageFilter &)> &take);

} // namespace whisker
