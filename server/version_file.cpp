// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/version_file.hpp"

#include <algorithm>

#include "protocol/chunker.hpp"
#include "protocol/net/task.hpp"

namespace berth::server {
namespace {

constexpr std::size_t chunks_ahead = 4;
constexpr std::size_t sizes_at_once = 1'024;  // chunks looked up together on the way to an offset

std::unexpected<Error> damaged_piece(const std::string& id) {
  return failure(ErrorCode::internal, "A stored piece of this file is missing or damaged.", "object " + id);
}

class VersionSource final : public ByteSource {
 public:
  VersionSource(VersionTree tree, std::vector<protocol::ObjectId> chunks, std::uint64_t offset,
                std::uint64_t length, boost::asio::thread_pool& pool)
      : reader_(std::move(tree), std::move(chunks)), offset_(offset), left_(length), pool_(pool) {}

  net::Task<Result<std::string>> read() override {
    co_return co_await net::offload(pool_, [this] { return next_piece(); });
  }

 private:
  Result<std::string> next_piece() {
    if (left_ > 0 && !skip_) {
      const auto skip = reader_.seek(offset_, left_);
      if (!skip) return std::unexpected(skip.error());
      skip_ = *skip;
    }
    while (left_ > 0) {
      if (reader_.at_end())
        return failure(ErrorCode::internal, "The stored file is shorter than it should be.");
      auto chunk = reader_.next();
      if (!chunk) return std::unexpected(std::move(chunk.error()));
      if (!*chunk) return damaged_piece(reader_.last());
      auto bytes = std::move(**chunk);
      const auto before = std::min<std::uint64_t>(*skip_, bytes.size());
      *skip_ -= before;
      bytes.erase(0, before);
      if (bytes.size() > left_) bytes.resize(left_);
      left_ -= bytes.size();
      if (!bytes.empty()) return bytes;
    }
    return std::string{};
  }

  ChunkReader reader_;
  std::uint64_t offset_;
  std::optional<std::uint64_t> skip_;  // of the chunks to come; known once the first was looked for
  std::uint64_t left_;
  boost::asio::thread_pool& pool_;
};

static_assert(protocol::largest_chunk <= byte_stream_piece, "a chunk is given as one piece");

}  // namespace

Result<std::uint64_t> ChunkReader::seek(std::uint64_t offset, std::uint64_t length) {
  std::uint64_t before = 0;  // bytes of the chunks that are passed over
  while (next_ < chunks_.size()) {
    const auto count = std::min(sizes_at_once, chunks_.size() - next_);
    const auto here = next_;
    const auto first = chunks_.begin() + static_cast<std::ptrdiff_t>(here);
    const auto sizes =
        tree_.objects().sizes(tree_.owner(), {first, first + static_cast<std::ptrdiff_t>(count)});
    if (!sizes) return std::unexpected(sizes.error());
    std::size_t at = 0;
    for (; at < count; ++at) {
      const auto size = (*sizes)[at];
      if (!size && offset > before) return damaged_piece(chunks_[here + at].hex());
      if (!size || offset - before < *size) break;
      before += *size;
    }
    next_ += at;
    if (at == count) continue;
    for (auto end = before; at < count && (*sizes)[at]; ++at) {
      end += *(*sizes)[at];
      if (end - offset < length) continue;
      chunks_.resize(here + at + 1);
      break;
    }
    break;
  }
  return offset - before;
}

Result<std::optional<std::string>> ChunkReader::next() {
  if (ahead_.empty()) {
    const auto count = std::min(chunks_ahead, chunks_.size() - next_);
    const std::vector<protocol::ObjectId> ids(chunks_.begin() + static_cast<std::ptrdiff_t>(next_),
                                              chunks_.begin() + static_cast<std::ptrdiff_t>(next_ + count));
    auto read = tree_.objects().read(tree_.owner(), ids, protocol::largest_chunk);
    if (!read) return std::unexpected(std::move(read.error()));
    if (read->size() != count)
      return failure(ErrorCode::internal, "The store of versions gave a wrong answer.");
    ahead_ = std::move(*read);
    std::ranges::reverse(ahead_);
  }
  auto chunk = std::move(ahead_.back());
  ahead_.pop_back();
  ++next_;
  return chunk;
}

std::unique_ptr<ByteSource> make_version_source(VersionTree tree, std::vector<protocol::ObjectId> chunks,
                                                std::uint64_t offset, std::uint64_t length,
                                                boost::asio::thread_pool& pool) {
  return std::make_unique<VersionSource>(std::move(tree), std::move(chunks), offset, length, pool);
}

}  // namespace berth::server
