// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QCryptographicHash>
#include <QDragEnterEvent>
#include <QDragMoveEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QProcess>
#include <QRandomGenerator>
#include <QTest>
#include <QTreeView>

#include "berth_server.hpp"
#include "client/core/server_connection.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/paged_view.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "desk.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

/// What a file manager's drag does to the view below the pointer; true when it is taken.
bool drop(QTreeView* tree, const QPoint& place, const QList<QUrl>& urls) {
  QMimeData data;
  data.setUrls(urls);
  const auto actions = Qt::CopyAction | Qt::MoveAction | Qt::LinkAction;
  QDragEnterEvent enter(place, actions, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(tree->viewport(), &enter);
  if (!enter.isAccepted()) return false;
  QDragMoveEvent move(place, actions, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(tree->viewport(), &move);
  if (!move.isAccepted()) return false;
  QDropEvent down(place, actions, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(tree->viewport(), &down);
  return down.isAccepted();
}

QUrl make_file(const QString& path, const QByteArray& bytes) {
  QDir().mkpath(QFileInfo(path).path());
  QFile file(path);
  EXPECT_TRUE(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
  return QUrl::fromLocalFile(path);
}

QString sha256(const QByteArray& bytes) {
  return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

TEST(Desktop, files_and_folders_dropped_on_the_tree_arrive_in_the_workspace) {
  BerthServer server;
  Desk desk(server.setupLink());
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Cargo"));
  ASSERT_NE(window, nullptr);
  Desk::keys(desk.terminal(), QStringLiteral("mkdir inbox\n"));
  auto* model = window->workspace()->tree();
  ASSERT_TRUE(wait_for([&] { return model->indexOf(QStringLiteral("project/inbox")).isValid(); }, 10'000));

  const QTemporaryDir local;
  QByteArray large(3'000'000, '\0');
  QRandomGenerator(7).fillRange(reinterpret_cast<quint32*>(large.data()), large.size() / 4);
  const auto file = make_file(local.filePath(QStringLiteral("one file.bin")), large);
  make_file(local.filePath(QStringLiteral("photos/2026/harbour.jpg")), "harbour");
  make_file(local.filePath(QStringLiteral("photos/.hidden")), "hidden");
  const auto folder = QUrl::fromLocalFile(local.filePath(QStringLiteral("photos")));

  // A file onto a folder's row, a folder onto the free space below the rows.
  auto* tree = window->files()->tree();
  QModelIndex inbox;
  for (int row = 0; row < tree->model()->rowCount(); ++row)
    if (const auto index = tree->model()->index(row, 0); index.data().toString() == QStringLiteral("inbox"))
      inbox = index;
  ASSERT_TRUE(inbox.isValid());
  EXPECT_TRUE(drop(tree, tree->visualRect(inbox).center(), {file}));
  EXPECT_TRUE(drop(tree, QPoint(30, tree->viewport()->height() - 10), {folder}));
  auto* transfers = window->workspace()->transfers();
  EXPECT_GT(transfers->active(), 0);
  ASSERT_TRUE(wait_for([&] { return transfers->active() == 0; }, 20'000));
  EXPECT_TRUE(wait_for([&] { return model->indexOf(QStringLiteral("project/photos")).isValid(); }, 10'000));
  Desk::keys(desk.terminal(),
             QStringLiteral("clear; sha256sum \"inbox/one file.bin\"; cat photos/2026/harbour.jpg "
                            "photos/.hidden; ls -A photos; echo\n"));
  EXPECT_TRUE(desk.terminalShows(sha256(large)));
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("harbourhidden")));
  Desk::picture(window, QStringLiteral("dropped"));

  // And back as an archive.
  const auto zip = local.filePath(QStringLiteral("photos.zip"));
  transfers->downloadArchive(window->workspace()->server(), window->workspace()->id(),
                             {QStringLiteral("project/photos")}, zip);
  ASSERT_TRUE(wait_for([&] { return transfers->active() == 0; }, 20'000));
  QProcess unzip;
  unzip.start(QStringLiteral("unzip"), {QStringLiteral("-p"), zip, QStringLiteral("*harbour.jpg")});
  ASSERT_TRUE(wait_for([&] { return unzip.state() == QProcess::NotRunning; }, 10'000));
  EXPECT_EQ(unzip.readAllStandardOutput(), "harbour");
}

TEST(Desktop, a_file_is_opened_by_a_few_letters_of_its_name) {
  BerthServer server;
  Desk desk(server.setupLink());
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Names"));
  ASSERT_NE(window, nullptr);
  Desk::keys(
      desk.terminal(),
      QStringLiteral(
          "mkdir -p deep/er node_modules && touch node_modules/needle.js deep/er/needle.py; echo made\n"));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("\nmade")));
  QTest::keyClick(window, Qt::Key_P, Qt::ControlModifier);
  QWidget* choice = nullptr;
  ASSERT_TRUE(wait_for(
      [&] { return (choice = window->findChild<QWidget*>(QStringLiteral("quickOpen"))) != nullptr; }));
  auto* field = choice->findChild<QLineEdit*>();
  Desk::keys(field, QStringLiteral("ndle"));
  auto* list = choice->findChild<QListWidget*>();
  ASSERT_TRUE(wait_for([&] { return list->count() == 1; }, 10'000));
  Desk::picture(choice, QStringLiteral("quick-open"));
  QTest::keyClick(field, Qt::Key_Return);
  EXPECT_TRUE(desk.waitForFile(QStringLiteral("project/deep/er/needle.py")));
  EXPECT_TRUE(window->windowTitle().startsWith(QStringLiteral("needle.py")));
  // The tree opens the folders above it and shows it.
  EXPECT_TRUE(wait_for(
      [&] {
        return window->files()->tree()->currentIndex().data().toString() == QStringLiteral("needle.py");
      },
      10'000));
}

TEST(Desktop, a_file_of_any_size_is_read_in_pages) {
  BerthServer server;
  Desk desk(server.setupLink());
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Large"));
  ASSERT_NE(window, nullptr);
  Desk::keys(desk.terminal(), QStringLiteral("seq 10000000 > big.log; echo ma''de\n"));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("\nmade")));
  auto* area = window->editors();
  auto* tab = area->openFile(QStringLiteral("project/big.log"));
  desktop::PagedView* view = nullptr;
  ASSERT_TRUE(wait_for([&] { return (view = tab->findChild<desktop::PagedView*>()) != nullptr; }, 20'000));
  auto* text = view->text();
  ASSERT_TRUE(wait_for([&] { return text->rows(1).value(0) == QStringLiteral("1"); }, 20'000));
  EXPECT_TRUE(view->summary().startsWith(QStringLiteral("Read-only."))) << view->summary().toStdString();
  QTest::keyClick(view, Qt::Key_PageDown);
  EXPECT_TRUE(wait_for([&] { return text->rows(1).value(0).toInt() > 1; }));
  Desk::picture(window, QStringLiteral("paged-file"));
  QTest::keyClick(view, Qt::Key_End);
  EXPECT_TRUE(wait_for(
      [&] { return text->rows(500).value(text->rows(500).size() - 1).toInt() == 10'000'000; }, 20'000));
  QTest::keyClick(view, Qt::Key_PageUp);
  const auto rows = text->rows(20);
  for (int at = 1; at < rows.size(); ++at) EXPECT_EQ(rows[at].toInt(), rows[0].toInt() + at);
}

}  // namespace
}  // namespace berth::test
