// SPDX-License-Identifier: GPL-3.0-or-later
// Terminals and ports of a workspace's window: splits, profiles, what is dropped, what is forwarded.
#include <gmock/gmock.h>

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QInputDialog>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QTabWidget>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include "client/desktop/connection_bar.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/ports_panel.hpp"
#include "client/desktop/terminal_drop.hpp"
#include "client/desktop/terminal_group.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_profiles_dialog.hpp"
#include "client/desktop/terminal_surface.hpp"
#include "client/desktop/terminal_view.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;
using desktop::TerminalProfile;
using desktop::TerminalProfiles;
constexpr int panel_patience = 30'000;  // ms

class TerminalScreens : public Screens {
 protected:
  void SetUp() override {
    QSettings().remove(QStringLiteral("terminal"));
    QSettings().remove(QStringLiteral("ports"));
    QSettings().remove(QStringLiteral("workspaces"));
    Screens::SetUp();
    runner.on<TerminalList>([this](const Empty&) -> Result<TerminalList::Result> {
      return TerminalList::Result{running, std::vector<std::string>{"bash", "python3"}};
    });
    runner.on<TerminalOpen>([this](const TerminalOpen::Params& params) -> Result<TerminalOpen::Result> {
      opened.push_back(params);
      auto info = shell;
      info.terminal = "n" + std::to_string(opened.size());
      info.command = params.command.value_or("");
      info.title = params.title.value_or(params.command.value_or("bash"));
      info.directory = "/home/berth/project";
      running.push_back(info);
      return TerminalOpen::Result{info};
    });
    runner.on<TerminalClose>([this](const TerminalClose::Params& params) -> Result<Empty> {
      std::erase_if(running, [&](const TerminalInfo& info) { return info.terminal == params.terminal; });
      runner.notify<TerminalClosed>({params.terminal});
      return Empty{};
    });
    runner.on<TerminalAttach>([this](const TerminalAttach::Params& params) -> Result<TerminalAttach::Result> {
      for (const auto& info : running)
        if (info.terminal == params.terminal)
          return TerminalAttach::Result{++channel, 0, false, {}, 0, 1 << 16, info};
      return failure(ErrorCode::not_found, "It is gone.");
    });
    runner.onFrame = [this](const FrameHeader& header, std::string_view payload) {
      if (header.kind == FrameKind::data) keys[header.channel].append(payload);
    };
    runner.on<PortTunnel>([](const PortTunnel::Params&) -> Result<PortTunnel::Result> {
      return failure(ErrorCode::unavailable, "Nothing listens.");
    });
    signIn(connection);
  }
  void open() {
    window.reset();
    window = std::make_unique<desktop::IdeWindow>(&connection, workspaces.front());
    window->setAttribute(Qt::WA_DeleteOnClose, false);
    window->resize(1280, 820);
    window->show();
    ASSERT_TRUE(wait_for([this] { return panel()->current() && window->workspace()->connection()->online(); },
                         panel_patience));
    ASSERT_TRUE(attached(panel()->current()));
  }
  desktop::TerminalPanel* panel() { return window->terminals(); }
  static bool attached(desktop::TerminalView* view) {
    return wait_for([view] { return view->terminal() && view->terminal()->isAttached(); }, panel_patience);
  }
  bool opens(std::size_t count) {
    return wait_for(
        [&] { return opened.size() == count && panel()->views().size() == qsizetype(running.size()); },
        panel_patience);
  }
  std::string typed() {
    std::string all;
    for (const auto& [number, text] : keys) all += text;
    return all;
  }
  QAction* portAction(quint16 port, const char* name) {
    // Rows that were there before are gone a moment later.
    const auto all = window->ports()->findChildren<QToolButton*>(QStringLiteral("more-of-%1").arg(port));
    if (all.isEmpty()) return nullptr;
    auto* more = all.last();
    Q_EMIT more->menu()->aboutToShow();
    return more->menu()->findChild<QAction*>(QLatin1String(name));
  }
  /// Fills in the input dialog that is about to be shown.
  static void answerInput(const QString& text) {
    auto* looks = new QTimer(qApp);
    QObject::connect(looks, &QTimer::timeout, [looks, text] {
      auto* dialog = qobject_cast<QInputDialog*>(QApplication::activeModalWidget());
      if (!dialog) return;
      looks->deleteLater();
      looks->stop();
      dialog->inputMode() == QInputDialog::IntInput ? dialog->setIntValue(text.toInt())
                                                    : dialog->setTextValue(text);
      dialog->accept();
    });
    looks->start(5);
  }

