// SPDX-License-Identifier: GPL-3.0-or-later
// Unpacking an upload: a program of its own ("berth-runner --unpack"), run as the person in the folder that
// is to be filled, so that what is hostile in an archive meets a process that has nothing. Names are bytes
// and stay what they are. Everything is bounded, and the first thing that is wrong ends it with a sentence.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/net/file_descriptor.hpp"

namespace berth::runner {

inline constexpr std::uint64_t most_unpacked_bytes = 32ull << 30;
inline constexpr std::uint64_t most_unpacked_entries =
    1'000'000;                                               // files, folders (also unnamed ones), links
inline constexpr std::size_t longest_unpacked_path = 2'000;  // bytes
inline constexpr std::size_t deepest_unpacked_path = 128;    // names

struct UnpackLimits {
  std::uint64_t bytes = most_unpacked_bytes;
  std::uint64_t entries = most_unpacked_entries;
};

/// "1.5 GiB", for sentences.
std::string readable_size(std::uint64_t bytes);

/// Where an archive's entries go: below one folder, never through a link, each within the limits. Absolute
/// paths lose their slash; ".." ends the unpacking. Of two entries with one path the later stays.
class UnpackedFolder {
 public:
  UnpackedFolder(net::FileDescriptor folder, UnpackLimits limits)
      : folder_(std::move(folder)), limits_(limits) {}

  Result<void> directory(const std::string& path, std::int64_t modified);
  /// Then write() `size` bytes, then end_file().
  Result<void> begin_file(const std::string& path, std::uint32_t mode, std::int64_t modified,
                          std::uint64_t size);
  Result<void> write(std::string_view bytes);
  Result<void> end_file();
  /// Any target: it is not followed here.
  Result<void> symlink(const std::string& path, const std::string& target);
  /// To a file that was unpacked before; its size counts once more, for versions hold it twice.
  Result<void> hard_link(const std::string& path, const std::string& target);
  /// Something that is none of those.
  void leave_out() { ++left_out_; }
  /// Folders get their times.
  Result<void> finish();

  std::uint64_t files() const { return files_; }
  std::uint64_t left_out() const { return left_out_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  struct Place {
    int parent = -1;   // open as long as nothing else is placed
    std::string name;  // "" for the folder itself
  };
  struct Open {
    std::string name;
    net::FileDescriptor fd;
  };
  struct Times {
    std::string path;
    std::int64_t modified;
  };
  Result<Place> place(const std::string& path);
  Result<int> parent_of(const std::vector<std::string>& names, const std::string& path);
  Result<void> count_entry();
  Result<void> count_bytes(std::uint64_t more);
  Result<void> remove_older(const Place& place, const std::string& path);

  net::FileDescriptor folder_;
  const UnpackLimits limits_;
  std::vector<Open> way_;  // to the folder of the last entry
  net::FileDescriptor file_;
  std::string file_path_;
  std::int64_t file_modified_ = 0;
  std::vector<Times> times_;
  std::uint64_t entries_ = 0, files_ = 0, left_out_ = 0, bytes_ = 0;
};

/// Called now and then with 0..1.
using UnpackProgress = std::function<void(double)>;

/// Both read the file from its beginning.
Result<void> unpack_zip(int archive, UnpackedFolder& folder, const UnpackLimits& limits,
                        const UnpackProgress& progress);
/// Plain, or compressed by gzip, xz or zstd.
Result<void> unpack_tar(int archive, UnpackedFolder& folder, const UnpackProgress& progress);

/// The program: `arguments` are "zip" or "tar", the archive's path, the most bytes and, where these are to be
/// fewer than most_unpacked_entries, the most entries. Its exit status.
int run_unpack(const std::vector<std::string>& arguments);

/// What the program's last line begins with where it ends badly.
inline constexpr std::string_view unpack_failed = "unpack: ";

}  // namespace berth::runner
