// SPDX-License-Identifier: GPL-3.0-or-later
// What every command has: the server it speaks to, and how it prints. And the list of commands.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/cli/output.hpp"
#include "client/cli/server.hpp"
#include "protocol/rest_teams.hpp"

namespace berth::cli {

class Context {
 public:
  Output out;
  std::string server_name;          // --server; "" is BERTH_SERVER or the usual one
  std::vector<std::string> behind;  // what stands behind "--"

  Credentials& credentials() { return credentials_; }
  /// The server that is meant, whether signed in or not.
  Result<QUrl> origin();
  /// Signed in: by BERTH_TOKEN where that is set, else by the sign-in that is kept. Made once.
  Result<Server*> server();
  /// By id, or by a name that only one has.
  Result<rest::Workspace> workspace(const std::string& name_or_id);
  /// A team of the account, by id, or by a name that only one has.
  Result<rest::Team> team(const std::string& name_or_id);
  /// All pages. `part` of the name or id, "" for all; `owner`: the id of a person or team, or "".
  Result<std::vector<rest::Workspace>> workspaces(const std::string& part, const std::string& owner = {});

 private:
  Credentials credentials_;
  std::unique_ptr<Server> server_;
};

/// The text of the environment's variable; empty when there is none.
std::string environment(const char* name);

/// Each group of commands adds its own; the one that the person named leaves what is to be run in `chosen`.
struct Commands {
  using Run = std::function<int(Context&)>;
  CLI::App app{"berthctl: Berth from the command line"};
  Run chosen;

  /// A command that runs `run`.
  CLI::App* add(CLI::App* group, const std::string& name, const std::string& what, Run run);
};

void add_sign_in_commands(Commands& commands);
void add_workspace_commands(Commands& commands);
void add_share_commands(CLI::App* workspaces, Commands& commands);
void add_token_commands(Commands& commands);
void add_team_commands(Commands& commands);
void add_version_commands(Commands& commands);
void add_shell_commands(Commands& commands);
void add_exec_command(Commands& commands);
void add_copy_command(Commands& commands);
void add_port_commands(Commands& commands);
void add_completion_commands(Commands& commands);

/// "7d", "12h", "30m" or "90s" in milliseconds; nullopt for anything else and for more than ten years.
std::optional<std::int64_t> duration_of(const std::string& text);
Result<protocol::Role> role_of_name(const std::string& name);

/// Prints an answer's error, or what `show` makes of it.
template <class T, class Show>
int finish(const Context& context, const Result<T>& answer, Show show) {
  if (!answer) return context.out.fail(answer.error());
  if (!context.out.answer(*answer)) show(*answer);
  return exit_good;
}

}  // namespace berth::cli
