// SPDX-License-Identifier: GPL-3.0-or-later
// The windows of one process and what they share: theme, secrets, remembered servers.
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>

#include "client/core/remembered_servers.hpp"
#include "client/core/secret_store.hpp"
#include "client/core/unsent_store.hpp"
#include "client/desktop/roaming_settings.hpp"
#include "client/desktop/theme.hpp"
#include "protocol/rest.hpp"

class QApplication;

namespace berth::desktop {

class IdeWindow;
class StartWindow;

struct Options {
  QString server;     // URL or set-up link; empty: ask
  QString workspace;  // id to open once signed in
  ThemeChoice theme = ThemeChoice::system;
};

class Application : public QObject {
  Q_OBJECT

 public:
  Application(QApplication* application, Options options);
  ~Application() override;

  void start();
  StartWindow* startWindow() { return start_.get(); }
  QList<IdeWindow*> windows() const;
  IdeWindow* open(const protocol::rest::Workspace& workspace);
  /// Closes every window, asking where text would be lost; the next start opens the same ones.
  void quit();

 private:
  void signedIn();
  void openUnsent();
  void findAbandoned(const QSet<QString>& workspaces);
  void offerAbandoned();
  void keepAbandoned();
  void signOut();
  /// Where the ids of open windows are remembered, for this server and account.
  QString windowsKey() const;

  Options options_;
  Theme* theme_;
  client::SecretStore secrets_;
  client::RememberedServers servers_;
  std::shared_ptr<client::UnsentStore> unsent_ = client::UnsentStore::shared();
  RoamingSettings roaming_;
  std::unique_ptr<StartWindow> start_;
  QHash<QString, QPointer<IdeWindow>> windows_;  // by workspace id
  QHash<QString, QStringList> abandoned_;        // paths of unsent texts, by workspaces that are gone
  bool quitting_ = false;
};

/// Sets the names that settings and desktops go by; before the first window.
void name_application();

}  // namespace berth::desktop
