// SPDX-License-Identifier: GPL-3.0-or-later
// The ports that programs of the workspace listen on: open in the browser, or forward to this machine; who
// else may see them, and links to one for a while.
#pragma once

#include "client/core/port_access.hpp"
#include "client/desktop/panel.hpp"

class QLabel;
class QMenu;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class PortsPanel : public Panel {
  Q_OBJECT

 public:
  explicit PortsPanel(client::Workspace* workspace, QWidget* parent = nullptr);
  void toggleForward(quint16 port);
  client::PortAccess* access() { return &access_; }

 Q_SIGNALS:
  void previewWanted(quint16 port);
  void failed(const QString& problem);
  /// Something that was asked for was done.
  void told(const QString& text);

 private:
  void refresh();
  QWidget* makeRow(quint16 port, const QString& process);
  void fillAccessMenu(QMenu* menu, quint16 port);

  client::Workspace* workspace_;
  client::PortAccess access_;
  QVBoxLayout* rows_;
  QLabel* empty_;
};

}  // namespace berth::desktop
