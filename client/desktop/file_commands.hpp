// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of the window that are about the tree of files.
#pragma once

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class EditorArea;
class FilePanel;
class WindowKeys;

/// Their names and keys are in window_keys.cpp. All of these outlive `keys`.
void add_file_commands(WindowKeys* keys, client::Workspace* workspace, FilePanel* files, EditorArea* editors);

}  // namespace berth::desktop
