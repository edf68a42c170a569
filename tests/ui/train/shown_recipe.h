#pragma once

#include "ui/train/recipe_card.h"
#include "ui/train/recipe_panel.h"

namespace whisker::test {

/// Answers at once.
inline SetupFunctions instantly()
{
    SetupFunctions functions;
    functions.measure = [](std::string_view, std::stop_token) -> Result<NetworkSpeed> { return NetworkSpeed{50, 400}; };
    return functions;
}

inline RecipeCard *card(RecipePanel &panel, const QString &title)
{
    for (RecipeCard *candidate : panel.findChildren<RecipeCard *>())
        if (candidate->text() == title)
            return candidate;
    return nullptr;
}

} // namespace whisker::test
