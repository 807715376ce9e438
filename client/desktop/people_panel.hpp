// SPDX-License-Identifier: GPL-3.0-or-later
// Everybody who is in the workspace: what they may do, where they are; following them and going there.
#pragma once

#include <string>

#include "client/desktop/panel.hpp"

class QListWidget;
class QPushButton;

namespace berth::client {
class Presence;
class Workspace;
}  // namespace berth::client

namespace berth::desktop {

class PeopleStrip;

class PeoplePanel : public Panel {
  Q_OBJECT

 public:
  /// `words` has those for roles and places.
  PeoplePanel(client::Workspace* workspace, PeopleStrip* words, QWidget* parent = nullptr);
  QListWidget* list() { return list_; }
  QPushButton* followButton() { return follow_; }
  QPushButton* jumpButton() { return jump_; }

 Q_SIGNALS:
  void followWanted(const std::string& session);
  void jumpWanted(const std::string& session);
  /// Others are to be let in.
  void shareWanted();

 private:
  void refresh();
  void refreshButtons();
  std::string chosen() const;

  client::Workspace* workspace_;
  client::Presence* presence_;
  PeopleStrip* words_;
  QListWidget* list_;
  QPushButton* follow_;
  QPushButton* jump_;
};

}  // namespace berth::desktop
