// SPDX-License-Identifier: GPL-3.0-or-later
// Keys as text that all clients understand: "ctrl+shift+p", "ctrl+k ctrl+s", as the web's model/key_chord.ts
// writes them. "ctrl" is Command on a Mac, in Qt as in the browser.
#pragma once

#include <QKeySequence>
#include <QList>
#include <QString>

namespace berth::desktop {

/// Written one way; "" for keys that have no name for all (Meta, more than two in a row) or that somebody
/// types.
QString chord_text(const QKeySequence& keys);

/// What Qt may call these keys: with Shift a key is another one on most keyboards. None: the text names no
/// keys.
QList<QKeySequence> keys_of_chord(const QString& text);

}  // namespace berth::desktop
