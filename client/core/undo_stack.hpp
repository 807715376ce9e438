// SPDX-License-Identifier: GPL-3.0-or-later
// A person's own undo: the operations that take back their edits, kept valid through other people's changes.
// The editor widget's undo is off; switching it around remote edits corrupts it.
#pragma once

#include <optional>
#include <vector>

#include "protocol/text_operation.hpp"

namespace berth::client {

class UndoStack {
 public:
  static constexpr std::size_t largest = 2'000;  // steps; the oldest go first

  /// An edit was made that `inverse` takes back. `merge`: it belongs to the step before (typing goes on).
  void typed(protocol::TextOperation inverse, bool merge);
  /// Someone else's operation was applied to the text.
  void remote(const protocol::TextOperation& operation);

  bool canUndo() const { return !undo_.empty(); }
  bool canRedo() const { return !redo_.empty(); }
  /// The operation to apply now; report its own inverse with undone() or redone().
  std::optional<protocol::TextOperation> takeUndo() { return take(undo_); }
  std::optional<protocol::TextOperation> takeRedo() { return take(redo_); }
  void undone(protocol::TextOperation inverse) { redo_.push_back(std::move(inverse)); }
  void redone(protocol::TextOperation inverse) { undo_.push_back(std::move(inverse)); }
  void clear();

 private:
  using Steps = std::vector<protocol::TextOperation>;
  static std::optional<protocol::TextOperation> take(Steps& steps);
  static void carry(Steps& steps, protocol::TextOperation operation);
  Steps undo_;
  Steps redo_;
};

}  // namespace berth::client
