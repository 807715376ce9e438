// SPDX-License-Identifier: GPL-3.0-or-later
// The files of documents that nobody has open any more: a window that comes back to one finds it where it was
// moved meanwhile. No clock: the one forgotten longest goes first, and who uses it says when to look at the
// files.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <list>
#include <string>
#include <utility>

#include "protocol/net/file_descriptor.hpp"

namespace berth::runner {

inline bool is_same_file(const net::FileDescriptor& one, const net::FileDescriptor& other) {
  struct stat first{}, second{};
  return ::fstat(one.get(), &first) == 0 && ::fstat(other.get(), &second) == 0 &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

class ForgottenDocuments {
 public:
  static constexpr std::size_t most = 256;
  /// Bytes of a file. A descriptor keeps the room of one that was deleted until it is let go.
  static constexpr std::uint64_t largest = 1u << 20;

  struct Entry {
    std::string id, path;            // where its edits are known: as it was forgotten, or was found since
    std::uint64_t version;           // the newest
    net::FileDescriptor file;        // O_PATH
    std::string journalled_at = {};  // where the journal has its edits, if not at `path`
  };

  void remember(Entry entry) {
    entries_.push_back(std::move(entry));
    if (entries_.size() > most) entries_.pop_front();
  }
  /// Closes what was deleted or has become too large. To be called now and then, while there are any.
  void let_go() { std::erase_if(entries_, is_over); }
  bool empty() const { return entries_.empty(); }

  /// Null where it was never known, was deleted, has become too large, or is known no more.
  Entry* find(const std::string& id) {
    for (auto& entry : entries_)
      if (entry.id == id) return is_over(entry) ? nullptr : &entry;
    return nullptr;
  }

 private:
  static bool is_over(const Entry& entry) {
    struct stat status{};
    return ::fstat(entry.file.get(), &status) != 0 || status.st_nlink == 0 ||
           static_cast<std::uint64_t>(status.st_size) > largest;
  }
  std::list<Entry> entries_;
};

}  // namespace berth::runner
