// SPDX-License-Identifier: GPL-3.0-or-later
// One server, signed in as one account: every REST route the clients use, as a call with its types. Answers
// come on the GUI thread; a call whose context object is gone by then is dropped.
#pragma once

#include <QNetworkRequest>
#include <QObject>
#include <QUrl>
#include <QUrlQuery>
#include <optional>

#include "client/core/reply.hpp"
#include "client/core/rest_transport.hpp"
#include "protocol/rest_admin.hpp"
#include "protocol/rest_history.hpp"
#include "protocol/rest_preferences.hpp"
#include "protocol/rest_sharing.hpp"
#include "protocol/rest_sign_in.hpp"
#include "protocol/rest_teams.hpp"

namespace berth::client {

namespace rest = protocol::rest;
class SecretStore;

/// What is downloaded as one file.
struct Archive {
  QString path;                            // a folder or file; "" is everything
  QString format = QStringLiteral("zip");  // or tar.gz, tar.zst
  QString version = {};                    // its id; "" is what is there now
};

/// Which of the workspaces, and where a page of them begins.
struct WorkspaceQuery {
  QString text = {};    // part of a name or an id; "" is any
  QString owner = {};   // id of a person or a team; "" is anybody's
  QString cursor = {};  // `next` of the page before; "" is the first
};

class ServerConnection : public QObject {
  Q_OBJECT

 public:
  /// `origin` as from server_origin(); `secrets` outlives this.
  ServerConnection(const QUrl& origin, SecretStore* secrets, QObject* parent = nullptr);

  const QUrl& origin() const { return transport_.origin(); }
  /// What is kept on this machine for this server is kept under this: its origin, or the name of one that
  /// has another port at each start.
  QByteArray key() const { return name_.isEmpty() ? origin().toEncoded() : name_; }
  void setName(const QByteArray& name) { name_ = name; }
  /// The same server answers there from now on, with the sign-in that there is; only for one with a name.
  void moveTo(const QUrl& origin);
  /// The name under which a sign-in is kept in the SecretStore.
  static QString secretKey(const QUrl& origin, const QString& email);
  const std::optional<rest::Account>& account() const { return account_; }

  void fetchServer(QObject* context, Reply<rest::ServerInfo> done);
  void setUp(const rest::Setup::Body& body, QObject* context, Reply<rest::Account> done);
  void registerAccount(const rest::Register::Body& body, QObject* context, Reply<rest::Account> done);
  void signIn(const rest::SignIn::Body& body, QObject* context, Reply<rest::Account> done);
  /// For BrowserSignIn: where the person agrees, and what its answer is traded for.
  void beginNativeSignIn(const rest::BeginNativeSignIn::Body& body, QObject* context,
                         Reply<rest::BeginNativeSignIn::Result> done);
  void takeNativeSignIn(const rest::TakeNativeSignIn::Body& body, QObject* context,
                        Reply<rest::Account> done);
  /// Asks for a mail whose link sets a new password; the answer is the same where there is no such account.
  void forgotPassword(const QString& email, QObject* context, Reply<rest::NoBody> done);
  /// Signs in with the secret kept for this account; unauthenticated when there is none or it is no longer
  /// taken.
  void restore(const QString& email, QObject* context, Reply<rest::Account> done);
  /// Ends the sign-in here and, where it can be reached, on the server.
  void signOut();

  void listTemplates(QObject* context, Reply<rest::ListTemplates::Result> done);
  /// All of them, page after page; `next` is never set.
  void listWorkspaces(QObject* context, Reply<rest::ListWorkspaces::Result> done);
  /// One page.
  void listWorkspaces(const WorkspaceQuery& query, QObject* context,
                      Reply<rest::ListWorkspaces::Result> done);
  void createWorkspace(const rest::CreateWorkspace::Body& body, QObject* context,
                       Reply<rest::Workspace> done);
  /// Its starts, ends and failures; for its owner.
  void fetchLog(const QString& id, QObject* context, Reply<rest::GetOwnWorkspaceLog::Result> done);
  void fetchWorkspace(const QString& id, QObject* context, Reply<rest::Workspace> done);
  void renameWorkspace(const QString& id, const QString& name, QObject* context, Reply<rest::Workspace> done);
  void deleteWorkspace(const QString& id, QObject* context, Reply<rest::NoBody> done);
  void startWorkspace(const QString& id, QObject* context, Reply<rest::Workspace> done);
  void stopWorkspace(const QString& id, QObject* context, Reply<rest::Workspace> done);
  /// Asks who is signed in anew: account() is as this says then.
  void fetchAccount(QObject* context, Reply<rest::Account> done);
  /// Sends the mail again by which the account's address is confirmed.
  void sendVerification(QObject* context, Reply<rest::NoBody> done);
  void listTeams(QObject* context, Reply<rest::ListTeams::Result> done);
  void listTeamTemplates(const QString& team, QObject* context, Reply<rest::ListTeamTemplates::Result> done);
  /// By the token of a link or an invitation.
  void join(const QString& token, QObject* context, Reply<rest::Workspace> done);
  void joinTeam(const QString& token, QObject* context, Reply<rest::Team> done);
  void fetchPreferences(QObject* context, Reply<rest::Preferences> done);
  void updatePreferences(const rest::UpdatePreferences::Body& body, QObject* context,
                         Reply<rest::Preferences> done);
  void fetchStorage(QObject* context, Reply<rest::GetStorage::Result> done);
  void stay(const QString& id, QObject* context, Reply<rest::Workspace> done);
  void createPreview(const QString& id, quint16 port, QObject* context,
                     Reply<rest::CreatePreview::Result> done);

