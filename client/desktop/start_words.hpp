// SPDX-License-Identifier: GPL-3.0-or-later
// How far a start is, in one line.
#pragma once

#include <QString>

#include "protocol/rest.hpp"

namespace berth::desktop {

/// "Place 0.1 s · Image 2.4 s · Runner 0.3 s…", the dots for the one under way; "" where nothing is known.
QString start_words(const protocol::rest::Workspace& workspace);

}  // namespace berth::desktop
