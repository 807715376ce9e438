// SPDX-License-Identifier: GPL-3.0-or-later
// A version's folders and files as the file routes show them, and the files of a stopped workspace whose home
// is lost, elsewhere or older than its newest version.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include "server/runner_access.hpp"
#include "server/version_store.hpp"
#include "server/version_tree.hpp"

namespace berth::server {

/// Limit, cursor and path of a listing; invalid_argument names what is wrong.
Result<void> check_listing(const protocol::FileList::Params& params);
/// A page as the runner lists: directories first, then by name without regard to case. Cursors are positions,
/// as a version never changes. not_found when the version has no such path. Blocks.
Result<protocol::FileList::Result> list_folder(const VersionTree& tree, const protocol::ObjectId& root,
                                               const protocol::FileList::Params& params);
std::unexpected<Error> no_such_entry();

/// What workspaces stored last. Nothing can be changed here. Thread-safe.
class FilesOfVersion final : public WorkspaceFiles {
 public:
  /// All outlive it.
  FilesOfVersion(VersionStore& versions, ObjectStore& objects) : versions_(versions), objects_(objects) {}

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
  struct Found {
    VersionTree tree;
    protocol::TreeEntry entry;
  };
  Result<Found> find(const std::string& workspace, const std::string& path);

  VersionStore& versions_;
  ObjectStore& objects_;
  boost::asio::thread_pool pool_{2};  // a far store must not hold up metadata
};

}  // namespace berth::server