  void listMembers(const QString& id, QObject* context, Reply<rest::ListMembers::Result> done);
  void addMember(const QString& id, const rest::AddMember::Body& body, QObject* context,
                 Reply<rest::AddMember::Result> done);
  void updateMember(const QString& id, const QString& account, protocol::Role role, QObject* context,
                    Reply<rest::Member> done);
  void removeMember(const QString& id, const QString& account, QObject* context, Reply<rest::NoBody> done);
  void deleteInvitation(const QString& id, const QString& invitation, QObject* context,
                        Reply<rest::NoBody> done);
  void createLink(const QString& id, const rest::CreateLink::Body& body, QObject* context,
                  Reply<rest::CreateLink::Result> done);
  void deleteLink(const QString& id, const QString& link, QObject* context, Reply<rest::NoBody> done);
  void transferWorkspace(const QString& id, const QString& account, QObject* context,
                         Reply<rest::Workspace> done);
  void setPublic(const QString& id, bool enabled, QObject* context, Reply<rest::SetPublic::Result> done);

  void fetchPorts(const QString& id, QObject* context, Reply<rest::GetPorts::Result> done);
  void updatePorts(const QString& id, const rest::UpdatePorts::Body& body, QObject* context,
                   Reply<rest::GetPorts::Result> done);
  void createPortLink(const QString& id, quint16 port, qint64 expires, QObject* context,
                      Reply<rest::CreatePortLink::Result> done);

  /// The upgrade request for a workspace's WebSocket. With `check` the workspace is looked up first:
  /// `unavailable` with data {"state": …} when it does not run, `not_found` when it is gone.
  void dialRequest(const QString& id, bool check, QObject* context, Reply<QNetworkRequest> done);
  /// Requests whose bytes are streamed to or from a file by their users.
  void archiveRequest(const QString& id, const Archive& archive, QObject* context,
                      Reply<QNetworkRequest> done);
  void oldFileRequest(const QString& id, const QString& version, const QString& path, QObject* context,
                      Reply<QNetworkRequest> done);
  /// POST of an archive, `format` as protocol/rest_history.hpp names it, that becomes a new workspace of this
  /// person, or of the team with this id.
  void importRequest(const QString& name, const QString& templateId, const QString& format,
                     const QString& team, QObject* context, Reply<QNetworkRequest> done);
  /// Any authorised route: the path is percent-encoded and has its query, the body is JSON or empty.
  struct RawCall {
    QByteArray verb;
    QString path;
    QByteArray body = {};
    int patience = 45'000;                           // ms without a byte
    qint64 largest = RestTransport::largest_answer;  // bytes of the answer, which comes as it is
  };
  void send(RawCall call, QObject* context, Reply<QByteArray> done);
  /// The server refused the token at an upgrade: the next one is asked for anew.
  void distrustToken() { transport_.distrustToken(); }

 Q_SIGNALS:
  void signedOut(const QString& why);

 private:
  /// What stands in a path: `part` is a member's, link's or invitation's id.
  struct PathIds {
    PathIds() = default;
    PathIds(QString workspace, QString member = {}) : id(std::move(workspace)), part(std::move(member)) {}
    QString id;
    QString part;
  };
  static QString pathOf(std::string_view route, const PathIds& ids);
  template <class Route>
  void call(const typename Route::Body& body, const PathIds& ids, QObject* context,
            Reply<typename Route::Result> done, std::optional<int> patience = {},
            const QUrlQuery& query = {});
  void listFurther(std::shared_ptr<rest::ListWorkspaces::Result> sofar, int pages, QObject* context,
                   Reply<rest::ListWorkspaces::Result> done);
  void authorised(const QString& path, const QUrlQuery& query, QObject* context, Reply<QNetworkRequest> done);
  Reply<rest::SignedIn> keepSignIn(QObject* context, Reply<rest::Account> done);
  QString secretKey(const QString& email) const { return secretKey(origin(), email); }

  SecretStore* secrets_;
  RestTransport transport_;
  QByteArray name_;
  std::optional<rest::Account> account_;
};

}  // namespace berth::client
