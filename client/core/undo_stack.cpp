// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/undo_stack.hpp"

#include <utility>

namespace berth::client {
namespace {

std::size_t text_bytes(const protocol::TextOperation& operation) {
  std::size_t bytes = 0;
  for (const auto& run : operation.runs())
    if (const auto* text = std::get_if<std::string>(&run)) bytes += text->size();
  return bytes;
}

/// About what composing it costs.
std::size_t weight_of(const protocol::TextOperation& operation) {
  return operation.runs().size() * sizeof(protocol::TextOperation::Run) + text_bytes(operation);
}

}  // namespace

void UndoStack::typed(protocol::TextOperation inverse, bool merge) {
  redo_.clear();
  if (merge && !undo_.empty()) {
    if (auto both = inverse.compose(undo_.back().operation)) {
      undo_.back().operation = std::move(*both);
      return settle(undo_);
    }
  }
  push(undo_, std::move(inverse));
}

void UndoStack::push(Steps& steps, protocol::TextOperation operation) {
  if (operation.is_identity()) return;
  steps.push_back({std::move(operation), {}});
  if (steps.size() > largest) steps.erase(steps.begin());
  if (text_bytes(steps.back().operation) < largest_bytes / largest) return;
  std::size_t bytes = 0;
  for (auto step = steps.size(); step-- > 0;) {
    bytes += text_bytes(steps[step].operation);
    if (bytes <= largest_bytes || step + 1 == steps.size()) continue;
    steps.erase(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(step) + 1);
    return;
  }
}

void UndoStack::remote(const protocol::TextOperation& operation) {
  add(undo_, operation);
  add(redo_, operation);
}

void UndoStack::clear() {
  undo_.clear();
  redo_.clear();
}

std::optional<protocol::TextOperation> UndoStack::take(Steps& steps) {
  if (steps.empty()) return std::nullopt;
  auto step = std::move(steps.back().operation);
  steps.pop_back();
  settle(steps);
  return step;
}

/// Others' operation comes on top of the steps.
void UndoStack::add(Steps& steps, protocol::TextOperation operation) {
  if (steps.empty()) return;
  steps.back().others.push_back({std::move(operation), 0});
  settle(steps);
}

/// Behind what waits already. False: it does not fit.
bool UndoStack::wait(std::vector<Part>& others, protocol::TextOperation operation) {
  auto weight = weight_of(operation);
  while (!others.empty() && others.back().weight <= 2 * weight) {
    auto both = others.back().operation.compose(operation);
    if (!both) return false;
    operation = std::move(*both);
    weight = weight_of(operation);
    others.pop_back();
  }
  others.push_back({std::move(operation), weight});
  return true;
}

/// Brings the top step around what others did; one that has nothing left to take back goes.
void UndoStack::settle(Steps& steps) {
  while (!steps.empty()) {
    auto& top = steps.back();
    for (auto& part : std::exchange(top.others, {})) {
      auto moved = transform(top.operation, part.operation);
      if (!moved) return steps.clear();  // they no longer fit this text
      top.operation = std::move(moved->mine);
      if (steps.size() > 1 && !wait(steps[steps.size() - 2].others, std::move(moved->theirs)))
        return steps.clear();
    }
    if (!top.operation.is_identity()) return;
    steps.pop_back();
  }
}

}  // namespace berth::client
