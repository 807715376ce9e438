// SPDX-License-Identifier: GPL-3.0-or-later
#include "this_machine_desk.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <QApplication>
#include <QPushButton>
#include <QStandardPaths>
#include <cstring>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/session_store.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "desk.hpp"
#include "wait_for.hpp"

namespace berth::test {

Child start_this_machine_desk() {
  qputenv("BERTH_THIS_MACHINE_DESK", "1");
  const auto self = QCoreApplication::applicationFilePath().toUtf8();
  const char* const program[] = {self.constData(), nullptr};
  Child child(program, "");
  qunsetenv("BERTH_THIS_MACHINE_DESK");
  return child;
}

bool open_this_machine(Desk& desk) {
  auto* start = desk.start();
  auto* button = start->findChild<QPushButton*>(QStringLiteral("thisMachine"));
  if (!button || !button->isVisible()) return false;
  Desk::click(button);
  return wait_for(
             [&] {
               return (start->workspacesPage() && start->workspacesPage()->isVisible()) ||
                      desk.application()->thisMachine()->state() == client::ThisMachine::State::failed;
             },
             120'000) &&
         start->workspacesPage();
}

int run_this_machine_desk(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  QStandardPaths::setTestModeEnabled(true);
  QApplication application(argc, argv);
  QApplication::setQuitOnLastWindowClosed(false);
  desktop::name_application();
  Desk desk{QString()};
  if (!open_this_machine(desk)) return 4;
  auto* window = desk.createWorkspace(QStringLiteral("python"), QStringLiteral("Here"));
  if (!window || !desk.waitForFile(QStringLiteral("project/main.py"))) return 5;
  window->editors()->openFile(QStringLiteral("project/.gitignore"));
  if (!desk.waitForFile(QStringLiteral("project/.gitignore"))) return 6;
  auto* tab = window->editors()->openFile(QStringLiteral("project/main.py"), 3);
  const bool kept = wait_for(
      [&] {
        const auto windows = desktop::SessionStore().load().windows;
        return tab->editor()->SendScintilla(
                   QsciScintillaBase::SCI_LINEFROMPOSITION,
                   tab->editor()->SendScintilla(QsciScintillaBase::SCI_GETCURRENTPOS)) == 2 &&
               windows.size() == 1 && windows[0].layout == window->saveLayout();
      },
      60'000);
  if (!kept) return 7;
  if (::write(3, "open\n", 5) != 5) return 8;
  return QApplication::exec();
}

}  // namespace berth::test