  std::vector<TerminalInfo> running;
  std::vector<TerminalOpen::Params> opened;
  std::map<std::uint32_t, std::string> keys;
  std::uint32_t channel = 100;
  client::ServerConnection connection{server.origin(), &secrets};
  std::unique_ptr<desktop::IdeWindow> window;
};

TEST_F(TerminalScreens, TerminalsAreSplitAndStandAgainAsTheyStood) {
  open();
  auto* first = panel()->current();
  first->setFocus();
  window->activateWindow();
  ASSERT_TRUE(opens(1));
  panel()->split(Qt::Horizontal);
  ASSERT_TRUE(opens(2));
  auto* group = panel()->currentGroup();
  ASSERT_EQ(group->views().size(), 2);
  auto* second = panel()->current();
  EXPECT_NE(second, first);
  EXPECT_TRUE(attached(second));
  panel()->split(Qt::Vertical);
  ASSERT_TRUE(opens(3));
  EXPECT_EQ(opened[2].cwd, "project") << "where the one beside it is";
  EXPECT_LT(opened[2].columns, opened[0].columns);
  panel()->open();  // in a tab of its own
  ASSERT_TRUE(opens(4));
  EXPECT_EQ(window->terminals()->findChild<QTabWidget*>()->count(), 2);
  panel()->show(first->terminal());
  panel()->step(1);
  EXPECT_EQ(panel()->current(), second);
  picture(window.get(), QStringLiteral("terminal-splits"));
  const auto arrangement = group->arrangement();
  const auto key = QStringLiteral("workspaces/%1/terminals").arg(window->workspace()->id());
  ASSERT_TRUE(wait_for(
      [&] {
        const auto kept = QJsonDocument::fromJson(QSettings().value(key).toByteArray()).object();
        return kept.value(QStringLiteral("tabs")).toArray().size() == 2 &&
               kept.value(QStringLiteral("current")).toInt() == 0;
      },
      panel_patience));

  open();  // the window is closed and opened again, the terminals live on
  ASSERT_TRUE(
      wait_for([this] { return panel()->currentGroup() && panel()->currentGroup()->views().size() == 3; },
               panel_patience));
  EXPECT_EQ(opened.size(), 4u);
  EXPECT_EQ(panel()->views().size(), 4);
  EXPECT_EQ(panel()->currentGroup()->arrangement().value(QStringLiteral("of")).toArray().size(),
            arrangement.value(QStringLiteral("of")).toArray().size());

  panel()->show(panel()->currentGroup()->views().last()->terminal());
  panel()->unsplit();
  EXPECT_EQ(window->terminals()->findChild<QTabWidget*>()->count(), 3);
  // One that ends leaves the room to the others.
  auto* left = panel()->groupOf(panel()->views().first());
  ASSERT_EQ(left->views().size(), 2);
  window->workspace()->terminals()->close(left->views().first()->terminal());
  EXPECT_TRUE(wait_for([&] { return left->views().size() == 1; }, panel_patience));
}

