#pragma once

namespace whisker {

class ProjectSession;

/// Opens the demonstration project in the user's data folder. The first time it makes it, copies the pets that come with the program beside it and imports
/// them, as any import. Returns at once.
void openDemonstration(ProjectSession &session);

} // namespace whisker
