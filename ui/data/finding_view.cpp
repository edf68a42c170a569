#include "ui/data/finding_view.h"

#include "ui/data/doctor_actions.h"
#include "ui/data/finding_bar.h"
#include "ui/data/image_list_model.h"
#include "ui/project_session.h"
#include "ui/texts.h"
#include "widgets/image_grid.h"

#include <QItemSelection>
#include <QItemSelectionModel>
#include <algorithm>

namespace whisker {

namespace {
constexpr qsizetype kMostDetails = 3; // as many as leave the grid its room
} // namespace

FindingView::FindingView(ProjectSession &session, DoctorController &doctor, ImageListModel &model, ImageGrid &grid, FindingBar &bar, QObject *parent)
    : QObject(parent), m_session(session), m_doctor(doctor), m_model(model), m_grid(grid), m_bar(bar)
{
    connect(&doctor, &DoctorController::diagnosisChanged, this, &FindingView::refresh);
    connect(&session, &ProjectSession::imagesChanged, this, &FindingView::fillBar);
    connect(&session, &ProjectSession::imagesRemoved, this, &FindingView::fillBar);
    connect(&bar, &FindingBar::closed, this, &FindingView::leave);
    connect(&bar, &FindingBar::groupWanted, this, &FindingView::selectGroup);
    connect(&bar, &FindingBar::remedyWanted, this, &FindingView::remedy);
    connect(&session, &ProjectSession::opened, this, &FindingView::leave);
}

void FindingView::showFinding(FindingKind kind)
{
    if (!m_doctor.diagnosis() || m_doctor.diagnosis()->countOf(kind) == 0)
        return;
    m_kind = kind;
    refresh();
}

void FindingView::showPictures(const QString &name, const std::vector<ImageId> &ids)
{
    m_kind.reset();
    take(name, ids);
}

void FindingView::leave()
{
    m_bar.hide();
    m_kind.reset();
    m_only.reset();
    m_order.reset();
    m_name.clear();
    Q_EMIT changed();
}

void FindingView::take(const QString &name, const std::vector<ImageId> &ids, std::shared_ptr<const OwnOrder> order)
{
    auto only = std::make_shared<const std::unordered_set<ImageId>>(ids.begin(), ids.end());
    const bool sameOrder = order && m_order ? order->places == m_order->places : order == m_order;
    // The same pictures again leave the list, its selection and where it was scrolled to alone.
    if (!m_only || m_name != name || *m_only != *only || !sameOrder) {
        m_name = name;
        m_only = std::move(only);
        m_order = std::move(order);
        Q_EMIT changed();
    }
    fillBar();
}

/// What belongs together stands together; where each picture stands alone, there is none.
std::shared_ptr<const OwnOrder> FindingView::orderOf(const std::vector<ImageId> &pictures) const
{
    switch (remedyOf(*m_kind)) {
    case Remedy::KeepOne:
    case Remedy::Relabel: return ownOrder(tr("Group by group"), tr("Pictures that show the same stand side by side."), pictures);
    case Remedy::ExcludeAll:
    case Remedy::None: break;
    }
    return *m_kind == FindingKind::Imbalance ? ownOrder(tr("Class by class"), tr("Pictures of a class stand side by side."), pictures) : nullptr;
}

/// The finding as it is now; one that is mended is left.
void FindingView::refresh()
{
    if (!m_kind)
        return;
    if (!m_doctor.diagnosis() || m_doctor.diagnosis()->countOf(*m_kind) == 0)
        return leave();
    const auto pictures = m_doctor.diagnosis()->picturesOf(*m_kind);
    take(findingTitle(*m_kind), pictures, orderOf(pictures));
}

/// Which classes: the pictures don't say it, and there may be none.
QString FindingView::details() const
{
    QStringList sentences;
    if (*m_kind == FindingKind::Imbalance && m_doctor.diagnosis()) {
        for (const auto &finding : m_doctor.diagnosis()->report.findings) {
            if (finding.kind == *m_kind && sentences.size() < kMostDetails)
                sentences.append(fromUtf8(finding.detail));
        }
    }
    return sentences.join(QLatin1Char(' '));
}

void FindingView::fillBar()
{
    if (!isOn())
        return;
    const auto shown = static_cast<int>(std::ranges::count_if(*m_only, [this](ImageId id) {
        const auto *image = m_session.image(id);
        return image && !image->excluded;
    }));
    if (!m_kind)
        return m_bar.showPictures(m_name, shown);
    const bool grouped = remedyOf(*m_kind) == Remedy::KeepOne || remedyOf(*m_kind) == Remedy::Relabel;
    const auto groups = grouped && m_doctor.diagnosis() ? m_doctor.diagnosis()->groupsOf(*m_kind).size() : 0;
    m_bar.showFinding({*m_kind, m_doctor.diagnosis() ? m_doctor.diagnosis()->countOf(*m_kind) : 0, shown,
                       m_session.isReadOnly() ? 0 : static_cast<int>(toExclude().size()), static_cast<int>(groups), details()});
}

void FindingView::applyTo(ImageFilter &filter) const
{
    filter.only = m_only;
    filter.onlyName = m_name;
    filter.ownOrder = m_order;
}

std::vector<ImageId> FindingView::toExclude() const
{
    if (!m_kind || !m_doctor.diagnosis())
        return {};
    const auto find = [this](ImageId id) { return m_session.image(id); };
    switch (remedyOf(*m_kind)) {
    case Remedy::KeepOne:
        return copiesToExclude(m_doctor.diagnosis()->groupsOf(*m_kind), *m_doctor.diagnosis(), find, m_session.rules().testLocked);
    case Remedy::ExcludeAll: {
        auto pictures = m_doctor.diagnosis()->picturesOf(*m_kind);
        std::erase_if(pictures, [&](ImageId id) { return !find(id) || find(id)->excluded; });
        return pictures;
    }
    case Remedy::Relabel:
    case Remedy::None: break;
    }
    return {};
}

void FindingView::remedy()
{
    if (auto images = toExclude(); !images.empty() && !m_session.isReadOnly())
        m_session.setExcluded(std::move(images), true);
}

void FindingView::selectGroup(int step)
{
    if (!m_kind || !m_doctor.diagnosis())
        return;
    std::vector<std::vector<int>> groups; // rows
    for (const auto &group : m_doctor.diagnosis()->groupsOf(*m_kind)) {
        std::vector<int> rows;
        for (const ImageId id : group) {
            if (const int row = m_model.rowOf(id); row >= 0)
                rows.push_back(row);
        }
        std::ranges::sort(rows); // in another order than their own they may stand anywhere
        if (!rows.empty())
            groups.push_back(std::move(rows));
    }
    if (groups.empty())
        return;
    std::ranges::sort(groups, {}, [](const auto &rows) { return rows.front(); });
    const auto selected = m_grid.selectedRows();
    const int least = selected.isEmpty() ? -1 : selected.front();
    std::size_t chosen = step > 0 ? 0 : groups.size() - 1;
    if (step > 0) {
        const auto after = std::ranges::find_if(groups, [least](const auto &rows) { return rows.front() > least; });
        chosen = after == groups.end() ? 0 : static_cast<std::size_t>(after - groups.begin());
    } else {
        for (std::size_t k = 0; k < groups.size() && groups[k].front() < least; ++k)
            chosen = k;
    }
    QItemSelection selection;
    for (const int row : groups[chosen])
        selection.select(m_model.index(row), m_model.index(row));
    m_grid.setCurrentIndex(m_model.index(groups[chosen].front()));
    m_grid.selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    m_grid.scrollTo(m_model.index(groups[chosen].back()));
    m_grid.scrollTo(m_model.index(groups[chosen].front()));
    m_grid.setFocus();
}

} // namespace whisker
