// SPDX-License-Identifier: GPL-3.0-or-later
// Whole lines moved, copied, deleted, joined and begun by a key.
#pragma once

#include "client/desktop/editor_feature.hpp"

namespace berth::desktop {

class LineCommands : public EditorFeature {
  Q_OBJECT

 public:
  explicit LineCommands(CodeEditor* editor);
  void move(bool down);
  /// The selection goes with the copy below, or stays with the text above.
  void copy(bool down);
  void remove();
  /// A new line below or above this one, as deep as it.
  void begin(bool below);
  void join();
  void shift(bool deeper);
  void select();
};

}  // namespace berth::desktop
