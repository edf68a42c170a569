#pragma once

#include "engine/train/run_folder.h"
#include "engine/train/test_answers.h"

#include <optional>
#include <string>
#include <vector>

namespace whisker {

/// One thing of two runs, as a person reads it.
struct RunLineOfTwo {
    std::string name{};   ///< "Learning rate".
    std::string first{};  ///< "0.001"; empty where the run has none.
    std::string second{};
    bool same() const { return first == second; }
    bool operator==(const RunLineOfTwo &) const = default;
};

/// What became of a difference on the test pictures: may it be chance?
enum class TestVerdict {
    NoTest,         ///< One of them was not tested.
    OtherPictures,  ///< No test picture is known to have been asked of both with the same label: their results can't be compared.
    Equal,          ///< Both get as many right, if not the same ones.
    MayBeChance,    ///< p >= 0.05.
    ProbablyNot,    ///< 0.01 <= p < 0.05.
    HardlyChance,   ///< p < 0.01.
};

struct RunComparison {
    std::vector<RunLineOfTwo> settings{}; ///< That differ, of those that play a part in either; where the modes differ, in both.
    std::vector<RunLineOfTwo> data{};     ///< That differs: classes, numbers of pictures, and what was added, removed, relabelled.
    std::vector<RunLineOfTwo> machine{};  ///< That differs: device, versions.
    std::vector<RunLineOfTwo> outcome{};  ///< All, whether they differ or not: status, epochs, validation, test, loss, time, speed.
    TestVerdict verdict = TestVerdict::NoTest;
    double probability = 1.0;             ///< Of a difference as great or greater by chance alone; 1 where there is no test to compare.
    std::optional<PairedAnswers> pairs{}; ///< Of the test pictures of both; nothing where the answers of one aren't known.
    std::string summary{};                ///< One or two sentences: what differs.
    std::string judgement{};              ///< One or two sentences: what to make of the test results.
};

/// Compares two runs in words. Their tests are compared by the pictures that both were asked, with the same label (mcnemarsExactTest()): reads test.jsonl of
/// both. Where one has none, or none of the test on its receipt, as runs of older Whiskers, it is by how many each got right (fishersExactTest()), and only where
/// all test pictures are the same. Reads snapshot.json of both where they learnt from other data; runs of still older ones have none. Blocks; any thread.
RunComparison compareRuns(const RunRecord &first, const RunRecord &second);

} // namespace whisker
