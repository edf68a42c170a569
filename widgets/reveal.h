#pragma once

class QWidget;

namespace whisker {

/// Brings `widget` into sight in the scroll area around it, if there is one, with `marginPx` above and below.
void reveal(QWidget *widget, int marginPx);

/// The same once what was just shown has been laid out: its upper edge at least.
void revealSoon(QWidget *widget);

} // namespace whisker
