// SPDX-License-Identifier: GPL-3.0-or-later
// The workspaces that this person opened here last, of all servers, newest first; and which folders of this
// machine became which of them. No secrets.
#pragma once

#include <QList>
#include <QObject>
#include <QString>
#include <QUrl>
#include <optional>

namespace berth::client {

struct RecentWorkspace {
  QByteArray server;  // ServerConnection::key()
  QUrl origin;        // where that was, to dial it again; of this machine's it means nothing
  QString email;      // as whom
  QString id;
  QString name;
  QString source = {};  // the folder of this machine that it was made of; "" where it was none
  qint64 used = 0;      // Unix ms

  bool isSame(const RecentWorkspace& other) const {
    return server == other.server && email == other.email && id == other.id;
  }
};

class RecentWorkspaces : public QObject {
  Q_OBJECT

 public:
  static constexpr qsizetype most = 30;

  explicit RecentWorkspaces(QObject* parent = nullptr);
  const QList<RecentWorkspace>& all() const { return all_; }
  /// Puts it first. A source that was known stays where this one names none; `used` is now where it is 0.
  void remember(RecentWorkspace workspace);
  void rename(const QByteArray& server, const QString& id, const QString& name);
  /// It is gone, or the person does not want to see it.
  void forget(const QByteArray& server, const QString& id);
  /// All of an account of a server.
  void forgetAccount(const QByteArray& server, const QString& email);
  /// What was made of this folder on that server; the newest where there are several.
  std::optional<RecentWorkspace> madeOf(const QByteArray& server, const QString& folder) const;
  /// What was made of a folder that this path lies in, the deepest one.
  std::optional<RecentWorkspace> containing(const QByteArray& server, const QString& path) const;

 Q_SIGNALS:
  void changed();

 private:
  void store();
  QList<RecentWorkspace> all_;
};

}  // namespace berth::client
