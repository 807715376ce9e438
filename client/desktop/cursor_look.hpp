// SPDX-License-Identifier: GPL-3.0-or-later
// The shape of the cursor in the editor, as the person chose; Vim's modes have shapes of their own.
#pragma once

#include "client/desktop/editor_feature.hpp"

namespace berth::desktop {

class CursorLook : public EditorFeature {
  Q_OBJECT

 public:
  explicit CursorLook(CodeEditor* editor);

 private:
  void apply();
};

}  // namespace berth::desktop
