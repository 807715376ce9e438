// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace berth::client {

/// The last part of a path in a workspace: "src/main.py" → "main.py".
inline QString base_name(const QString& path) { return path.section(QLatin1Char('/'), -1); }

}  // namespace berth::client
