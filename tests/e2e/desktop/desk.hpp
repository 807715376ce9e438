// SPDX-License-Identifier: GPL-3.0-or-later
// A person at the desktop client: what they press and what they see.
#pragma once

#include <QString>
#include <memory>

#include "client/desktop/application.hpp"
#include "client/desktop/create_workspace_dialog.hpp"
#include "client/desktop/ide_window.hpp"

class QWidget;

namespace berth::desktop {
class CodeEditor;
class TerminalView;
}  // namespace berth::desktop

namespace berth::test {

class Desk {
 public:
  explicit Desk(const QString& address);
  /// As an earlier program left everything: its settings, and the windows that it had open.
  struct AsLeft {};
  explicit Desk(AsLeft) { restart(); }
  /// The program ends and starts again, with what it remembers.
  void restart();
  /// By the program's own command, which remembers the open windows.
  void quit() { application_->quit(); }

  /// From the connect page to the list: fills in the set-up form, or the one for a new account.
  bool setUp(const QString& email);
  /// The first scenes of most tests: the administrator's account, and a workspace whose shell prompts.
  desktop::IdeWindow* firstWorkspace(const QString& templateId, const QString& name);
  /// By the dialog; the workspace's window is returned once it is connected.
  desktop::IdeWindow* createWorkspace(const QString& templateId, const QString& name);
  /// The same from a git repository's URL, an archive's or a folder's path. The name is what the dialog
  /// offers.
  desktop::IdeWindow* createFrom(desktop::CreateWorkspaceDialog::Source source, const QString& urlOrPath);
  /// The open window of a workspace becomes window(), once it is connected; false until then.
  bool adopt(const QString& name);
  desktop::IdeWindow* window() { return window_; }
  /// Opens one of the list; adopt() then waits for it.
  void openWorkspace(const QString& id);
  desktop::StartWindow* start() { return application_->startWindow(); }
  desktop::Application* application() { return application_.get(); }

  bool waitForFile(const QString& path);
  desktop::CodeEditor* editor();
  /// Keys into the focused part of a widget, as a person presses them; newlines press Return.
  static void keys(QWidget* widget, const QString& text);
  static void click(QWidget* button);
  desktop::TerminalView* terminal();
  bool terminalShows(const QString& text, int milliseconds = 20'000);
  bool saved();
  /// A picture under $BERTH_SCREENSHOTS, where that is set.
  static void picture(QWidget* widget, const QString& name);

 private:
  desktop::CreateWorkspaceDialog* createDialog();
  desktop::IdeWindow* finishDialog(desktop::CreateWorkspaceDialog* dialog);

  std::unique_ptr<desktop::Application> application_;
  desktop::IdeWindow* window_ = nullptr;
};

}  // namespace berth::test
