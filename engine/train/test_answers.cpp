#include "engine/train/test_answers.h"

#include "engine/base/atomic_file.h"
#include "engine/base/path_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <tuple>

namespace whisker {

namespace {

std::string line(const TestAnswer &answer)
{
    const nlohmann::ordered_json object{{"file", answer.file},
                                        {"label", answer.label},
                                        {"answer", answer.answer},
                                        {"probability", std::round(answer.probability * 1e6) / 1e6},
                                        {"hash", answer.picture.toHex()}};
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

/// Nothing where it makes no sense.
std::optional<TestAnswer> answerFrom(std::string_view line)
{
    try {
        const auto object = nlohmann::json::parse(line);
        const auto picture = ContentHash::fromHex(object.at("hash").get_ref<const std::string &>());
        const double probability = object.at("probability").get<double>();
        if (!picture || !(probability >= 0.0 && probability <= 1.0))
            return std::nullopt;
        const auto text = [&](const char *key) { return object.at(key).get<std::string>(); };
        return TestAnswer{text("file"), text("label"), text("answer"), probability, *picture};
    } catch (const nlohmann::json::exception &) {
        return std::nullopt;
    }
}

using Asked = std::tuple<ContentHash, std::string_view, bool>; // picture, label, right

std::vector<Asked> inOrder(const std::vector<TestAnswer> &answers)
{
    std::vector<Asked> asked;
    asked.reserve(answers.size());
    for (const TestAnswer &answer : answers)
        asked.emplace_back(answer.picture, answer.label, answer.right());
    std::ranges::sort(asked);
    return asked;
}

} // namespace

Result<void> writeTestAnswers(const std::filesystem::path &runFolder, const std::vector<TestAnswer> &answers)
{
    std::string text;
    for (const TestAnswer &answer : answers)
        text += line(answer);
    return writeFileAtomically(runFolder / kTestAnswersFile, text);
}

Result<std::vector<TestAnswer>> readTestAnswers(const std::filesystem::path &runFolder)
{
    const std::filesystem::path file = runFolder / kTestAnswersFile;
    const auto bytes = readFile(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    const std::string_view text(reinterpret_cast<const char *>(bytes->data()), bytes->size());
    std::vector<TestAnswer> answers;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin);
        auto answer = end == std::string_view::npos ? std::nullopt : answerFrom(text.substr(begin, end - begin));
        if (!answer)
            return fail(ErrorCode::BadFormat, fmt::format("{}: line {} is no answer for a test picture.", pathText(file), answers.size() + 1), file);
        answers.push_back(*std::move(answer));
        begin = end + 1;
    }
    return answers;
}

PairedAnswers pairedAnswers(const std::vector<TestAnswer> &first, const std::vector<TestAnswer> &second)
{
    const std::vector<Asked> ours = inOrder(first), theirs = inOrder(second);
    const auto picture = [](const Asked &asked) { return std::tie(std::get<0>(asked), std::get<1>(asked)); };
    PairedAnswers paired;
    for (auto one = ours.begin(), other = theirs.begin(); one != ours.end() && other != theirs.end();) {
        if (picture(*one) < picture(*other)) {
            ++one;
        } else if (picture(*other) < picture(*one)) {
            ++other;
        } else {
            const bool firstRight = std::get<2>(*one++), secondRight = std::get<2>(*other++);
            ++paired.pictures;
            paired.bothRight += firstRight && secondRight;
            paired.onlyFirst += firstRight && !secondRight;
            paired.onlySecond += secondRight && !firstRight;
        }
    }
    return paired;
}

} // namespace whisker
