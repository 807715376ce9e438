// SPDX-License-Identifier: GPL-3.0-or-later
// file/* requests.
#include "runner/file_channels.hpp"
#include "runner/session.hpp"
#include "runner/workspace.hpp"

namespace berth::runner {

using namespace protocol;
using net::offload;
using net::Task;

namespace {

constexpr std::size_t most_watches = 2000;  // a session

}  // namespace

Task<Result<FileList::Result>> Session::handle(FileList, FileList::Params params) {
  co_return co_await offload(workspace_.pool,
                             [&files = workspace_.files, params] { return files.list(params); });
}

Task<Result<FileStat::Result>> Session::handle(FileStat, FileStat::Params params) {
  co_return co_await offload(workspace_.pool,
                             [&files = workspace_.files, params] { return files.stat(params.path); });
}

Task<Result<FileRead::Result>> Session::handle(FileRead, FileRead::Params params) {
  const auto self = shared_from_this();
  const auto asked_on = connection_;
  auto opened = co_await offload(
      workspace_.pool, [&files = workspace_.files, params] { return files.open_for_reading(params.path); });
  if (!opened) co_return std::unexpected(opened.error());
  const auto number = new_channel_number(asked_on);
  if (!number) co_return std::unexpected(number.error());
  const auto size = static_cast<std::uint64_t>(opened->status.st_size);
  const auto offset = std::min(params.offset.value_or(0), size);
  const auto length = std::min(params.length.value_or(size), size - offset);
  add_channel(*number, std::make_shared<ReadChannel>(
                           workspace_, self, *number, params.credit,
                           std::make_unique<FileRangeSource>(std::move(opened->fd), offset, length)));
  co_return FileRead::Result{*number, size, opened->etag};
}

Task<Result<FileWrite::Result>> Session::handle(FileWrite, FileWrite::Params params) {
  const auto self = shared_from_this();
  const auto asked_on = connection_;
  note_person_input();
  auto write = co_await offload(workspace_.pool, [&files = workspace_.files, params] {
    return files.begin_write(params.path, params.expected_etag, params.mode);
  });
  if (!write) co_return std::unexpected(write.error());
  const auto number = new_channel_number(asked_on);
  if (!number) co_return std::unexpected(number.error());
  add_channel(*number,
              std::make_shared<WriteChannel>(workspace_, self, *number, params.path, std::move(*write)));
  co_return FileWrite::Result{*number, WriteChannel::window};
}

Task<Result<FileCommit::Result>> Session::handle(FileCommit, FileCommit::Params params) {
  const auto self = shared_from_this();
  note_person_input();
  const auto found = channels_.find(params.channel);
  const auto write =
      found == channels_.end() ? nullptr : std::dynamic_pointer_cast<WriteChannel>(found->second);
  if (!write) co_return failure(ErrorCode::not_found, "file/commit.channel: no write is open there");
  auto etag = co_await write->commit(params.size);
  retire_channel(params.channel);
  if (!etag) co_return std::unexpected(etag.error());
  workspace_.documents.on_written(write->path());
  co_return FileCommit::Result{*etag};
}

Task<Result<Empty>> Session::handle(FileCreateDirectory, FileCreateDirectory::Params params) {
  note_person_input();
  auto done = co_await offload(
      workspace_.pool, [&files = workspace_.files, params] { return files.create_directory(params.path); });
  if (!done) co_return std::unexpected(done.error());
  co_return Empty{};
}

Task<Result<Empty>> Session::handle(FileRename, FileRename::Params params) {
  note_person_input();
  auto from = net::normal_path(params.from);
  auto to = net::normal_path(params.to);
  if (!from) co_return std::unexpected(from.error());
  if (!to) co_return std::unexpected(to.error());
  auto done = co_await offload(workspace_.pool, [&files = workspace_.files, from = *from, to = *to, params] {
    return files.rename(from, to, params.overwrite.value_or(false));
  });
  if (!done) co_return std::unexpected(done.error());
  workspace_.documents.on_renamed(*from, *to);
  co_await workspace_.documents.settle_journal();  // after a crash, edits are known by where their file is
  co_return Empty{};
}

Task<Result<Empty>> Session::handle(FileCopy, FileCopy::Params params) {
  note_person_input();
  auto done = co_await offload(
      workspace_.pool, [&files = workspace_.files, params] { return files.copy(params.from, params.to); });
  if (!done) co_return std::unexpected(done.error());
  co_return Empty{};
}

Task<Result<FileDelete::Result>> Session::handle(FileDelete, FileDelete::Params params) {
  note_person_input();
  if (params.permanently.value_or(false)) {
    auto done = co_await offload(workspace_.pool,
                                 [&files = workspace_.files, params] { return files.remove(params.path); });
    if (!done) co_return std::unexpected(done.error());
    co_return FileDelete::Result{};
  }
  auto name = co_await offload(workspace_.pool,
                               [&files = workspace_.files, params] { return files.trash(params.path); });
  if (!name) co_return std::unexpected(name.error());
  co_return FileDelete::Result{*name};
}

Task<Result<FileUndelete::Result>> Session::handle(FileUndelete, FileUndelete::Params params) {
  note_person_input();
  auto path = co_await offload(workspace_.pool,
                               [&files = workspace_.files, params] { return files.undelete(params.trash); });
  if (!path) co_return std::unexpected(path.error());
  workspace_.documents.on_written(*path);
  co_return FileUndelete::Result{*path};
}

Result<FileWatch::Result> Session::handle(FileWatch, FileWatch::Params params) {
  if (watches_.contains(params.path)) (void)handle(FileUnwatch{}, {params.path});
  if (watches_.size() >= most_watches)
    return failure(ErrorCode::limit_exceeded, "Too many directories are watched: close some of them.");
  // The answer names the directory as the client did.
  auto watch = workspace_.watcher.watch(
      params.path, [weak = weak_from_this(), path = params.path](const FileChanged::Params& changes) {
        const auto session = weak.lock();
        if (!session) return;
        auto named = changes;
        named.path = path;
        session->notify<FileChanged>(named);
      });
  if (!watch) return std::unexpected(watch.error());
  watches_[params.path] = watch->id;
  return FileWatch::Result{watch->degraded};
}

Result<Empty> Session::handle(FileUnwatch, FileUnwatch::Params params) {
  const auto found = watches_.find(params.path);
  if (found == watches_.end()) return Empty{};
  workspace_.watcher.unwatch(found->second);
  watches_.erase(found);
  return Empty{};
}

}  // namespace berth::runner
