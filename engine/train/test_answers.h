#pragma once

#include "engine/base/result.h"
#include "engine/image/content_hash.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace whisker {

/// In the folder of a run that was tested: what its model said of each test picture.
inline constexpr const char *kTestAnswersFile = "test.jsonl";

struct TestAnswer {
    std::string file{};       ///< Where the picture lay then: for people, as pathText().
    std::string label{};      ///< The name of its class.
    std::string answer{};     ///< The name of the class that the model took it for.
    double probability = 0.0; ///< That the model gave for it, [0, 1].
    ContentHash picture{};

    bool right() const { return answer == label; }
    bool operator==(const TestAnswer &) const = default;
};

/// A JSON object a line: {"file", "label", "answer", "probability", "hash"}, probabilities to six places. Whole or not at all. Errors: as writeFileAtomically().
Result<void> writeTestAnswers(const std::filesystem::path &runFolder, const std::vector<TestAnswer> &answers);
/// Unknown fields are ignored. Errors: NotFound, PermissionDenied, Unreadable, BadFormat (also where the last line has no end); each names the file. Any thread.
Result<std::vector<TestAnswer>> readTestAnswers(const std::filesystem::path &runFolder);

/// Of pictures that two models were asked, with the same label.
struct PairedAnswers {
    std::size_t pictures = 0;
    std::size_t bothRight = 0;
    std::size_t onlyFirst = 0;  ///< That the first alone got right.
    std::size_t onlySecond = 0;

    bool operator==(const PairedAnswers &) const = default;
};
/// Pictures are known by content and label, in any order; one that stands more than once counts as often as in both. n log n.
PairedAnswers pairedAnswers(const std::vector<TestAnswer> &first, const std::vector<TestAnswer> &second);

} // namespace whisker
