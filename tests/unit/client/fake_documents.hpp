// SPDX-License-Identifier: GPL-3.0-or-later
// The documents of a FakeRunner: one text with versions and remembered operation ids, as a runner keeps it.
#pragma once

#include "fake_runner.hpp"

namespace berth::test {

class FakeDocuments {
 public:
  FakeDocuments(FakeRunner* runner, std::string text);

  /// Someone else edits: the newest version changes and the client is told.
  void edit(const protocol::TextOperation& operation, bool tell = true);
  const std::string& text() const { return text_; }
  std::uint64_t version() const { return version_; }
  int applied() const { return applied_; }
  int refused() const { return refused_; }
  /// The edit is applied, but the connection drops before the answer.
  void dropAfterNextEdit() { drop_after_edit_ = true; }

 private:
  FakeRunner* runner_;
  std::string text_;
  std::uint64_t version_ = 1;
  std::map<std::string, std::uint64_t> operations_;
  int applied_ = 0;
  int refused_ = 0;
  bool drop_after_edit_ = false;
};

}  // namespace berth::test
