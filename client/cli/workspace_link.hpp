// SPDX-License-Identifier: GPL-3.0-or-later
// From a workspace's name to a connection with its runner: started where that is needed, connected, and
// connected again by itself after a drop.
#pragma once

#include <functional>
#include <memory>

#include "client/cli/server.hpp"
#include "client/core/terminals.hpp"
#include "client/core/workspace_connection.hpp"

namespace berth::cli {

class Context;

/// Told again and again what a start has come to, as long as it lasts and when it has ended.
using StartNews = std::function<void(const rest::Workspace&)>;

/// Waits while it starts; an error where it fails.
Result<rest::Workspace> wait_while_starting(Server& server, rest::Workspace workspace,
                                            const StartNews& news = {});
/// Starts it where it does not run, and waits.
Result<rest::Workspace> started(Server& server, const rest::Workspace& workspace, const StartNews& news = {});

class WorkspaceLink {
 public:
  /// Starts it where this person may, and connects. `server` outlives this.
  static Result<std::unique_ptr<WorkspaceLink>> open(Context& context, const std::string& name_or_id);
  /// Says good-bye.
  ~WorkspaceLink();

  client::WorkspaceConnection* connection() { return &connection_; }
  /// Asked for with each connection.
  client::Terminals* terminals() { return &terminals_; }
  const rest::Workspace& facts() const { return facts_; }
  /// What stands in the way for good: the workspace is stopped or gone. nullopt while there is hope.
  std::optional<Error> end() const;

 private:
  WorkspaceLink(Server* server, rest::Workspace facts);
  void dial(bool check, QObject* context, client::Reply<QNetworkRequest> done);

  Server* server_;
  rest::Workspace facts_;
  client::WorkspaceConnection connection_;
  client::Terminals terminals_;  // before it is online: it must hear of that
};

}  // namespace berth::cli
