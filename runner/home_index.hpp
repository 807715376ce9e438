// SPDX-License-Identifier: GPL-3.0-or-later
// The records (home_record.hpp) of all directories of a home, in a file beside the journal: memory holds a
// path and a place for each directory, nothing for a file. The file is a cache: every file is compared with
// its record before the record is believed, so a lost or damaged end costs reading files again and nothing
// else. Calls block; one thread makes them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "protocol/net/file_descriptor.hpp"
#include "runner/home_record.hpp"

namespace berth::runner {

class HomeIndex {
 public:
  /// `identity` names the home; a file that belongs to another one is begun anew. Nothing is read before
  /// load().
  HomeIndex(std::string path, std::string identity);
  void load();

  std::optional<DirectoryRecord> read(const std::string& directory) const;
  void put(const std::string& directory, const DirectoryRecord& record);
  /// The directory and everything below it.
  void remove(const std::string& directory);
  /// Until `visit` returns false; what was put since forget_news() comes first (and twice).
  void for_each(
      const std::function<bool(const std::string& directory, const DirectoryRecord& record)>& visit) const;
  /// Writes what was put; while that fails it stays in memory.
  void flush();
  /// How many directories that were.
  std::size_t forget_news() { return std::exchange(news_, {}).size(); }
  std::size_t size() const { return places_.size(); }

 private:
  struct Place {
    std::uint64_t offset = 0;  // of the record's bytes; 0: in unwritten_
    std::uint32_t length = 0;
  };
  bool begin_file();
  bool read_header(std::uint64_t& offset) const;
  void load_records(std::uint64_t offset);
  void compact();
  std::optional<std::string> bytes_of(const std::string& directory, const Place& place) const;

  const std::string path_, identity_;
  net::FileDescriptor fd_;
  std::uint64_t end_ = 0, live_ = 0;     // bytes: of the file, of the records in it that count
  std::map<std::string, Place> places_;  // by directory
  std::map<std::string, std::string> unwritten_;
  std::size_t unwritten_bytes_ = 0;
  std::string removals_;        // framed, for the next flush
  std::set<std::string> news_;  // directories
};

}  // namespace berth::runner
