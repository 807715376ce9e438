// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk.hpp"

#include <gtest/gtest.h>

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QTest>
#include <QToolButton>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

template <class Widget>
Widget* visible(QWidget* parent, const char* name) {
  auto* found = parent->findChild<Widget*>(QLatin1String(name));
  return found && found->isVisible() ? found : nullptr;
}

}  // namespace

void Desk::restart() {
  window_ = nullptr;
  application_.reset();
  desktop::Options options;
  options.theme = desktop::ThemeChoice::dark;
  application_ = std::make_unique<desktop::Application>(qApp, options);
  application_->start();
}

Desk::Desk(const QString& address) {
  QSettings().clear();  // a test before this one in the same process left its own
  QFile::remove(desktop::SessionStore::usualFile());
  restart();
  auto* start = application_->startWindow();
  EXPECT_TRUE(wait_for([&] { return start->isVisible(); }));
  picture(start, QStringLiteral("connect"));
  if (address.isEmpty()) return;
  auto* field = start->findChild<QLineEdit*>(QStringLiteral("address"));
  keys(field, address);
  QTest::keyClick(field, Qt::Key_Return);
}

void Desk::keys(QWidget* widget, const QString& text) {
  auto* target = widget->focusProxy() ? widget->focusProxy() : widget;
  while (target->focusProxy()) target = target->focusProxy();
  for (const auto c : text) {
    if (c == QLatin1Char('\n')) {
      QTest::keyClick(target, Qt::Key_Return);
    } else if (c.unicode() < 0x80) {
      QTest::keyClick(target, c.toLatin1());
    } else {
      QKeyEvent press(QEvent::KeyPress, 0, Qt::NoModifier, QString(c));
      QApplication::sendEvent(target, &press);
    }
  }
}

void Desk::click(QWidget* button) { QTest::mouseClick(button, Qt::LeftButton); }

bool Desk::setUp(const QString& email) {
  auto* start = application_->startWindow();
  if (!wait_for(
          [&] {
            return visible<QLineEdit>(start, "email") &&
                   start->findChild<QLineEdit*>(QStringLiteral("email"))->isEnabled();
          },
          10'000))
    return false;
  if (!visible<QLineEdit>(start, "name")) click(start->findChild<QPushButton*>(QStringLiteral("switch")));
  keys(start->findChild<QLineEdit*>(QStringLiteral("name")), QStringLiteral("Ada Lovelace"));
  keys(start->findChild<QLineEdit*>(QStringLiteral("email")), email);
  keys(start->findChild<QLineEdit*>(QStringLiteral("password")), QStringLiteral("correct horse battery"));
  picture(start, QStringLiteral("set-up"));
  click(start->findChild<QPushButton*>(QStringLiteral("submit")));
  return wait_for([&] { return start->workspacesPage() && start->workspacesPage()->isVisible(); }, 30'000);
}

desktop::IdeWindow* Desk::firstWorkspace(const QString& templateId, const QString& name) {
  if (!setUp(QStringLiteral("ada@example.org")) || !createWorkspace(templateId, name)) return nullptr;
  return terminalShows(QStringLiteral("$")) ? window_ : nullptr;
}

desktop::CreateWorkspaceDialog* Desk::createDialog() {
  auto* start = application_->startWindow();
  start->show();
  click(start->findChild<QPushButton*>(QStringLiteral("newWorkspace")));
  desktop::CreateWorkspaceDialog* dialog = nullptr;
  const bool shown = wait_for([&] {
    dialog = start->findChild<desktop::CreateWorkspaceDialog*>();
    return dialog && !dialog->findChildren<QFrame*>(QStringLiteral("templateRow")).isEmpty();
  });
  return shown ? dialog : nullptr;
}

desktop::IdeWindow* Desk::finishDialog(desktop::CreateWorkspaceDialog* dialog) {
  const auto name = dialog->findChild<QLineEdit*>(QStringLiteral("workspaceName"))->text();
  const auto before = application_->windows().size();
  const QPointer<QLabel> problem = dialog->findChild<QLabel*>(QStringLiteral("createProblem"));
  click(dialog->findChild<QPushButton*>(QStringLiteral("create")));
  if (!wait_for([&] { return application_->windows().size() > before; }, 60'000)) {
    ADD_FAILURE() << "no window opens: " << (problem ? problem->text().toStdString() : "");
    return nullptr;
  }
  return wait_for([&] { return adopt(name); }, 30'000) ? window_ : nullptr;
}

desktop::IdeWindow* Desk::createWorkspace(const QString& templateId, const QString& name) {
  auto* dialog = createDialog();
  if (!dialog) return nullptr;
  for (auto* row : dialog->findChildren<QFrame*>(QStringLiteral("templateRow")))
    if (row->property("template").toString() == templateId) click(row);
  auto* field = dialog->findChild<QLineEdit*>(QStringLiteral("workspaceName"));
  field->selectAll();
  keys(field, name);
  picture(dialog, QStringLiteral("create"));
  return finishDialog(dialog);
}

desktop::IdeWindow* Desk::createFrom(desktop::CreateWorkspaceDialog::Source source,
                                     const QString& urlOrPath) {
  auto* dialog = createDialog();
  if (!dialog) return nullptr;
  click(dialog->findChildren<QToolButton*>(QStringLiteral("source")).value(static_cast<int>(source)));
  keys(dialog->field(), urlOrPath);
  picture(dialog, QStringLiteral("create-from"));
  return finishDialog(dialog);
}

void Desk::openWorkspace(const QString& id) {
  auto* start = application_->startWindow();
  start->server()->fetchWorkspace(id, start, [this](Result<protocol::rest::Workspace> workspace) {
    if (workspace) application_->open(*workspace);
  });
}

bool Desk::adopt(const QString& name) {
  window_ = nullptr;  // the one before may be gone
  for (auto* window : application_->windows())
    if (QString::fromStdString(window->workspace()->facts().name) == name) window_ = window;
  return window_ && window_->workspace()->connection()->online();
}

bool Desk::waitForFile(const QString& path) {
  return wait_for(
      [&] {
        auto* tab = window_->editors()->tabOf(path);
        return tab && tab->document()->isLoaded();
      },
      15'000);
}

desktop::CodeEditor* Desk::editor() {
  return window_->editors()->current() ? window_->editors()->current()->editor() : nullptr;
}

desktop::TerminalView* Desk::terminal() { return window_->terminals()->current(); }

bool Desk::terminalShows(const QString& text, int milliseconds) {
  const bool shown =
      wait_for([&] { return terminal() && terminal()->allText().contains(text); }, milliseconds);
  if (!shown && terminal())
    ADD_FAILURE() << "the terminal shows:\n" << terminal()->allText().trimmed().toStdString();
  return shown;
}

bool Desk::saved() {
  return wait_for(
      [&] { return window_->editors()->current()->document()->durability() >= client::Durability::on_disk; },
      10'000);
}

void Desk::picture(QWidget* widget, const QString& name) {
  const auto folder = qEnvironmentVariable("BERTH_SCREENSHOTS");
  if (folder.isEmpty()) return;
  QDir().mkpath(folder);
  wait_for([] { return false; }, 150);
  widget->grab().save(QStringLiteral("%1/desktop-%2.png").arg(folder, name));
}

}  // namespace berth::test
