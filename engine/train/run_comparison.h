#pragma once

#include "engine/train/run_folder.h"

#include <cstddef>
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
    OtherPictures,  ///< They were tested on different pictures or labels, or nobody knows: their results can't be compared.
    Equal,
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
    std::string summary{};                ///< One or two sentences: what differs.
    std::string judgement{};              ///< One or two sentences: what to make of the test results.
};

/// Compares two runs in words. Reads snapshot.json of both where they learnt from other data; runs of an older Whisker have none. Blocks; any thread.
RunComparison compareRuns(const RunRecord &first, const RunRecord &second);

/// How probable counts as unlike as these, or more so, are where both get the same share of pictures right in the long run: Fisher's exact test, two-sided
/// (Fisher, "The logic of inductive inference", J. R. Stat. Soc. 98, 1935): the sum of the probabilities of all tables with these margins that are not more probable
/// than the one seen. It takes the two for independent; two models that were asked the same pictures mostly fail on the same ones, so it errs towards "chance".
/// Precondition: right <= count for both. 1 where a count is 0. Time: the smaller number of right answers.
double fishersExactTest(std::size_t firstRight, std::size_t firstCount, std::size_t secondRight, std::size_t secondCount);

} // namespace whisker
