// SPDX-License-Identifier: GPL-3.0-or-later
// What a person can take back in a document: one history for all editors that show it, whichever of them it
// was typed in. It tells which keys are one step; the steps are client/core's UndoStack.
#pragma once

#include <QElapsedTimer>
#include <QObject>

#include "client/core/document_sync.hpp"
#include "client/core/undo_stack.hpp"

namespace berth::desktop {

class EditHistory : public QObject {
  Q_OBJECT

 public:
  /// The person's edit, in any of the editors.
  void typed(const client::LocalEdit& edit);
  /// Somebody else's; told once, however many editors show it.
  void remote(const protocol::TextOperation& operation);
  void clear();

  bool canUndo() const { return stack_.canUndo(); }
  bool canRedo() const { return stack_.canRedo(); }
  /// To apply now; its own inverse is reported with undone() or redone().
  std::optional<protocol::TextOperation> takeUndo() { return stack_.takeUndo(); }
  std::optional<protocol::TextOperation> takeRedo() { return stack_.takeRedo(); }
  void undone(std::optional<protocol::TextOperation> inverse);
  void redone(std::optional<protocol::TextOperation> inverse);

 Q_SIGNALS:
  void changed();

 private:
  void endStep();

  client::UndoStack stack_;
  bool action_open_ = false;  // edits of one key press belong together
  bool last_inserted_ = false;
  std::int64_t last_end_ = -1;  // where the last typed character ended
  QElapsedTimer last_edit_;
};

}  // namespace berth::desktop
