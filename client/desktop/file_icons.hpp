// SPDX-License-Identifier: GPL-3.0-or-later
// The icon of a file by its name.
#pragma once

#include <QIcon>
#include <QString>

namespace berth::desktop {

QIcon file_icon(const QString& name);
QIcon folder_icon(bool open);

}  // namespace berth::desktop
