// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/terminals.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <ranges>
#include <string_view>

namespace berth::runner {
namespace {

constexpr std::size_t largest_environment = 64u << 10;
constexpr std::size_t longest_command = 64u << 10;
// What a person may want a terminal to begin with; a few looks at each folder of PATH.
constexpr std::array<const char*, 11> talking_programs{"bash",    "zsh",  "fish", "nu",  "pwsh", "python3",
                                                       "ipython", "node", "deno", "irb", "tmux"};
constexpr std::array<std::string_view, 3> known_shells{"bash", "zsh", "fish"};

std::int64_t unix_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string random_mark() {
  constexpr char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
  unsigned char bytes[6];
  if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes) std::abort();
  std::string mark;
  for (const auto byte : bytes) mark += letters[byte % 32];
  return mark + "-";
}

Result<void> check(const protocol::TerminalOpen::Params& params) {
  if (params.columns < 1 || params.columns > largest_side)
    return failure(ErrorCode::invalid_argument, "terminal/open.columns: not in 1..1000");
  if (params.rows < 1 || params.rows > largest_side)
    return failure(ErrorCode::invalid_argument, "terminal/open.rows: not in 1..1000");
  if (params.scrollback && (*params.scrollback < 0 || *params.scrollback > int{ScreenModel::most_scrollback}))
    return failure(ErrorCode::invalid_argument, "terminal/open.scrollback: not in 0..100000");
  if (params.command && (params.command->size() > longest_command || params.command->contains('\0')))
    return failure(ErrorCode::invalid_argument, "terminal/open.command: too long or not text");
  std::size_t total = 0;
  for (const auto& [name, value] : params.environment.value_or(std::map<std::string, std::string>{})) {
    total += name.size() + value.size() + 2;
    if (name.empty() || name.contains('=') || name.contains('\0') || value.contains('\0'))
      return failure(ErrorCode::invalid_argument, "terminal/open.environment: not a variable's name");
  }
  if (total > largest_environment)
    return failure(ErrorCode::too_large, "terminal/open.environment: more than 64 KiB");
  return {};
}

}  // namespace

Terminals::Terminals(asio::io_context& io, const protocol::RunnerStart& start,
                     const net::ConfinedDirectory& home)
    : io_(io), start_(start), home_(home), shells_(start.state_directory), mark_(random_mark()) {}

std::map<std::string, std::string> Terminals::environment(
    const protocol::TerminalOpen::Params& params) const {
  std::map<std::string, std::string> variables{
      {"HOME", start_.home},
      {"USER", start_.person_name},
      {"LOGNAME", start_.person_name},
      {"SHELL", start_.shell},
      {"LANG", "C.UTF-8"},
      {"TERM", "xterm-256color"},
      {"COLORTERM", "truecolor"},
      {"TERM_PROGRAM", "berth"},
      {"BERTH_WORKSPACE", start_.workspace},
      {"PATH", start_.home + "/.local/bin:/usr/local/bin:/usr/bin:/bin"},
  };
  for (const auto& [name, value] : start_.environment) variables[name] = value;
  if (params.environment)
    for (const auto& [name, value] : *params.environment) variables[name] = value;
  return variables;
}

Result<void> Terminals::make_room() {
  if (terminals_.size() < most_terminals) return {};
  auto oldest = terminals_.end();
  for (auto it = terminals_.begin(); it != terminals_.end(); ++it)
    if (!it->second->info().running &&
        (oldest == terminals_.end() || it->second->info().created < oldest->second->info().created))
      oldest = it;
  if (oldest == terminals_.end())
    return failure(ErrorCode::limit_exceeded, "There are 100 terminals already: close some of them.");
  return close(std::string(oldest->first));
}

