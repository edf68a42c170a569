#pragma once

#include <utility>

namespace whisker {

/// The 95 % interval of a share of which `right` of `count` was seen (count >= 1), by Wilson (JASA 22, 1927): unlike the usual formula it is
/// honest for few pictures and for all or none right. Both ends within 0..1.
std::pair<double, double> wilsonInterval(int right, int count);

/// An end of it in per cent, as one can say it: whole per cent are all that it can bear, but above 99 there is one digit more, since "100 %" would claim what is not known.
double percentOfBound(double share);

} // namespace whisker
