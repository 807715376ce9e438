// SPDX-License-Identifier: GPL-3.0-or-later
// Files on their way out as one zip or tar, made as fast as they are taken and in constant memory (a zip
// keeps some hundred bytes for each entry until its end). What goes in comes from an ArchiveContent;
// libarchive writes the formats.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/sync_messages.hpp"
#include "protocol/tree.hpp"
#include "server/byte_stream.hpp"

namespace berth::server {

enum class ArchiveFormat { zip, tar_gz, tar_zst };

/// "zip", "tar.gz", "tar.zst"; invalid_argument names the choice.
Result<ArchiveFormat> parse_archive_format(std::string_view text);
std::string_view file_ending(ArchiveFormat format);  // ".tar.gz"

struct ArchiveEntry {
  std::string path;  // bytes as they are, relative to the archive's top
  protocol::TreeEntryType type = protocol::TreeEntryType::file;
  std::uint32_t mode = 0;
  std::int64_t modified = 0;  // nanoseconds since the epoch
  std::uint64_t size = 0;     // of a file
  std::string target;         // of a symlink
};

/// What goes into an archive, in the order it is asked for. Calls block and come one at a time.
class ArchiveContent {
 public:
  virtual ~ArchiveContent() = default;
  /// The next entry, folders before what lies in them; nullopt at the end. An error ends the archive.
  virtual Result<std::optional<ArchiveEntry>> next() = 0;
  /// The next bytes of the file that next() gave last, at most byte_stream_piece; "" at its end.
  virtual Result<std::string> read() = 0;
  /// What could not be had as it should be, so far: asked at the end.
  virtual std::vector<protocol::PathProblem> problems() const = 0;

  /// Where what comes next has to be waited for: fetches it, so that the next call of next() or read() need
  /// not. An error ends the archive.
  virtual net::Task<Result<void>> prepare() { co_return Result<void>{}; }
  /// Whether the next call has what it gives.
  virtual bool prepared() const { return true; }
};

/// The archive's bytes. Problems become a text file at its end: an archive never silently lacks something.
/// `pool` does the reading and compressing; destroying the source early frees everything.
std::unique_ptr<ByteSource> make_archive_source(std::unique_ptr<ArchiveContent> content, ArchiveFormat format,
                                                boost::asio::thread_pool& pool);

/// The name of that text file where nothing else has it.
inline constexpr std::string_view problems_file = "DAMAGED-FILES.txt";

}  // namespace berth::server
