#pragma once

// QCustomPlot's header is written with the keywords that QT_NO_KEYWORDS takes away; they are lent to it and to nothing behind it.
#include <QObject>
#define signals Q_SIGNALS
#define slots Q_SLOTS
#define emit Q_EMIT
#define foreach Q_FOREACH
#include <qcustomplot.h>
#undef signals
#undef slots
#undef emit
#undef foreach
