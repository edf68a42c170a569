#pragma once

#include "tests/support/test_folder.h"

#include <QByteArray>
#include <QStringList>

#include <nlohmann/json.hpp>

namespace whisker::test {

struct Answer {
    int code = -1; ///< -1 where the program crashed or went on for minutes.
    QByteArray output;
    QByteArray messages; ///< On a terminal with what moves its cursor; lines end as the program ends them.
    nlohmann::json value() const { return nlohmann::json::parse(output.toStdString(), nullptr, false); }
};

/// How the machine treats the program.
struct Circumstances {
    bool permissionsCount = false;     ///< Also for root, who may otherwise read and write everything.
    long long largestFile = 0;         ///< In bytes: what is written beyond it fails as on a full disk. 0: no limit.
    bool interrupted = false;          ///< Ctrl+C is pressed before it begins.
    int columns = 0;                   ///< Messages go to a terminal that is so wide. 0: to a pipe.
    bool outputToo = false;            ///< To that terminal, among the messages.
    QString outputFile{};              ///< Where stdout goes instead of into the answer.
    std::filesystem::path resources{}; ///< In place of the program's own.
};

/// Runs the real whisker-cli in `folder`, with its caches below it, until it ends.
Answer runCli(const TestFolder &folder, const QStringList &arguments, const Circumstances &circumstances = {});

/// Class folders cat/ and dog/ below `below`, with `perClass` links to demonstration photographs each, from the `skip`th.
void linkPictures(const TestFolder &folder, const std::string &below, std::size_t skip, std::size_t perClass);

} // namespace whisker::test
