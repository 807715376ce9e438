// SPDX-License-Identifier: GPL-3.0-or-later
// A person's own undo: the operations that take back their edits, kept valid through other people's changes.
// The editor widget's undo is off; switching it around remote edits corrupts it.
//
// As in Sun's "Undo as concurrent inverse in group editors" (TOCHI 2002) a step is an operation of its own
// that is brought around all that came after it; only the newest step is at once, what lies below it when it
// comes up. So somebody else's key costs the same however much there is to undo, and however much others
// typed since: what waits for a step is kept in parts, each more than twice as large as the next, so that an
// operation is composed with others only about as often as what waits has doubled.
#pragma once

#include <optional>
#include <vector>

#include "protocol/text_operation.hpp"

namespace berth::client {

class UndoStack {
 public:
  static constexpr std::size_t largest = 2'000;             // steps; the oldest go first
  static constexpr std::size_t largest_bytes = 128u << 20;  // of the texts that they bring back

  /// An edit was made that `inverse` takes back. `merge`: it belongs to the step before (typing goes on).
  void typed(protocol::TextOperation inverse, bool merge);
  /// Someone else's operation was applied to the text.
  void remote(const protocol::TextOperation& operation);

  /// False also where others have removed all that could be taken back.
  bool canUndo() const { return !undo_.empty(); }
  bool canRedo() const { return !redo_.empty(); }
  /// The operation to apply now; report its own inverse with undone() or redone().
  std::optional<protocol::TextOperation> takeUndo() { return take(undo_); }
  std::optional<protocol::TextOperation> takeRedo() { return take(redo_); }
  void undone(protocol::TextOperation inverse) { push(redo_, std::move(inverse)); }
  void redone(protocol::TextOperation inverse) { push(undo_, std::move(inverse)); }
  void clear();

 private:
  struct Part {
    protocol::TextOperation operation;
    std::size_t weight;
  };
  /// Leads from the text above it to the one below, once `others` went before it, in order.
  struct Step {
    protocol::TextOperation operation;
    std::vector<Part> others;
  };
  using Steps = std::vector<Step>;
  static void push(Steps& steps, protocol::TextOperation operation);
  static std::optional<protocol::TextOperation> take(Steps& steps);
  static void add(Steps& steps, protocol::TextOperation operation);
  static bool wait(std::vector<Part>& others, protocol::TextOperation operation);
  static void settle(Steps& steps);
  Steps undo_;
  Steps redo_;
};

}  // namespace berth::client
