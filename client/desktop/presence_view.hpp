// SPDX-License-Identifier: GPL-3.0-or-later
// What ties people to a workspace's window: where this window is, told to the others; showing what a followed
// person looks at until something is done here; jumping to a person; the bar and the frame that say whose
// view this is.
#pragma once

#include <QFrame>
#include <QPointer>
#include <string>

#include "client/core/workspace.hpp"

class QLabel;
class QPushButton;

namespace berth::desktop {

class EditorArea;
class EditorTab;
class PeopleStrip;
class TerminalPanel;

/// "Following Grace · main.py · Stop", in that person's colour.
class FollowBar : public QFrame {
  Q_OBJECT

 public:
  FollowBar(client::Presence* presence, PeopleStrip* people, QWidget* parent = nullptr);
  QString text() const;

 private:
  void refresh();
  client::Presence* presence_;
  PeopleStrip* people_;
  QLabel* text_;
  QPushButton* stop_;
};

class PresenceView : public QWidget {
  Q_OBJECT

 public:
  /// The frame lies over `editors`, within the same parent.
  PresenceView(client::Workspace* workspace, EditorArea* editors, TerminalPanel* terminals,
               PeopleStrip* people);
  ~PresenceView() override;

  void follow(const std::string& session);
  void jump(const std::string& session);

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  client::Presence::Place place() const;
  void show(const protocol::Participant& who);
  void showTerminal(const protocol::Participant& who);
  void scroll(const protocol::Participant& who);
  void tryJump();
  void watchTab();
  void refreshFrame();

  client::Workspace* workspace_;
  client::Presence* presence_;
  EditorArea* editors_;
  TerminalPanel* terminals_;
  QPointer<EditorTab> watched_;
  QString followed_path_;  // opened last for the one who is followed
  std::string followed_terminal_;
  std::string jump_;  // to this session, once its place is known here
  bool opening_ = false;
};

}  // namespace berth::desktop
