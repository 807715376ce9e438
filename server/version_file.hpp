// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of a file of a version: its chunks one after the other, in constant memory.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/byte_stream.hpp"
#include "server/version_tree.hpp"

namespace berth::server {

/// Blocks; a few chunks are read at once.
class ChunkReader {
 public:
  ChunkReader(VersionTree tree, std::vector<protocol::ObjectId> chunks)
      : tree_(std::move(tree)), chunks_(std::move(chunks)) {}

  bool at_end() const { return next_ == chunks_.size(); }
  /// Goes on with the chunk in which the byte at `offset` lies and, where that is near, ends with the one
  /// that has the last of `length`; reads none of the others. Gives how many bytes of the first come before
  /// `offset`. Before next().
  Result<std::uint64_t> seek(std::uint64_t offset, std::uint64_t length);
  /// The next chunk; nullopt when it is missing or damaged (go on with the one after it). Not at the end.
  Result<std::optional<std::string>> next();
  /// Which chunk next() gave last, for the log.
  std::string last() const { return next_ == 0 ? "none" : chunks_[next_ - 1].hex(); }

 private:
  VersionTree tree_;
  std::vector<protocol::ObjectId> chunks_;
  std::size_t next_ = 0;
  std::vector<std::optional<std::string>> ahead_;  // of the chunks from next_ on, in reverse
};

/// `length` bytes from `offset` of a file whose chunks these are, read on `pool`; chunks before it are not
/// read. A damaged chunk, or a file that ends before, is an error.
std::unique_ptr<ByteSource> make_version_source(VersionTree tree, std::vector<protocol::ObjectId> chunks,
                                                std::uint64_t offset, std::uint64_t length,
                                                boost::asio::thread_pool& pool);

}  // namespace berth::server
