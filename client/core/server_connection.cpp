// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/server_connection.hpp"

#include "client/core/rest_answer.hpp"
#include "client/core/secret_store.hpp"
#include "protocol/version.hpp"

namespace berth::client {
namespace {

constexpr int quick_answer =
    10'000;  // ms; what the server only looks up, with somebody waiting to be connected

constexpr int most_list_pages = 200;  // of workspaces, against a server whose last page never comes

constexpr int copying_answer = 600'000;  // ms; a transfer copies stored versions before it answers

QUrlQuery query_of(std::initializer_list<std::pair<const char*, QString>> items) {
  QUrlQuery query;
  for (const auto& [name, value] : items)
    if (!value.isEmpty()) query.addQueryItem(QLatin1String(name), in_url(value));
  return query;
}

}  // namespace

ServerConnection::ServerConnection(const QUrl& origin, SecretStore* secrets, QObject* parent)
    : QObject(parent), secrets_(secrets), transport_(origin) {
  connect(&transport_, &RestTransport::rotated, this, [this] {
    if (account_)
      secrets_->write(secretKey(QString::fromStdString(account_->email)), transport_.tokens().refresh);
  });
  connect(&transport_, &RestTransport::signedOut, this, [this](const QString& why) {
    if (account_) secrets_->remove(secretKey(QString::fromStdString(account_->email)));
    account_.reset();
    Q_EMIT signedOut(why);
  });
}

QString ServerConnection::pathOf(std::string_view route, const PathIds& ids) {
  auto path = QString::fromUtf8(route.data(), static_cast<qsizetype>(route.size()));
  path.replace(QLatin1String("{id}"), in_url(ids.id));
  if (const auto open = path.indexOf(QLatin1Char('{')); open >= 0)
    path.replace(open, path.indexOf(QLatin1Char('}'), open) + 1 - open, in_url(ids.part));
  return path;
}

template <class Route>
void ServerConnection::call(const typename Route::Body& body, const PathIds& ids, QObject* context,
                            Reply<typename Route::Result> done, std::optional<int> patience,
                            const QUrlQuery& query) {
  RestTransport::Call out;
  if (patience) out.patience = *patience;
  out.verb = QByteArray(Route::method.data(), static_cast<qsizetype>(Route::method.size()));
  out.path = pathOf(Route::path, ids);
  if (!query.isEmpty()) out.path += QLatin1Char('?') + query.toString(QUrl::FullyEncoded);
  if constexpr (!std::is_same_v<typename Route::Body, rest::NoBody>) out.body = encoded_body(body);
  out.authorised = Route::access != rest::Access::anyone;
  out.context = context;
  out.done = [done = std::move(done)](Result<QByteArray> answer) {
    if (done) done(decoded_answer<typename Route::Result>(answer, Route::path));
  };
  transport_.send(std::move(out));
}

void ServerConnection::moveTo(const QUrl& origin) { transport_.setOrigin(origin); }

QString ServerConnection::secretKey(const QUrl& origin, const QString& email) {
  return QStringLiteral("%1 %2").arg(origin.toString(), email);
}

Reply<rest::SignedIn> ServerConnection::keepSignIn(QObject* context, Reply<rest::Account> done) {
  return [this, reply = guarded<rest::Account>(context, std::move(done))](Result<rest::SignedIn> answer) {
    if (!answer) return reply(std::unexpected(answer.error()));
    if (!answer->access_token || !answer->refresh_token)
      return reply(failure(ErrorCode::internal,
                           "The server gave no tokens; it may be too old or too new for this program."));
    account_ = answer->account;
    transport_.setTokens({QString::fromStdString(*answer->access_token),
                          QString::fromStdString(*answer->refresh_token), answer->access_expires});
    secrets_->write(secretKey(QString::fromStdString(account_->email)), transport_.tokens().refresh);
    reply(*account_);
  };
}

void ServerConnection::fetchServer(QObject* context, Reply<rest::ServerInfo> done) {
  call<rest::GetServer>({}, {}, context, std::move(done));
}

void ServerConnection::setUp(const rest::Setup::Body& body, QObject* context, Reply<rest::Account> done) {
  call<rest::Setup>(body, {}, this, keepSignIn(context, std::move(done)));
}

void ServerConnection::registerAccount(const rest::Register::Body& body, QObject* context,
                                       Reply<rest::Account> done) {
  call<rest::Register>(body, {}, this, keepSignIn(context, std::move(done)));
}

void ServerConnection::signIn(const rest::SignIn::Body& body, QObject* context, Reply<rest::Account> done) {
  call<rest::SignIn>(body, {}, this, keepSignIn(context, std::move(done)));
}

void ServerConnection::beginNativeSignIn(const rest::BeginNativeSignIn::Body& body, QObject* context,
                                         Reply<rest::BeginNativeSignIn::Result> done) {
  call<rest::BeginNativeSignIn>(body, {}, context, std::move(done), quick_answer);
}

void ServerConnection::takeNativeSignIn(const rest::TakeNativeSignIn::Body& body, QObject* context,
                                        Reply<rest::Account> done) {
  call<rest::TakeNativeSignIn>(body, {}, this, keepSignIn(context, std::move(done)));
}

void ServerConnection::forgotPassword(const QString& email, QObject* context, Reply<rest::NoBody> done) {
  call<rest::ForgotPassword>({email.toStdString()}, {}, context, std::move(done));
}

void ServerConnection::restore(const QString& email, QObject* context, Reply<rest::Account> done) {
  auto reply = guarded<rest::Account>(context, std::move(done));
  secrets_->read(secretKey(email), this, [this, reply](Result<QString> secret) {
    if (!secret) return reply(failure(ErrorCode::unauthenticated, "Sign in again."));
    transport_.setTokens({{}, *secret, 0});
    call<rest::GetMe>({}, {}, this, [this, reply](Result<rest::Account> account) {
      if (account) {
        account_ = *account;
        secrets_->write(secretKey(QString::fromStdString(account_->email)), transport_.tokens().refresh);
      }
      reply(std::move(account));
    });
  });
}

void ServerConnection::signOut() {
  if (account_) secrets_->remove(secretKey(QString::fromStdString(account_->email)));
  account_.reset();
  if (!transport_.signedIn()) return;
  call<rest::SignOut>({}, {}, this, [this](Result<rest::NoBody>) { transport_.setTokens({}); });
}

void ServerConnection::listTemplates(QObject* context, Reply<rest::ListTemplates::Result> done) {
  call<rest::ListTemplates>({}, {}, context, std::move(done));
}

void ServerConnection::listWorkspaces(QObject* context, Reply<rest::ListWorkspaces::Result> done) {
  listFurther(std::make_shared<rest::ListWorkspaces::Result>(), 0, context, std::move(done));
}

void ServerConnection::listWorkspaces(const WorkspaceQuery& query, QObject* context,
                                      Reply<rest::ListWorkspaces::Result> done) {
  call<rest::ListWorkspaces>(
      {}, {}, context, std::move(done), {},
      query_of({{"query", query.text}, {"owner", query.owner}, {"cursor", query.cursor}}));
}

void ServerConnection::listFurther(std::shared_ptr<rest::ListWorkspaces::Result> sofar, int pages,
                                   QObject* context, Reply<rest::ListWorkspaces::Result> done) {
  const auto cursor = QString::fromStdString(std::exchange(sofar->next, {}).value_or(""));
  listWorkspaces({{}, {}, cursor}, context,
                 [this, sofar, pages, cursor, context = QPointer<QObject>(context),
                  done](Result<rest::ListWorkspaces::Result> page) {
                   if (!page || !context) return done(std::move(page));
                   for (auto& workspace : page->workspaces) sofar->workspaces.push_back(std::move(workspace));
                   const auto next = QString::fromStdString(page->next.value_or(""));
                   if (next.isEmpty() || next == cursor || pages >= most_list_pages)
                     return done(std::move(*sofar));
                   sofar->next = page->next;
                   listFurther(sofar, pages + 1, context, done);
                 });
}

void ServerConnection::createWorkspace(const rest::CreateWorkspace::Body& body, QObject* context,
                                       Reply<rest::Workspace> done) {
  call<rest::CreateWorkspace>(body, {}, context, std::move(done));
}

void ServerConnection::fetchWorkspace(const QString& id, QObject* context, Reply<rest::Workspace> done) {
  call<rest::GetWorkspace>({}, id, context, std::move(done));
}

void ServerConnection::renameWorkspace(const QString& id, const QString& name, QObject* context,
                                       Reply<rest::Workspace> done) {
  call<rest::UpdateWorkspace>({name.toStdString()}, id, context, std::move(done));
}

void ServerConnection::deleteWorkspace(const QString& id, QObject* context, Reply<rest::NoBody> done) {
  call<rest::DeleteWorkspace>({}, id, context, std::move(done));
}

void ServerConnection::fetchLog(const QString& id, QObject* context,
                                Reply<rest::GetOwnWorkspaceLog::Result> done) {
  call<rest::GetOwnWorkspaceLog>({}, id, context, std::move(done), quick_answer);
}

void ServerConnection::startWorkspace(const QString& id, QObject* context, Reply<rest::Workspace> done) {
  call<rest::StartWorkspace>({}, id, context, std::move(done));
}

void ServerConnection::stopWorkspace(const QString& id, QObject* context, Reply<rest::Workspace> done) {
  call<rest::StopWorkspace>({}, id, context, std::move(done));
}

void ServerConnection::fetchAccount(QObject* context, Reply<rest::Account> done) {
  auto reply = guarded<rest::Account>(context, std::move(done));
  call<rest::GetMe>({}, {}, this, [this, reply](Result<rest::Account> account) {
    if (account && account_ && account->id == account_->id) account_ = *account;
    reply(std::move(account));
  });
}

void ServerConnection::sendVerification(QObject* context, Reply<rest::NoBody> done) {
  call<rest::SendVerification>({}, {}, context, std::move(done));
}

void ServerConnection::listTeams(QObject* context, Reply<rest::ListTeams::Result> done) {
  call<rest::ListTeams>({}, {}, context, std::move(done));
}

void ServerConnection::listTeamTemplates(const QString& team, QObject* context,
                                         Reply<rest::ListTeamTemplates::Result> done) {
  call<rest::ListTeamTemplates>({}, team, context, std::move(done));
}

void ServerConnection::join(const QString& token, QObject* context, Reply<rest::Workspace> done) {
  call<rest::Join>({token.toStdString()}, {}, context, std::move(done));
}

void ServerConnection::joinTeam(const QString& token, QObject* context, Reply<rest::Team> done) {
  call<rest::JoinTeam>({token.toStdString()}, {}, context, std::move(done));
}

void ServerConnection::fetchPreferences(QObject* context, Reply<rest::Preferences> done) {
  call<rest::GetPreferences>({}, {}, context, std::move(done));
}

void ServerConnection::updatePreferences(const rest::UpdatePreferences::Body& body, QObject* context,
                                         Reply<rest::Preferences> done) {
  call<rest::UpdatePreferences>(body, {}, context, std::move(done));
}

void ServerConnection::fetchStorage(QObject* context, Reply<rest::GetStorage::Result> done) {
  call<rest::GetStorage>({}, {}, context, std::move(done));
}

void ServerConnection::stay(const QString& id, QObject* context, Reply<rest::Workspace> done) {
  call<rest::StayWorkspace>({}, id, context, std::move(done));
}

void ServerConnection::createPreview(const QString& id, quint16 port, QObject* context,
                                     Reply<rest::CreatePreview::Result> done) {
  call<rest::CreatePreview>({port, {}, {}}, id, context, std::move(done));
}

void ServerConnection::listMembers(const QString& id, QObject* context,
                                   Reply<rest::ListMembers::Result> done) {
  call<rest::ListMembers>({}, id, context, std::move(done));
}

void ServerConnection::addMember(const QString& id, const rest::AddMember::Body& body, QObject* context,
                                 Reply<rest::AddMember::Result> done) {
  call<rest::AddMember>(body, id, context, std::move(done));
}

void ServerConnection::updateMember(const QString& id, const QString& account, protocol::Role role,
                                    QObject* context, Reply<rest::Member> done) {
  call<rest::UpdateMember>({role}, {id, account}, context, std::move(done));
}

void ServerConnection::removeMember(const QString& id, const QString& account, QObject* context,
                                    Reply<rest::NoBody> done) {
  call<rest::RemoveMember>({}, {id, account}, context, std::move(done));
}

void ServerConnection::deleteInvitation(const QString& id, const QString& invitation, QObject* context,
                                        Reply<rest::NoBody> done) {
  call<rest::DeleteInvitation>({}, {id, invitation}, context, std::move(done));
}

void ServerConnection::createLink(const QString& id, const rest::CreateLink::Body& body, QObject* context,
                                  Reply<rest::CreateLink::Result> done) {
  call<rest::CreateLink>(body, id, context, std::move(done));
}

void ServerConnection::deleteLink(const QString& id, const QString& link, QObject* context,
                                  Reply<rest::NoBody> done) {
  call<rest::DeleteLink>({}, {id, link}, context, std::move(done));
}

void ServerConnection::transferWorkspace(const QString& id, const QString& account, QObject* context,
                                         Reply<rest::Workspace> done) {
  call<rest::TransferWorkspace>({account.toStdString()}, id, context, std::move(done), copying_answer);
}

void ServerConnection::setPublic(const QString& id, bool enabled, QObject* context,
                                 Reply<rest::SetPublic::Result> done) {
  call<rest::SetPublic>({enabled}, id, context, std::move(done));
}

void ServerConnection::fetchPorts(const QString& id, QObject* context, Reply<rest::GetPorts::Result> done) {
  call<rest::GetPorts>({}, id, context, std::move(done));
}

void ServerConnection::updatePorts(const QString& id, const rest::UpdatePorts::Body& body, QObject* context,
                                   Reply<rest::GetPorts::Result> done) {
  call<rest::UpdatePorts>(body, id, context, std::move(done));
}

void ServerConnection::createPortLink(const QString& id, quint16 port, qint64 expires, QObject* context,
                                      Reply<rest::CreatePortLink::Result> done) {
  call<rest::CreatePortLink>({expires}, {id, QString::number(port)}, context, std::move(done));
}

void ServerConnection::send(RawCall call, QObject* context, Reply<QByteArray> done) {
  RestTransport::Call out;
  out.verb = std::move(call.verb);
  out.path = std::move(call.path);
  out.body = std::move(call.body);
  out.patience = call.patience;
  out.largest = call.largest;
  out.context = context;
  out.done = std::move(done);
  transport_.send(std::move(out));
}

void ServerConnection::authorised(const QString& path, const QUrlQuery& query, QObject* context,
                                  Reply<QNetworkRequest> done) {
  QUrl url = origin();
  url.setPath(path);
  url.setQuery(query);
  auto reply = guarded<QNetworkRequest>(context, std::move(done));
  transport_.withToken(this, [url, reply](Result<QString> token) {
    if (!token) return reply(std::unexpected(token.error()));
    QNetworkRequest request(url);
    request.setRawHeader("Authorization", "Bearer " + token->toLatin1());
    request.setRawHeader("Berth-Client", "native");
    reply(std::move(request));
  });
}

void ServerConnection::archiveRequest(const QString& id, const Archive& archive, QObject* context,
                                      Reply<QNetworkRequest> done) {
  authorised(pathOf(rest::GetArchive::path, id),
             query_of({{"format", archive.format}, {"path", archive.path}, {"version", archive.version}}),
             context, std::move(done));
}

void ServerConnection::oldFileRequest(const QString& id, const QString& version, const QString& path,
                                      QObject* context, Reply<QNetworkRequest> done) {
  authorised(pathOf(rest::GetVersionFile::path, {id, version}), query_of({{"path", path}}), context,
             std::move(done));
}

void ServerConnection::importRequest(const QString& name, const QString& templateId, const QString& format,
                                     const QString& team, QObject* context, Reply<QNetworkRequest> done) {
  authorised(pathOf(rest::ImportWorkspace::path, {}),
             query_of({{"name", name}, {"template_id", templateId}, {"format", format}, {"team", team}}),
             context, std::move(done));
}

void ServerConnection::dialRequest(const QString& id, bool check, QObject* context,
                                   Reply<QNetworkRequest> done) {
  auto reply = guarded<QNetworkRequest>(context, std::move(done));
  auto dial = [this, id, reply] {
    transport_.withToken(this, [this, id, reply](Result<QString> token) {
      if (!token) return reply(std::unexpected(token.error()));
      QUrl url = origin();
      url.setScheme(url.scheme() == QLatin1String("https") ? QStringLiteral("wss") : QStringLiteral("ws"));
      url.setPath(QStringLiteral("/api/v1/workspaces/%1/connect").arg(id));
      QNetworkRequest request(url);
      request.setRawHeader("Authorization", "Bearer " + token->toLatin1());
      request.setRawHeader("Berth-Client", "native");
      reply(std::move(request));
    });
  };
  if (!check) return dial();
  // The way may have changed under the connections that are kept: this machine's address, a network in
  // between.
  transport_.dropKeptConnections();
  const auto answered = [reply, dial](Result<rest::Workspace> workspace) {
    if (!workspace) return reply(std::unexpected(workspace.error()));
    if (workspace->state == rest::WorkspaceState::running ||
        workspace->state == rest::WorkspaceState::starting)
      return dial();
    Error error{ErrorCode::unavailable,
                workspace->reason.empty() ? "The workspace is stopped." : workspace->reason,
                {},
                {}};
    error.data["state"] = boost::describe::enum_to_string(workspace->state, "stopped");
    reply(std::unexpected(std::move(error)));
  };
  call<rest::GetWorkspace>({}, id, this, answered, quick_answer);
}

}  // namespace berth::client
