// SPDX-License-Identifier: GPL-3.0-or-later
// A further window of a workspace, with groups of texts and nothing else; the commands are those of the
// workspace's window. Closing it closes its tabs.
#pragma once

#include <QMainWindow>

namespace berth::desktop {

class EditorArea;
class EditorGroups;

class EditorWindow : public QMainWindow {
  Q_OBJECT

 public:
  /// Owns `groups`; `area` knows it and outlives it.
  EditorWindow(EditorArea* area, EditorGroups* groups);
  EditorGroups* groups() { return groups_; }
  void refreshTitle();

 protected:
  void closeEvent(QCloseEvent* event) override;

 private:
  EditorArea* area_;
  EditorGroups* groups_;
};

}  // namespace berth::desktop
