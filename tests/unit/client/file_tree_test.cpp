// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/file_tree.hpp"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <set>

#include "client/core/workspace_connection.hpp"
#include "fake_runner.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;
using client::FileTree;

FileEntry file(std::string name) { return {std::move(name), EntryType::file, 1, 0, 0644, {}, {}}; }
FileEntry folder(std::string name) { return {std::move(name), EntryType::directory, 0, 0, 0755, {}, {}}; }

class FileTreeTest : public testing::Test {
 protected:
  void SetUp() override {
    runner.on<FileList>([this](const FileList::Params& params) -> Result<FileList::Result> {
      ++listings;
      const auto found = folders.find(params.path);
      if (found == folders.end()) return failure(ErrorCode::not_found, "There is no such folder.");
      auto entries = found->second;
      std::ranges::sort(entries, client::entry_before);
      const auto begin = params.cursor ? std::stoul(*params.cursor) : 0;
      const auto end = std::min<std::size_t>(entries.size(), begin + params.limit.value_or(2'000));
      FileList::Result result{
          {entries.begin() + static_cast<long>(begin), entries.begin() + static_cast<long>(end)},
          entries.size(),
          {}};
      if (end < entries.size()) result.cursor = std::to_string(end);
      return result;
    });
    runner.on<FileWatch>([this](const FileWatch::Params& params) -> Result<FileWatch::Result> {
      watched.insert(params.path);
      return FileWatch::Result{false};
    });
    runner.on<FileUnwatch>([this](const FileUnwatch::Params& params) -> Result<Empty> {
      watched.erase(params.path);
      return Empty{};
    });
    folders["project"] = {file("main.py"), folder("src"), file("README.md")};
    folders["project/src"] = {file("b.py"), file("a.py")};
    connection.open();
    ASSERT_TRUE(wait_for([this] { return connection.online() && tree.rowCount() == 3; }));
  }
  QStringList names(const QModelIndex& parent = {}) {
    QStringList out;
    for (int row = 0; row < tree.rowCount(parent); ++row)
      out.append(tree.index(row, 0, parent).data().toString());
    return out;
  }
  void open(const QString& path) {
    const auto index = tree.indexOf(path);
    ASSERT_TRUE(tree.canFetchMore(index));
    tree.fetchMore(index);
    ASSERT_TRUE(wait_for([&] { return tree.rowCount(tree.indexOf(path)) > 0; }));
  }

  FakeRunner runner;
  client::WorkspaceConnection connection{runner.dialSource()};
  FileTree tree{&connection, QStringLiteral("project")};
  std::map<std::string, std::vector<FileEntry>> folders;
  std::set<std::string> watched;
  int listings = 0;
};

TEST_F(FileTreeTest, ListsFoldersFirstAndOnlyWhatIsOpened) {
  EXPECT_EQ(names(),
            (QStringList{QStringLiteral("src"), QStringLiteral("main.py"), QStringLiteral("README.md")}));
  EXPECT_EQ(listings, 1);
  EXPECT_TRUE(tree.hasChildren(tree.indexOf(QStringLiteral("project/src"))));
  open(QStringLiteral("project/src"));
  EXPECT_EQ(names(tree.indexOf(QStringLiteral("project/src"))),
            (QStringList{QStringLiteral("a.py"), QStringLiteral("b.py")}));
  EXPECT_EQ(watched, (std::set<std::string>{"project", "project/src"}));
}

TEST_F(FileTreeTest, FollowsChangesInPlace) {
  QAbstractItemModelTester tester(&tree, QAbstractItemModelTester::FailureReportingMode::Fatal);
  runner.notify<FileChanged>({"project",
                              {{"app.py", ChangeKind::created, file("app.py")},
                               {"main.py", ChangeKind::deleted, {}},
                               {"docs", ChangeKind::created, folder("docs")}},
                              false,
                              false});
  ASSERT_TRUE(wait_for([this] { return tree.rowCount() == 4; }));
  EXPECT_EQ(names(), (QStringList{QStringLiteral("docs"), QStringLiteral("src"), QStringLiteral("app.py"),
                                  QStringLiteral("README.md")}));
}

TEST_F(FileTreeTest, AFileThatBecomesAFolderIsReplaced) {
  QAbstractItemModelTester tester(&tree, QAbstractItemModelTester::FailureReportingMode::Fatal);
  runner.notify<FileChanged>(
      {"project", {{"main.py", ChangeKind::changed, folder("main.py")}}, false, false});
  ASSERT_TRUE(wait_for([this] { return names().startsWith(QStringLiteral("main.py")); }));
  EXPECT_TRUE(tree.isDirectory(tree.index(0, 0)));
}

TEST_F(FileTreeTest, ReadsAnOverflownFolderAgain) {
  QAbstractItemModelTester tester(&tree, QAbstractItemModelTester::FailureReportingMode::Fatal);
  folders["project"] = {file("new.txt")};
  runner.notify<FileChanged>({"project", {}, true, false});
  EXPECT_TRUE(wait_for([this] { return names() == QStringList{QStringLiteral("new.txt")}; }));
}

TEST_F(FileTreeTest, CatchesUpAfterADrop) {
  open(QStringLiteral("project/src"));
  folders["project/src"] = {file("a.py"), file("c.py")};
  folders["project"].push_back(file("zz.txt"));
  watched.clear();
  runner.drop();
  ASSERT_TRUE(wait_for([this] {
    return names(tree.indexOf(QStringLiteral("project/src"))) ==
               QStringList{QStringLiteral("a.py"), QStringLiteral("c.py")} &&
           tree.rowCount() == 4;
  }));
  EXPECT_EQ(watched, (std::set<std::string>{"project", "project/src"}));
}

TEST_F(FileTreeTest, PagesALargeFolder) {
  auto& many = folders["project/src"];
  many.clear();
  for (int i = 0; i < 5'000; ++i) many.push_back(file("file" + std::to_string(100'000 + i)));
  open(QStringLiteral("project/src"));
  const auto src = [this] { return tree.indexOf(QStringLiteral("project/src")); };
  EXPECT_EQ(tree.rowCount(src()), 2'000);
  EXPECT_TRUE(tree.canFetchMore(src()));
  tree.fetchMore(src());
  ASSERT_TRUE(wait_for([&] { return tree.rowCount(src()) == 5'000; }));
  EXPECT_FALSE(tree.canFetchMore(src()));
  EXPECT_EQ(tree.index(4'999, 0, src()).data().toString(), QStringLiteral("file104999"));
}

// What costs is steps of the view: a page is one, whatever was there before, and so is a folder emptied at
// once.
TEST_F(FileTreeTest, AFolderOf20000EntriesComesAndGoesInFewSteps) {
  auto& many = folders["project/src"];
  many.clear();
  for (int i = 0; i < 20'000; ++i) many.push_back(file("file" + std::to_string(1'000'000 + i)));
  open(QStringLiteral("project/src"));
  const auto src = [this] { return tree.indexOf(QStringLiteral("project/src")); };
  int inserted = 1;
  int removed = 0;
  int changed = 0;
  QObject::connect(&tree, &FileTree::rowsInserted, [&] { ++inserted; });
  QObject::connect(&tree, &FileTree::rowsRemoved, [&] { ++removed; });
  QObject::connect(&tree, &FileTree::dataChanged, [&] { ++changed; });
  while (tree.canFetchMore(src())) {
    const int before = tree.rowCount(src());
    tree.fetchMore(src());
    ASSERT_TRUE(wait_for([&] { return tree.rowCount(src()) > before; }, 60'000));
  }
  EXPECT_EQ(tree.rowCount(src()), 20'000);
  EXPECT_EQ(inserted, 3);
  EXPECT_EQ(tree.indexOf(QStringLiteral("project/src/file1013211")).row(), 13'211);
  // Listed again with nothing new, nothing is painted; with one file less, one step.
  many.erase(many.begin() + 500);
  runner.notify<FileChanged>({"project/src", {}, true, false});
  ASSERT_TRUE(wait_for([&] { return tree.rowCount(src()) == 19'999; }, 60'000));
  EXPECT_EQ(removed, 1);
  EXPECT_EQ(changed, 0);
  many.clear();
  runner.notify<FileChanged>({"project/src", {}, true, false});
  ASSERT_TRUE(wait_for([&] { return tree.rowCount(src()) == 0; }, 60'000));
  EXPECT_EQ(removed, 2);
}

TEST_F(FileTreeTest, WhatNoFileIsCalledIsNotShown) {
  folders["project/src"] = {
      file("../../etc/passwd"), file(".."), file(""), folder("."), file("a.py"), file("a.py")};
  open(QStringLiteral("project/src"));
  EXPECT_EQ(names(tree.indexOf(QStringLiteral("project/src"))), QStringList{QStringLiteral("a.py")});
  runner.notify<FileChanged>(
      {"project/src",
       {{"x/y", ChangeKind::created, file("x/y")}, {"b.py", ChangeKind::created, file("b.py")}},
       false,
       false});
  ASSERT_TRUE(wait_for([this] { return tree.indexOf(QStringLiteral("project/src/b.py")).isValid(); }));
  EXPECT_EQ(tree.rowCount(tree.indexOf(QStringLiteral("project/src"))), 2);
}

TEST_F(FileTreeTest, ARowForANewNameGoesAsItCame) {
  QAbstractItemModelTester tester(&tree, QAbstractItemModelTester::FailureReportingMode::Fatal);
  QStringList created;
  QObject::connect(&tree, &FileTree::createWanted, [&](const QString& path, bool directory) {
    created.append(path + (directory ? QStringLiteral("/") : QString()));
  });
  const auto draft = tree.beginDraft(QStringLiteral("project"), false);
  ASSERT_TRUE(draft.isValid());
  EXPECT_EQ(draft.row(), 1) << "behind the folders";
  // What happens meanwhile happens around it.
  runner.notify<FileChanged>({"project", {{"app.py", ChangeKind::created, file("app.py")}}, false, false});
  ASSERT_TRUE(wait_for([this] { return tree.rowCount() == 5; }));
  runner.notify<FileChanged>({"project", {}, true, false});
  folders["project"].push_back(file("zz"));
  ASSERT_TRUE(wait_for([this] { return tree.indexOf(QStringLiteral("project/zz")).isValid(); }));
  EXPECT_FALSE(tree.setData(tree.index(1, 0), QStringLiteral("a/../b"), Qt::EditRole));
  EXPECT_FALSE(tree.setData(tree.index(1, 0), QStringLiteral("lib/tide.py"), Qt::EditRole));
  EXPECT_EQ(created, QStringList{QStringLiteral("project/lib/tide.py")});
  tree.removeDraft();
  EXPECT_FALSE(names().contains(QString()));
  EXPECT_TRUE(tree.beginDraft(QStringLiteral("project"), true).isValid());
  tree.beginDraft(QStringLiteral("project/src"), true);
  EXPECT_EQ(names().count(QString()), 0) << "there is one at a time";
  runner.notify<FileChanged>({"project", {{"src", ChangeKind::deleted, {}}}, false, false});
  ASSERT_TRUE(wait_for([this] { return !tree.indexOf(QStringLiteral("project/src")).isValid(); }));
  tree.removeDraft();
}

TEST_F(FileTreeTest, RefusesNamesThatAreNone) {
  QStringList wanted;
  QObject::connect(&tree, &FileTree::renameWanted, [&](const QString& from, const QString& to) {
    wanted.append(from + QLatin1Char('>') + to);
  });
  const auto index = tree.indexOf(QStringLiteral("project/main.py"));
  tree.setData(index, QStringLiteral("../../etc/passwd"), Qt::EditRole);
  tree.setData(index, QStringLiteral(".."), Qt::EditRole);
  tree.setData(index, QStringLiteral("app.py"), Qt::EditRole);
  EXPECT_EQ(wanted, QStringList{QStringLiteral("project/main.py>project/app.py")});
}

}  // namespace
}  // namespace berth::test
