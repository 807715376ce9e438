// SPDX-License-Identifier: GPL-3.0-or-later
// The order in which Tab goes through a form whose parts are made anew while it is open.
#pragma once

class QWidget;

namespace berth::desktop {

/// As the layouts have them, from top to bottom; what was made last would come last otherwise.
void order_keys_by_layout(QWidget* top);

}  // namespace berth::desktop
