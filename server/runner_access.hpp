// SPDX-License-Identifier: GPL-3.0-or-later
// What the server's rules and routes ask of a running workspace's runner: activity, notices, flush, files,
// and what storing and restoring its home takes. `runner_link` implements it over the control link (role
// `server`); home_files implements the file half for stopped workspaces. Every call may be made on any I/O
// thread and resumes on the caller's executor; each has a deadline of its own (control 10 s, flush 30 s,
// files 30 s without progress). `unavailable` when the workspace is not attached or its runner can't be
// reached, `timeout` when it does not answer. Paths are relative to home and come unchecked from outside.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/codec.hpp"
#include "protocol/messages.hpp"
#include "protocol/net/task.hpp"
#include "server/byte_stream.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server {

/// The control half. One link per attached workspace, dialled when first needed and again after it broke.
class RunnerControl {
 public:
  virtual ~RunnerControl() = default;

  /// From now on the workspace's runner is at `address` (after a start, or an adoption). Replaces an earlier
  /// address.
  virtual void attach(const std::string& workspace, const RunnerAddress& address) = 0;
  /// The workspace has stopped: closes the link; calls in flight end with `unavailable`. Unknown ids are
  /// fine.
  virtual void detach(const std::string& workspace) = 0;

  virtual net::Task<Result<protocol::ControlActivity::Result>> activity(std::string workspace) = 0;
  virtual net::Task<Result<void>> notice(std::string workspace, protocol::SessionNotice::Params notice) = 0;
  /// Every open document is on disk when this succeeds; `problems` names those that are not.
  virtual net::Task<Result<protocol::ControlFlush::Result>> flush(std::string workspace) = 0;
};

struct FileReading {
  std::uint64_t size = 0;    // of the whole file
  std::uint64_t offset = 0;  // of the first byte that will come
  std::uint64_t length = 0;  // bytes that will come
  std::string etag;          // unquoted
  std::unique_ptr<ByteSource> bytes;
};

/// A whole-file write under way. Destroying it uncommitted leaves the old file as it was.
class FileWriting {
 public:
  virtual ~FileWriting() = default;
  /// Takes one piece (≤ byte_stream_piece); waits while the other side has no credit.
  virtual net::Task<Result<void>> write(std::string piece) = 0;
  /// fsync and rename; checks the etag again.
  virtual net::Task<Result<protocol::FileCommit::Result>> commit() = 0;
};

/// The file half: the same five operations for a running workspace (through its runner) and a stopped one (on
/// its home).
class WorkspaceFiles {
 public:
  virtual ~WorkspaceFiles() = default;
  virtual net::Task<Result<protocol::FileList::Result>> list(std::string workspace,
                                                             protocol::FileList::Params params) = 0;
  virtual net::Task<Result<protocol::FileStat::Result>> stat(std::string workspace, std::string path) = 0;
  /// `length` absent: to the end. An offset past the end gives no bytes.
  virtual net::Task<Result<FileReading>> read(std::string workspace, std::string path, std::uint64_t offset,
                                              std::optional<std::uint64_t> length) = 0;
  virtual net::Task<Result<std::unique_ptr<FileWriting>>> write(std::string workspace,
                                                                protocol::FileWrite::Params params) = 0;
  virtual net::Task<Result<protocol::FileDelete::Result>> remove(std::string workspace,
                                                                 protocol::FileDelete::Params params) = 0;
};

/// The storing half: the requests of sync_messages.hpp, and the two channels that carry objects in the form
/// of stored_object.hpp.
class RunnerSync {
 public:
  virtual ~RunnerSync() = default;

  /// A request without a channel; ask_runner() types it.
  virtual net::Task<Result<protocol::Json>> request(std::string workspace, std::string_view method,
                                                    protocol::Json params,
                                                    std::chrono::milliseconds deadline) = 0;
  /// sync/objects: these objects of the last snapshot, in constant memory.
  virtual net::Task<Result<std::unique_ptr<ByteSource>>> objects(std::string workspace,
                                                                 std::vector<std::string> ids) = 0;
  /// restore/objects: takes objects for the announced entries.
  virtual net::Task<Result<std::unique_ptr<ByteSink>>> restore_objects(std::string workspace) = 0;
};

inline constexpr std::chrono::milliseconds control_deadline{10'000};

template <class Message>
net::Task<Result<typename Message::Result>> ask_runner(
    RunnerSync& runners, std::string workspace, typename Message::Params params,
    std::chrono::milliseconds deadline = control_deadline) {
  auto answer =
      co_await runners.request(std::move(workspace), Message::method, protocol::encode(params), deadline);
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto result = protocol::decode<typename Message::Result>(*answer, std::string(Message::method));
  if (!result)
    co_return failure(ErrorCode::internal,
                      "The workspace's runner gave an answer that makes no sense. Restart the workspace.",
                      result.error().message);
  co_return result;
}

class RunnerAccess : public RunnerControl, public WorkspaceFiles, public RunnerSync {
 public:
  /// Closes every link; no call may be in flight afterwards. Called once, at shutdown, on an I/O thread.
  virtual net::Task<void> shutdown() = 0;
};

}  // namespace berth::server
