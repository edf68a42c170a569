#pragma once

#include <cstddef>

namespace whisker {

/// How probable counts as unlike as these, or more so, are where two models are equally good: McNemar's test, exact and two-sided (McNemar, "Note on the
/// sampling error of the difference between correlated proportions or percentages", Psychometrika 12, 1947). Of the pictures that both were asked it looks at those
/// that one alone got right, `onlyFirst` and `onlySecond`: each is then as likely the one's as the other's, which makes it the binomial test for one half. 1 where
/// the counts are equal. Time: the smaller of them.
double mcnemarsExactTest(std::size_t onlyFirst, std::size_t onlySecond);

/// The same where it is only known how many each got right, not which: Fisher's exact test, two-sided (Fisher, "The logic of inductive inference", J. R. Stat.
/// Soc. 98, 1935): the sum of the probabilities of all tables with these margins that are not more probable than the one seen. It takes the two for independent;
/// two models that were asked the same pictures mostly fail on the same ones, and then it errs towards "chance".
/// Precondition: right <= count for both. 1 where a count is 0. Time: the smaller number of right answers.
double fishersExactTest(std::size_t firstRight, std::size_t firstCount, std::size_t secondRight, std::size_t secondCount);

} // namespace whisker
