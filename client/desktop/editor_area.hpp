// SPDX-License-Identifier: GPL-3.0-or-later
// The open files as tabs, and a welcome where there are none.
#pragma once

#include <QStackedWidget>
#include <string>

class QPushButton;
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
  /// Whether the template's first file is there to begin with.
  void offerFirstFile(bool offered);
  EditorTab* current() const;
  QList<EditorTab*> tabs() const;
  EditorTab* tabOf(const QString& path) const;
  QStringList openPaths() const;
  /// Files whose last changes are kept on this machine, because the workspace does not have them yet.
  QStringList unsentPaths() const;
  /// Something typed is on its way now.
  bool isSending() const;
  /// Paths of the open files, the one shown before the present one first: going back is one key.
  QStringList recentPaths() const;
  /// Shows the tab `by` places further on, around the ends.
  void step(int by);
  /// The keys go to the text that shows, or to the first thing to do where none is open.
  void focusText();
  /// Closes a tab, after asking if its text is nowhere else.
  bool closeTab(EditorTab* tab);
  /// Asks, if some text is nowhere else; false: stay open.
  bool mayClose();
  /// Writes texts that are nowhere else into files of this machine that only their owner reads; their paths.
  QStringList rescue() const;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 Q_SIGNALS:
  void currentChanged();
  void downloadWanted(const QString& path);
  void historyWanted(const QString& path);
  /// Its last changes are kept on this machine and sent later.
  void closedUnsent(const QString& path);
  void openByNameWanted();
  void newFileWanted();
  void newTerminalWanted();

 private:
  QWidget* makeWelcome();
  void refreshTitle(EditorTab* tab);
  bool mayDrop(EditorTab* tab);
  void tabMenu(const QPoint& position);

  client::Workspace* workspace_;
  QTabWidget* tabs_;
  QPushButton* offer_first_ = nullptr;
  QList<QPushButton*> offers_to_change_;  // not for who may only look
  QList<EditorTab*> shown_;               // open tabs, the newest shown last
};

}  // namespace berth::desktop
