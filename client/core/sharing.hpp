// SPDX-License-Identifier: GPL-3.0-or-later
// Who is in a workspace and by what ways others may come: its members, open invitations, links to join, the
// public link; and everything that is done about them. The server decides what is allowed.
#pragma once

#include <QHash>
#include <QObject>
#include <QString>
#include <optional>
#include <vector>

#include "client/core/server_connection.hpp"

namespace berth::client {

class Sharing : public QObject {
  Q_OBJECT

 public:
  /// `server` outlives this.
  Sharing(ServerConnection* server, rest::Workspace facts, QObject* parent = nullptr);

  const rest::Workspace& facts() const { return facts_; }
  QString workspace() const { return QString::fromStdString(facts_.id); }
  /// The owner alone changes who is here.
  bool mayChange() const { return facts_.role == protocol::Role::owner; }
  bool isSelf(const rest::Member& member) const;
  /// False before the first answer.
  bool isLoaded() const { return loaded_; }
  /// Something was asked for and is not answered.
  bool isBusy() const { return busy_ > 0; }
  const std::vector<rest::Member>& members() const { return people_.members; }
  const std::vector<rest::Invitation>& invitations() const { return people_.invitations; }
  const std::vector<rest::ShareLink>& links() const { return people_.links; }
  /// A link's address; empty unless it was made here, as the server tells it once.
  QString urlOf(const rest::ShareLink& link) const;
  /// The public link's address, where it is known here.
  const QString& publicUrl() const { return public_url_; }

  void refresh();
  /// An account becomes a member at once; any other address is invited.
  void add(const QString& email, protocol::Role role);
  void setRole(const QString& account, protocol::Role role);
  void remove(const QString& account);
  /// This person goes.
  void leave();
  void withdraw(const QString& invitation);
  /// `life`: ms from now; without one it is good until it is ended.
  void makeLink(protocol::Role role, std::optional<qint64> life);
  void endLink(const QString& link);
  void setPublic(bool enabled);
  /// This person becomes an editor.
  void transfer(const QString& account);

 Q_SIGNALS:
  void changed();
  void busyChanged();
  void failed(const berth::Error& error);
  /// `member`: by an account of this address, who is in at once.
  void added(const QString& email, bool member);
  void linkMade(const QString& url);
  void transferred(const QString& name);
  /// This person is not in it any more. `wished`: by leave().
  void left(bool wished);

 private:
  template <class T>
  Reply<T> answering(std::function<void(const T&)> done);
  void begin();
  void end();
  void take(const rest::Workspace& facts);

  ServerConnection* server_;
  rest::Workspace facts_;
  rest::ListMembers::Result people_;
  QHash<QString, QString> urls_;  // by link
  QString public_url_;
  int busy_ = 0;
  bool loaded_ = false;
};

}  // namespace berth::client
