// SPDX-License-Identifier: GPL-3.0-or-later
// One terminal: a program on a PTY, its output for any number of viewers, its input from any number of
// sessions.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "protocol/messages.hpp"
#include "runner/child_process.hpp"
#include "runner/terminal_output.hpp"

namespace berth::runner {

namespace asio = boost::asio;

/// A session's open channel to a terminal. Calls come on the runner's thread.
class TerminalViewer {
 public:
  virtual ~TerminalViewer() = default;
  /// Bytes the connection takes now.
  virtual std::size_t room() const = 0;
  virtual void on_output(std::uint64_t offset, std::string_view bytes) = 0;
  /// The program ended and every byte was handed over.
  virtual void on_finished(std::uint64_t length) = 0;
  /// The viewer fell so far behind that bytes are gone, or the terminal was closed: it is detached.
  virtual void on_dropped() = 0;
};

/// Where input came from: told when its bytes reached the PTY, so that it can grant more.
class TerminalInputSource {
 public:
  virtual ~TerminalInputSource() = default;
  virtual void on_input_written(std::size_t bytes) = 0;
};

class Terminal : public std::enable_shared_from_this<Terminal> {
 public:
  using OnChanged = std::function<void(const protocol::TerminalInfo&)>;
  Terminal(asio::io_context& io, protocol::TerminalInfo info, bool named, StartedProgram program,
           OnChanged on_changed);
  /// Begins reading; call once, after construction.
  void run();

  const protocol::TerminalInfo& info() const { return info_; }
  pid_t pid() const { return pid_; }

  TerminalOutput::Attachment attach(ViewerId id, TerminalViewer& viewer, std::optional<std::uint64_t> from,
                                    std::uint64_t credit);
  void detach(ViewerId id);
  void on_credit(ViewerId id, std::uint64_t limit);
  /// The viewer's connection has room again, or has just been told of its attachment.
  void pump(ViewerId id);

  /// Queues input; sources bound what they have unwritten (their credit).
  void write(std::weak_ptr<TerminalInputSource> source, std::string_view bytes);
  void resize(int columns, int rows);
  void rename(const std::string& title);
  /// Hangs up, drops the viewers; what ignores SIGHUP is killed after 2 s.
  void close();
  /// The program ended with this wait status.
  void on_exit(int wait_status);

 private:
  struct PendingInput {
    std::weak_ptr<TerminalInputSource> source;
    std::string bytes;
  };
  void wait_readable();
  void read_output();
  std::size_t read_chunk(std::size_t limit);
  void deliver(std::string_view newest);
  void send_to(ViewerId id, TerminalViewer& viewer);
  void finish_viewer_if_done(ViewerId id);
  void wait_writable();
  void write_pending();
  void wait_for_patience();
  void set_title(std::string title);
  void drain_rest();

  asio::io_context& io_;
  protocol::TerminalInfo info_;
  std::string program_title_;
  bool named_;  // the person named it: the program's titles are only remembered
  const std::string initial_title_;
  pid_t pid_;
  asio::posix::basic_stream_descriptor<asio::io_context::executor_type> master_;
  net::FileDescriptor slave_;
  TerminalOutput output_;
  TitleScanner titles_;
  std::map<ViewerId, TerminalViewer*> viewers_;
  std::deque<PendingInput> input_;
  asio::steady_timer patience_timer_, title_timer_, kill_timer_;
  bool title_pending_ = false;
  bool waiting_readable_ = false, waiting_writable_ = false, paused_ = false, closed_ = false;
  OnChanged on_changed_;
};

}  // namespace berth::runner
