#pragma once

#include "ui/suggestion_controller.h"

#include <atomic>
#include <memory>

namespace whisker::test {

/// Says "cat" of a file whose name begins with "cat" and "dog" of any other, the less surely the greater the number in its name; each picture is unlike
/// all others, but "copy" files are like each other. A model file called "broken" can't be loaded; one called "wrong" takes cats for dogs, surely.
class FakeGuesser : public PictureGuesser {
public:
    FakeGuesser(bool isWrong, std::shared_ptr<std::atomic<int>> asked) : m_isWrong(isWrong), m_asked(std::move(asked)) {}

    QStringList classes() const override { return {QStringLiteral("cat"), QStringLiteral("dog")}; }

    void guess(std::span<const HashedPicture> pictures, const Sink &sink, std::stop_token stop) override
    {
        for (std::size_t i = 0; i < pictures.size() && !stop.stop_requested(); ++i) {
            ++*m_asked;
            sink(i, guessOf(pictures[i].file.stem().string()));
        }
    }

private:
    PictureGuess guessOf(const std::string &name) const
    {
        const bool isCat = name.starts_with("cat") != m_isWrong;
        const auto digits = name.find_first_of("0123456789");
        const int number = digits == std::string::npos ? 0 : std::stoi(name.substr(digits));
        PictureGuess guess;
        if (name == "bad")
            return guess;
        guess.className = isCat ? QStringLiteral("cat") : QStringLiteral("dog");
        guess.probability = m_isWrong ? 0.95 : 0.9 - 0.03 * (number % 12);
        guess.uncertainty = 2.0 * (1.0 - guess.probability);
        guess.sketch[name.starts_with("copy") ? 60 : static_cast<std::size_t>(number % 60)] = 1.0F;
        return guess;
    }

    const bool m_isWrong;
    const std::shared_ptr<std::atomic<int>> m_asked;
};

/// A loader, and how many pictures its models have been asked about.
inline GuesserLoader fakeGuessers(std::shared_ptr<std::atomic<int>> asked = std::make_shared<std::atomic<int>>(0))
{
    return [asked](const std::filesystem::path &file) -> Result<std::unique_ptr<PictureGuesser>> {
        if (file.filename() == "broken")
            return fail(ErrorCode::BadFormat, "broken: not a model of Whisker, train another", file);
        return std::make_unique<FakeGuesser>(file.filename() == "wrong", asked);
    };
}

} // namespace whisker::test
