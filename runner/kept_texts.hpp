// SPDX-License-Identifier: GPL-3.0-or-later
// Texts that a change on disk took from a document and that no stored version has: they go to the trash of
// the home, from where a person can take them. Bounded, so that a program that writes in a loop does not fill
// the disk. Calls block; any thread may make them.
#pragma once

#include <deque>
#include <mutex>
#include <string>

#include "protocol/net/home_files.hpp"
#include "runner/document_text.hpp"
#include "runner/text_encoding.hpp"

namespace berth::runner {

class KeptTexts {
 public:
  /// Beyond these the oldest that this runner put there are deleted.
  static constexpr std::size_t most_texts = 100;
  static constexpr std::uint64_t most_bytes = 256u << 20;

  explicit KeptTexts(const net::HomeFiles& files) : files_(files) {}

  /// Puts the text of the file at `path` there, under the name of the file with the time; returns its path in
  /// home. Not synced: it must outlive the runner, not the machine.
  Result<std::string> keep(const std::string& path, const DocumentText& text, Encoding encoding,
                           LineEnding line_ending);

 private:
  struct Kept {
    std::string name;
    std::uint64_t bytes;
  };
  void make_room(std::uint64_t bytes);

  const net::HomeFiles& files_;
  std::mutex mutex_;
  std::deque<Kept> kept_;  // oldest first
  std::uint64_t bytes_ = 0;
};

}  // namespace berth::runner
