// SPDX-License-Identifier: GPL-3.0-or-later
// The ports that programs of the workspace listen on: open in the browser, or forward to this machine.
#pragma once

#include "client/desktop/panel.hpp"

class QLabel;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class PortsPanel : public Panel {
  Q_OBJECT

 public:
  explicit PortsPanel(client::Workspace* workspace, QWidget* parent = nullptr);
  void toggleForward(quint16 port);

 Q_SIGNALS:
  void previewWanted(quint16 port);
  void failed(const QString& problem);

 private:
  void refresh();
  QWidget* makeRow(quint16 port, const QString& process);

  client::Workspace* workspace_;
  QVBoxLayout* rows_;
  QLabel* empty_;
};

}  // namespace berth::desktop
