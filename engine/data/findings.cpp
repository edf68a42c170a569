#include "engine/data/doctor.h"

#include "engine/base/number_text.h"
#include "engine/base/path_text.h"
#include "engine/base/sentence.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

namespace whisker {

namespace {

std::string rounded(double value, int digits)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string percent(double share)
{
    return rounded(100 * share, 0) + " %";
}

std::string brightnessText(const PictureMeasures &measures)
{
    return "Mean brightness " + percent(measures.brightness) + "; 9 of 10 pixels are between " + percent(measures.darkest) + " and " +
           percent(measures.brightest) + ".";
}

class Diagnosis {
public:
    Diagnosis(std::span<const DoctorPicture> pictures, std::span<const std::string> classes, const KnownContents &known,
              const DoctorThresholds &thresholds);
    DoctorReport run();

private:
    void checkFile(std::size_t place);
    void checkLooks(std::size_t place, const PictureMeasures &measures);
    void findCopies();
    void findNearCopies();
    void findConflict(const std::vector<std::size_t> &group, const char *same);
    void findImbalance();
    void add(FindingKind kind, std::size_t place, std::string detail) { m_report.findings.push_back({kind, {m_pictures[place].id}, std::move(detail)}); }
    std::vector<std::int64_t> idsOf(const std::vector<std::size_t> &places) const;
    std::string splitWarning(const std::vector<std::size_t> &group) const;

