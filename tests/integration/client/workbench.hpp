// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace's window with everything in it, for the tests of how it is laid out and what its commands do.
#pragma once

#include <gtest/gtest.h>

#include <QAction>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenuBar>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QTabBar>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/command_palette.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_group.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/editor_window.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/minimap.hpp"
#include "client/desktop/output_panel.hpp"
#include "client/desktop/panel_dock.hpp"
#include "client/desktop/people_panel.hpp"
#include "client/desktop/people_strip.hpp"
#include "client/desktop/problem_marks.hpp"
#include "client/desktop/problems_panel.hpp"
#include "client/desktop/quick_open.hpp"
#include "client/desktop/status_strip.hpp"
#include "client/desktop/symbol_popup.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/window_keys.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {

constexpr int bench_patience = 60'000;  // ms

class Workbench : public Screens {
 protected:
  void SetUp() override {
    QSettings().clear();
    Screens::SetUp();
    connection = std::make_unique<client::ServerConnection>(server.origin(), &secrets);
    signIn(*connection);
    openWindow();
  }
  void TearDown() override {
    window.reset();
    QSettings().clear();
  }
  void openWindow() {
    window = std::make_unique<desktop::IdeWindow>(connection.get(), workspaces[0]);
    window->setAttribute(Qt::WA_DeleteOnClose, false);
    window->show();
    window->activateWindow();
    ASSERT_TRUE(wait_for([&] { return loaded(window->editors()->current()); }, bench_patience));
    ASSERT_TRUE(wait_for([&] { return window->terminals()->current() != nullptr; }, bench_patience));
  }
  static bool loaded(desktop::EditorTab* tab) { return tab && tab->document()->isLoaded(); }
  desktop::EditorTab* open(const char* path) {
    auto* tab = window->editors()->openFile(QString::fromLatin1(path));
    EXPECT_TRUE(wait_for([&] { return loaded(tab); }, bench_patience));
    return tab;
  }
  bool shows(const char* id) const { return !window->panel(QString::fromLatin1(id))->isHidden(); }
  void run(const char* command) {
    auto* action = window->commands()->action(QString::fromLatin1(command));
    ASSERT_NE(action, nullptr) << command;
    action->trigger();
  }
  QStringList paths(desktop::EditorGroup* group) const {
    QStringList out;
    for (auto* tab : group->tabs()) out.append(tab->document()->path());
    return out;
  }
  static void type(desktop::CodeEditor* editor, const char* line) {
    QTest::keyClicks(editor, QString::fromLatin1(line));
    QTest::keyClick(editor, Qt::Key_Return);
  }
  /// As if the mouse let go of the dragged tab there.
  void dropAt(QWidget* target, const QPoint& place) {
    QMimeData data;
    data.setData(desktop::tab_mime_type(), "1");
    QDragEnterEvent enter(place, Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(target, &enter);
    QDropEvent drop(place, Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(target, &drop);
  }
  template <class Popup>
  Popup* popup() {
    Popup* found = nullptr;
    EXPECT_TRUE(wait_for(
        [&] {
          for (auto* widget : window->findChildren<Popup*>())
            if (widget->isVisible()) found = widget;
          return found != nullptr;
        },
        bench_patience));
    return found;
  }

  std::unique_ptr<client::ServerConnection> connection;
  std::unique_ptr<desktop::IdeWindow> window;
};

}  // namespace berth::test
