// SPDX-License-Identifier: GPL-3.0-or-later
// The terminals of the workspace as tabs.
#pragma once

#include <QSet>
#include <QWidget>

#include "client/core/terminals.hpp"

class QTabWidget;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class TerminalView;

class TerminalPanel : public QWidget {
  Q_OBJECT

 public:
  explicit TerminalPanel(client::Workspace* workspace, QWidget* parent = nullptr);
  /// Opens a terminal: a shell, or a command with its title.
  void open(const QString& command = {}, const QString& title = {});
  /// A shell in a folder; its path is relative to home.
  void openIn(const QString& folder);
  void show(client::Terminal* terminal);
  TerminalView* current() const;
  QList<TerminalView*> views() const;

 Q_SIGNALS:
  void failed(const QString& problem);
  void hideWanted();

 private:
  void open(client::Terminals::Start start);
  void add(client::Terminal* terminal);
  void remove(client::Terminal* terminal);
  void refreshTitle(TerminalView* view);
  TerminalView* viewOf(const client::Terminal* terminal) const;

  client::Workspace* workspace_;
  QTabWidget* tabs_;
  QWidget* empty_;
  bool opening_ = false;  // the next terminal to appear is ours
  bool first_ = true;
};

}  // namespace berth::desktop
