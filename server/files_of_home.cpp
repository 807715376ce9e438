// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/files_of_home.hpp"

#include <algorithm>

#include "protocol/net/home_files.hpp"
#include "server/file_source.hpp"

namespace berth::server {
namespace {

Result<net::HomeFiles> open_home(const std::filesystem::path& home) {
  if (home.empty())
    return failure(ErrorCode::unavailable, "The workspace's files can't be reached now; try again.");
  auto directory = net::ConfinedDirectory::open(home.string());
  if (!directory) return std::unexpected(directory.error());
  return net::HomeFiles(std::move(*directory));
}

class PendingFileWriting final : public FileWriting {
 public:
  PendingFileWriting(net::PendingWrite write, boost::asio::thread_pool& pool)
      : write_(std::move(write)), pool_(pool) {}
  net::Task<Result<void>> write(std::string piece) override {
    co_return co_await net::offload(pool_, [this, &piece] { return write_.append(piece); });
  }
  net::Task<Result<protocol::FileCommit::Result>> commit() override {
    auto etag = co_await net::offload(pool_, [this] { return write_.commit(); });
    if (!etag) co_return std::unexpected(etag.error());
    co_return protocol::FileCommit::Result{*etag};
  }

 private:
  net::PendingWrite write_;
  boost::asio::thread_pool& pool_;
};

}  // namespace

void FilesOfHome::set_home(const std::string& workspace, std::filesystem::path home) {
  const std::lock_guard lock(mutex_);
  homes_[workspace] = std::move(home);
}

void FilesOfHome::forget(const std::string& workspace) {
  const std::lock_guard lock(mutex_);
  homes_.erase(workspace);
}

std::filesystem::path FilesOfHome::home_of(const std::string& workspace) const {
  const std::lock_guard lock(mutex_);
  const auto it = homes_.find(workspace);
  return it == homes_.end() ? std::filesystem::path{} : it->second;
}

net::Task<Result<protocol::FileList::Result>> FilesOfHome::list(std::string workspace,
                                                                protocol::FileList::Params params) {
  co_return co_await net::offload(
      pool_, [home = home_of(workspace), params]() -> Result<protocol::FileList::Result> {
        auto files = open_home(home);
        if (!files) return std::unexpected(files.error());
        return files->list(params);
      });
}

net::Task<Result<protocol::FileStat::Result>> FilesOfHome::stat(std::string workspace, std::string path) {
  co_return co_await net::offload(pool_,
                                  [home = home_of(workspace), path]() -> Result<protocol::FileStat::Result> {
                                    auto files = open_home(home);
                                    if (!files) return std::unexpected(files.error());
                                    return files->stat(path);
                                  });
}

net::Task<Result<FileReading>> FilesOfHome::read(std::string workspace, std::string path,
                                                 std::uint64_t offset, std::optional<std::uint64_t> length) {
  auto opened = co_await net::offload(pool_, [home = home_of(workspace), path]() -> Result<net::OpenedFile> {
    auto files = open_home(home);
    if (!files) return std::unexpected(files.error());
    return files->open_for_reading(path);
  });
  if (!opened) co_return std::unexpected(opened.error());
  const auto size = static_cast<std::uint64_t>(opened->status.st_size);
  const auto begin = std::min(offset, size);
  const auto bytes = std::min(length.value_or(size - begin), size - begin);
  FileReading reading{.size = size, .offset = begin, .length = bytes, .etag = opened->etag, .bytes = {}};
  reading.bytes = make_file_source(std::move(*opened), begin, bytes, pool_);
  co_return reading;
}

net::Task<Result<std::unique_ptr<FileWriting>>> FilesOfHome::write(std::string workspace,
                                                                   protocol::FileWrite::Params params) {
  auto begun =
      co_await net::offload(pool_, [home = home_of(workspace), params]() -> Result<net::PendingWrite> {
        auto files = open_home(home);
        if (!files) return std::unexpected(files.error());
        return files->begin_write(params.path, params.expected_etag, params.mode);
      });
  if (!begun) co_return std::unexpected(begun.error());
  co_return std::make_unique<PendingFileWriting>(std::move(*begun), pool_);
}

net::Task<Result<protocol::FileDelete::Result>> FilesOfHome::remove(std::string workspace,
                                                                    protocol::FileDelete::Params params) {
  co_return co_await net::offload(
      pool_, [home = home_of(workspace), params]() -> Result<protocol::FileDelete::Result> {
        auto files = open_home(home);
        if (!files) return std::unexpected(files.error());
        if (params.permanently.value_or(false)) {
          if (auto removed = files->remove(params.path); !removed) return std::unexpected(removed.error());
          return protocol::FileDelete::Result{};
        }
        auto trash = files->trash(params.path);
        if (!trash) return std::unexpected(trash.error());
        return protocol::FileDelete::Result{*trash};
      });
}

}  // namespace berth::server
