// SPDX-License-Identifier: GPL-3.0-or-later
// What a person sees of text that is on its way: kept while offline, brought back by the next window, changed
// on both sides, taken away by a change on disk.
#include <gtest/gtest.h>

#include <QDir>
#include <QPushButton>
#include <QStandardPaths>
#include <QTest>

#include "client/core/unsent_store.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/connection_bar.hpp"
#include "client/desktop/diff_view.hpp"
#include "client/desktop/document_notices.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/text_comparison.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;
constexpr int patience = 20'000;  // ms

QPushButton* action_of(QWidget* bar, const QString& text) {
  for (auto* button : bar->findChildren<QPushButton*>())
    if (button->text() == text) return button;
  ADD_FAILURE() << "no button " << text.toStdString();
  return nullptr;
}

class UnsentScreens : public Screens {
 protected:
  void SetUp() override {
    Screens::SetUp();
    signIn(connection);
    open();
    ASSERT_TRUE(wait_for([this] { return tab() && tab()->document()->isLoaded(); }, patience));
  }
  void open() {
    window = std::make_unique<desktop::IdeWindow>(&connection, workspaces.front());
    window->setAttribute(Qt::WA_DeleteOnClose, false);
    window->resize(1280, 820);
    window->show();
  }
  desktop::EditorTab* tab() { return window->editors()->tabOf(QStringLiteral("project/main.py")); }
  desktop::DocumentNotices* notices() { return tab()->notices(); }
  void type(const QString& text) {
    tab()->editor()->SendScintilla(QsciScintillaBase::SCI_GOTOPOS, 0ul);
    QTest::keyClicks(tab()->editor(), text);
  }
  void loseConnection() {
    server.onUpgrade = [](QTcpSocket* socket) { socket->abort(); };
    runner.drop();
    ASSERT_TRUE(wait_for([this] { return !window->workspace()->connection()->online(); }, patience));
  }
  void reconnect() {
    server.onUpgrade = [this](QTcpSocket* socket) { runner.handle(socket); };
    window->workspace()->connection()->retryNow();
  }
  bool kept() {
    return wait_for([this] { return tab()->document()->isKept() && notices()->offlineBar()->isVisible(); },
                    patience);
  }
  /// The text of a comparison that a bar's button opened; closes it.
  void expectComparison(const QString& name) {
    desktop::TextComparison* shown = nullptr;
    ASSERT_TRUE(wait_for(
        [&] {
          shown = notices()->findChild<desktop::TextComparison*>();
          return shown && !shown->view()->changes().empty();
        },
        patience));
    picture(shown, name);
    shown->close();
    ASSERT_TRUE(wait_for([&] { return !notices()->findChild<desktop::TextComparison*>(); }, patience));
  }
  client::ServerConnection connection{server.origin(), &secrets};
  std::unique_ptr<desktop::IdeWindow> window;
};

TEST_F(UnsentScreens, TypingGoesOnOfflineAndIsKept) {
  loseConnection();
  type(QStringLiteral("# typed in a tunnel "));
  ASSERT_TRUE(kept());
  EXPECT_TRUE(notices()->offlineBar()->text().startsWith(QStringLiteral("Offline: your typing is kept")))
      << notices()->offlineBar()->text().toStdString();
  EXPECT_EQ(tab()->durabilityText(), QStringLiteral("Kept here"));
  picture(window.get(), QStringLiteral("ide-offline"));
  window->resize(600, 760);
  picture(window.get(), QStringLiteral("ide-offline-narrow"));
  reconnect();
  ASSERT_TRUE(wait_for([this] { return documents.text().starts_with("# typed in a tunnel "); }, patience));
  EXPECT_TRUE(wait_for([this] { return !notices()->offlineBar()->isVisible(); }, patience));
}

TEST_F(UnsentScreens, WhatCantBeKeptIsSaidUntilItIs) {
  loseConnection();
  type(QStringLiteral("# cellar "));
  ASSERT_TRUE(kept());
  const QDir folder(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) +
                    QStringLiteral("/unsent-edits"));
  QString record;  // this test's: others may run
  ASSERT_TRUE(wait_for(
      [&] {
        // The newest first: a run that was killed may have left its own.
        for (const auto& found : folder.entryInfoList({QStringLiteral("*.json")}, QDir::Files, QDir::Time)) {
          QFile file(found.filePath());
          if (record.isEmpty() && file.open(QIODevice::ReadOnly) && file.readAll().contains("# cellar "))
            record = found.filePath();
        }
        return !record.isEmpty();
      },
      patience));
  const auto blocked = record + QStringLiteral(".new");
  ASSERT_TRUE(QDir().mkpath(blocked));  // in the way of the next one
  type(QStringLiteral("# attic "));
  EXPECT_TRUE(wait_for(
      [this] {
        return notices()->offlineBar()->isVisible() &&
               notices()->offlineBar()->property("kind") == QLatin1String("error");
      },
      patience));
  EXPECT_TRUE(notices()->offlineBar()->text().startsWith(
      QStringLiteral("What you type can't be kept on this device: ")))
      << notices()->offlineBar()->text().toStdString();
  EXPECT_NE(tab()->durabilityText(), QStringLiteral("Kept here"));
  const auto link_says = [this](const QString& words) {
    return wait_for(
        [&] {
          auto* bar = window->connectionBar()->linkBar();
          return bar->isVisible() && bar->text().contains(words);
        },
        patience);
  };
  EXPECT_TRUE(link_says(QStringLiteral("can't be kept on this device: ")));
  EXPECT_FALSE(window->connectionBar()->linkBar()->text().contains(QStringLiteral("is kept")));
  picture(window.get(), QStringLiteral("ide-not-kept"));
  ASSERT_TRUE(QDir().rmdir(blocked));
  EXPECT_TRUE(wait_for(  // it is tried again
      [this] {
        return notices()->offlineBar()->text().startsWith(QStringLiteral("Offline: your typing is kept"));
      },
      patience));
  EXPECT_TRUE(link_says(QStringLiteral("What you type is kept.")));
  reconnect();
  EXPECT_TRUE(wait_for([this] { return documents.text().starts_with("# attic # cellar "); }, patience));
}

