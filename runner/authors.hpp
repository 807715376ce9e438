// SPDX-License-Identifier: GPL-3.0-or-later
// Which opening of a document an author's edits come from: a window that came back asked from its new one
// what became of its edit, and what still arrives from an older one is too late. No I/O.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "runner/known_edits.hpp"

namespace berth::runner {

class Authors {
 public:
  static constexpr std::size_t most = 1024;  // of a document; the one whose opening is oldest goes first

  /// The number of a new opening.
  std::uint64_t next_opening() { return ++openings_; }

  /// An opening asked about this edit: its author goes on from there.
  void asked(const std::string& operation_id, std::uint64_t opening) {
    if (operation_id.size() > longest_operation_id) return;  // none that could be sent
    from_[std::string(author_of(operation_id))] = opening;
    if (from_.size() <= most) return;
    auto oldest = from_.begin();
    for (auto one = from_.begin(); one != from_.end(); ++one)
      if (one->second < oldest->second) oldest = one;
    from_.erase(oldest);
  }

  /// False for an edit from an opening before the one from which its author went on.
  bool may_send(const std::string& operation_id, std::uint64_t opening) {
    const auto found = from_.find(std::string(author_of(operation_id)));
    if (found == from_.end()) return true;
    if (opening < found->second) return false;
    found->second = opening;
    return true;
  }

 private:
  std::uint64_t openings_ = 0;
  std::map<std::string, std::uint64_t> from_;  // by author
};

}  // namespace berth::runner