TEST_F(TerminalScreens, ATerminalBeginsWithTheProfileThatPeopleChose) {
  open();
  desktop::TerminalProfilesDialog dialog({QStringLiteral("bash")}, window.get());
  dialog.show();
  dialog.findChild<QToolButton*>(QStringLiteral("addProfile"))->click();
  const auto field = [&](const char* name) { return dialog.findChild<QLineEdit*>(QLatin1String(name)); };
  QTest::keyClicks(field("profileName"), QStringLiteral("Dev server"));
  QTest::keyClicks(field("profileCommand"), QStringLiteral("npm run dev"));
  QTest::keyClicks(field("profileFolder"), QStringLiteral("project/web"));
  dialog.findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("PORT=4000"));
  for (auto* choice : dialog.findChildren<QComboBox*>())
    if (const auto red = choice->findData(QStringLiteral("red")); red >= 0) {
      choice->setCurrentIndex(red);
      Q_EMIT choice->activated(red);
    }
  auto* usual = dialog.findChild<QComboBox*>(QStringLiteral("usualProfile"));
  usual->setCurrentText(QStringLiteral("Dev server"));
  Q_EMIT usual->activated(usual->currentIndex());
  picture(&dialog, QStringLiteral("terminal-profiles"));
  dialog.accept();
  ASSERT_EQ(TerminalProfiles::own().size(), 1);
  EXPECT_EQ(TerminalProfiles::own().first().colour, QStringLiteral("red"));

  panel()->open();
  ASSERT_TRUE(opens(2));
  EXPECT_EQ(opened[1].command, "npm run dev");
  EXPECT_EQ(opened[1].title, "Dev server");
  EXPECT_EQ(opened[1].cwd, "project/web");
  EXPECT_EQ((*opened[1].environment)["PORT"], "4000");

  // All that there is, from the button.
  auto* menu = window->terminals()->findChild<QMenu*>(QStringLiteral("terminalProfiles"));
  ASSERT_NE(menu, nullptr);
  Q_EMIT menu->aboutToShow();
  QStringList names;
  for (auto* action : menu->actions())
    if (!action->isSeparator()) names.append(action->text());
  EXPECT_EQ(names.mid(0, 4), QStringList({QStringLiteral("Dev server (usual)"), QStringLiteral("Login Shell"),
                                          QStringLiteral("bash"), QStringLiteral("Python")}));
  menu->actions().at(3)->trigger();
  ASSERT_TRUE(opens(3));
  EXPECT_EQ(opened[2].command, "python3");
  EXPECT_FALSE(opened[2].title) << "the program says what it is";
  picture(window.get(), QStringLiteral("terminal-profile-tabs"));
}

TEST_F(TerminalScreens, WhatIsDroppedBecomesPathsOfTheCommandLine) {
  QStringList there;
  runner.on<FileStat>([&](const FileStat::Params& params) -> Result<FileStat::Result> {
    if (!there.contains(QString::fromStdString(params.path)))
      return failure(ErrorCode::not_found, "No such file.");
    return FileStat::Result{{"x", EntryType::file, 1, 1, 0644, {}, {}}, "e"};
  });
  QStringList written;
  runner.on<FileWrite>([&](const FileWrite::Params& params) -> Result<FileWrite::Result> {
    written.append(QString::fromStdString(params.path));
    there.append(written.last());
    return failure(ErrorCode::limit_exceeded, "Not more of it here.");
  });
  open();
  auto* view = panel()->current();
  ASSERT_TRUE(wait_for([&] { return !view->directory().isEmpty(); }, panel_patience));
  QMimeData tree;
  tree.setData(QLatin1String(desktop::tree_paths_mime), "project/it's here.txt\nnotes.md");
  Q_EMIT view->dropped(&tree);
  EXPECT_TRUE(
      wait_for([&] { return typed() == "'it'\\''s here.txt' /home/berth/notes.md "; }, panel_patience))
      << typed();
  keys.clear();

  QTemporaryDir folder;
  QFile file(folder.filePath(QStringLiteral("my file.csv")));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write("a,b\n");
  file.close();
  QMimeData files;
  files.setUrls({QUrl::fromLocalFile(file.fileName())});
  Q_EMIT view->dropped(&files);
  EXPECT_TRUE(wait_for([&] { return typed() == "'my file.csv' "; }, panel_patience)) << typed();
  EXPECT_EQ(written, QStringList(QStringLiteral("project/my file.csv")));
  keys.clear();
  // It is there now: nothing is replaced without a question.
  Q_EMIT view->dropped(&files);
  ASSERT_TRUE(wait_for([&] { return view->bar()->isVisible(); }, panel_patience));
  EXPECT_TRUE(view->bar()->text().contains(QStringLiteral("my file.csv")));
  picture(window.get(), QStringLiteral("terminal-drop-question"));
  EXPECT_EQ(written.size(), 1);
  view->bar()->findChildren<QPushButton*>().value(1)->click();
  EXPECT_TRUE(wait_for([&] { return typed() == "'my file.csv' "; }, panel_patience)) << typed();
  EXPECT_EQ(written.size(), 1);
}

