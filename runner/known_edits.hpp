// SPDX-License-Identifier: GPL-3.0-or-later
// Which edits were applied, so that one that is sent again is answered and not applied again: the newest of
// each author and file, over restarts (the journal holds them). An id is author "-" number; an author sends
// its edits of a file one after the other. No I/O.
#pragma once

#include <cstdint>
#include <limits>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace berth::runner {

/// An operation that was applied once and must not be again.
struct KnownOperation {
  std::string id;
  std::string path;
  std::uint64_t version;
};

class KnownEdits {
 public:
  static constexpr std::size_t most_authors = 4096;  // of a workspace; the one silent longest goes first

  /// The version that this edit made, if it is its author's newest.
  std::optional<std::uint64_t> version_of(const std::string& path, const std::string& id) const;
  /// The same for an edit of a document that is no longer known: of any file.
  std::optional<std::uint64_t> version_anywhere(const std::string& id) const;
  /// A later edit of its author was applied: this one was, or was given up.
  bool is_over(const std::string& path, const std::string& id) const;

  void remember(KnownOperation operation);
  /// A file or directory has another path now. True when that concerned something. `newest`: what made a
  /// later version stays, it is of a file that came to the old path since.
  bool move(const std::string& from, const std::string& to,
            std::uint64_t newest = std::numeric_limits<std::uint64_t>::max());

  /// The author silent longest first.
  std::vector<KnownOperation> all() const { return {edits_.begin(), edits_.end()}; }

 private:
  using Place = std::pair<std::string, std::string>;  // path, author
  using Edits = std::list<KnownOperation>;
  Edits edits_;
  std::map<Place, Edits::iterator> places_;
};

constexpr std::size_t longest_operation_id = 64;  // bytes

/// Of an edit's id; one of another form is an author of its own.
std::string_view author_of(std::string_view operation_id);

/// `path` is `directory` or below it.
bool is_at_or_below(std::string_view path, std::string_view directory);

}  // namespace berth::runner
