#pragma once

#include "widgets/buttons.h"

namespace whisker::test {

/// The one that is seen on the page; null where there is none.
inline Button *button(QWidget &page, const QString &text)
{
    for (Button *candidate : page.findChildren<Button *>())
        if (candidate->text() == text && candidate->isVisibleTo(&page))
            return candidate;
    return nullptr;
}

} // namespace whisker::test
