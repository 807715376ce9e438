// SPDX-License-Identifier: GPL-3.0-or-later
// The logic of one shared document on a client, without I/O: the person types at once, one operation is in
// flight, later ones are composed; others' operations are brought around the person's; where both touched one
// place the person decides. No copy of the text is kept: what the runner has is reached from the editor's
// text by the inverses of the unsent edits.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "protocol/text_operation.hpp"

namespace berth::client {

/// One replacement in the editor. Positions and lengths in UTF-16 code units.
struct LocalEdit {
  std::int64_t position;
  std::string removed;  // UTF-8
  std::string inserted;
  std::int64_t length;  // of the whole text before
};

/// The operation that takes the edit back.
protocol::TextOperation inverse_of(const LocalEdit& edit);

class DocumentSync {
 public:
  struct Outgoing {
    std::uint64_t base_version;
    std::string operation_id;
    protocol::TextOperation operation;
  };
  /// What an incoming change asks of the document.
  struct Outcome {
    std::optional<protocol::TextOperation> apply;  // to the editor's text
    bool reopen = false;  // versions were missed: ask for the text, then call reconcile()
  };

  /// `id_prefix` makes operation ids unique in the workspace.
  explicit DocumentSync(std::string id_prefix) : id_prefix_(std::move(id_prefix)) {}

  /// The text was loaded at `version`; forgets everything local.
  void opened(std::uint64_t version);

  /// The person changed the editor's text.
  void typed(const LocalEdit& edit);

  /// The edit to send now; it is in flight from then on. Nothing while one is, or while a conflict is
  /// undecided.
  std::optional<Outgoing> next();
  /// The edit that was in flight when the connection dropped, to be sent again with its own id.
  std::optional<Outgoing> resend() const;

  Outcome acknowledged(std::uint64_t version);
  /// The runner refused the edit in flight as stale_base; its text is kept.
  Outcome refused();
  Outcome remote(std::uint64_t version, const protocol::TextOperation& operation);
  /// The runner has `theirs` at `version`; the editor shows `current`. Nothing may be in flight.
  Outcome reconcile(std::uint64_t version, const std::string& theirs, const std::string& current);

  std::uint64_t version() const { return version_; }
  bool inFlight() const { return in_flight_.has_value(); }
  /// True while the runner lacks something the person typed.
  bool hasUnsent() const { return in_flight_ || !queue_.empty(); }

  bool inConflict() const { return theirs_.has_value(); }
  /// The runner's text while in conflict.
  std::optional<std::string> theirText(const std::string& current) const;
  /// The person's text replaces theirs.
  void keepMine(const std::string& current);
  /// The operation to apply to the editor, which then shows their text.
  std::optional<protocol::TextOperation> takeTheirs();

 private:
  struct Change {
    protocol::TextOperation operation;
    protocol::TextOperation inverse;
  };
  struct InFlight {
    Change change;
    std::string id;
    bool overtaken =
        false;  // another change came first: it will be refused; its text is in the queue already
  };
  struct Early {
    std::uint64_t version;
    protocol::TextOperation operation;
  };

  std::optional<Change> local() const;  // all that the runner lacks, as one change
  void push(Change change);
  void merge(const protocol::TextOperation& theirs, Outcome& outcome);
  std::optional<std::string> baseText(const std::string& current) const;

  std::string id_prefix_;
  std::uint64_t next_id_ = 1;
  std::uint64_t version_ = 0;
  std::optional<InFlight> in_flight_;
  std::deque<Change> queue_;
  std::vector<Early> early_;                       // changes that came before the acknowledgement they follow
  std::optional<protocol::TextOperation> theirs_;  // conflict: from the common text to the runner's
};

}  // namespace berth::client
