// SPDX-License-Identifier: GPL-3.0-or-later
// A person's side of a terminal: what carries keys and output (Link, Terminal), what shows the output
// (Screen), and the loop that waits for it. One thread, poll(2), for Berth and for every peer.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/figure.hpp"

namespace berth::bench {

/// One connection to a server.
class Link {
 public:
  virtual ~Link() = default;
  virtual int descriptor() const = 0;
  /// Reads once what has arrived and hands it on. Never waits.
  virtual void read() = 0;
};

/// One terminal of a connection.
class Terminal {
 public:
  using OnOutput = std::function<void(std::string_view)>;

  virtual ~Terminal() = default;
  virtual void type(std::string_view keys) = 0;
  /// The screen has shown `bytes` of output in `nanoseconds`: what flow control is made of, where there is
  /// any.
  virtual void shown(std::size_t bytes, std::int64_t nanoseconds) {
    (void)bytes;
    (void)nanoseconds;
  }
  /// Hands on output from now on; first what came while nobody listened. nullptr ends it.
  void listen(OnOutput on_output);

 protected:
  void output(std::string_view bytes);

 private:
  OnOutput on_output_;
  std::string early_;
};

/// What one client has open at a peer. Closing it ends the terminals' programs.
struct Desk {
  std::vector<std::unique_ptr<Link>> links;
  std::vector<std::unique_ptr<Terminal>> terminals;  // refer to links: destroyed before them
  ~Desk() {
    terminals.clear();
    links.clear();
  }
  Desk() = default;
  Desk(Desk&&) = default;
  Desk& operator=(Desk&&) = delete;
};

/// Shows a terminal's output: at once, or so many bytes a second.
class Screen {
 public:
  explicit Screen(Terminal& terminal, double bytes_per_second = 0);
  ~Screen() { terminal_.listen(nullptr); }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  void type(std::string_view keys) { terminal_.type(keys); }
  /// Shows what time allows of what waits; only a slow screen needs it.
  void tick();
  bool slow() const { return rate_ > 0; }

  std::uint64_t shown() const { return shown_; }  // bytes
  std::size_t waiting() const { return queue_.size() - queue_begin_; }
  std::size_t most_waiting() const { return most_waiting_; }
  /// True when `text` was shown since the last reset_search().
  bool saw(std::string_view text) const { return tail_.find(text) != std::string::npos; }
  void reset_search() { tail_.clear(); }
  const std::string& tail() const { return tail_; }

 private:
  void on_output(std::string_view bytes);
  void show(std::string_view bytes);

  Terminal& terminal_;
  double rate_;
  Clock::time_point last_;
  std::string queue_;
  std::size_t queue_begin_ = 0;
  std::size_t most_waiting_ = 0;
  std::uint64_t shown_ = 0;
  std::string tail_;  // the newest output, for saw(): at most 64 KiB
};

/// Reads what comes until `done`, or until `deadline` has passed (false).
bool pump(Desk& desk, const std::vector<Screen*>& screens, std::chrono::milliseconds deadline,
          const std::function<bool()>& done);
/// The same for several desks at once.
bool pump(const std::vector<Desk*>& desks, const std::vector<Screen*>& screens,
          std::chrono::milliseconds deadline, const std::function<bool()>& done);

/// Turns a fresh shell into one with a known prompt and no history; waits for it.
inline constexpr std::string_view prompt = "bench-prompt> ";
void prepare_shell(Desk& desk, Screen& screen);
/// Replaces the shell by a program that reads keys and says nothing, so that every echo is the terminal's
/// own.
void prepare_echo(Desk& desk, Screen& screen);
/// Runs a command line to its end.
void run_command(Desk& desk, Screen& screen, const std::string& line,
                 std::chrono::milliseconds deadline = std::chrono::seconds(60));

}  // namespace berth::bench
