// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/terminal.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

#include "protocol/net/expecting_loop.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t read_limit = 64u << 10;
// The kernel gives at most 4 KiB of a PTY at once; a short read means that there is no more for now.
constexpr std::size_t short_read = 1024;
// Reading a PTY faster than the kernel moves bytes to it sleeps in `read`: nobody's key waits for long.
constexpr std::chrono::microseconds longest_reading{200};
// The screen's model looks at output when the program has paused this long, a piece at a time.
constexpr std::chrono::milliseconds screen_rest{100};
// A program that changes its title in a loop must not become a flood of notifications.
constexpr std::chrono::milliseconds news_rest{100};

// One buffer for all terminals: it is filled and handed on within one call.
std::array<char, read_limit>& read_buffer() {
  static std::array<char, read_limit> buffer;
  return buffer;
}

TerminalOutput::TimePoint now() { return std::chrono::steady_clock::now(); }

}  // namespace

Terminal::Terminal(asio::io_context& io, TypingPrecedence& typing, protocol::TerminalInfo info, bool named,
                   StartedProgram program, std::size_t scrollback, OnChanged on_changed)
    : io_(io),
      typing_(typing),
      info_(std::move(info)),
      named_(named),
      initial_title_(info_.title),
      pid_(program.pid),
      master_(io.get_executor(), program.master.release()),
      slave_(std::move(program.slave)),
      screen_(info_.columns, info_.rows, scrollback),
      patience_timer_(io),
      news_timer_(io),
      screen_timer_(io),
      seats_timer_(io),
      kill_timer_(io),
      on_changed_(std::move(on_changed)) {}

void Terminal::run() { wait_readable(); }

void Terminal::wait_readable() {
  if (waiting_readable_ || !master_.is_open()) return;
  waiting_readable_ = true;
  master_.async_wait(asio::posix::descriptor_base::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       self->waiting_readable_ = false;
                       if (!error) self->read_output();
                     });
}

/// Fills the buffer as far as the PTY has bytes, at most up to `limit`.
std::size_t Terminal::read_chunk(std::size_t limit) {
  auto& buffer = read_buffer();
  limit = std::min(limit, buffer.size());
  std::size_t filled = 0;
  for (const auto end = now() + longest_reading; filled < limit && (filled == 0 || now() < end);) {
    const auto length = ::read(master_.native_handle(), buffer.data() + filled, limit - filled);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) break;
    filled += static_cast<std::size_t>(length);
    if (static_cast<std::size_t>(length) < short_read) break;
  }
  return filled;
}

void Terminal::read_output() {
  if (!master_.is_open()) return;
  if (typing_.puts_off(this, now(), [self = shared_from_this()] { self->read_output(); })) return;
  if (!output_.may_read(now())) {
    paused_ = true;
    wait_for_patience();
    return;
  }
  if (screen_.overdue(output_)) return let_screen_catch_up();
  if (const auto size = read_chunk(output_.read_room()); size > 0) deliver({read_buffer().data(), size});
  wait_readable();
}

void Terminal::deliver(std::string_view newest) {
  const auto moment = now();
  output_.append(newest, moment);
  // Copied: a viewer may detach itself while it is served.
  if (!viewers_.empty()) {
    const auto offset = output_.end() - newest.size();
    const auto viewers = viewers_;
    for (const auto& [id, viewer] : viewers) {
      if (output_.take_newest(id, newest.size(), viewer->room(), moment)) {
        viewer->on_output(offset, newest);
        viewer->on_waiting(output_.starved(id));
      } else {
        send_to(id, *viewer);
      }
    }
  }
  typing_.on_output(this, moment);
  // What nobody waits for comes after what was sent.
  take_notes(newest);
  screen_.keep_up(output_);
  follow_screen();
}

/// Has the model take what is new once the program rests.
void Terminal::follow_screen() {
  if (following_) return;
  following_ = true;
  screen_timer_.expires_after(screen_rest);
  screen_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    self->following_ = false;
    if (!error && !self->closed_ && !self->screen_.follow(self->output_)) self->follow_screen();
  });
}

