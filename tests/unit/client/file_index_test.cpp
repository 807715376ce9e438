// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/file_index.hpp"

#include <gtest/gtest.h>

#include <map>

#include "client/core/workspace_connection.hpp"
#include "fake_runner.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;

class FileIndexTest : public testing::Test {
 protected:
  void SetUp() override {
    runner.on<FileList>([this](const FileList::Params& params) -> Result<FileList::Result> {
      asked.append(QString::fromStdString(params.path));
      const auto found = folders.find(params.path);
      if (found == folders.end()) return failure(ErrorCode::permission_denied, "You may not look.");
      return FileList::Result{found->second, found->second.size(), {}};
    });
    connection.open();
    ASSERT_TRUE(wait_for([this] { return connection.online(); }));
  }
  static FileEntry entry(std::string name, EntryType type, std::optional<EntryType> target = {}) {
    return {std::move(name), type, 0, 0, 0644, {}, target};
  }
  bool walk() {
    index.walk();
    return wait_for([this] { return !index.isWalking(); }, 30'000);
  }

  FakeRunner runner;
  client::WorkspaceConnection connection{runner.dialSource()};
  client::FileIndex index{&connection, QStringLiteral("project")};
  std::map<std::string, std::vector<FileEntry>> folders;
  QStringList asked;
};

TEST_F(FileIndexTest, WalksTheProjectButNotInstalledPackagesOrLinks) {
  folders["project"] = {
      entry("node_modules", EntryType::directory), entry("src", EntryType::directory),
      entry("secret", EntryType::directory),       entry("up", EntryType::symlink, EntryType::directory),
      entry("main.py", EntryType::file),           entry("linked.py", EntryType::symlink, EntryType::file)};
  folders["project/src"] = {entry("deep.py", EntryType::file)};
  ASSERT_TRUE(walk());
  EXPECT_EQ(index.files(),
            QStringList({QStringLiteral("project/main.py"), QStringLiteral("project/linked.py"),
                         QStringLiteral("project/src/deep.py")}));
  EXPECT_EQ(asked.size(), 3) << "a folder that can't be read is passed over";
  EXPECT_FALSE(index.isCut());
}

TEST_F(FileIndexTest, AskedAgainItFollowsWhatChanged) {
  folders["project"] = {entry("a", EntryType::file), entry("b", EntryType::file)};
  ASSERT_TRUE(walk());
  folders["project"] = {entry("c", EntryType::file)};
  ASSERT_TRUE(walk());
  EXPECT_EQ(index.files(), QStringList{QStringLiteral("project/c")});
}

TEST_F(FileIndexTest, StopsAtItsBoundsAndSaysSo) {
  for (int i = 0; i < 1'200; ++i) {
    folders["project"].push_back(entry("d" + std::to_string(i), EntryType::directory));
    folders["project/d" + std::to_string(i)] = {entry("f", EntryType::file)};
  }
  ASSERT_TRUE(walk());
  EXPECT_EQ(asked.size(), 1'000);
  EXPECT_TRUE(index.isCut());
}

TEST(BestMatches, NamesBeforeFoldersBeginningsBeforeMiddlesShortBeforeLong) {
  const QStringList files{QStringLiteral("project/readme.md"), QStringLiteral("project/src/main.py"),
                          QStringLiteral("project/src/domain.py"),
                          QStringLiteral("project/tests/main_test.py")};
  const auto best = [&](const char* typed) {
    return client::best_matches(QLatin1String(typed), files, {}, 9);
  };
  EXPECT_EQ(best("main"), QStringList({files[1], files[3], files[2]}));
  EXPECT_EQ(best("MAIN.PY").constFirst(), files[1]);
  EXPECT_EQ(best("tmt"), QStringList{files[3]});
  EXPECT_EQ(best("src/m").constFirst(), files[1]);
  EXPECT_TRUE(best("niam").isEmpty());
}

TEST(BestMatches, WithNothingTypedWhatWasLookedAtLastComesFirstOnce) {
  const QStringList files{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")};
  EXPECT_EQ(client::best_matches({}, files, {QStringLiteral("c")}, 2),
            QStringList({QStringLiteral("c"), QStringLiteral("a")}));
}

}  // namespace
}  // namespace berth::test
