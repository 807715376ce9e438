// SPDX-License-Identifier: GPL-3.0-or-later
// From a bracket to the one that belongs to it; from elsewhere out to the one that encloses it.
#pragma once

#include "client/desktop/editor_feature.hpp"

namespace berth::desktop {

class BracketJump : public EditorFeature {
  Q_OBJECT

 public:
  explicit BracketJump(CodeEditor* editor);
  void jump();

 private:
  /// Of the bracket before or after the cursor; -1 where there is none.
  long bracketHere() const;
  long enclosing() const;
};

}  // namespace berth::desktop
