#pragma once

#include <QTest>
#include <QWidget>

namespace whisker::test {

/// Shows it and makes its window the active one: shortcuts work in no other.
inline void showActive(QWidget &widget)
{
    widget.show();
    widget.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&widget));
}

} // namespace whisker::test
