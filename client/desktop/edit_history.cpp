// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/edit_history.hpp"

#include <QTimer>
#include <utility>

namespace berth::desktop {
namespace {

constexpr int merge_pause = 900;  // ms without typing after which undo begins a new step

}  // namespace

void EditHistory::typed(const client::LocalEdit& edit) {
  const bool inserts = edit.removed.empty();
  const auto inserted = static_cast<std::int64_t>(protocol::utf16_length(edit.inserted));
  const auto removed = static_cast<std::int64_t>(protocol::utf16_length(edit.removed));
  const bool one = edit.inserted.size() + edit.removed.size() <= 4 && edit.inserted != "\n";
  const bool adjacent = edit.position == last_end_ || (!inserts && edit.position + removed == last_end_);
  const bool goes_on = one && adjacent && last_inserted_ == inserts && last_edit_.isValid() &&
                       last_edit_.elapsed() < merge_pause;
  stack_.typed(client::inverse_of(edit), action_open_ || goes_on);
  last_inserted_ = inserts;
  last_end_ = edit.position + inserted;
  last_edit_.start();
  if (!action_open_) {
    // All changes of one key press or paste are one step: they come before the event loop turns.
    action_open_ = true;
    QTimer::singleShot(0, this, [this] { action_open_ = false; });
  }
  Q_EMIT changed();
}

void EditHistory::remote(const protocol::TextOperation& operation) {
  stack_.remote(operation);
  last_end_ = -1;
  Q_EMIT changed();
}

/// What is typed next is a step of its own: the one it would have joined is not there any more.
void EditHistory::endStep() {
  action_open_ = false;
  last_end_ = -1;
}

void EditHistory::clear() {
  stack_.clear();
  endStep();
  Q_EMIT changed();
}

void EditHistory::undone(std::optional<protocol::TextOperation> inverse) {
  if (inverse) stack_.undone(std::move(*inverse));
  endStep();
  Q_EMIT changed();
}

void EditHistory::redone(std::optional<protocol::TextOperation> inverse) {
  if (inverse) stack_.redone(std::move(*inverse));
  endStep();
  Q_EMIT changed();
}

}  // namespace berth::desktop
