// SPDX-License-Identifier: GPL-3.0-or-later
// The open files of a workspace in groups of tabs, in its window and in further ones, and a welcome where
// there are none. One group is active: what is opened comes there, and commands mean its tab.
#pragma once

#include <QJsonObject>
#include <QPointer>
#include <QStackedWidget>
#include <optional>
#include <string>

#include "client/desktop/editor_groups.hpp"

class QPushButton;

namespace berth::client {
class Document;
class Workspace;
}  // namespace berth::client

namespace berth::desktop {

class EditorTab;
class EditorWindow;

class EditorArea : public QStackedWidget {
  Q_OBJECT

 public:
  explicit EditorArea(client::Workspace* workspace, QWidget* parent = nullptr);
  ~EditorArea() override;

  /// Shows the file's tab, opening it in the active group if it is nowhere; `line` and `column` from 1, 0 for
  /// none.
  EditorTab* openFile(const QString& path, int line = 0, int column = 0);
  /// The same in the group beside the active one, which is made where there is none.
  EditorTab* openAside(const QString& path, int line = 0);
  /// Whether the template's first file is there to begin with.
  void offerFirstFile(bool offered);
  EditorTab* current() const;
  QList<EditorTab*> tabs() const;
  /// Of several the one of the active group.
  EditorTab* tabOf(const QString& path) const;
  /// Each once.
  QStringList openPaths() const;
  /// Files whose last changes are kept on this machine, because the workspace does not have them yet.
  QStringList unsentPaths() const;
  /// Something typed is on its way now.
  bool isSending() const;
  /// Paths of the open files, the one shown before the present one first: going back is one key.
  QStringList recentPaths() const;
  QString workspaceName() const;

  // Of the active group.
  /// Shows the tab `by` places further on, around the ends.
  void step(int by);
  /// The keys go to the text that shows, or to the first thing to do where none is open.
  void focusText();

  // Groups.
  QList<EditorGroup*> groups() const;
  EditorGroup* activeGroup() const;
  /// From 0; one that is not there is made beside the last.
  void focusGroup(int number);
  void stepGroup(int by);
  /// The text that shows, in a further group too.
  EditorTab* split(DropZone zone);
  void moveTab(EditorTab* tab, EditorGroup* group, int at = -1);
  /// Into the group `by` further on; past the last one into a new one at its right.
  void moveToGroup(int by);
  /// `at`: where its title is to be, on the screen; beside the window it comes from otherwise.
  EditorWindow* moveToNewWindow(EditorTab* tab, std::optional<QPoint> at = {});
  /// A drag of this tab ended there on the screen and nothing took it: outside of this program's windows it
  /// gets one of its own, or the window that it is alone in moves.
  void droppedOutside(EditorTab* tab, const QPoint& at);
  void evenGroups();
  QList<EditorWindow*> windows() const;
  EditorGroup* groupOf(const EditorTab* tab) const;

  // While a tab is dragged.
  void beginDrag(EditorTab* tab);
  void endDrag();
  EditorTab* dragged() const;
  void drop(EditorGroup* group, DropZone zone, int at);

  /// Closes a tab, after asking if its text is nowhere else.
  bool closeTab(EditorTab* tab);
  void closeOthers(EditorTab* kept);
  void closeAll();
  bool canReopen() const { return !closed_.isEmpty(); }
  void reopenClosed();
  /// Asks, if some text is nowhere else; false: stay open.
  bool mayClose();
  /// Writes texts that are nowhere else into files of this machine that only their owner reads; their paths.
  QStringList rescue() const;

  /// Groups, windows, tabs with their cursors.
  QJsonObject saveLayout() const;
  /// What is open stays open beside it. Whatever comes from elsewhere is bounded: at most 200 tabs and eight
  /// windows.
  void restoreLayout(const QJsonObject& layout);

 Q_SIGNALS:
  /// Another tab is current, or its text, title or cursor is another.
  void currentChanged();
  /// A further window was opened.
  void windowOpened(berth::desktop::EditorWindow* window);
  void tabOpened(berth::desktop::EditorTab* tab);
  void layoutChanged();
  void downloadWanted(const QString& path);
  void historyWanted(const QString& path);
  /// Its last changes are kept on this machine and sent later.
  void closedUnsent(const QString& path);
  void openByNameWanted();
  void newFileWanted();
  void newTerminalWanted();

 private:
  QWidget* makeWelcome();
  EditorGroup* makeGroup();
  EditorTab* makeTab(client::Document* document);
  EditorTab* open(EditorGroup* group, const QString& path);
  EditorGroups* placeOf(const EditorGroup* group) const;
  EditorGroup* neighbour(EditorGroup* group, int by) const;
  EditorWindow* makeWindow();
  void activate(EditorGroup* group);
  void leave(EditorGroup* group);
  void tabShown(EditorGroup* group);
  void refreshTitle(EditorTab* tab);
  void refreshTitles();
  void refreshPage();
  bool mayDrop(EditorTab* tab);
  void tabMenu(EditorTab* tab, const QPoint& position);

  client::Workspace* workspace_;
  EditorGroups* main_;
  QList<EditorWindow*> windows_;
  QPointer<EditorGroup> active_;
  QPushButton* offer_first_ = nullptr;
  QList<QPushButton*> offers_to_change_;  // not for who may only look
  QList<EditorTab*> shown_;               // open tabs, the newest shown last
  QStringList closed_;                    // paths, the newest last
  QPointer<EditorTab> dragged_;
  bool restoring_ = false;
};

}  // namespace berth::desktop
