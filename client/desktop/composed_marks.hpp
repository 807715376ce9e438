// SPDX-License-Identifier: GPL-3.0-or-later
// Accents for a widget that shows one code point a cell.
#pragma once

#include <QByteArray>

namespace berth::desktop {

/// UTF-8 terminal output in which letters followed by combining marks (U+0300 to U+036F, as file names of
/// macOS have them) are the one letter that they make, where there is one (Unicode's NFC): QTermWidget 2.1
/// drops marks. Cells stay what they were, for a mark takes none. Everything else, broken UTF-8 too, is left
/// alone; so is a mark whose letter came in an earlier call, which is on the screen already.
QByteArray with_composed_marks(const QByteArray& output);

}  // namespace berth::desktop