TEST_F(TerminalScreens, APlaceThatAProgramNamesOpensInTheEditor) {
  runner.on<FileStat>([](const FileStat::Params& params) -> Result<FileStat::Result> {
    if (params.path != "project/lib/tide.py") return failure(ErrorCode::not_found, "No such file.");
    return FileStat::Result{{"tide.py", EntryType::file, 1, 1, 0644, {}, {}}, "e"};
  });
  open();
  auto* view = panel()->current();
  view->openText({0, 7, QStringLiteral("lib/tide.py"), true, 2, 1});
  EXPECT_TRUE(wait_for(
      [this] {
        auto* tab = window->editors()->current();
        return tab && tab->document()->path() == QStringLiteral("project/lib/tide.py");
      },
      panel_patience));
}

TEST_F(TerminalScreens, PortsAreForwardedByThemselvesAndRemembered) {
  desktop::PortsPanel::chooseAutomatic(client::PortForwarding::Automatic::on);
  open();
  auto* ports = window->workspace()->ports();
  runner.notify<PortChanged>({{}});
  ASSERT_TRUE(wait_for([&] { return ports->isKnown(); }, panel_patience));
  runner.notify<PortChanged>({{{41'234, "0.0.0.0", "node"}}});
  ASSERT_TRUE(wait_for([&] { return ports->localPort(41'234) != 0; }, panel_patience));
  auto* notice = window->connectionBar()->noticeBar();
  EXPECT_TRUE(notice->isVisible());
  EXPECT_TRUE(notice->text().contains(QStringLiteral("localhost:%1").arg(ports->localPort(41'234))));
  answerInput(QStringLiteral("Web <b>server</b>"));
  ASSERT_NE(portAction(41'234, "namePort"), nullptr);
  portAction(41'234, "namePort")->trigger();
  EXPECT_EQ(window->ports()->forwarding()->remembered().of(41'234).label,
            QStringLiteral("Web <b>server</b>"));
  window->showPanel(QStringLiteral("ports"));
  picture(window.get(), QStringLiteral("ports-automatic"));
  // Stopped by the person, it is not forwarded by itself again.
  notice->findChildren<QPushButton*>().value(1)->click();
  EXPECT_EQ(ports->localPort(41'234), 0);
  runner.notify<PortChanged>({{}});
  ASSERT_TRUE(wait_for([&] { return ports->rowCount() == 0; }, panel_patience));
  runner.notify<PortChanged>({{{41'234, "0.0.0.0", "node"}}});
  ASSERT_TRUE(wait_for([&] { return ports->rowCount() == 1; }, panel_patience));
  EXPECT_EQ(ports->localPort(41'234), 0);

  // By hand: from now on, with the number that was chosen, also in the next window.
  QTcpServer taken;
  ASSERT_TRUE(taken.listen(QHostAddress::LocalHost, 0));
  const auto wanted = taken.serverPort();
  window->ports()->toggleForward(41'234);
  ASSERT_NE(ports->localPort(41'234), 0);
  answerInput(QString::number(wanted));
  portAction(41'234, "localNumber")->trigger();
  EXPECT_NE(ports->localPort(41'234), wanted) << "another program has it";
  EXPECT_TRUE(notice->text().contains(QString::number(wanted)));
  taken.close();
  answerInput(QString::number(wanted));
  portAction(41'234, "localNumber")->trigger();
  EXPECT_EQ(ports->localPort(41'234), wanted);
  runner.on<PortList>([](const Empty&) -> Result<PortList::Result> {
    return PortList::Result{{{41'234, "0.0.0.0", "node"}}};
  });
  open();
  EXPECT_TRUE(
      wait_for([&] { return window->workspace()->ports()->localPort(41'234) == wanted; }, panel_patience));
}

TEST_F(TerminalScreens, APortThatBeginsToListenIsOffered) {
  open();
  auto* ports = window->workspace()->ports();
  runner.notify<PortChanged>({{}});
  ASSERT_TRUE(wait_for([&] { return ports->isKnown(); }, panel_patience));
  runner.notify<PortChanged>({{{41'235, "0.0.0.0", "python3"}}});
  auto* notice = window->connectionBar()->noticeBar();
  ASSERT_TRUE(wait_for([&] { return notice->isVisible(); }, panel_patience));
  EXPECT_EQ(notice->text(), QStringLiteral("Port 41235 (python3) listens."));
  EXPECT_EQ(ports->localPort(41'235), 0);
  picture(window.get(), QStringLiteral("ports-offered"));
  notice->findChildren<QPushButton*>().value(0)->click();
  EXPECT_NE(ports->localPort(41'235), 0);
  EXPECT_FALSE(notice->isVisible());
}

}  // namespace
}  // namespace berth::test
