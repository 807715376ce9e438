// SPDX-License-Identifier: GPL-3.0-or-later
// Who is here, in the window's bar: a round picture of each of the others with a menu, and a menu of
// everybody.
#pragma once

#include <QWidget>
#include <functional>
#include <string>

#include "protocol/messages.hpp"

class QHBoxLayout;
class QMenu;
class QToolButton;

namespace berth::client {
class Presence;
class Workspace;
}  // namespace berth::client

namespace berth::desktop {

class PeopleStrip : public QWidget {
  Q_OBJECT

 public:
  explicit PeopleStrip(client::Workspace* workspace, QWidget* parent = nullptr);

  /// "may edit".
  QString role(const protocol::Participant& who) const;
  /// "main.py, in terminal bash": what a person looks at.
  QString where(const protocol::Participant& who) const;
  /// The pictures, one for each of the first few others; none in a narrow window.
  QList<QToolButton*> pictures() const { return pictures_; }
  /// The button with the menu of everybody; hidden while the person is alone.
  QToolButton* everybody() const { return everybody_; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 Q_SIGNALS:
  void followWanted(const std::string& session);
  void jumpWanted(const std::string& session);

 private:
  void refresh();
  void fillPersonMenu(QMenu* menu, const std::string& session);
  void fillEverybody(QMenu* menu);

  client::Workspace* workspace_;
  client::Presence* presence_;
  QHBoxLayout* row_;
  QToolButton* everybody_;
  QList<QToolButton*> pictures_;
  bool narrow_ = false;  // the window has room for the menu only
};

}  // namespace berth::desktop
