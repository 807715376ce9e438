// SPDX-License-Identifier: GPL-3.0-or-later
// The documents of a FakeRunner: one text with its versions, that merges edits and remembers their ids as a
// runner does.
#pragma once

#include <functional>

#include "fake_runner.hpp"

namespace berth::test {

class FakeDocuments {
 public:
  FakeDocuments(FakeRunner* runner, std::string text);

  /// Someone else edits: the newest version changes and the client is told.
  void edit(const protocol::TextOperation& operation, bool tell = true,
            const std::string& origin = "someone");
  const std::string& text() const { return text_; }
  /// Before anybody opens it.
  void setText(std::string text) { text_ = std::move(text); }
  std::uint64_t version() const { return version_; }
  int applied() const { return static_cast<int>(operations_.size()); }
  int refused() const { return refused_; }
  int opened() const { return opened_; }
  /// How often the whole text was sent.
  int textsSent() const { return texts_sent_; }
  /// The edit is applied, but the connection drops before the answer.
  void dropAfterNextEdit() { drop_after_edit_ = true; }
  /// The id of the next edit is known from another one, the first of all; with `drop` the connection drops
  /// before the answer.
  void knowNextId(bool drop) {
    known_next_ = true;
    drop_known_ = drop;
  }
  /// The file has another path from now on.
  void moveTo(const std::string& path) { path_ = path; }
  /// Changes before now are forgotten: who comes back gets the text, and older bases are refused.
  void forgetChanges() { remembered_from_ = version_; }
  /// The document is opened anew, as after the runner's restart: another id, and no changes.
  void reopen();
  /// Edits are refused with this until it is reset.
  std::optional<Error> refusal;
  /// Called with each edit that arrives, before anything is made of it.
  std::function<void()> on_edit;
  /// The text may only be read, because of this.
  std::optional<protocol::ReadOnlyReason> read_only;
  int saves = 0;
  /// The file is not there.
  bool missing = false;

 private:
  protocol::DocumentOpen::Result open(const protocol::DocumentOpen::Params& params);
  Result<protocol::DocumentEdit::Result> take(const protocol::DocumentEdit::Params& params);

  FakeRunner* runner_;
  std::string id_ = "doc";
  std::string path_;  // "": the one that is asked for
  std::string text_;
  std::uint64_t version_ = 1;
  std::uint64_t remembered_from_ = 1;
  std::vector<protocol::DocumentChange> changes_;
  std::map<std::string, std::uint64_t> operations_;
  int refused_ = 0;
  int opened_ = 0;
  int texts_sent_ = 0;
  bool drop_after_edit_ = false;
  bool known_next_ = false;
  bool drop_known_ = false;
};

}  // namespace berth::test
