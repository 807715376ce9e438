// SPDX-License-Identifier: GPL-3.0-or-later
// A badge and a name for each template, also for those this program does not know.
#pragma once

#include <QIcon>
#include <QString>

namespace berth::desktop {

QIcon template_icon(const QString& id);
/// "python" → "Python"; an unknown id with a capital.
QString template_name(const QString& id);

}  // namespace berth::desktop
