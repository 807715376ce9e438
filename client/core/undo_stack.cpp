// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/undo_stack.hpp"

namespace berth::client {

void UndoStack::typed(protocol::TextOperation inverse, bool merge) {
  redo_.clear();
  if (merge && !undo_.empty()) {
    if (auto both = inverse.compose(undo_.back())) {
      undo_.back() = std::move(*both);
      return;
    }
  }
  undo_.push_back(std::move(inverse));
  if (undo_.size() > largest) undo_.erase(undo_.begin());
}

void UndoStack::remote(const protocol::TextOperation& operation) {
  carry(undo_, operation);
  carry(redo_, operation);
}

void UndoStack::clear() {
  undo_.clear();
  redo_.clear();
}

std::optional<protocol::TextOperation> UndoStack::take(Steps& steps) {
  if (steps.empty()) return std::nullopt;
  auto step = std::move(steps.back());
  steps.pop_back();
  return step;
}

// The top step starts at today's text, each one below where the one above leads; the remote operation is
// carried along.
void UndoStack::carry(Steps& steps, protocol::TextOperation operation) {
  Steps kept;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    auto moved = transform(*step, operation);
    if (!moved) break;  // older steps no longer fit this text
    operation = std::move(moved->theirs);
    kept.push_back(std::move(moved->mine));
  }
  // Steps whose text the other one deleted have nothing left to take back.
  Steps fresh;
  for (auto step = kept.rbegin(); step != kept.rend(); ++step)
    if (!step->is_identity()) fresh.push_back(std::move(*step));
  steps = std::move(fresh);
}

}  // namespace berth::client
