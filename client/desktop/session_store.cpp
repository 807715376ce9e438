// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/session_store.hpp"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QStandardPaths>
#include <utility>

namespace berth::desktop {
namespace {

constexpr qint64 largest_session = 16 << 20;  // bytes
constexpr int session_version = 1;
constexpr qsizetype most_session_windows = 100;

QByteArray encoded_session(const Session& session) {
  QJsonArray windows;
  for (const auto& window : session.windows)
    windows.append(QJsonObject{{QStringLiteral("server"), QString::fromUtf8(window.server)},
                               {QStringLiteral("origin"), window.origin.toString()},
                               {QStringLiteral("email"), window.email},
                               {QStringLiteral("workspace"), window.workspace},
                               {QStringLiteral("layout"), QString::fromLatin1(window.layout.toBase64())}});
  return QJsonDocument(QJsonObject{{QStringLiteral("version"), session_version},
                                   {QStringLiteral("ended"), session.ended},
                                   {QStringLiteral("tries"), session.tries},
                                   {QStringLiteral("windows"), windows}})
      .toJson(QJsonDocument::Compact);
}

}  // namespace

SessionStore::SessionStore(const QString& file) : file_(file.isEmpty() ? usualFile() : file) {
  thread_.setMaxThreadCount(1);
}

SessionStore::~SessionStore() { wait(); }

QString SessionStore::usualFile() {
  return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/session.json");
}

Session SessionStore::load() const {
  QFile file(file_);
  if (!file.open(QIODevice::ReadOnly) || file.size() > largest_session) return {};
  const auto all = QJsonDocument::fromJson(file.readAll()).object();
  if (all[QStringLiteral("version")].toInt() != session_version) return {};
  Session session{all[QStringLiteral("ended")].toBool(true), all[QStringLiteral("tries")].toInt()};
  const auto windows = all[QStringLiteral("windows")].toArray();
  for (const auto one : windows) {
    const auto window = one.toObject();
    const auto text = [&](const char* key) { return window[QLatin1String(key)].toString(); };
    SessionWindow known{text("server").toUtf8(), QUrl(text("origin")), text("email"), text("workspace"),
                        QByteArray::fromBase64(text("layout").toLatin1())};
    if (known.server.isEmpty() || known.workspace.isEmpty()) continue;
    if (session.windows.size() < most_session_windows) session.windows.append(known);
  }
  return session;
}

void SessionStore::write(const Session& session) {
  auto bytes = encoded_session(session);
  if (bytes == last_) return;
  last_ = bytes;
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(next_, std::move(bytes))) return;  // a writer is on its way
  }
  thread_.start([this] { writeNext(); });
}

void SessionStore::writeNext() {
  std::optional<QByteArray> bytes;
  {
    const std::scoped_lock lock(mutex_);
    bytes.swap(next_);
  }
  if (!bytes) return;
  QDir().mkpath(QFileInfo(file_).path());
  QSaveFile file(file_);
  // The permissions are set before the first byte is written.
  if (!file.open(QIODevice::WriteOnly) ||
      !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) ||
      file.write(*bytes) != bytes->size() || !file.commit())
    qWarning("berth: which windows are open can't be kept: %s", qPrintable(file.errorString()));
}

}  // namespace berth::desktop
