#pragma once

#include "tests/support/test_folder.h"

#include <QCoreApplication>
#include <QStandardPaths>

namespace whisker::test {

/// For a test program that opens windows: what it keeps, settings too, lies in `home` and in places of tests.
inline void useOwnSettings(const TestFolder &home)
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("whisker-test"));
    useAsHome(home);
}

} // namespace whisker::test
