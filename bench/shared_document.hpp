// SPDX-License-Identifier: GPL-3.0-or-later
// One side of a document that two people edit at once: a window, and the clients' own logic of what is in
// flight and how others' edits come around it.
#pragma once

#include <string>

#include "bench/setup.hpp"
#include "client/core/document_sync.hpp"

namespace berth::bench {

class SharedDocument {
 public:
  /// `author`: of this side alone.
  SharedDocument(BerthWindow& window, const std::string& path, const std::string& author);
  ~SharedDocument();
  SharedDocument(const SharedDocument&) = delete;
  SharedDocument& operator=(const SharedDocument&) = delete;

  /// One character at `position` of the text here; sent now, or once the edit in flight is answered.
  void type(std::size_t position, char key);
  /// Works in what was answered since.
  void look();
  /// Nothing typed here is unanswered.
  bool settled() const { return !sync_.hasUnsent(); }
  std::uint64_t version() const { return sync_.version(); }
  const std::string& text() const { return text_; }
  const std::string& id() const { return document_; }
  BerthWindow& window() { return window_; }

 private:
  void send();
  void apply(const client::DocumentSync::Outcome& outcome);

  BerthWindow& window_;
  client::DocumentSync sync_;
  std::string document_;
  std::string text_;  // ASCII: as many UTF-16 units
  std::int64_t request_ = 0;
};

/// Reads what comes to two windows until `done`; Failure after 60 s.
void read_both(SharedDocument& one, SharedDocument& other, const std::function<bool()>& done);

}  // namespace berth::bench