/// A turn at a time, others in between, and then reads on.
void Terminal::let_screen_catch_up() {
  asio::post(io_, [self = shared_from_this()] {
    if (!self->master_.is_open()) return;
    self->screen_.follow(self->output_);
    self->read_output();
  });
}

void Terminal::send_to(ViewerId id, TerminalViewer& viewer) {
  while (const auto chunk = output_.next(id, std::min(viewer.room(), read_limit), now()))
    viewer.on_output(chunk->offset, chunk->bytes);
  viewer.on_waiting(output_.starved(id));
  if (output_.lost(id)) {
    detach(id);
    viewer.on_dropped();
  }
}

Terminal::Attached Terminal::attach(ViewerId id, TerminalViewer& viewer, std::optional<std::uint64_t> from,
                                    std::uint64_t credit, std::size_t scrollback) {
  viewers_[id] = &viewer;
  if (from && output_.has(*from)) {
    output_.attach(id, *from, credit, now());
    return {*from, false, std::nullopt};
  }
  auto painted = screen_.paint(output_, scrollback);
  output_.attach(id, painted.offset, credit, now(), true);
  return {painted.offset, from.has_value(), std::move(painted.paint)};
}

void Terminal::release(ViewerId id) {
  output_.release(id, now());
  pump(id);
}

void Terminal::detach(ViewerId id) {
  viewers_.erase(id);
  output_.detach(id);
  if (paused_ && output_.may_read(now())) {
    paused_ = false;
    wait_readable();
  }
}

void Terminal::on_credit(ViewerId id, std::uint64_t limit) {
  output_.on_credit(id, limit);
  pump(id);
}

void Terminal::pump(ViewerId id) {
  const auto found = viewers_.find(id);
  if (found == viewers_.end()) return;
  send_to(id, *found->second);
  finish_viewer_if_done(id);
  if (paused_ && output_.may_read(now())) {
    paused_ = false;
    wait_readable();
  }
}

void Terminal::finish_viewer_if_done(ViewerId id) {
  if (info_.running || master_.is_open() || !output_.sent_all(id) || viewers_.at(id)->held()) return;
  TerminalViewer& viewer = *viewers_.at(id);
  detach(id);
  viewer.on_finished(output_.end());
}

void Terminal::wait_for_patience() {
  patience_timer_.expires_at(output_.patience_ends());
  patience_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (error || !self->paused_) return;
    self->paused_ = false;
    self->read_output();
  });
}

void Terminal::write(std::weak_ptr<TerminalInputSource> source, std::string_view bytes) {
  if (bytes.empty()) return;
  if (!master_.is_open() || !info_.running) {
    // Nobody will read it; the credit comes back so that the client's stream goes on.
    if (const auto origin = source.lock()) origin->on_input_written(bytes.size());
    return;
  }
  input_.push_back({std::move(source), std::string(bytes)});
  if (bytes.size() <= net::keystroke_size) {
    net::expect_answer();
    typing_.on_key(this, now());
  }
  if (!waiting_writable_) write_pending();
}

void Terminal::write_pending() {
  while (!input_.empty() && master_.is_open()) {
    auto& front = input_.front();
    const auto written = ::write(master_.native_handle(), front.bytes.data(), front.bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) return wait_writable();
    const auto origin = front.source.lock();
    const auto taken = written < 0 ? front.bytes.size() : static_cast<std::size_t>(written);
    if (taken == front.bytes.size())
      input_.pop_front();
    else
      front.bytes.erase(0, taken);
    if (origin) origin->on_input_written(taken);
  }
}

void Terminal::wait_writable() {
  waiting_writable_ = true;
  master_.async_wait(asio::posix::descriptor_base::wait_write,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       self->waiting_writable_ = false;
                       if (!error) self->write_pending();
                     });
}

// ---- size

void Terminal::sit_down(const std::string& session, std::optional<TerminalSeats::Size> size, bool may_type) {
  seats_.sit_down(session, size, now(), may_type);
  heed_seats();
}

void Terminal::stand_up(const std::string& session, bool for_good) {
  seats_.stand_up(session, for_good, now());
  heed_seats();
}

void Terminal::resize(const std::string& session, TerminalSeats::Size size) {
  seats_.resize(session, size, now());
  heed_seats();
}

