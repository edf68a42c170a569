#include "app/cli/command.h"
#include "app/cli/help_format.h"
#include "app/cli/interrupt.h"
#include "engine/base/locations.h"
#include "engine/base/log.h"

#include <CLI/CLI.hpp>

int main(int argc, char **argv)
{
    using namespace whisker;
    const Interrupt interrupt;
    startLog(userCacheFolder() / "whisker-cli.log", false);

    CLI::App app("Whisker without a window: train, evaluate and use picture classifiers.", "whisker-cli");
    app.formatter(std::make_shared<HelpFormat>()); // commands take it over when they are added
    app.set_version_flag("--version", "whisker-cli " WHISKER_VERSION);
    app.require_subcommand(1);
    CommandContext context{interrupt.token()};
    ChosenCommand chosen;
    addTrainCommand(app, chosen);
    addNetworksCommand(app, chosen);
    addRunsCommand(app, chosen);
    addEvaluateCommand(app, chosen);
    addPredictCommand(app, chosen);
    addBenchCommand(app, chosen);
    addDoctorCommand(app, chosen);
    addImportCommand(app, chosen);
    addListCommand(app, chosen);
    addExportDataCommand(app, chosen);
    addRelinkCommand(app, chosen);
    for (CLI::App *command : app.get_subcommands({}))
        command->add_flag("--json", context.json, "Print one JSON value on stdout; messages go to stderr");

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? Done : WrongUsage;
    }
    return withOutputChecked(chosen(context));
}
