// SPDX-License-Identifier: GPL-3.0-or-later
// "This machine": workspaces without a server. A berthd of this person alone is started when somebody wants
// them, on a free port of the loopback address; the key that signs in there is made here and lies in a file
// that only this person reads. It stops its workspaces and ends with this program (private_server.hpp).
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <memory>

#include "client/core/private_server.hpp"
#include "client/core/secret_store.hpp"
#include "client/core/server_connection.hpp"

namespace berth::client {

class ThisMachine : public QObject {
  Q_OBJECT

 public:
  enum class State { off, starting, ready, failed };

  explicit ThisMachine(QObject* parent = nullptr);
  ~ThisMachine() override;

  /// What its connection is known by here; it has another port at each start.
  static QByteArray key() { return "this-machine"; }
  /// Starts it, where it is off or failed; `changed` until it is ready or failed.
  void open();
  /// Lets go of it: it stores and stops its workspaces and ends, and nobody waits for that. Off again.
  void close();
  State state() const { return state_; }
  /// While it starts: what is waited for. When failed: why, and what can be done.
  const QString& words() const { return words_; }
  /// Signed in, once ready. It stays the same one when the server had to be started again, at another address
  /// if need be.
  std::shared_ptr<ServerConnection> connection() const { return connection_; }
  /// What the server logs.
  static QString logFile();
  static QString dataFolder();

 Q_SIGNALS:
  void changed();

 private:
  struct Key {
    QString email;
    QString secret;
  };
  void set(State state, const QString& words = {});
  void launch();
  void heard(const QString& line);
  void ended();
  void enter();
  void signIn();
  void signedIn(const Result<rest::Account>& answer);
  void fail(const QString& why);
  static Result<Key> key_of_this_person();
  static Result<QString> configuration();
  static Result<QStringList> arguments(quint16 port);
  static bool isTaken();

  State state_ = State::off;
  QString words_;
  SecretStore secrets_{SecretStore::InMemory{}};
  std::shared_ptr<ServerConnection> connection_;
  std::unique_ptr<PrivateServer> server_;
  QTimer again_;            // looks whether the one before has ended, or for an answer
  QElapsedTimer waiting_;   // for that
  QElapsedTimer restarts_;  // since the first of a row of unexpected ends
  int ends_ = 0;            // of that row
  quint16 port_ = 0;        // 0: any
  bool heard_ = false;      // it said where it listens
  QString set_up_;          // token of a server that nobody has set up
};

}  // namespace berth::client
