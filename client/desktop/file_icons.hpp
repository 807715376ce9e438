// SPDX-License-Identifier: GPL-3.0-or-later
// The icon of a file by its name.
#pragma once

#include <QIcon>
#include <QString>

namespace berth::desktop {

QIcon file_icon(const QString& name);
QIcon folder_icon(bool open);

/// "breeze" (also ""), "system" or "none", as the person chose.
QString file_icon_theme();
/// It may have been chosen anew: all windows show it.
void refresh_file_icons();

}  // namespace berth::desktop
