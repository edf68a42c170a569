#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace whisker {

/// Help that a person can read on a terminal of 100 columns: what an option takes in a word ("1..4096", "fp32|bf16"), its sentence, and what it is where it isn't
/// given.
class HelpFormat : public CLI::Formatter {
public:
    std::string make_option_opts(const CLI::Option *option) const override;
    std::string make_option_desc(const CLI::Option *option) const override;
};

} // namespace whisker
