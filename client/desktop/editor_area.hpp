// SPDX-License-Identifier: GPL-3.0-or-later
// The open files as tabs, and a welcome where there are none.
#pragma once

#include <QStackedWidget>
#include <string>

class QTabWidget;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class EditorTab;

class EditorArea : public QStackedWidget {
  Q_OBJECT

 public:
  explicit EditorArea(client::Workspace* workspace, QWidget* parent = nullptr);

  /// Shows the file's tab, opening it if need be; `line` from 1, 0 for none.
  EditorTab* openFile(const QString& path, int line = 0);
  EditorTab* current() const;
  QList<EditorTab*> tabs() const;
  EditorTab* tabOf(const QString& path) const;
  QStringList openPaths() const;
  /// Closes a tab, after asking if its text is nowhere else.
  bool closeTab(EditorTab* tab);
  /// Asks, if some text is nowhere else; false: stay open.
  bool mayClose();

 Q_SIGNALS:
  void currentChanged();
  void downloadWanted(const QString& path);
  void newFileWanted();
  void newTerminalWanted();

 private:
  QWidget* makeWelcome();
  void refreshTitle(EditorTab* tab);
  void keepBoth(const QString& path, const std::string& mine);
  bool mayDrop(EditorTab* tab);

  client::Workspace* workspace_;
  QTabWidget* tabs_;
};

}  // namespace berth::desktop
