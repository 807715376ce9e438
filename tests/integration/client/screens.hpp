// SPDX-License-Identifier: GPL-3.0-or-later
// A scripted server with a few workspaces, their versions and a runner, for tests that go through the desktop
// client's screens in both themes; with $BERTH_SCREENSHOTS the pictures are kept to be looked at.
#pragma once

#include <gtest/gtest.h>

#include <QDir>
#include <QStringList>
#include <string>
#include <vector>

#include "client/core/remembered_servers.hpp"
#include "client/core/secret_store.hpp"
#include "client/core/server_connection.hpp"
#include "fake_documents.hpp"
#include "fake_runner.hpp"
#include "protocol/rest_history.hpp"
#include "tiny_server.hpp"

class QWidget;

namespace berth::test {

extern const std::string shown_program;

/// Somebody else in the workspace, connected and nowhere yet.
protocol::Participant somebody(const char* session, const char* name, int colour, protocol::Role role);

class Screens : public testing::Test {
 protected:
  void SetUp() override;
  void scriptRunner();
  TinyServer::Answer serve(const QString& route);
  TinyServer::Answer serveWorkspace(const QString& route);
  TinyServer::Answer serveHistory(const QString& route);
  /// Signs `connection` in.
  void signIn(client::ServerConnection& connection);
  /// In both themes; a screen that shows nothing at all is one colour.
  void picture(QWidget* widget, const QString& name);

  std::vector<protocol::rest::Workspace> workspaces;
  protocol::rest::GetStorage::Result storage{1'300'000'000, 10'000'000'000};
  std::string text_now = shown_program;  // of every file
  QStringList restored;                  // routes that were asked to
  QStringList asked;                     // about single workspaces
  QString held;                          // what a route that is never answered contains
  qint64 signed_in_for = 600'000;        // ms that a token is good for
  FakeRunner runner;
  FakeDocuments documents{&runner, shown_program};
  TinyServer server;
  protocol::TerminalInfo shell{"t1", "bash", "", 80, 24, true, {}, {}, 0};
  client::SecretStore secrets{QDir::temp().filePath(QStringLiteral("berth-screens-secrets.json"))};
  client::RememberedServers servers;
};

}  // namespace berth::test
