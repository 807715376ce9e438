// SPDX-License-Identifier: GPL-3.0-or-later
// The sign-in in a real keychain (gnome-keyring behind the Secret Service), against a real berthd.
#include <gtest/gtest.h>
#include <qt6keychain/keychain.h>

#include <QApplication>
#include <QDirIterator>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>

#include "berth_server.hpp"
#include "client/core/server_connection.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "desk.hpp"
#include "display.hpp"
#include "secret_service.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

/// Asked past the client, as another program of the same person would; empty when there is no such secret.
QString in_keychain(const QString& key) {
  QKeychain::ReadPasswordJob job(QStringLiteral("io.berth.Berth"));
  job.setAutoDelete(false);
  job.setKey(key);
  bool done = false;
  QObject::connect(&job, &QKeychain::Job::finished, [&] { done = true; });
  job.start();
  EXPECT_TRUE(wait_for([&] { return done; }, 15'000));
  EXPECT_TRUE(job.error() == QKeychain::NoError || job.error() == QKeychain::EntryNotFound)
      << job.errorString().toStdString();
  return job.textData();
}

/// Files below `folder` that hold `secret` as it is.
QStringList files_with(const QString& folder, const QString& secret) {
  QStringList found;
  QDirIterator all(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
  while (all.hasNext()) {
    QFile file(all.next());
    if (file.open(QIODevice::ReadOnly) && file.readAll().contains(secret.toUtf8()))
      found.append(file.fileName());
  }
  return found;
}

TEST(Keychain, the_sign_in_is_kept_there_comes_back_and_goes_with_the_sign_out) {
  BerthServer server;
  Desk desk(server.setupLink());
  ASSERT_TRUE(desk.setUp(QStringLiteral("ada@example.org")));
  const auto key = client::ServerConnection::secretKey(desk.start()->server()->origin(),
                                                       QStringLiteral("ada@example.org"));
  QString secret;
  ASSERT_TRUE(wait_for([&] { return !(secret = in_keychain(key)).isEmpty(); }, 15'000));
  const auto home = QDir::homePath();
  const auto keyrings = qEnvironmentVariable("XDG_DATA_HOME");
  EXPECT_EQ(files_with(home, secret), QStringList());
  EXPECT_EQ(files_with(keyrings, secret), QStringList());
  EXPECT_FALSE(QDir(keyrings + QStringLiteral("/keyrings")).isEmpty()) << "nothing was written at all";

  // What a run without a keychain may have left in the file does not stay there beside it.
  const auto plain =
      QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + QStringLiteral("/secrets.json");
  EXPECT_FALSE(QFile::exists(plain));
  {
    QDir().mkpath(QFileInfo(plain).path());
    QFile left(plain);
    ASSERT_TRUE(left.open(QIODevice::WriteOnly));
    left.write(QJsonDocument(QJsonObject{{key, QStringLiteral("left behind")}}).toJson());
  }

  // The program starts again: signed in without a question, and the renewed secret took the old one's place.
  desk.restart();
  EXPECT_TRUE(wait_for(
      [&] { return desk.start()->workspacesPage() && desk.start()->workspacesPage()->isVisible(); }, 20'000));
  ASSERT_TRUE(wait_for([&] { return in_keychain(key) != secret; }, 15'000));
  secret = in_keychain(key);
  EXPECT_FALSE(secret.isEmpty());
  EXPECT_EQ(files_with(home, secret), QStringList());
  EXPECT_TRUE(wait_for([&] { return files_with(home, QStringLiteral("left behind")).isEmpty(); }, 10'000));

  ASSERT_NE(desk.start()->workspacesPage(), nullptr);
  Q_EMIT desk.start()->workspacesPage()->signOutWanted();
  EXPECT_TRUE(wait_for([&] { return in_keychain(key).isEmpty(); }, 15'000));
  EXPECT_TRUE(desk.start()->isVisible());
  desk.restart();
  EXPECT_FALSE(wait_for([&] { return desk.start()->workspacesPage() != nullptr; }, 1'000));
}

}  // namespace
}  // namespace berth::test
