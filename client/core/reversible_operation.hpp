// SPDX-License-Identifier: GPL-3.0-or-later
// An operation together with the text that it deletes: so the text before it is reached from the text after
// it, through any number of others' operations, without a copy of either.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "protocol/text_operation.hpp"

namespace berth::client {

class ReversibleOperation {
 public:
  ReversibleOperation() = default;
  /// `removed`: all that the operation deletes, in order (UTF-8).
  ReversibleOperation(protocol::TextOperation operation, std::string removed)
      : operation_(std::move(operation)), removed_(std::move(removed)) {}
  /// Looks up in the text before what the operation deletes; invalid_argument when it does not fit.
  static Result<ReversibleOperation> of(protocol::TextOperation operation, std::string_view before);

  const protocol::TextOperation& operation() const { return operation_; }
  const std::string& removed() const { return removed_; }
  bool isIdentity() const { return operation_.is_identity(); }
  /// Bytes of text that it holds.
  std::size_t bytes() const;

  /// What takes it back, with what that deletes.
  ReversibleOperation reversed() const;
  /// Operations that do the same one after the other, each with at most `limit` bytes inserted; `limit` holds
  /// at least one character.
  std::vector<ReversibleOperation> pieces(std::size_t limit) const;
  /// This one, then `next`.
  Result<ReversibleOperation> compose(const ReversibleOperation& next) const;

  struct Carried;
  /// Both brought around each other; `theirs` was accepted first (see transform()).
  Result<Carried> after(const protocol::TextOperation& theirs) const;

  /// The places that `theirs` touches (see overlapping()), and all others. Both apply to the same text.
  struct Parts;
  Parts partsTouchedBy(const protocol::TextOperation& theirs) const;

  /// Where a position of the text after stood before; inside inserted text, where that was inserted.
  std::int64_t positionBefore(std::int64_t after) const;

 private:
  protocol::TextOperation operation_;
  std::string removed_;
};

struct ReversibleOperation::Carried {
  ReversibleOperation mine;
  protocol::TextOperation theirs;
};

struct ReversibleOperation::Parts {
  ReversibleOperation touched;
  ReversibleOperation apart;
};

/// The places of `theirs` that touch `mine`, and all others.
struct TheirParts {
  protocol::TextOperation touching;
  protocol::TextOperation apart;
};
TheirParts parts_touching(const protocol::TextOperation& theirs, const protocol::TextOperation& mine);

}  // namespace berth::client
