// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/file_source.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace berth::server {
namespace {

class FileSource final : public ByteSource {
 public:
  FileSource(net::OpenedFile file, std::uint64_t offset, std::uint64_t length, boost::asio::thread_pool& pool)
      : file_(std::move(file)), offset_(offset), left_(length), pool_(pool) {}

  net::Task<Result<std::string>> read() override {
    if (left_ == 0) co_return std::string{};
    auto piece = co_await net::offload(pool_, [this]() -> Result<std::string> {
      std::string bytes(std::min<std::uint64_t>(left_, byte_stream_piece), '\0');
      ssize_t got = 0;
      do got = ::pread(file_.fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset_));
      while (got < 0 && errno == EINTR);
      // The length was promised: a file that shrank meanwhile must not pass for a whole one.
      if (got <= 0) return failure(ErrorCode::unavailable, "The file changed while it was read; try again.");
      bytes.resize(static_cast<std::size_t>(got));
      return bytes;
    });
    if (piece) {
      offset_ += piece->size();
      left_ -= piece->size();
    }
    co_return piece;
  }

 private:
  net::OpenedFile file_;
  std::uint64_t offset_;
  std::uint64_t left_;
  boost::asio::thread_pool& pool_;
};

}  // namespace

std::unique_ptr<ByteSource> make_file_source(net::OpenedFile file, std::uint64_t offset, std::uint64_t length,
                                             boost::asio::thread_pool& pool) {
  return std::make_unique<FileSource>(std::move(file), offset, length, pool);
}

}  // namespace berth::server
