// SPDX-License-Identifier: GPL-3.0-or-later
// Where sign-ins are kept between runs: the system keychain, or, where there is none, a file that only this
// user can read. BERTH_SECRET_STORE=file chooses the file.
#pragma once

#include <QHash>
#include <QObject>
#include <QString>

#include "client/core/reply.hpp"

namespace berth::client {

class SecretStore : public QObject {
  Q_OBJECT

 public:
  /// `file` is the fall-back's path; empty: secrets.json in the application's configuration folder.
  explicit SecretStore(QString file = {}, QObject* parent = nullptr);
  /// One that forgets all with the program: neither keychain nor file is touched.
  struct InMemory {};
  explicit SecretStore(InMemory, QObject* parent = nullptr);

  /// not_found when there is no such secret.
  void read(const QString& key, QObject* context, Reply<QString> done);
  void write(const QString& key, const QString& value);
  void remove(const QString& key);

  /// True once the fall-back file is in use; the interface must say so.
  bool usesFile() const { return usesFile_; }
  const QString& filePath() const { return file_; }

 Q_SIGNALS:
  /// The keychain failed for the first time.
  void fellBackToFile();
  void failed(const QString& problem);

 private:
  void fallBack();
  Result<QString> readFile(const QString& key) const;
  void changeFile(const QString& key, const QString* value);

  QString file_;
  bool usesFile_;
  bool in_memory_ = false;
  QHash<QString, QString> memory_;
};

}  // namespace berth::client
