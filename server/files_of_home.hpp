// SPDX-License-Identifier: GPL-3.0-or-later
// Files of stopped workspaces: net::HomeFiles on the home folder, offloaded.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <map>
#include <mutex>

#include "server/runner_access.hpp"

namespace berth::server {

/// Thread-safe.
class FilesOfHome final : public WorkspaceFiles {
 public:
  explicit FilesOfHome(boost::asio::thread_pool& pool) : pool_(pool) {}

  /// Where a stopped workspace's home lies; said before each use.
  void set_home(const std::string& workspace, std::filesystem::path home);
  void forget(const std::string& workspace);

  net::Task<Result<protocol::FileList::Result>> list(std::string workspace,
                                                     protocol::FileList::Params params) override;
  net::Task<Result<protocol::FileStat::Result>> stat(std::string workspace, std::string path) override;
  net::Task<Result<FileReading>> read(std::string workspace, std::string path, std::uint64_t offset,
                                      std::optional<std::uint64_t> length) override;
  net::Task<Result<std::unique_ptr<FileWriting>>> write(std::string workspace,
                                                        protocol::FileWrite::Params params) override;
  net::Task<Result<protocol::FileDelete::Result>> remove(std::string workspace,
                                                         protocol::FileDelete::Params params) override;

 private:
  std::filesystem::path home_of(const std::string& workspace) const;
  boost::asio::thread_pool& pool_;
  mutable std::mutex mutex_;
  std::map<std::string, std::filesystem::path> homes_;
};

}  // namespace berth::server
