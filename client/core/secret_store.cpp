// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/secret_store.hpp"

#include <qt6keychain/keychain.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QStandardPaths>

namespace berth::client {
namespace {

const auto service = QStringLiteral("io.berth.Berth");

bool no_keychain(QKeychain::Error error) {
  return error != QKeychain::NoError && error != QKeychain::EntryNotFound;
}

}  // namespace

SecretStore::SecretStore(QString file, QObject* parent)
    : QObject(parent),
      file_(file.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) +
                                 QStringLiteral("/secrets.json")
                           : std::move(file)),
      usesFile_(qgetenv("BERTH_SECRET_STORE") == "file") {}

SecretStore::SecretStore(InMemory, QObject* parent) : QObject(parent), usesFile_(false), in_memory_(true) {}

void SecretStore::fallBack() {
  if (usesFile_) return;
  usesFile_ = true;
  Q_EMIT fellBackToFile();
}

void SecretStore::read(const QString& key, QObject* context, Reply<QString> done) {
  auto reply = guarded<QString>(context, std::move(done));
  if (in_memory_) {
    QMetaObject::invokeMethod(
        this,
        [this, key, reply] {
          const auto found = memory_.constFind(key);
          if (found == memory_.cend())
            return reply(failure(ErrorCode::not_found, "No sign-in is kept here."));
          reply(*found);
        },
        Qt::QueuedConnection);
    return;
  }
  if (usesFile_) {
    QMetaObject::invokeMethod(this, [this, key, reply] { reply(readFile(key)); }, Qt::QueuedConnection);
    return;
  }
  auto* job = new QKeychain::ReadPasswordJob(service, this);
  job->setKey(key);
  connect(job, &QKeychain::Job::finished, this, [this, job, key, reply] {
    if (job->error() == QKeychain::NoError) return reply(job->textData());
    // Without a keychain an earlier run may have used the file; with one, too, before the keychain came.
    if (no_keychain(job->error())) fallBack();
    reply(readFile(key));
  });
  job->start();
}

void SecretStore::write(const QString& key, const QString& value) {
  if (in_memory_) {
    memory_.insert(key, value);
    return;
  }
  if (usesFile_) return changeFile(key, &value);
  auto* job = new QKeychain::WritePasswordJob(service, this);
  job->setKey(key);
  job->setTextData(value);
  connect(job, &QKeychain::Job::finished, this, [this, job, key, value] {
    // What an earlier run without a keychain left in the file is not left there beside it.
    if (!no_keychain(job->error())) return changeFile(key, nullptr);
    fallBack();
    changeFile(key, &value);
  });
  job->start();
}

void SecretStore::remove(const QString& key) {
  if (in_memory_) {
    memory_.remove(key);
    return;
  }
  changeFile(key, nullptr);
  if (usesFile_) return;
  auto* job = new QKeychain::DeletePasswordJob(service, this);
  job->setKey(key);
  job->start();
}

Result<QString> SecretStore::readFile(const QString& key) const {
  QFile file(file_);
  if (!file.open(QIODevice::ReadOnly)) return failure(ErrorCode::not_found, "No sign-in is kept here.");
  const auto value = QJsonDocument::fromJson(file.read(1 << 20)).object().value(key);
  if (!value.isString()) return failure(ErrorCode::not_found, "No sign-in is kept here.");
  return value.toString();
}

void SecretStore::changeFile(const QString& key, const QString* value) {
  QFile old(file_);
  QJsonObject secrets;
  if (old.open(QIODevice::ReadOnly)) secrets = QJsonDocument::fromJson(old.read(1 << 20)).object();
  if (!value && !secrets.contains(key)) return;
  if (value) {
    secrets.insert(key, *value);
  } else {
    secrets.remove(key);
  }
  QDir().mkpath(QFileInfo(file_).path());
  QSaveFile file(file_);
  // The permissions are set before the first byte is written.
  const bool written = file.open(QIODevice::WriteOnly) &&
                       file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) &&
                       file.write(QJsonDocument(secrets).toJson(QJsonDocument::Compact)) > 0 && file.commit();
  if (!written) Q_EMIT failed(tr("The sign-in could not be kept in %1: %2").arg(file_, file.errorString()));
}

}  // namespace berth::client