Result<std::shared_ptr<Terminal>> Terminals::open(const protocol::TerminalOpen::Params& params) {
  if (auto good = check(params); !good) return std::unexpected(good.error());
  if (auto room = make_room(); !room) return std::unexpected(room.error());
  auto directory = home_.open_at(params.cwd.value_or(start_.project), O_PATH | O_DIRECTORY);
  if (!directory && !params.cwd) directory = home_.open_at("", O_PATH | O_DIRECTORY);
  if (!directory) return std::unexpected(directory.error());

  ProgramStart program;
  // A shell by its name alone is started as the login shell is, and tells where its prompts are.
  const bool is_shell =
      params.command && std::ranges::find(known_shells, *params.command) != known_shells.end();
  const auto chosen_shell = is_shell ? path_of(*params.command) : std::string();
  program.file = !chosen_shell.empty()                       ? chosen_shell
                 : ::access(start_.shell.c_str(), X_OK) == 0 ? start_.shell
                                                             : "/bin/sh";
  const std::string name = program.file.substr(program.file.rfind('/') + 1);
  program.arguments = {name};
  program.environment = environment(params);
  if (params.command && chosen_shell.empty()) {
    program.arguments.insert(program.arguments.end(), {"-lc", *params.command});
  } else {
    auto shell = shells_.start(name, std::move(program.environment));
    program.arguments.insert(program.arguments.end(), shell.arguments.begin(), shell.arguments.end());
    program.environment = std::move(shell.environment);
  }
  program.environment["PWD"] = net::path_of_descriptor(directory->get());
  program.directory_fd = directory->get();
  program.columns = params.columns;
  program.rows = params.rows;
  program.person_uid = start_.person_uid;
  auto started = start_on_pty(program);
  if (!started) return std::unexpected(started.error());

  const bool named = params.title && !params.title->empty();
  const pid_t pid = started->pid;
  protocol::TerminalInfo info{mark_ + std::to_string(next_++),
                              named            ? *params.title
                              : params.command ? *params.command
                                               : name,
                              params.command.value_or(""),
                              params.columns,
                              params.rows,
                              true,
                              std::nullopt,
                              std::nullopt,
                              unix_milliseconds()};
  auto terminal = std::make_shared<Terminal>(
      io_, typing_, info, named, std::move(*started),
      static_cast<std::size_t>(params.scrollback.value_or(ScreenModel::usual_scrollback)),
      [this](const protocol::TerminalInfo& changed) { on_changed(changed); });
  terminals_[info.terminal] = terminal;
  by_pid_[pid] = terminal;
  terminal->run();
  on_changed(terminal->info());
  return terminal;
}

Result<std::shared_ptr<Terminal>> Terminals::find(const std::string& id) const {
  const auto found = terminals_.find(id);
  if (found == terminals_.end())
    return failure(ErrorCode::not_found,
                   id.starts_with(mark_)
                       ? "This terminal has been closed."
                       : "This terminal ended because the workspace was started anew: open another one.");
  return found->second;
}

Result<void> Terminals::close(const std::string& id) {
  const auto terminal = find(id);
  if (!terminal) return std::unexpected(terminal.error());
  terminals_.erase(id);
  (*terminal)->close();
  on_closed(id);
  return {};
}

std::string Terminals::path_of(const std::string& name) const {
  const auto path = environment({}).at("PATH");
  for (const auto folder : std::views::split(path, ':')) {
    auto file = std::string(folder.begin(), folder.end()) + "/" + name;
    if (file.starts_with('/') && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

std::vector<std::string> Terminals::programs() const {
  std::vector<std::string> found;
  for (const char* name : talking_programs)
    if (!path_of(name).empty()) found.emplace_back(name);
  return found;
}

std::vector<protocol::TerminalInfo> Terminals::list() const {
  std::vector<protocol::TerminalInfo> infos;
  for (const auto& [id, terminal] : terminals_) infos.push_back(terminal->info());
  std::ranges::sort(infos, {},
                    [](const auto& info) { return std::pair(info.created, info.terminal.size()); });
  return infos;
}

void Terminals::on_child_exit(pid_t pid, int wait_status) {
  const auto found = by_pid_.find(pid);
  if (found == by_pid_.end()) return;
  const auto terminal = found->second;
  by_pid_.erase(found);
  terminal->on_exit(wait_status);
}

void Terminals::close_all() {
  while (!terminals_.empty()) (void)close(std::string(terminals_.begin()->first));
}

}  // namespace berth::runner
