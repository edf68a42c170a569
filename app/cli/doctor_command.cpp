#include "app/cli/command.h"

#include "engine/base/path_text.h"
#include "engine/data/doctor.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

namespace whisker {

namespace {

constexpr std::size_t kShownPerKind = 20; // of the text output; --json has all

const std::filesystem::path &fileOf(const DataDiagnosis &diagnosis, std::int64_t id)
{
    return diagnosis.pictures[static_cast<std::size_t>(id)].file;
}

double secondsOf(const DataDiagnosis &diagnosis)
{
    return static_cast<double>(diagnosis.report.elapsed.count()) / 1000;
}

nlohmann::json asJson(const DataDiagnosis &diagnosis)
{
    auto findings = nlohmann::json::array();
    for (const Finding &finding : diagnosis.report.findings) {
        auto files = nlohmann::json::array();
        for (const auto id : finding.pictures)
            files.push_back(fileOf(diagnosis, id).native());
        findings.push_back({{"kind", findingKindName(finding.kind)}, {"files", std::move(files)}, {"detail", finding.detail}});
    }
    return {{"images", diagnosis.report.images}, {"seconds", secondsOf(diagnosis)}, {"findings", std::move(findings)}};
}

void print(const DataDiagnosis &diagnosis, const Finding &finding)
{
    if (finding.pictures.size() == 1)
        std::cout << fmt::format("  {}: {}\n", pathText(fileOf(diagnosis, finding.pictures[0])), finding.detail);
    else
        std::cout << fmt::format("  {}\n", finding.detail);
    if (finding.pictures.size() == 1 || finding.kind == FindingKind::Imbalance)
        return;
    for (std::size_t i = 0; i < std::min(finding.pictures.size(), kShownPerKind); ++i)
        std::cout << fmt::format("    {}\n", pathText(fileOf(diagnosis, finding.pictures[i])));
    if (finding.pictures.size() > kShownPerKind)
        std::cout << fmt::format("    and {} more\n", finding.pictures.size() - kShownPerKind);
}

void print(const DataDiagnosis &diagnosis, FindingKind kind)
{
    std::vector<const Finding *> findings;
    std::set<std::int64_t> pictures;
    for (const Finding &finding : diagnosis.report.findings) {
        if (finding.kind == kind) {
            findings.push_back(&finding);
            pictures.insert(finding.pictures.begin(), finding.pictures.end());
        }
    }
    if (findings.empty())
        return;
    const FindingExplanation &explanation = explanationOf(kind);
    std::cout << fmt::format("\n{}: {} {}\n{} {}\n", explanation.title, pictures.size(), pictures.size() == 1 ? "picture" : "pictures",
                             explanation.meaning, explanation.advice);
    for (std::size_t i = 0; i < std::min(findings.size(), kShownPerKind); ++i)
        print(diagnosis, *findings[i]);
    if (findings.size() > kShownPerKind)
        std::cout << fmt::format("  and {} more; --json lists all\n", findings.size() - kShownPerKind);
}

int doctor(const std::filesystem::path &data, const CommandContext &context)
{
    Result<DataDiagnosis> diagnosis;
    {
        ProgressLine line;
        const auto show = [&](const DoctorProgress &progress) {
            const auto left = progress.left ? fmt::format(", about {} s left", (progress.left->count() + 999) / 1000) : std::string();
            line.show("Examining", fmt::format("{} of {} pictures{}", progress.done, progress.found, left));
        };
        diagnosis = diagnoseData(data, {}, show, context.stop);
    }
    if (!diagnosis)
        return report(diagnosis.error());
    const int code = diagnosis->report.cancelled ? Interrupted : Done;
    if (context.json) {
        const int printed = printJson(asJson(*diagnosis));
        return printed == Done ? code : printed;
    }
    std::cout << fmt::format("{} pictures examined in {:.1f} s, {} findings\n", diagnosis->report.images, secondsOf(*diagnosis),
                             diagnosis->report.findings.size());
    for (const FindingKind kind : findingKinds())
        print(*diagnosis, kind);
    return code;
}

} // namespace

void addDoctorCommand(CLI::App &app, ChosenCommand &chosen)
{
    auto *command = app.add_subcommand("doctor", "Say what is wrong with pictures and labels: unreadable, copies, blurred, two labels, ...");
    auto data = std::make_shared<std::filesystem::path>();
    command->add_option("DATA", *data, "Project, folder of class folders, folder with train/, val/, test/, or folder of pictures")->required();
    command->callback([data, &chosen] { chosen = [data](const CommandContext &context) { return doctor(*data, context); }; });
}

} // namespace whisker
