#include "engine/data/snapshot_file.h"

#include "engine/base/atomic_file.h"
#include "engine/base/path_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace whisker {

namespace {

using nlohmann::json;

constexpr int kFormat = 1;

std::string escaped(const std::filesystem::path &path)
{
    std::string text;
    for (const char byte : path.native()) {
        if (byte > ' ' && byte < '\x7f' && byte != '%')
            text += byte;
        else
            text += fmt::format("%{:02X}", static_cast<unsigned char>(byte));
    }
    return text;
}

/// Nothing where a % is not followed by two hexadecimal digits.
std::optional<std::string> unescaped(std::string_view text)
{
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            bytes += text[i];
            continue;
        }
        unsigned int byte = 0;
        const std::string_view digits = text.substr(i + 1, 2);
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (digits.size() != 2 || read.ptr != digits.data() + 2)
            return std::nullopt;
        bytes += static_cast<char>(byte);
        i += 2;
    }
    return bytes;
}

std::optional<SnapshotEntry> entryFrom(const json &row, std::size_t classes)
{
    const auto hash = ContentHash::fromHex(row.at(0).get<std::string>());
    const int label = row.at(1).get<int>();
    const auto split = splitFromName(row.at(2).get<std::string>());
    auto file = unescaped(row.at(3).get<std::string>());
    if (!hash || !split || !file || label < 0 || static_cast<std::size_t>(label) >= classes)
        return std::nullopt;
    return SnapshotEntry{*std::move(file), label, *split, *hash};
}

using Placed = std::pair<std::string, Split>; // the label's name

std::map<ContentHash, std::vector<Placed>> byContent(const Snapshot &snapshot)
{
    std::map<ContentHash, std::vector<Placed>> pictures;
    for (const SnapshotEntry &entry : snapshot.entries)
        pictures[entry.hash].emplace_back(snapshot.classes[static_cast<std::size_t>(entry.label)], entry.split);
    for (auto &[hash, places] : pictures)
        std::ranges::sort(places);
    return pictures;
}

} // namespace

Result<void> writeSnapshot(const std::filesystem::path &file, const Snapshot &snapshot)
{
    json pictures = json::array();
    for (const SnapshotEntry &entry : snapshot.entries)
        pictures.push_back({entry.hash.toHex(), entry.label, splitName(entry.split), escaped(entry.file)});
    const json object{{"format", kFormat}, {"classes", snapshot.classes}, {"pictures", std::move(pictures)}};
    return writeFileAtomically(file, object.dump(-1, ' ', false, json::error_handler_t::replace));
}

Result<Snapshot> readSnapshot(const std::filesystem::path &file)
{
    const auto bytes = readFile(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    const auto refuse = [&](const std::string &reason) {
        return fail(ErrorCode::BadFormat, fmt::format("{} is no list of a run's pictures ({}): start a new run.", pathText(file), reason), file);
    };
    try {
        const json object = json::parse(reinterpret_cast<const char *>(bytes->data()), reinterpret_cast<const char *>(bytes->data()) + bytes->size());
        if (object.at("format").get<int>() > kFormat)
            return fail(ErrorCode::NewerVersion, fmt::format("{} was written by a newer Whisker: update Whisker to read it.", pathText(file)), file);
        Snapshot snapshot;
        snapshot.classes = object.at("classes").get<std::vector<std::string>>();
        for (const json &row : object.at("pictures")) {
            auto entry = entryFrom(row, snapshot.classes.size());
            if (!entry)
                return refuse("a picture in it makes no sense");
            snapshot.entries.push_back(*std::move(entry));
        }
        sortEntries(snapshot);
        return snapshot;
    } catch (const json::exception &exception) {
        return refuse(exception.what());
    }
}

SnapshotChanges changesBetween(const Snapshot &before, const Snapshot &now)
{
    SnapshotChanges changes;
    auto left = byContent(before);
    for (const auto &[hash, places] : byContent(now)) {
        const auto known = left.extract(hash);
        const std::vector<Placed> earlier = known ? known.mapped() : std::vector<Placed>();
        const std::size_t both = std::min(earlier.size(), places.size());
        for (std::size_t i = 0; i < both; ++i) {
            changes.relabelled += earlier[i].first != places[i].first;
            changes.moved += earlier[i].first == places[i].first && earlier[i].second != places[i].second;
        }
        changes.added += places.size() - both;
        changes.removed += earlier.size() - both;
    }
    for (const auto &[hash, places] : left)
        changes.removed += places.size();
    return changes;
}

} // namespace whisker
