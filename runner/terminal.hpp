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
#include "runner/terminal_notes.hpp"
#include "runner/terminal_output.hpp"
#include "runner/terminal_screen.hpp"
#include "runner/terminal_seats.hpp"
#include "runner/typing_precedence.hpp"

namespace berth::runner {

namespace asio = boost::asio;

/// A session's open channel to a terminal. Calls come on the runner's thread.
class TerminalViewer {
 public:
  virtual ~TerminalViewer() = default;
  /// Bytes the connection takes now.
  virtual std::size_t room() const = 0;
  /// It shows the screen first: nothing is sent meanwhile.
  virtual bool held() const { return false; }
  virtual void on_output(std::uint64_t offset, std::string_view bytes) = 0;
  /// After sending: whether it takes no more now.
  virtual void on_waiting(bool) {}
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
  /// `scrollback`: rows that a later viewer gets. `typing` is all terminals'.
  Terminal(asio::io_context& io, TypingPrecedence& typing, protocol::TerminalInfo info, bool named,
           StartedProgram program, std::size_t scrollback, OnChanged on_changed);
  /// Begins reading; call once, after construction.
  void run();

  const protocol::TerminalInfo& info() const { return info_; }
  pid_t pid() const { return pid_; }

  struct Attached {
    std::uint64_t offset;               // of the first byte that the viewer gets
    bool lost;                          // bytes between the asked-for offset and this one are gone
    std::optional<ScreenPaint> screen;  // what it has to show before, unless it goes on at `from`
  };
  /// `scrollback`: rows of history that it wants with the screen.
  Attached attach(ViewerId id, TerminalViewer& viewer, std::optional<std::uint64_t> from,
                  std::uint64_t credit, std::size_t scrollback = ScreenModel::most_scrollback);
  /// The viewer has got its screen.
  void release(ViewerId id);
  void detach(ViewerId id);
  void on_credit(ViewerId id, std::uint64_t limit);
  /// The viewer's connection has room again, or has just been told of its attachment.
  void pump(ViewerId id);

  /// Queues input; sources bound what they have unwritten (their credit).
  void write(std::weak_ptr<TerminalInputSource> source, std::string_view bytes);

  /// A session shows the terminal; one that may type makes its size. Sizes are 1..1000.
  void sit_down(const std::string& session, std::optional<TerminalSeats::Size> size, bool may_type);
  /// It no longer does: its connection was lost (its size counts for a while) or, `for_good`, it went.
  void stand_up(const std::string& session, bool for_good);
  void resize(const std::string& session, TerminalSeats::Size size);
  void lead(const std::string& session, bool lead);

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
  void take_notes(std::string_view newest);
  void tell_soon();
  void follow_screen();
  void let_screen_catch_up();
  void heed_seats();
  void set_size(TerminalSeats::Size size);
  void drain_rest();

  asio::io_context& io_;
  TypingPrecedence& typing_;
  protocol::TerminalInfo info_;
  std::string program_title_;
  bool named_;  // the person named it: the program's titles are only remembered
  const std::string initial_title_;
  pid_t pid_;
  asio::posix::basic_stream_descriptor<asio::io_context::executor_type> master_;
  net::FileDescriptor slave_;
  TerminalOutput output_;
  TerminalScreen screen_;
  TerminalNotes notes_;
  TerminalSeats seats_;
  std::map<ViewerId, TerminalViewer*> viewers_;
  std::deque<PendingInput> input_;
  asio::steady_timer patience_timer_, news_timer_, screen_timer_, seats_timer_, kill_timer_;
  bool telling_ = false, following_ = false;
  bool waiting_readable_ = false, waiting_writable_ = false, paused_ = false, closed_ = false;
  OnChanged on_changed_;
};

}  // namespace berth::runner
