#include "app/cli/train_report.h"
#include "app/cli/command.h"
#include "app/cli/receipt_text.h"

#include <fmt/format.h>
#include <iostream>
#include <nlohmann/json.hpp>

namespace whisker {

namespace {

nlohmann::json reportJson(const TrainReport &report, const std::optional<RepeatVerdict> &verdict)
{
    nlohmann::json value = {{"images", report.images},
                            {"classes", report.classes},
                            {"device", report.device},
                            {"precision", report.precision},
                            {"seconds", report.seconds},
                            {"images_per_second", report.imagesPerSecond},
                            {"epochs", report.epochs},
                            {"best_epoch", report.bestEpoch},
                            {"validation_accuracy", nullptr},
                            {"model", report.model.native()},
                            {"run", report.run.native()}};
    if (report.validationAccuracy)
        value["validation_accuracy"] = *report.validationAccuracy;
    if (report.test)
        value["test_accuracy"] = report.test->accuracy();
    if (const auto peak = report.receipt.peakMemoryBytes)
        value["peak_memory_bytes"] = *peak;
    if (report.loaderWait) {
        value["loader_wait_share"] = report.loaderWait->share;
        value["loader_waits"] = report.loaderWait->waits;
        value["loader_steps"] = report.loaderWait->steps;
    }
    if (verdict) {
        value["repeat_equal"] = verdict->equal;
        value["repeat_verdict"] = verdict->sentence;
    }
    return value;
}

} // namespace

int printReport(const TrainReport &report, const std::optional<RepeatVerdict> &verdict, bool asJson)
{
    if (asJson)
        return printJson(reportJson(report, verdict));
    std::vector<ReceiptLine> more;
    if (const std::size_t skipped = report.skipped.size(); skipped > 0)
        more.push_back({"Left out", skipped == 1 ? std::string("1 picture, named above") : fmt::format("{} pictures, named above", skipped)});
    if (verdict)
        more.push_back({"Repeat", verdict->sentence});
    std::cout << runText(report.receipt, more, report.model, report.run);
    return Done;
}

} // namespace whisker
