// SPDX-License-Identifier: GPL-3.0-or-later
// Channels of files: a range being read, a whole file being written, a document's text.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "protocol/flow_window.hpp"
#include "protocol/net/home_files.hpp"
#include "protocol/net/task.hpp"
#include "runner/channel.hpp"
#include "runner/document_files.hpp"

namespace berth::runner {

struct Workspace;

/// Something that is read piece by piece on the pool.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// At most `limit` bytes, "" at the end. Blocks.
  virtual Result<std::string> read(std::size_t limit) = 0;
  /// True when read() never blocks, so that it needs no thread.
  virtual bool immediate() const { return false; }
};

class FileRangeSource : public ByteSource {
 public:
  FileRangeSource(net::FileDescriptor fd, std::uint64_t offset, std::uint64_t length)
      : fd_(std::move(fd)), offset_(offset), left_(length) {}
  Result<std::string> read(std::size_t limit) override;

 private:
  net::FileDescriptor fd_;
  std::uint64_t offset_, left_;
};

/// The text of a document as it was when it was opened.
class SnapshotSource : public ByteSource {
 public:
  explicit SnapshotSource(DocumentText text) : text_(std::move(text)) {}
  Result<std::string> read(std::size_t limit) override;
  bool immediate() const override { return true; }

 private:
  DocumentText text_;
  std::size_t piece_ = 0, used_ = 0;
};

/// Sends a source as credit and the socket allow, then `end`; `abort` when it fails. The source is read on
/// `pool`, the workspace's when it is null.
class ReadChannel : public Channel, public std::enable_shared_from_this<ReadChannel> {
 public:
  ReadChannel(Workspace& workspace, std::shared_ptr<ChannelOwner> owner, std::uint32_t channel,
              std::uint64_t credit, std::unique_ptr<ByteSource> source,
              boost::asio::thread_pool* pool = nullptr);
  bool on_data(std::uint64_t, std::string_view) override { return false; }
  void on_credit(std::uint64_t limit) override;
  void on_end(std::uint64_t) override {}
  void pump() override;
  void on_gone() override { gone_ = true; }

 private:
  net::Task<void> run();
  std::size_t allowance() const;
  Workspace& workspace_;
  std::weak_ptr<ChannelOwner> owner_;
  std::uint32_t channel_;
  protocol::SendWindow window_;
  std::shared_ptr<ByteSource> source_;
  boost::asio::thread_pool& pool_;
  bool running_ = false, gone_ = false;
};

/// Takes a whole file; put in place by commit().
class WriteChannel : public Channel, public std::enable_shared_from_this<WriteChannel> {
 public:
  static constexpr std::uint64_t window = 1u << 20;
  WriteChannel(Workspace& workspace, std::shared_ptr<ChannelOwner> owner, std::uint32_t channel,
               std::string path, net::PendingWrite write);
  bool on_data(std::uint64_t offset, std::string_view bytes) override;
  void on_credit(std::uint64_t) override {}
  void on_end(std::uint64_t length) override { length_ = length; }
  void on_gone() override { gone_ = true; }

  /// Waits for what has arrived to be written, checks the size, puts the file in place. Returns the etag.
  net::Task<Result<std::string>> commit(std::uint64_t size);
  const std::string& path() const { return path_; }

 private:
  net::Task<void> run();
  Workspace& workspace_;
  std::weak_ptr<ChannelOwner> owner_;
  std::uint32_t channel_;
  std::string path_;
  std::shared_ptr<net::PendingWrite> write_;
  protocol::ReceiveWindow window_{window};
  std::deque<std::string> queue_;
  std::optional<std::uint64_t> length_;
  std::optional<Error> problem_;
  boost::asio::steady_timer idle_;
  bool running_ = false, gone_ = false;
};

}  // namespace berth::runner
