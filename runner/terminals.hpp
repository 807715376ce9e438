// SPDX-License-Identifier: GPL-3.0-or-later
// All terminals of the workspace: opening them with the person's environment, finding them, noticing their
// end.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "protocol/messages.hpp"
#include "protocol/net/confined_directory.hpp"
#include "protocol/runner_start.hpp"
#include "runner/shell_integration.hpp"
#include "runner/terminal.hpp"

namespace berth::runner {

inline constexpr int largest_side = 1000;  // columns or rows

class Terminals {
 public:
  static constexpr std::size_t most_terminals = 100;
  Terminals(asio::io_context& io, const protocol::RunnerStart& start, const net::ConfinedDirectory& home);

  // Set by the owner before the first open().
  std::function<void(const protocol::TerminalInfo&)> on_changed;
  std::function<void(const std::string&)> on_closed;

  /// Starts the login shell or the command. limit_exceeded beyond most_terminals running ones.
  Result<std::shared_ptr<Terminal>> open(const protocol::TerminalOpen::Params& params);
  Result<std::shared_ptr<Terminal>> find(const std::string& id) const;
  Result<void> close(const std::string& id);
  std::vector<protocol::TerminalInfo> list() const;
  /// Names of the shells and other programs to talk to that its PATH has. Looks at files: on the pool.
  std::vector<std::string> programs() const;
  std::size_t size() const { return terminals_.size(); }

  /// A child was reaped; others than terminals' programs (orphans) are of no interest.
  void on_child_exit(pid_t pid, int wait_status);
  /// Hangs up all of them: the workspace stops.
  void close_all();

 private:
  /// Where its PATH has this program; "" where nowhere.
  std::string path_of(const std::string& name) const;
  std::map<std::string, std::string> environment(const protocol::TerminalOpen::Params& params) const;
  Result<void> make_room();

  asio::io_context& io_;
  TypingPrecedence typing_{io_};
  const protocol::RunnerStart& start_;
  const net::ConfinedDirectory& home_;
  ShellIntegration shells_;
  std::map<std::string, std::shared_ptr<Terminal>> terminals_;
  std::map<pid_t, std::shared_ptr<Terminal>> by_pid_;  // also closed ones, until they are reaped
  const std::string mark_;  // begins the ids of this start: those of an earlier one never name another
  std::uint64_t next_ = 1;
};

}  // namespace berth::runner
