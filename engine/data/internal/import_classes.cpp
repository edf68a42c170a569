#include "engine/data/internal/import_classes.h"

#include "engine/base/unicode.h"
#include "engine/data/internal/changes.h"
#include "engine/data/internal/class_names.h"

#include <algorithm>

namespace whisker {

namespace {

/// A folder's name as a class may have it: every name that a disk allows gives one.
std::string classNameFrom(std::string folderName)
{
    for (char &letter : folderName) {
        if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F)
            letter = ' ';
    }
    return cleanClassName(folderName).value_or("(blank)"); // no disk allows a name that is too long
}

} // namespace

std::optional<ClassId> ImportClasses::labelFor(JournalEntry &entry, const FoundFile &file)
{
    if (file.classIndex >= 0)
        return named(entry, m_scan.classNames[static_cast<std::size_t>(file.classIndex)]);
    if (!m_scan.soleFolderName)
        return std::nullopt;
    const auto [place, isNew] = m_byFolder.try_emplace(*m_scan.soleFolderName, 0);
    if (isNew) {
        const auto classes = readClasses(m_store);
        const auto same = std::ranges::find(classes, nameKey(*m_scan.soleFolderName), [](const ClassRecord &record) { return nameKey(record.name); });
        place->second = same == classes.end() ? 0 : same->id;
    }
    return place->second == 0 ? std::nullopt : std::optional(place->second);
}

ClassId ImportClasses::named(JournalEntry &entry, const std::string &folderName)
{
    const auto [place, isNew] = m_byFolder.try_emplace(folderName, 0);
    if (!isNew)
        return place->second;
    const auto classes = readClasses(m_store);
    const auto find = [&](const std::string &wanted, bool anyCase) -> ClassId {
        const std::string key = nameKey(wanted);
        const auto same = [&](const ClassRecord &record) { return anyCase ? nameKey(record.name) == key : composed(record.name) == wanted; };
        const auto found = std::ranges::find_if(classes, same);
        return found == classes.end() ? 0 : found->id;
    };
    // Folders "A" and "a" of one import are two classes, though a class list can't show both names: the second is "a (2)".
    const std::string name = classNameFrom(folderName);
    const bool isAmbiguous = std::ranges::count(m_scan.classNames, nameKey(folderName), nameKey) > 1;
    std::string wanted = name;
    for (int number = 2; place->second == 0; ++number) {
        place->second = find(wanted, !isAmbiguous);
        if (place->second == 0 && find(wanted, true) == 0)
            place->second = insertClass(m_store, entry, wanted);
        wanted = name + " (" + std::to_string(number) + ")";
    }
    return place->second;
}

std::optional<std::string> ImportClasses::contradiction(const JournalValue &label, const FoundFile &file) const
{
    if (!file.marks || file.classIndex < 0)
        return std::nullopt;
    const std::string wanted = classNameFrom(m_scan.classNames[static_cast<std::size_t>(file.classIndex)]);
    for (const auto &record : readClasses(m_store)) {
        if (JournalValue(record.id) == label && nameKey(record.name) != nameKey(wanted))
            return "It is labelled " + record.name + " already, and the list says " + wanted + ": its label was kept.";
    }
    return std::nullopt;
}

} // namespace whisker
