// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/document_sync.hpp"

#include <algorithm>
#include <utility>

#include "protocol/text_difference.hpp"

namespace berth::client {
namespace {

using protocol::TextOperation;
constexpr std::size_t largest_insert = 1u
                                       << 20;  // bytes in one operation, well below the runner's text frame

TextOperation replacement(std::int64_t position, std::int64_t removed, std::string inserted,
                          std::int64_t length) {
  TextOperation operation;
  operation.retain(position).insert(std::move(inserted)).remove(removed);
  return operation.retain(length - position - removed);
}

/// `all`, then `next`; one of them alone where there is no other.
void compose_into(std::optional<TextOperation>& all, const TextOperation& next) {
  if (!all) {
    all = next;
  } else if (auto both = all->compose(next)) {
    all = std::move(*both);
  }
}

std::optional<std::string> applied(const TextOperation& operation, const std::string& text) {
  auto result = operation.apply(text);
  if (!result) return std::nullopt;
  return std::move(*result);
}

/// Units inserted and deleted.
std::int64_t changed_units(const TextOperation& operation) {
  std::int64_t units = 0;
  for (const auto& run : operation.runs()) {
    if (const auto* inserted = std::get_if<std::string>(&run))
      units += static_cast<std::int64_t>(protocol::utf16_length(*inserted));
    else
      units += std::max<std::int64_t>(0, -std::get<std::int64_t>(run));
  }
  return units;
}

/// What others did to the base, `theirs`, as something done behind `mine`, where `text` seems to hold
/// `least` units of `mine` or more: by so much it is nearer to what the person sees, `current`, than the two
/// would leave it with nothing in common. Then they meet in each place that the text has of `mine`. Units
/// inserted and deleted are counted.
std::optional<TextOperation> theirs_behind(const TextOperation& mine, const TextOperation& theirs,
                                           const std::string& current, const std::string& text,
                                           std::int64_t least) {
  const auto since = protocol::short_difference(current, text);
  const auto in_common = (changed_units(mine) + changed_units(theirs) - changed_units(since)) / 2;
  if (in_common < least) return std::nullopt;
  auto all = mine.compose(since);
  if (!all) return std::nullopt;
  return std::move(*all);
}

}  // namespace

TextOperation operation_of(const LocalEdit& edit) {
  const auto removed = static_cast<std::int64_t>(protocol::utf16_length(edit.removed));
  return replacement(edit.position, removed, edit.inserted, edit.length);
}

TextOperation inverse_of(const LocalEdit& edit) {
  const auto removed = static_cast<std::int64_t>(protocol::utf16_length(edit.removed));
  const auto inserted = static_cast<std::int64_t>(protocol::utf16_length(edit.inserted));
  return replacement(edit.position, inserted, edit.removed, edit.length - removed + inserted);
}

DocumentSync::DocumentSync(const UnsentEdits& kept, std::string author)
    : author_(std::move(author)), version_(kept.version), restored_(true) {
  if (const auto& edit = kept.in_flight) {
    first_ = Outgoing{edit->base_version, edit->operation_id, edit->sent};
    in_flight_ = {edit->now.operation, edit->now.removed};
  }
  for (const auto& change : kept.waiting) waiting_.emplace_back(change.operation, change.removed);
}

UnsentEdits DocumentSync::unsent() const {
  UnsentEdits kept{version_, {}, {}};
  if (first_)
    kept.in_flight = KeptInFlight{first_->base_version,
                                  first_->operation_id,
                                  first_->operation,
                                  {in_flight_.operation(), in_flight_.removed()}};
  for (const auto& change : waiting_) kept.waiting.push_back({change.operation(), change.removed()});
  return kept;
}

void DocumentSync::opened(std::uint64_t version) {
  version_ = version;
  first_.reset();
  waiting_.clear();
  theirs_.reset();
  restored_ = false;
}

void DocumentSync::recreated(std::uint64_t version, std::string_view text, const std::string& current) {
  opened(version);
  auto change = ReversibleOperation::of(TextOperation::difference(text, current), text);
  if (change) push(*change);
}

void DocumentSync::typed(const LocalEdit& edit) { push({operation_of(edit), edit.removed}); }

/// In pieces that fit a frame.
void DocumentSync::push(const ReversibleOperation& change) {
  for (auto& piece : change.pieces(largest_insert)) pushPiece(std::move(piece));
}

void DocumentSync::pushPiece(ReversibleOperation change) {
  if (change.isIdentity()) return;
  if (!waiting_.empty() && waiting_.back().bytes() + change.bytes() <= largest_insert) {
    if (auto both = waiting_.back().compose(change)) {
      if (both->isIdentity()) {
        waiting_.pop_back();
      } else {
        waiting_.back() = std::move(*both);
      }
      return;
    }
  }
  waiting_.push_back(std::move(change));
}

std::optional<DocumentSync::Outgoing> DocumentSync::next() {
  if (first_ || theirs_ || waiting_.empty()) return std::nullopt;
  in_flight_ = std::move(waiting_.front());
  waiting_.pop_front();
  first_ = Outgoing{version_, author_ + "-" + std::to_string(next_number_++), in_flight_.operation()};
  return first_;
}

std::optional<ReversibleOperation> DocumentSync::mine() const {
  std::optional<ReversibleOperation> all;
  if (first_) all = in_flight_;
  for (const auto& change : waiting_) {
    if (!all) {
      all = change;
    } else if (auto both = all->compose(change)) {
      all = std::move(*both);
    }
  }
  return all;
}

DocumentSync::Outcome DocumentSync::acknowledged(std::uint64_t version) {
  Outcome outcome;
  if (!first_) return outcome;
  if (version != version_ + 1) {
    outcome.reopen = true;  // others' changes are missing: opening again tells where this one stands
    return outcome;
  }
  first_.reset();
  version_ = version;
  outcome.base = std::exchange(in_flight_, {}).operation();
  return outcome;
}

void DocumentSync::waitAgain() {
  if (!first_) return;
  first_.reset();
  waiting_.push_front(std::exchange(in_flight_, {}));
}

DocumentSync::Outcome DocumentSync::refused() {
  Outcome outcome;
  if (!first_) return outcome;
  // Where others' changes came meanwhile it can be sent as it stands now; else they are missing here.
  outcome.reopen = first_->base_version == version_;
  waitAgain();
  return outcome;
}

void DocumentSync::takeBack(std::string author) {
  waitAgain();
  author_ = std::move(author);
  next_number_ = 1;
}

DocumentSync::Outcome DocumentSync::remote(std::uint64_t version, const TextOperation& operation) {
  Outcome outcome;
  if (version <= version_) return outcome;
  if (version != version_ + 1) {
    outcome.reopen = true;
    return outcome;
  }
  if (theirs_) {
    auto both = theirs_->compose(operation);
    if (both) {
      theirs_ = std::move(*both);
      version_ = version;
    } else {
      outcome.reopen = true;
    }
    return outcome;
  }
  outcome = merge(operation);
  if (!outcome.reopen) version_ = version;
  return outcome;
}

/// Brings what waits around `theirs`; what is left of it is for the editor. Nothing where it does not fit.
std::optional<TextOperation> DocumentSync::carryWaiting(TextOperation theirs) {
  std::deque<ReversibleOperation> waiting;
  for (const auto& change : waiting_) {
    auto moved = change.after(theirs);
    if (!moved) return std::nullopt;
    theirs = std::move(moved->theirs);
    if (!moved->mine.isIdentity()) waiting.push_back(std::move(moved->mine));
  }
  waiting_ = std::move(waiting);
  return theirs;
}

DocumentSync::Outcome DocumentSync::merge(const TextOperation& theirs) {
  Outcome outcome;
  auto rest = theirs;
  std::optional<ReversibleOperation> flying;
  if (first_) {
    auto moved = in_flight_.after(theirs);
    outcome.reopen = !moved;
    if (!moved) return outcome;
    rest = std::move(moved->theirs);
    flying = std::move(moved->mine);
  }
  outcome.apply = carryWaiting(std::move(rest));
  outcome.reopen = !outcome.apply;
  if (outcome.reopen) return outcome;
  if (flying) in_flight_ = std::move(*flying);
  outcome.base = theirs;
  return outcome;
}

DocumentSync::Outcome DocumentSync::takeOrAsk(const TextOperation& theirs, bool ask, Outcome outcome) {
  if (const auto all = mine(); ask && all && overlapping(all->operation(), theirs)) {
    waitAgain();
    theirs_ = theirs;
    return outcome;
  }
  auto merged = merge(theirs);
  if (merged.reopen) return merged;
  outcome.apply = std::move(merged.apply);
  compose_into(outcome.base, *merged.base);
  return outcome;
}

// The edit in flight is brought around the changes one by one, as the runner does it: around their
// composition it could come to stand elsewhere.
DocumentSync::Outcome DocumentSync::back(const std::vector<protocol::DocumentChange>& changes, bool ask) {
  Outcome outcome;
  Outcome missing;
  missing.reopen = true;
  std::optional<TextOperation> others;         // on the base
  std::optional<TextOperation> around_flying;  // the same on base · in flight
  auto flying = in_flight_;
  bool arrived = !first_;
  auto version = version_;
  for (const auto& change : changes) {
    if (change.version <= version_) continue;
    if (change.version != ++version) return missing;
    if (arrived) {
      compose_into(around_flying, change.operation);
    } else if (change.operation_id == first_->operation_id) {
      arrived = true;
      outcome.base = in_flight_.operation();
    } else {
      auto moved = flying.after(change.operation);
      if (!moved) return missing;
      compose_into(others, change.operation);
      compose_into(around_flying, moved->theirs);
      flying = std::move(moved->mine);
    }
  }
  version_ = version;
  restored_ = false;
  if (!theirs_) in_doubt_ = false;
  if (arrived && first_) {
    first_.reset();
    in_flight_ = {};
  }
  if (theirs_ && around_flying) compose_into(theirs_, *around_flying);
  if (theirs_ || !around_flying) return outcome;
  if (!first_) return takeOrAsk(*around_flying, ask, std::move(outcome));
  if (const auto all = mine(); ask && overlapping(all->operation(), *others)) {
    waitAgain();
    theirs_ = std::move(others);
    return outcome;
  }
  outcome.apply = carryWaiting(std::move(*around_flying));
  in_flight_ = std::move(flying);
  outcome.base = std::move(others);
  return outcome;
}

DocumentSync::Outcome DocumentSync::back(std::uint64_t version, const std::string& text, bool applied_there,
                                         const std::string& current, bool ask) {
  Outcome outcome;
  version_ = version;
  // A question that is open is asked again, about the text as it is now.
  const bool doubted = inDoubt();
  ask = ask || theirs_.has_value();
  theirs_.reset();
  in_doubt_ = false;
  if (first_ && applied_there) {
    outcome.base = std::exchange(in_flight_, {}).operation();
    first_.reset();
  }
  // Units of what is unsent that the text has by chance, at most; nullopt: it can't have any but by chance.
  std::optional<std::int64_t> doubt;
  if (first_) doubt = changed_units(in_flight_.operation()) / 2;
  if (std::exchange(restored_, false) || doubted) doubt = 0;
  waitAgain();
  const auto base = baseText(current);
  if (!base) {
    // Nothing that is known fits: all that differs is the person's.
    recreated(version, text, current);
    outcome.base.reset();
    return outcome;
  }
  const auto all = mine();
  if (all && text == current) {
    // All of it is there, or somebody did the very same.
    compose_into(outcome.base, all->operation());
    waiting_.clear();
    return outcome;
  }
  const auto theirs = protocol::short_difference(*base, text);
  if (theirs.is_identity()) return outcome;
  if (all && doubt)
    if (const auto behind = theirs_behind(all->operation(), theirs, current, text, *doubt + 1)) {
      in_doubt_ = true;
      return takeOrAsk(*behind, true, std::move(outcome));
    }
  return takeOrAsk(theirs, ask, std::move(outcome));
}

std::optional<std::string> DocumentSync::baseText(const std::string& current) const {
  const auto all = mine();
  return all ? applied(all->reversed().operation(), current) : current;
}

std::optional<std::string> DocumentSync::theirText(const std::string& current) const {
  if (!theirs_) return std::nullopt;
  const auto base = baseText(current);
  return base ? applied(*theirs_, *base) : std::nullopt;
}

std::optional<std::string> DocumentSync::bothText(const std::string& current) const {
  const auto all = mine();
  if (!theirs_ || !all) return std::nullopt;
  const auto moved = all->after(*theirs_);
  return moved ? applied(moved->theirs, current) : std::nullopt;
}

/// The question is answered: `apply` for the editor, `mine` is what the runner lacks then.
DocumentSync::Outcome DocumentSync::decided(TextOperation apply, const ReversibleOperation& mine) {
  Outcome outcome;
  outcome.base = std::exchange(theirs_, {});
  outcome.apply = std::move(apply);
  waiting_.clear();
  push(mine);
  return outcome;
}

DocumentSync::Outcome DocumentSync::keepBoth() {
  const auto all = mine();
  if (!theirs_) return {};
  const auto theirs = *theirs_;
  if (!all) return decided(theirs, {});
  auto moved = all->after(theirs);
  if (!moved) return {};
  return decided(std::move(moved->theirs), moved->mine);
}

// What is left of theirs: the places that mine does not touch. The others are taken back in the runner's
// text.
DocumentSync::Outcome DocumentSync::keepMine(const std::string& current) {
  const auto all = mine();
  if (!theirs_ || !all) return keepBoth();
  const auto parts = parts_touching(*theirs_, all->operation());
  const auto base = baseText(current);
  if (!base) return {};
  const auto apart_text = applied(parts.apart, *base);
  const auto touching = transform(parts.touching, parts.apart);
  auto moved = all->after(parts.apart);
  if (!apart_text || !touching || !moved) return {};
  const auto taken_back = ReversibleOperation::of(touching->mine, *apart_text);
  if (!taken_back) return {};
  auto pending = taken_back->reversed().compose(moved->mine);
  if (!pending) return {};
  return decided(std::move(moved->theirs), *pending);
}

// What is left of mine: the places that they did not touch.
DocumentSync::Outcome DocumentSync::takeTheirs() {
  const auto all = mine();
  if (!theirs_ || !all) return keepBoth();
  const auto parts = all->partsTouchedBy(*theirs_);
  auto touched = parts.touched.after(parts.apart.operation());
  auto moved = parts.apart.after(*theirs_);
  if (!touched || !moved) return {};
  auto apply = touched->mine.reversed().operation().compose(moved->theirs);
  if (!apply) return {};
  return decided(std::move(*apply), moved->mine);
}

std::int64_t DocumentSync::toRunner(std::int64_t position) const {
  for (auto change = waiting_.rbegin(); change != waiting_.rend(); ++change)
    position = change->positionBefore(position);
  if (first_) position = in_flight_.positionBefore(position);
  if (theirs_) position = theirs_->map_position(position, protocol::Bias::after).value_or(0);
  return position;
}

std::int64_t DocumentSync::fromRunner(std::int64_t position, protocol::Bias bias) const {
  if (theirs_) position = ReversibleOperation(*theirs_, {}).positionBefore(position);
  if (first_) position = in_flight_.operation().map_position(position, bias).value_or(0);
  for (const auto& change : waiting_) position = change.operation().map_position(position, bias).value_or(0);
  return position;
}

}  // namespace berth::client