    std::span<const DoctorPicture> m_pictures;
    std::span<const std::string> m_classes;
    const KnownContents &m_known;
    const DoctorThresholds &m_limits;
    std::vector<const PictureMeasures *> m_measures; // by picture; null where it does not decode or is not known
    std::vector<bool> m_usable;
    DoctorReport m_report;
};

Diagnosis::Diagnosis(std::span<const DoctorPicture> pictures, std::span<const std::string> classes, const KnownContents &known,
                     const DoctorThresholds &thresholds)
    : m_pictures(pictures), m_classes(classes), m_known(known), m_limits(thresholds), m_measures(pictures.size()), m_usable(pictures.size())
{
    m_report.images = pictures.size();
}

std::vector<std::int64_t> Diagnosis::idsOf(const std::vector<std::size_t> &places) const
{
    std::vector<std::int64_t> ids;
    for (const std::size_t place : places)
        ids.push_back(m_pictures[place].id);
    return ids;
}

void Diagnosis::checkFile(std::size_t place)
{
    const DoctorPicture &picture = m_pictures[place];
    const bool isThere = picture.state == ImageState::Ok || picture.state == ImageState::Truncated;
    if (!isThere) {
        const std::string unsaid = picture.state == ImageState::Missing ? "The file is not where it was." : "The file can't be read.";
        add(FindingKind::Unreadable, place, picture.reason.empty() ? unsaid : picture.reason);
        return;
    }
    const auto known = picture.hash ? m_known.find(*picture.hash) : m_known.end();
    if (known != m_known.end() && !known->second.problem.empty()) {
        add(FindingKind::Unreadable, place, known->second.problem);
        return;
    }
    m_usable[place] = picture.hash.has_value();
    const bool isKnown = known != m_known.end();
    if (picture.state == ImageState::Truncated || (isKnown && known->second.measures.truncated)) {
        const std::string note = isKnown ? known->second.measures.note : picture.reason;
        add(FindingKind::Truncated, place, "The file ends early" + (note.empty() || note == "the file ends early" ? "." : ": " + note + "."));
    }
    if (!isKnown)
        return;
    m_measures[place] = &known->second.measures;
    checkLooks(place, known->second.measures);
}

void Diagnosis::checkLooks(std::size_t place, const PictureMeasures &measures)
{
    const int shortEdge = std::min(measures.width, measures.height);
    const int longEdge = std::max(measures.width, measures.height);
    const std::string size = std::to_string(measures.width) + " x " + std::to_string(measures.height) + " pixels";
    const bool uniform = measures.contrast < m_limits.uniform;
    const bool dark = measures.brightest < m_limits.dark || measures.brightness < m_limits.darkMean;
    const bool tiny = shortEdge < m_limits.tinyPx;
    if (uniform)
        add(FindingKind::Uniform, place, "The colours vary by " + rounded(100 * static_cast<double>(measures.contrast), 1) + " % (standard deviation).");
    if (dark)
        add(FindingKind::Dark, place, brightnessText(measures));
    if (measures.darkest > m_limits.bright || measures.brightness > m_limits.brightMean)
        add(FindingKind::Bright, place, brightnessText(measures));
    if (tiny)
        add(FindingKind::Tiny, place, size + ".");
    else if (!uniform && !dark && measures.sharpness < m_limits.blurred) // the dark and the empty lose their fine detail when they are saved as JPEG
        add(FindingKind::Blurred, place,
            "Sharpness " + rounded(static_cast<double>(measures.sharpness), 2) + "; sharp photographs have 0.3 or more.");
    if (longEdge > m_limits.aspect * shortEdge)
        add(FindingKind::Aspect, place, size + ": " + rounded(static_cast<double>(longEdge) / shortEdge, 1) + " to 1.");
    if (!extensionFits(m_pictures[place].file, measures.kind))
        add(FindingKind::Extension, place,
            "Named " + pathText(m_pictures[place].file.extension()) + ", but it is a " + fileKindName(measures.kind) + " file.");
}

/// What a group in more than one split means; empty where it is in one.
std::string Diagnosis::splitWarning(const std::vector<std::size_t> &group) const
{
    std::set<Split> splits;
    for (const std::size_t place : group) {
        if (m_pictures[place].split)
            splits.insert(*m_pictures[place].split);
    }
    if (splits.size() < 2)
        return "";
    std::vector<std::string> names;
    for (const Split split : splits)
        names.emplace_back(splitName(split));
    return " They are in " + listed(names) + ", so what is measured there is too good.";
}

void Diagnosis::findConflict(const std::vector<std::size_t> &group, const char *same)
{
    std::map<int, std::size_t> counts;
    for (const std::size_t place : group) {
        if (m_pictures[place].label)
            ++counts[*m_pictures[place].label];
    }
    if (counts.size() < 2)
        return;
    std::vector<std::string> labels;
    for (const auto &[label, count] : counts)
        labels.push_back(m_classes[static_cast<std::size_t>(label)] + " (" + std::to_string(count) + ")");
    m_report.findings.push_back({FindingKind::LabelConflict, idsOf(group), std::string(same) + " is labelled " + listed(labels) + "."});
}

void Diagnosis::findCopies()
{
    std::unordered_map<ContentHash, std::size_t> places;
    std::vector<std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < m_pictures.size(); ++i) {
        if (!m_usable[i])
            continue;
        const auto [place, isNew] = places.try_emplace(*m_pictures[i].hash, groups.size());
        if (isNew)
            groups.emplace_back();
        groups[place->second].push_back(i);
    }
    for (const auto &group : groups) {
        if (group.size() < 2)
            continue;
        m_report.findings.push_back({FindingKind::Duplicate, idsOf(group), countText(group.size(), "picture") + " with the same content." + splitWarning(group)});
        findConflict(group, "The same picture");
    }
}

void Diagnosis::findNearCopies()
{
    for (const auto &group : nearDuplicateGroups(m_measures, m_limits.nearDuplicates)) {
        std::set<ContentHash> contents;
        for (const std::size_t place : group)
            contents.insert(*m_pictures[place].hash);
        if (contents.size() < 2)
            continue;
        m_report.nearDuplicateGroups.push_back(idsOf(group));
        m_report.findings.push_back(
            {FindingKind::NearDuplicate, idsOf(group), countText(group.size(), "picture") + " show nearly the same." + splitWarning(group)});
        findConflict(group, "Nearly the same picture");
    }
}

void Diagnosis::findImbalance()
{
    std::vector<std::vector<std::size_t>> members(m_classes.size());
    for (std::size_t i = 0; i < m_pictures.size(); ++i) {
        if (m_pictures[i].label && m_usable[i])
            members[static_cast<std::size_t>(*m_pictures[i].label)].push_back(i);
    }
    if (members.empty())
        return;
    const auto largest = std::ranges::max_element(members, {}, &std::vector<std::size_t>::size);
    const std::string &largestName = m_classes[static_cast<std::size_t>(largest - members.begin())];
    if (largest->empty())
        return; // nothing is labelled yet
    for (std::size_t label = 0; label < members.size(); ++label) {
        const std::size_t count = members[label].size();
        std::string detail;
        if (static_cast<double>(count) * m_limits.imbalance <= static_cast<double>(largest->size()))
            detail = m_classes[label] + " has " + countText(count, "picture") + ", " + largestName + " has " + countText(largest->size()) + ".";
        else if (count < m_limits.smallClass)
            detail = m_classes[label] + " has " + countText(count, "picture") + ": " + std::to_string(m_limits.smallClass) + " or more are better.";
        if (!detail.empty())
            m_report.findings.push_back({FindingKind::Imbalance, idsOf(members[label]), std::move(detail)});
    }
}

DoctorReport Diagnosis::run()
{
    for (std::size_t i = 0; i < m_pictures.size(); ++i)
        checkFile(i);
    findCopies();
    findNearCopies();
    findImbalance();
    std::ranges::stable_sort(m_report.findings, {}, &Finding::kind);
    return std::move(m_report);
}

} // namespace

DoctorReport findingsOf(std::span<const DoctorPicture> pictures, std::span<const std::string> classes, const KnownContents &known,
                        const DoctorThresholds &thresholds)
{
    return Diagnosis(pictures, classes, known, thresholds).run();
}

} // namespace whisker
