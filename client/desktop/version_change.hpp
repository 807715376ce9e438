// SPDX-License-Identifier: GPL-3.0-or-later
// How a file that a version changed is shown in a list.
#pragma once

#include "client/core/history.hpp"

class QListWidget;

namespace berth::desktop {

/// Appends it.
void add_change(QListWidget* list, const client::History::Change& change);
/// What is to be said over the list; "" where the list says it all.
QString changes_hint(const client::History& history);

}  // namespace berth::desktop
