#include "engine/train/training_preprocessing.h"

#include "engine/train/internal/recipe.h"

namespace whisker {

Result<Preprocessing> trainingPreprocessing(const TrainConfig &config)
{
    const auto full = completed(config);
    if (!full)
        return std::unexpected(full.error());
    return internal::preprocessingFor(*full);
}

} // namespace whisker
