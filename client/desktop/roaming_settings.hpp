// SPDX-License-Identifier: GPL-3.0-or-later
// What a person likes, the same in every desktop and browser they sign in to. It is kept in QSettings, where
// the rest of the desktop reads it; what is chosen here goes to the server, what was chosen elsewhere comes
// from it, and of each field the newest counts. Names and values are those of the web's model/settings.ts; of
// QSettings' keys they differ by a slash in place of the first dot. Keys of commands roam as
// "keys.<command>".
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <QVariant>
#include <map>

#include "client/core/server_connection.hpp"
#include "protocol/codec.hpp"

namespace berth::desktop {

class RoamingSettings : public QObject {
  Q_OBJECT

 public:
  explicit RoamingSettings(QObject* parent = nullptr);

  /// The person chose a value here; `key` is QSettings', an invalid value takes the choice back. Also where
  /// nobody is signed in.
  static void choose(const QString& key, const QVariant& value);
  /// Whatever shows the value of this key follows it now.
  static void tell(const QString& key);

  /// Of the fields that roam besides the keys.
  static QStringList names();
  /// Whether a field of this name may have this value, as JSON.
  static bool fits(const QString& name, const std::string& value);
  /// What was chosen, keys of commands as well, by name.
  static std::map<QString, protocol::Json> allChosen();
  /// The person chose this value; false where it is none of the field's.
  static bool chooseJson(const QString& name, const protocol::Json& value);

  /// Whose settings they are from now on; null when nobody is signed in.
  void follow(client::ServerConnection* server);
  /// Sends and takes now.
  void exchange();

 Q_SIGNALS:
  /// A field has another person's or machine's value now.
  void taken(const QString& key);

 private:
  void chosen(const QString& name);
  void answered(const QHash<QString, qint64>& sent, const Result<client::rest::Preferences>& answer);
  void take(const client::rest::Preference& preference);
  void remember() const;

  QPointer<client::ServerConnection> server_;
  std::string account_;
  QHash<QString, qint64> unsent_;  // name → when it was chosen, Unix ms
  QTimer due_;
  bool busy_ = false;
};

}  // namespace berth::desktop
