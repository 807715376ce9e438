// SPDX-License-Identifier: GPL-3.0-or-later
// The ports that programs of the workspace listen on: open in the browser, or forward to this machine, by
// hand or by itself; who else may see them, and links to one for a while.
#pragma once

#include "client/core/port_access.hpp"
#include "client/core/port_forwarding.hpp"
#include "client/desktop/panel.hpp"

class QLabel;
class QMenu;
class QToolButton;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class MessageBar;
class WindowKeys;

class PortsPanel : public Panel {
  Q_OBJECT

 public:
  explicit PortsPanel(client::Workspace* workspace, QWidget* parent = nullptr);
  void toggleForward(quint16 port);
  /// Asks for a number; also of one that nothing listens on yet.
  void forwardAny();
  client::PortAccess* access() { return &access_; }
  client::PortForwarding* forwarding() { return &forwarding_; }
  /// What became of a port by itself is told there.
  void showNoticesIn(MessageBar* bar);
  void addCommands(WindowKeys* keys);
  /// Opens what is forwarded in the system's browser.
  static void openLocal(quint16 local);

  static client::PortForwarding::Automatic automatic();
  /// It roams.
  static void chooseAutomatic(client::PortForwarding::Automatic automatic);

 Q_SIGNALS:
  void previewWanted(quint16 port);
  void failed(const QString& problem);
  /// Something that was asked for was done.
  void told(const QString& text);

 private:
  void refresh();
  QWidget* makeRow(quint16 port, const QString& process);
  QToolButton* addRowTool(QWidget* row, const char* icon, const QString& tip, std::function<void()> run);
  void fillAccessMenu(QMenu* menu, quint16 port);
  void fillPortMenu(QMenu* menu, quint16 port);
  void fillAutomaticMenu(QMenu* menu);
  QString nameOf(quint16 port) const;
  void nameIt(quint16 port);
  void chooseLocal(quint16 port);

  client::Workspace* workspace_;
  client::PortAccess access_;
  client::PortForwarding forwarding_;
  QVBoxLayout* rows_;
  QLabel* empty_;
};

}  // namespace berth::desktop
