// SPDX-License-Identifier: GPL-3.0-or-later
// What screen readers get of a CodeEditor: its name and the lines that are in view. QScintilla's own
// interface counts all characters on every change, which takes a third of a second a key in a large file.
#pragma once

namespace berth::desktop {

/// Once a process; later calls do nothing.
void install_editor_accessibility();

}  // namespace berth::desktop
