// SPDX-License-Identifier: GPL-3.0-or-later
// The logic of one shared document on a client, without I/O. The person's text is always
//   base (the runner's text at `version`) · in flight · waiting
// and others' operations are brought around the two, one by one, as the runner does it: so an acknowledgement
// is always the next version. No copy of a text is kept: the base is reached from the person's text by what
// the unsent edits removed.
//
// After Jupiter and Google Wave (see protocol/text_operation.hpp).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "client/core/reversible_operation.hpp"
#include "client/core/unsent_record.hpp"
#include "protocol/document_messages.hpp"

namespace berth::client {

/// One replacement in the editor. Positions and lengths in UTF-16 code units.
struct LocalEdit {
  std::int64_t position;
  std::string removed;  // UTF-8
  std::string inserted;
  std::int64_t length;  // of the whole text before
};

/// The edit as an operation on the text before it.
protocol::TextOperation operation_of(const LocalEdit& edit);

/// The operation that takes the edit back.
protocol::TextOperation inverse_of(const LocalEdit& edit);

class DocumentSync {
 public:
  struct Outgoing {
    std::uint64_t base_version;
    std::string operation_id;
    protocol::TextOperation operation;
  };
  /// What an answer or a change asks of the document.
  struct Outcome {
    std::optional<protocol::TextOperation> apply;  // to the editor's text
    std::optional<protocol::TextOperation> base;   // what the base has become by it
    bool reopen = false;                           // versions were missed: open it again, then call back()
  };

  /// `author` is random: of one client and one document.
  explicit DocumentSync(std::string author) : author_(std::move(author)) {}
  /// Goes on with what was kept: its edit in flight under its own id, all that comes then as `author`.
  DocumentSync(const UnsentEdits& kept, std::string author);

  /// The text was loaded at `version`; forgets everything local.
  void opened(std::uint64_t version);
  /// The runner has `text`, made anew; all that the person sees is to be sent.
  void recreated(std::uint64_t version, std::string_view text, const std::string& current);

  /// The person changed the editor's text.
  void typed(const LocalEdit& edit);

  /// The edit to send now; it is in flight from then on. Nothing while one is, or while a question is open.
  std::optional<Outgoing> next();
  /// The edit in flight as it was first sent: whatever happened since, it is sent again like this.
  const std::optional<Outgoing>& resend() const { return first_; }

  Outcome acknowledged(std::uint64_t version);
  /// The runner no longer remembers the base of the edit in flight. It was not applied, and waits again.
  Outcome refused();
  /// The runner knows the id of the edit in flight from another one, or as given up. It was not applied, and
  /// waits again; `author` is a new one, whose ids nobody has used.
  void takeBack(std::string author);
  Outcome remote(std::uint64_t version, const protocol::TextOperation& operation);

  /// The document was opened again: `changes` since version(). `ask`: where others touched what is unsent,
  /// the person is to decide.
  Outcome back(const std::vector<protocol::DocumentChange>& changes, bool ask);
  /// The same with the whole text, where the changes are not known. `applied`: it holds the edit in flight.
  /// `current` is the editor's. Where nobody remembers whether the text holds some of what is unsent (so many
  /// authors edited since, or what was kept is older than what was sent) and it looks like that, the person
  /// decides whatever `ask` is: merged in silence it would stand there twice.
  Outcome back(std::uint64_t version, const std::string& text, bool applied, const std::string& current,
               bool ask);

  std::uint64_t version() const { return version_; }
  bool inFlight() const { return first_.has_value(); }
  /// True while the runner may lack something the person typed.
  bool hasUnsent() const { return first_ || !waiting_.empty(); }
  UnsentEdits unsent() const;

  /// The question is open: others and the person changed one place while they were apart.
  bool inConflict() const { return theirs_.has_value(); }
  /// It is about text that may have arrived already, which nobody remembers.
  bool inDoubt() const { return theirs_ && in_doubt_; }
  /// The runner's text meanwhile.
  std::optional<std::string> theirText(const std::string& current) const;
  /// What the editor's text would be with both.
  std::optional<std::string> bothText(const std::string& current) const;
  // The answers. Changes of places that only one side touched are kept by each.
  Outcome keepMine(const std::string& current);
  Outcome takeTheirs();
  Outcome keepBoth();

  /// A position of the editor's text in the runner's at version(), and back.
  std::int64_t toRunner(std::int64_t position) const;
  std::int64_t fromRunner(std::int64_t position, protocol::Bias bias) const;
  /// The runner's text as it was when the unsent edits began to be made on it.
  std::optional<std::string> baseText(const std::string& current) const;

 private:
  std::optional<ReversibleOperation> mine() const;  // all that is unsent, as one
  void push(const ReversibleOperation& change);
  void pushPiece(ReversibleOperation change);
  std::optional<protocol::TextOperation> carryWaiting(protocol::TextOperation theirs);
  Outcome merge(const protocol::TextOperation& theirs);
  Outcome takeOrAsk(const protocol::TextOperation& theirs, bool ask, Outcome outcome);
  void waitAgain();
  Outcome decided(protocol::TextOperation apply, const ReversibleOperation& mine);

  std::string author_;
  std::uint64_t next_number_ = 1;
  std::uint64_t version_ = 0;
  bool restored_ = false;          // from what was kept, which may be older than what was sent
  std::optional<Outgoing> first_;  // the edit in flight, as it was first sent
  ReversibleOperation in_flight_;  // as it applies to the base
  std::deque<ReversibleOperation> waiting_;
  std::optional<protocol::TextOperation> theirs_;  // while the question is open: what others made of the base
  bool in_doubt_ = false;                          // the question is about what may have arrived
};

}  // namespace berth::client