void Terminal::lead(const std::string& session, bool lead) {
  seats_.lead(session, lead);
  heed_seats();
}

/// Takes the size that the sessions make, and tells who they are.
void Terminal::heed_seats() {
  if (closed_) return;
  if (const auto size = seats_.size(now())) set_size(*size);
  if (const auto viewers = seats_.attached(); info_.viewers != viewers || info_.leader != seats_.leader()) {
    info_.viewers = viewers;
    info_.leader = seats_.leader();
    tell_soon();
  }
  const auto next = seats_.next_change();
  if (!next) return;
  seats_timer_.expires_at(*next);
  seats_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) self->heed_seats();
  });
}

void Terminal::set_size(TerminalSeats::Size size) {
  if (info_.columns == size.columns && info_.rows == size.rows) return;
  info_.columns = size.columns;
  info_.rows = size.rows;
  if (master_.is_open()) resize_pty(master_.native_handle(), size.columns, size.rows);
  screen_.resize(output_, size.columns, size.rows);
  follow_screen();
  on_changed_(info_);
}

// ---- what it tells about itself

void Terminal::rename(const std::string& title) {
  named_ = !title.empty();
  info_.title = named_ ? title : program_title_.empty() ? initial_title_ : program_title_;
  on_changed_(info_);
}

void Terminal::take_notes(std::string_view newest) {
  if (!notes_.feed(newest)) return;
  bool changed = false;
  if (auto title = notes_.take_title()) {
    program_title_ = std::move(*title);
    const auto& shown = program_title_.empty() ? initial_title_ : program_title_;
    if (!named_ && info_.title != shown) {
      info_.title = shown;
      changed = true;
    }
  }
  if (auto directory = notes_.take_directory(); directory && info_.directory != directory) {
    info_.directory = std::move(directory);
    changed = true;
  }
  if (changed) tell_soon();
}

void Terminal::tell_soon() {
  if (std::exchange(telling_, true)) return;
  news_timer_.expires_after(news_rest);
  news_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    self->telling_ = false;
    if (!error && !self->closed_) self->on_changed_(self->info_);
  });
}

void Terminal::close() {
  if (closed_) return;
  closed_ = true;
  const auto viewers = std::exchange(viewers_, {});
  for (const auto& [id, viewer] : viewers) {
    output_.detach(id);
    viewer->on_dropped();
  }
  if (info_.running) {
    signal_session(pid_, SIGHUP);
    signal_session(pid_, SIGCONT);
    kill_timer_.expires_after(std::chrono::seconds(2));
    kill_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error) signal_session(self->pid_, SIGKILL);
    });
  }
  boost::system::error_code ignored;
  master_.close(ignored);
  slave_.reset();
  for (auto* timer : {&patience_timer_, &news_timer_, &screen_timer_, &seats_timer_}) timer->cancel();
}

void Terminal::on_exit(int wait_status) {
  info_.running = false;
  if (WIFEXITED(wait_status)) info_.exit_code = WEXITSTATUS(wait_status);
  if (WIFSIGNALED(wait_status)) info_.exit_signal = WTERMSIG(wait_status);
  // Background programs may still live in the session after close(): those are left to the kill timer.
  if (closed_) return;
  drain_rest();
  on_changed_(info_);
}

/// The program is gone: what it wrote last is still in the PTY and is read without regard to viewers (at most
/// a ring's worth).
void Terminal::drain_rest() {
  for (std::size_t total = 0; total < TerminalOutput::ring_capacity;) {
    const auto size = read_chunk(read_limit);
    if (size == 0) break;
    total += size;
    deliver({read_buffer().data(), size});
  }
  boost::system::error_code ignored;
  master_.close(ignored);
  slave_.reset();
  patience_timer_.cancel();
  while (!input_.empty()) {
    const auto origin = input_.front().source.lock();
    const auto size = input_.front().bytes.size();
    input_.pop_front();
    if (origin) origin->on_input_written(size);
  }
  const auto viewers = viewers_;
  for (const auto& [id, viewer] : viewers) finish_viewer_if_done(id);
}

}  // namespace berth::runner
