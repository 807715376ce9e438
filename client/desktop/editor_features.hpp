// SPDX-License-Identifier: GPL-3.0-or-later
// What an editor of a file has beyond text: each feature is a class of its own, all of them are listed here.
#pragma once

namespace berth::desktop {

class CodeEditor;

void add_editor_features(CodeEditor* editor);
/// Makes the commands of all features known where no editor did so yet: for lists of commands.
void know_editor_commands();

}  // namespace berth::desktop
