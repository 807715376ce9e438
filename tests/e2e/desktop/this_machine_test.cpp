// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces without a server, from the first click to the last process.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QStandardPaths>

#include "client/core/single_instance.hpp"
#include "client/core/this_machine.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/tray_icon.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "desk.hpp"
#include "this_machine_desk.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

/// A server of this machine's holds its data folder.
bool is_served() {
  const auto lock = QFile::encodeName(client::ThisMachine::dataFolder() + QStringLiteral("/lock"));
  const int file = ::open(lock.constData(), O_RDWR | O_CLOEXEC);
  if (file < 0) return false;
  const bool taken = ::flock(file, LOCK_EX | LOCK_NB) != 0;
  ::close(file);
  return taken;
}

/// Processes that have the data folder in their command line or in a file system of theirs: the server, and
/// what runs in containers.
QStringList processes_of_this_machine() {
  QStringList found;
  const auto folder = QFile::encodeName(client::ThisMachine::dataFolder());
  for (const auto& process : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
    if (!process[0].isDigit()) continue;
    const auto read = [&](const char* name) {
      QFile file(QStringLiteral("/proc/%1/%2").arg(process, QLatin1String(name)));
      return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    auto line = read("cmdline");
    if (line.contains(folder) || read("mountinfo").contains(folder))
      found.append(process + QLatin1Char(' ') + QString::fromLocal8Bit(line.replace('\0', ' ')));
  }
  return found;
}

/// What is written of containers that run; where socket names would be too long it lies elsewhere.
QStringList running_records() {
  const QDir records(client::ThisMachine::dataFolder() + QStringLiteral("/run/ws"));
  return records.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
}

bool all_ended() {
  return wait_for([] { return !is_served() && processes_of_this_machine().isEmpty(); }, 120'000) &&
         running_records().isEmpty();
}

/// The program again, as somebody starts it in a terminal.
int start_again(const QStringList& arguments) {
  QProcess program;
  program.setProcessChannelMode(QProcess::ForwardedChannels);
  program.start(QCoreApplication::applicationDirPath() + QStringLiteral("/berth"), arguments);
  wait_for([&] { return program.state() == QProcess::NotRunning; }, 60'000);
  return program.exitStatus() == QProcess::NormalExit ? program.exitCode() : -1;
}

class DesktopThisMachine : public testing::Test {
 protected:
  void SetUp() override {
    // Started by root, berthd becomes another user and must reach its data below.
    QFile::setPermissions(QDir::homePath(), QFileDevice::Permissions(0x7755));
    const auto data = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    for (auto folder = data; folder.startsWith(QDir::homePath()); folder = QFileInfo(folder).path()) {
      QDir().mkpath(folder);
      QFile::setPermissions(folder, QFileDevice::Permissions(0x7755));
    }
    const auto runtime = QDir::homePath() + QStringLiteral("/meeting");
    QDir().mkpath(runtime);
    QFile::setPermissions(runtime, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(runtime));
  }
};

TEST_F(DesktopThisMachine, a_crash_leaves_nothing_running_and_the_next_start_has_its_windows) {
  auto child = start_this_machine_desk();
  std::string told;
  for (int i = 0; i < 20 && told.empty(); ++i) told = child.line();
  ASSERT_EQ(told, "open");
  EXPECT_TRUE(is_served());
  child.kill();
  EXPECT_TRUE(all_ended()) << processes_of_this_machine().join(u'\n').toStdString() << '\n'
                           << running_records().join(u'\n').toStdString();

  Desk desk{Desk::AsLeft()};
  ASSERT_TRUE(wait_for([&] { return desk.adopt(QStringLiteral("Here")); }, 120'000))
      << "its window is not back";
  ASSERT_TRUE(desk.waitForFile(QStringLiteral("project/main.py")));
  ASSERT_TRUE(desk.waitForFile(QStringLiteral("project/.gitignore")));
  auto* window = desk.window();
  EXPECT_EQ(window->editors()->current(), window->editors()->tabOf(QStringLiteral("project/main.py")));
  auto* editor = desk.editor();
  EXPECT_TRUE(wait_for([&] {
    return editor->SendScintilla(QsciScintillaBase::SCI_LINEFROMPOSITION,
                                 editor->SendScintilla(QsciScintillaBase::SCI_GETCURRENTPOS)) == 2;
  })) << "the cursor is elsewhere";
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("$"), 60'000));
  const auto key = QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) +
                   QStringLiteral("/this-machine.json");
  EXPECT_EQ(QFile::permissions(key) & (QFileDevice::ReadGroup | QFileDevice::ReadOther),
            QFileDevice::Permissions());
  Desk::picture(window, QStringLiteral("this-machine"));

  desk.quit();
  EXPECT_TRUE(all_ended()) << processes_of_this_machine().join(u'\n').toStdString();
  desk.restart();
  ASSERT_TRUE(wait_for([&] { return desk.adopt(QStringLiteral("Here")); }, 120'000))
      << "Ctrl+Q remembers what was open";
  desk.window()->close();
  ASSERT_TRUE(wait_for([&] { return desk.start()->isVisible(); }));
  desk.quit();
  EXPECT_TRUE(all_ended());
}

TEST_F(DesktopThisMachine, a_folder_of_the_command_line_becomes_a_workspace_once) {
  Desk desk{QString()};
  client::SingleInstance instance;
  ASSERT_EQ(instance.begin({}), client::SingleInstance::Role::first);
  QObject::connect(&instance, &client::SingleInstance::asked, desk.application(),
                   &desktop::Application::follow);
  QDir().mkpath(QDir::homePath() + QStringLiteral("/boats"));
  const auto folder = QFileInfo(QDir::homePath() + QStringLiteral("/boats")).canonicalFilePath();
  QFile file(folder + QStringLiteral("/sails.txt"));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly) && file.write("white\n") > 0);
  file.close();

  EXPECT_EQ(start_again({folder + QStringLiteral("/nothing")}), 0);
  EXPECT_EQ(start_again({folder}), 0) << "the first program takes it over";
  desktop::CreateWorkspaceDialog* dialog = nullptr;
  ASSERT_TRUE(wait_for(
      [&] {
        dialog = desk.start()->findChild<desktop::CreateWorkspaceDialog*>();
        return dialog && dialog->isVisible();
      },
      120'000));
  EXPECT_EQ(dialog->source(), desktop::CreateWorkspaceDialog::Source::folder);
  EXPECT_EQ(dialog->field()->text(), folder);
  Desk::picture(dialog, QStringLiteral("folder-of-command-line"));
  auto* make = dialog->findChild<QPushButton*>(QStringLiteral("create"));
  ASSERT_TRUE(wait_for([&] { return make->isEnabled(); }));
  Desk::click(make);
  ASSERT_TRUE(wait_for([&] { return desk.adopt(QStringLiteral("boats")); }, 120'000));
  auto* window = desk.window();

  EXPECT_EQ(start_again({file.fileName()}), 0);
  ASSERT_TRUE(desk.waitForFile(QStringLiteral("project/sails.txt")));
  EXPECT_EQ(desk.editor()->text(), QStringLiteral("white\n"));
  window->close();
  ASSERT_TRUE(wait_for([&] { return desk.start()->isVisible(); }));
  Desk::picture(desk.start(), QStringLiteral("this-machine-list"));
  EXPECT_EQ(start_again({folder}), 0);
  ASSERT_TRUE(wait_for([&] { return desk.adopt(QStringLiteral("boats")); }, 60'000));
  EXPECT_EQ(desk.application()->windows().size(), 1);
  EXPECT_EQ(desk.start()->findChild<desktop::CreateWorkspaceDialog*>(), nullptr) << "it is there already";

  // What the tray offers where there is one.
  desktop::TrayIcon tray(desk.application());
  QStringList offered;
  for (const auto* action : tray.menu()->actions()) offered.append(action->text());
  EXPECT_TRUE(offered.contains(QStringLiteral("boats"))) << offered.join(u'|').toStdString();
  EXPECT_EQ(desktop::TrayIcon::make(desk.application()), nullptr) << "no icon where nothing shows it";

  auto* start = desk.start();
  start->showServers();
  start->show();
  Desk::picture(start, QStringLiteral("connect-places"));
  desk.quit();
  EXPECT_TRUE(all_ended());
}

}  // namespace
}  // namespace berth::test
