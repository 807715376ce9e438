// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/cli/workspace_link.hpp"

#include <optional>

#include "client/cli/context.hpp"

namespace berth::cli {
namespace {

constexpr int start_patience = 600'000;   // ms; an image may have to be fetched first
constexpr int connect_patience = 60'000;  // ms
constexpr int state_pause = 300;          // ms between two looks
constexpr int farewell = 1'000;           // ms

}  // namespace

Result<rest::Workspace> wait_while_starting(Server& server, rest::Workspace workspace,
                                            const StartNews& news) {
  const QDeadlineTimer until(start_patience);
  while (workspace.state == rest::WorkspaceState::starting) {
    if (news) news(workspace);
    if (until.hasExpired()) return failure(ErrorCode::timeout, "The workspace does not get ready.");
    wait_until([] { return false; }, state_pause);
    auto now = server.ask<rest::GetWorkspace>({}, {QString::fromStdString(workspace.id)});
    if (!now) return now;
    workspace = std::move(*now);
  }
  if (news) news(workspace);
  if (workspace.state == rest::WorkspaceState::running) return workspace;
  return failure(ErrorCode::unavailable,
                 workspace.reason.empty() ? "The workspace could not be started." : workspace.reason);
}

Result<rest::Workspace> started(Server& server, const rest::Workspace& workspace, const StartNews& news) {
  const QStringList id{QString::fromStdString(workspace.id)};
  auto now = workspace;
  // One that is being stopped starts once it has stopped.
  const QDeadlineTimer until(start_patience);
  while (now.state == rest::WorkspaceState::stopping && !until.hasExpired()) {
    wait_until([] { return false; }, state_pause);
    auto looked = server.ask<rest::GetWorkspace>({}, id);
    if (!looked) return looked;
    now = std::move(*looked);
  }
  if (now.state == rest::WorkspaceState::running) return now;
  if (now.state != rest::WorkspaceState::starting) {
    // The answer comes when it runs, or after a while; what it does meanwhile is asked beside.
    QObject context;
    std::optional<Result<rest::Workspace>> answer;
    server.begin<rest::StartWorkspace>(&context, id,
                                       [&](Result<rest::Workspace> given) { answer = std::move(given); });
    while (!wait_until([&] { return answer.has_value(); }, news ? state_pause : start_patience)) {
      if (until.hasExpired()) return failure(ErrorCode::timeout, "The workspace does not get ready.");
      if (!news) continue;
      if (auto looked = server.ask<rest::GetWorkspace>({}, id);
          looked && looked->state == rest::WorkspaceState::starting)
        news(*looked);
    }
    if (!*answer) return std::move(*answer);
    now = std::move(**answer);
  }
  return wait_while_starting(server, std::move(now), news);
}

WorkspaceLink::WorkspaceLink(Server* server, rest::Workspace facts)
    : server_(server),
      facts_(std::move(facts)),
      connection_([this](bool check, QObject* context, client::Reply<QNetworkRequest> done) {
        dial(check, context, std::move(done));
      }),
      terminals_(&connection_) {
  QObject::connect(&connection_, &client::WorkspaceConnection::refusedCredential, server_,
                   [server] { server->transport()->distrustToken(); });
}

WorkspaceLink::~WorkspaceLink() {
  if (!connection_.online()) return;
  // The socket outlives its connection until the good-bye is out; here nothing else would keep it alive.
  connection_.close();
  wait_until([] { return QCoreApplication::instance()->findChildren<QWebSocket*>().isEmpty(); }, farewell);
}

Result<std::unique_ptr<WorkspaceLink>> WorkspaceLink::open(Context& context, const std::string& name_or_id) {
  auto found = context.workspace(name_or_id);
  if (!found) return std::unexpected(found.error());
  auto* server = *context.server();
  if (found->state != rest::WorkspaceState::running && found->role != protocol::Role::viewer) {
    context.out.note("Starting “" + found->name + "” …");
    found = started(*server, *found);
    if (!found) return std::unexpected(found.error());
  }
  std::unique_ptr<WorkspaceLink> link(new WorkspaceLink(server, std::move(*found)));
  link->connection_.open();
  wait_until([&] { return link->connection_.online() || link->end(); }, connect_patience);
  if (link->connection_.online()) return link;
  if (auto end = link->end()) return std::unexpected(*end);
  return failure(ErrorCode::unavailable,
                 "The workspace can't be reached: " + link->connection_.problem().toStdString());
}

std::optional<Error> WorkspaceLink::end() const {
  const auto problem = connection_.problem().toStdString();
  if (connection_.state() == client::LinkState::stopped)
    return Error{ErrorCode::unavailable, problem.empty() ? "The workspace is stopped." : problem, {}, {}};
  if (connection_.state() == client::LinkState::ended)
    return Error{connection_.endedBy().value_or(ErrorCode::unavailable), problem, {}, {}};
  return std::nullopt;
}

void WorkspaceLink::dial(bool check, QObject* context, client::Reply<QNetworkRequest> done) {
  auto reply = client::guarded<QNetworkRequest>(context, std::move(done));
  const auto id = QString::fromStdString(facts_.id);
  auto upgrade = [this, id, reply] {
    server_->transport()->withToken(&connection_, [this, id, reply](Result<QString> token) {
      if (!token) return reply(std::unexpected(token.error()));
      QUrl url = server_->origin();
      url.setScheme(url.scheme() == QLatin1String("https") ? QStringLiteral("wss") : QStringLiteral("ws"));
      url.setPath(QStringLiteral("/api/v1/workspaces/%1/connect").arg(id));
      QNetworkRequest request(url);
      request.setRawHeader("Authorization", "Bearer " + token->toLatin1());
      request.setRawHeader("Berth-Client", "native");
      reply(std::move(request));
    });
  };
  if (!check) return upgrade();
  server_->transport()->dropKeptConnections();
  client::RestTransport::Call call;
  call.verb = "GET";
  call.path = QStringLiteral("/api/v1/workspaces/") + id;
  call.patience = 10'000;
  call.context = &connection_;
  call.done = [reply, upgrade](Result<QByteArray> answer) {
    const auto now = client::decoded_answer<rest::Workspace>(answer, rest::GetWorkspace::path);
    if (!now) return reply(std::unexpected(now.error()));
    if (now->state == rest::WorkspaceState::running || now->state == rest::WorkspaceState::starting)
      return upgrade();
    Error error{
        ErrorCode::unavailable, now->reason.empty() ? "The workspace is stopped." : now->reason, {}, {}};
    error.data["state"] = boost::describe::enum_to_string(now->state, "stopped");
    reply(std::unexpected(std::move(error)));
  };
  server_->transport()->send(std::move(call));
}

}  // namespace berth::cli
