#pragma once

#include "engine/data/internal/database.h"
#include "engine/data/project.h"

namespace whisker {

/// The open file of a project, for the parts of this room that are no members of Project.
struct ProjectInternals {
    static ProjectStore &store(const Project &project) { return *project.m_store; }
};

} // namespace whisker
