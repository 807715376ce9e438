// SPDX-License-Identifier: GPL-3.0-or-later
// The status bar: connection and round-trip time, transfers, and facts of the file in front.
#pragma once

#include <QStatusBar>

class QLabel;
class QPushButton;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class EditorArea;

class StatusStrip : public QStatusBar {
  Q_OBJECT

 public:
  StatusStrip(client::Workspace* workspace, EditorArea* editors, QWidget* parent = nullptr);
  QString linkText() const;
  QString storageText() const;

 Q_SIGNALS:
  void historyWanted();

 private:
  void refreshLink();
  void refreshStorage();
  void refreshFile();
  QPushButton* addChoice(const char* name, const QString& tip);
  void makeChoices();

  client::Workspace* workspace_;
  EditorArea* editors_;
  QLabel* link_icon_;
  QLabel* link_;
  QPushButton* storage_;
  // What can be chosen about the text in front, each with a click.
  QPushButton* position_;
  QPushButton* indent_;
  QPushButton* language_;
  QPushButton* encoding_;
  QPushButton* line_ending_;
  QLabel* durability_;
};

}  // namespace berth::desktop
