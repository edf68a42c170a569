#include "app/whisker/options.h"

#include <CLI/CLI.hpp>

namespace whisker {

std::variant<WindowOptions, int> parseOptions(int argc, char **argv)
{
    CLI::App app("Whisker: teach the computer to tell pictures apart.", "whisker");
    WindowOptions options;
    std::string project, theme;
    app.add_option("project", project, "Project file or its folder; without one, that which was open last, and the first time the demonstration of cats and dogs");
    app.add_option("--theme", theme, "Appearance; without it, the one chosen last")->check(CLI::IsMember({"light", "dark", "system"}));
    app.add_flag("--startup-time", options.startupTime, "Print how long the start took, and end: for measuring");
    app.set_version_flag("--version", "whisker " WHISKER_VERSION);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    options.project = project;
    if (!theme.empty())
        options.theme = theme == "light" ? Scheme::Light : theme == "dark" ? Scheme::Dark : Scheme::System;
    return options;
}

} // namespace whisker
