// SPDX-License-Identifier: GPL-3.0-or-later
// What ripgrep writes (`--json`, and replacements between marks) becomes lines with matches, and those what
// clients see. Bounded, whatever the files hold. No I/O.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages.hpp"

namespace berth::runner {

/// A line that fits, in bytes as they are in the file (of UTF-16 as UTF-8).
struct FoundLine {
  struct Range {
    std::uint32_t start, end;
  };
  std::uint64_t line = 0;    // from 1
  std::uint64_t offset = 0;  // of its first byte
  std::string bytes;         // without its end
  std::vector<Range> matches;
  std::uint64_t all_matches = 0;  // also those that are not kept
};

class SearchOutput {
 public:
  struct Listener {
    std::function<void(const std::string& path)> on_file;
    std::function<void(FoundLine line)> on_line;
    /// `binary`: it turned out to be no text behind what was found.
    std::function<void(bool binary)> on_file_end;
  };
  /// Bytes of JSON about one line; of one that takes more nothing is kept but that it was there.
  static constexpr std::size_t usual_longest = 8u << 20;

  explicit SearchOutput(Listener listener, std::size_t most_matches_of_line,
                        std::size_t longest = usual_longest)
      : listener_(std::move(listener)), most_matches_(most_matches_of_line), longest_(longest) {}

  void feed(std::string_view bytes);
  /// Lines that were too long, and the file of the first.
  std::uint64_t skipped() const { return skipped_; }
  const std::string& skipped_in() const { return skipped_in_; }

 private:
  void take(std::string_view json);
  Listener listener_;
  std::size_t most_matches_, longest_;
  std::string begun_, path_, skipped_in_;
  bool skipping_ = false, unnamed_ = false;
  std::uint64_t skipped_ = 0;
};

/// Takes what stands between the marks, in order; of each no more than `longest` bytes.
class ReplacementOutput {
 public:
  ReplacementOutput(std::string opening, std::string closing, std::size_t longest)
      : opening_(std::move(opening)), closing_(std::move(closing)), longest_(longest) {}
  void feed(std::string_view bytes);
  std::vector<std::string>& taken() { return taken_; }
  /// Bytes that were taken.
  std::uint64_t size() const { return size_; }
  /// One was longer than `longest`.
  bool cut() const { return cut_; }

 private:
  std::string opening_, closing_, rest_;
  std::size_t longest_;
  std::vector<std::string> taken_;
  std::uint64_t size_ = 0;
  bool inside_ = false, cut_ = false;
};

/// As clients see it. `replacements`: one for each match, or none at all.
protocol::SearchLine shown_line(const FoundLine& found, const std::vector<std::string>& replacements);

}  // namespace berth::runner