TEST_F(UnsentScreens, AWindowClosedOfflineAsksNothingAndTheNextBringsTheTextBack) {
  loseConnection();
  type(QStringLiteral("# kept "));
  ASSERT_TRUE(kept());
  QStringList told;
  QObject::connect(window.get(), &desktop::IdeWindow::closed,
                   [&](const QStringList& unsent) { told = unsent; });
  EXPECT_TRUE(window->close());
  EXPECT_EQ(told, QStringList{QStringLiteral("project/main.py")});
  window.reset();
  open();  // still without a connection
  ASSERT_TRUE(wait_for([this] { return tab() && tab()->document()->isLoaded(); }, patience));
  EXPECT_TRUE(tab()->editor()->text().starts_with("# kept "));
  ASSERT_TRUE(wait_for([this] { return notices()->restoredBar()->isVisible(); }, patience));
  picture(window.get(), QStringLiteral("ide-restored"));
  action_of(notices()->restoredBar(), QStringLiteral("Show"))->click();
  expectComparison(QStringLiteral("restored-comparison"));
  action_of(notices()->restoredBar(), QStringLiteral("Dismiss"))->click();
  EXPECT_FALSE(notices()->restoredBar()->isVisible());
  reconnect();
  EXPECT_TRUE(wait_for([this] { return documents.text().starts_with("# kept "); }, patience));
}

TEST_F(UnsentScreens, ATabClosedOfflineIsSaidAndItsTextArrives) {
  loseConnection();
  type(QStringLiteral("# closed "));
  ASSERT_TRUE(kept());
  EXPECT_TRUE(window->editors()->closeTab(tab()));
  EXPECT_TRUE(window->connectionBar()->noticeBar()->text().contains(QStringLiteral("kept on this device")));
  picture(window.get(), QStringLiteral("ide-closed-unsent"));
  window->editors()->openFile(QStringLiteral("project/main.py"));  // still offline
  ASSERT_TRUE(wait_for([this] { return tab()->editor()->text().starts_with("# closed "); }, patience));
  type(QStringLiteral("# again "));
  EXPECT_TRUE(window->editors()->closeTab(tab()));
  reconnect();
  EXPECT_TRUE(wait_for([this] { return documents.text().starts_with("# again # closed "); }, patience));
}

TEST_F(UnsentScreens, BothSidesOfOnePlaceAreShownAndChosenFrom) {
  loseConnection();
  type(QStringLiteral("# mine "));
  const auto length = static_cast<std::int64_t>(utf16_length(documents.text()));
  documents.edit(TextOperation().insert("# theirs ").retain(length), false);
  wait_for([] { return false; }, 3'200);  // an absence that is noticed
  reconnect();
  ASSERT_TRUE(wait_for([this] { return notices()->conflictBar()->isVisible(); }, patience));
  EXPECT_TRUE(tab()->editor()->text().starts_with("# mine "));
  picture(window.get(), QStringLiteral("ide-both-sides"));
  action_of(notices()->conflictBar(), QStringLiteral("Show Both"))->click();
  expectComparison(QStringLiteral("both-sides-comparison"));
  action_of(notices()->conflictBar(), QStringLiteral("Keep Both"))->click();
  EXPECT_FALSE(notices()->conflictBar()->isVisible());
  EXPECT_TRUE(wait_for([this] { return documents.text().starts_with("# theirs # mine "); }, patience));
}

TEST_F(UnsentScreens, LinesThatTheDiskTookAwayAreShown) {
  const auto before = documents.text();
  const auto first = static_cast<std::int64_t>(utf16_length(before.substr(0, before.find('\n') + 1)));
  const auto all = static_cast<std::int64_t>(utf16_length(before));
  documents.edit(TextOperation().remove(first).retain(all - first), true, "disk");
  ASSERT_TRUE(wait_for([this] { return notices()->removedBar()->isVisible(); }, patience));
  EXPECT_EQ(notices()->removedBar()->text(), QStringLiteral("main.py was changed on disk: 1 line removed."));
  picture(window.get(), QStringLiteral("ide-disk-removed"));
  action_of(notices()->removedBar(), QStringLiteral("Show"))->click();
  expectComparison(QStringLiteral("disk-removed-comparison"));
  action_of(notices()->removedBar(), QStringLiteral("Dismiss"))->click();
  EXPECT_FALSE(notices()->removedBar()->isVisible());
}

}  // namespace
}  // namespace berth::test
