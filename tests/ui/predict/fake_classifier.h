#pragma once

#include "ui/predict/inference_controller.h"

namespace whisker::test {

/// Says "cat" with 90 % to everything, under the name of its model file. One called "breeds" knows fourteen classes with long names and says
/// "cat" to all, one called "broken" can't be loaded.
class FakeClassifier : public PictureClassifier {
public:
    explicit FakeClassifier(const std::filesystem::path &file)
    {
        m_summary.file = file;
        m_summary.classes = {"cat", "dog"};
        m_summary.recipe = "Quick model";
        m_summary.testAccuracy = 0.982;
        m_catIndex = file.filename() == "dogs" ? 1 : 0;
        if (file.filename() == "breeds")
            m_summary.classes = {"cat", "dog", "american_pit_bull_terrier", "Egyptian_Mau", "staffordshire_bull_terrier", "wheaten_terrier", "British_Shorthair",
                                 "Russian_Blue", "great_pyrenees", "japanese_chin", "Maine_Coon", "newfoundland", "saint_bernard", "yorkshire_terrier"};
    }
    const ModelSummary &summary() const override { return m_summary; }
    int shortEdgePx() const override { return 64; }
    Result<PictureAnswer> classify(const RgbImage &, int) override
    {
        PictureAnswer answer;
        answer.probabilities.assign(std::size_t(m_summary.classes.size()), 0.1 / double(m_summary.classes.size() - 1));
        answer.probabilities[std::size_t(m_catIndex)] = 0.9;
        answer.classIndex = m_catIndex;
        answer.networkMs = 2.1;
        answer.readMs = 3.4;
        return answer;
    }

private:
    ModelSummary m_summary;
    int m_catIndex;
};

inline Result<std::unique_ptr<PictureClassifier>> loadFake(const std::filesystem::path &file)
{
    if (file.filename() == "broken")
        return fail(ErrorCode::BadFormat, "broken: not a model of Whisker, train another", file);
    return std::make_unique<FakeClassifier>(file);
}

} // namespace whisker::test
