// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backup.hpp"

#include <sys/stat.h>

#include <fstream>

#include "server/data_folder.hpp"
#include "server/server_keys.hpp"
#include "storage_fixture.hpp"

namespace berth::server {
namespace {

using testing::Files;

/// A data folder as a server leaves it, and a second one to restore into.
class BackupTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(place_);
    config_.data = place_ / "data";
    ASSERT_TRUE(take_data_folder(config_.data));
    ASSERT_TRUE(load_server_keys(config_.data));
    ASSERT_TRUE(open_sqlite_store(config_.data / "berth.sqlite"));
    other_.data = place_ / "other";
  }
  void TearDown() override { std::filesystem::remove_all(place_); }

  std::unique_ptr<OpenedStorage> storage(const Config& config) {
    auto opened = open_storage(config);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }
  static VersionRecord store(OpenedStorage& storage, const Files& files, std::int64_t created) {
    const auto home = testing::HomeMaker().make(files);
    if (!storage.objects->add("ann", home.objects)) throw std::runtime_error("add");
    VersionRecord version;
    version.id = random_id(16);
    version.workspace = "w";
    version.owner = "ann";
    version.root = home.root;
    version.created = created;
    if (!storage.versions->insert(version)) throw std::runtime_error("insert");
    return version;
  }
  static Files read(OpenedStorage& storage, const VersionRecord& version) {
    Files files;
    testing::read_folder(*storage.objects, "ann", version.root, "", files);
    return files;
  }
  static std::size_t blobs_in(const std::filesystem::path& folder) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "blobs"))
      if (entry.is_regular_file()) ++count;
    return count;
  }
  static ErrorCode code(const auto& result) { return result ? ErrorCode{} : result.error().code; }

  std::filesystem::path place_ = std::filesystem::temp_directory_path() / ("berth-test-" + random_id(12));
  Config config_, other_;
  const Files first_{{"a", "text"}, {"folder/b", std::string(100'000, 'b')}};
  const Files second_{{"a", "changed"}, {"folder/b", std::string(100'000, 'b')}};
};

TEST_F(BackupTest, EverythingComesBackFromAFolderAndFromATar) {
  for (const bool encrypt : {false, true}) {
    config_.storage.encrypt = encrypt;
    auto live = storage(config_);
    const auto newest = live->versions->latest("w");
    const auto begin = *newest ? (*newest)->created : 0;
    const auto one = store(*live, first_, begin + 100), two = store(*live, second_, begin + 200);
    for (const auto* name : {"folder", "file.tar"}) {
      const auto made = make_backup(config_, place_ / name);  // while `live` has it open
      ASSERT_TRUE(made) << made.error().message << made.error().detail;
      EXPECT_TRUE(made->problems.empty());
      EXPECT_EQ(made->versions, encrypt ? 4u : 2u);
      const auto restored = restore_backup(other_, place_ / name, false);
      ASSERT_TRUE(restored) << restored.error().message << restored.error().detail;
      EXPECT_EQ(restored->packs, made->packs);
      EXPECT_EQ(restored->versions, made->versions);
      auto again = storage(other_);
      EXPECT_EQ(read(*again, one), first_);
      EXPECT_EQ(read(*again, two), second_);
      EXPECT_EQ((*again->versions->latest("w"))->id, two.id);
      EXPECT_EQ(load_server_keys(other_.data)->connect.public_key,
                load_server_keys(config_.data)->connect.public_key);
      struct stat status{};
      ASSERT_EQ(::stat((other_.data / "server.key").c_str(), &status), 0);
      EXPECT_EQ(status.st_mode & 0777, 0600u);
      again.reset();
      std::filesystem::remove_all(other_.data);
    }
  }
}

TEST_F(BackupTest, ASecondBackupIntoTheFolderCopiesOnlyWhatIsNew) {
  auto live = storage(config_);
  const auto one = store(*live, first_, 100);
  EXPECT_EQ(make_backup(config_, place_ / "folder")->copied, 1u);
  EXPECT_EQ(make_backup(config_, place_ / "folder")->copied, 0u);
  store(*live, second_, 200);
  const auto again = make_backup(config_, place_ / "folder");
  EXPECT_EQ(again->copied, 1u);
  EXPECT_EQ(again->packs, 2u);
  EXPECT_EQ(blobs_in(place_ / "folder"), 4u);
  ASSERT_TRUE(live->versions->remove("w", {one.id}));
  ASSERT_TRUE(make_backup(config_, place_ / "folder"));
  EXPECT_EQ(blobs_in(place_ / "folder"), 3u) << "what is not needed any more is gone from the backup";
}

TEST_F(BackupTest, AnInterruptedBackupLeavesTheOneBefore) {
  auto live = storage(config_);
  const auto one = store(*live, first_, 100);
  ASSERT_TRUE(make_backup(config_, place_ / "folder"));
  ASSERT_TRUE(make_backup(config_, place_ / "file.tar"));
  store(*live, second_, 200);
  {
    const testing::AtFaultPoints crash([](std::string_view name) {
      if (name == "backup.pack") throw testing::Crash{};
    });
    EXPECT_THROW((void)make_backup(config_, place_ / "folder"), testing::Crash);
    EXPECT_THROW((void)make_backup(config_, place_ / "file.tar"), testing::Crash);
  }
  for (const auto* name : {"folder", "file.tar"}) {
    ASSERT_TRUE(restore_backup(other_, place_ / name, false));
    auto again = storage(other_);
    EXPECT_EQ(read(*again, one), first_);
    again.reset();
    std::filesystem::remove_all(other_.data);
  }
}

TEST_F(BackupTest, ADamagedPackIsToldAndTheRestIsCopied) {
  auto live = storage(config_);
  store(*live, first_, 100);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(config_.data / "blobs"))
    if (entry.is_regular_file() && entry.path().string().find("/packs/") != std::string::npos) {
      std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(50);
      file.put('!');
    }
  const auto made = make_backup(config_, place_ / "folder");
  ASSERT_TRUE(made);
  ASSERT_EQ(made->problems.size(), 1u);
  EXPECT_NE(made->problems.front().find("is damaged"), std::string::npos);
}

TEST_F(BackupTest, RestoringRefusesWhatIsNotEmptyUnlessTold) {
  auto live = storage(config_);
  const auto one = store(*live, first_, 100);
  ASSERT_TRUE(make_backup(config_, place_ / "folder"));
  const auto two = store(*live, second_, 200);
  live.reset();
  EXPECT_EQ(code(restore_backup(config_, place_ / "folder", false)), ErrorCode::conflict);
  {
    const auto running = take_data_folder(config_.data);
    EXPECT_EQ(code(restore_backup(config_, place_ / "folder", true)), ErrorCode::conflict);
  }
  ASSERT_TRUE(restore_backup(config_, place_ / "folder", true));
  auto again = storage(config_);
  EXPECT_EQ((*again->versions->latest("w"))->id, one.id);
  EXPECT_EQ(read(*again, one), first_);
}

TEST_F(BackupTest, RestoringRefusesWhatIsNoBackup) {
  EXPECT_EQ(code(restore_backup(other_, place_ / "nowhere", false)), ErrorCode::not_found);
  std::filesystem::create_directories(place_ / "pictures");
  std::ofstream(place_ / "pictures/cat.jpg") << "meow";
  EXPECT_EQ(code(restore_backup(other_, place_ / "pictures", false)), ErrorCode::invalid_argument);
  EXPECT_EQ(code(make_backup(config_, place_ / "pictures")), ErrorCode::already_exists);
  std::ofstream(place_ / "junk.tar") << std::string(5000, 'x');
  EXPECT_EQ(code(restore_backup(other_, place_ / "junk.tar", false)), ErrorCode::invalid_argument);
  ASSERT_TRUE(make_backup(config_, place_ / "good.tar"));
  std::filesystem::resize_file(place_ / "good.tar", std::filesystem::file_size(place_ / "good.tar") / 2);
  EXPECT_FALSE(restore_backup(other_, place_ / "good.tar", false));
  EXPECT_FALSE(std::filesystem::exists(other_.data / "berth.sqlite"));
}

TEST_F(BackupTest, ATarCantWriteOutsideTheDataFolder) {
  ASSERT_TRUE(make_backup(config_, place_ / "good.tar"));
  std::filesystem::create_directories(place_ / "tree/blobs/owners");
  std::ofstream(place_ / "tree/evil") << "x";
  const auto tar = place_ / "evil.tar", good = place_ / "good.tar";
  for (const std::string name : {"../evil", "/etc/evil", "workspaces/evil", "blobs/owners/../../evil"}) {
    std::filesystem::copy_file(good, tar, std::filesystem::copy_options::overwrite_existing);
    ASSERT_EQ(std::system(("cd " + (place_ / "tree").string() + " && tar -P --transform='s#evil#" + name +
                           "#' -rf " + tar.string() + " evil")
                              .c_str()),
              0);
    EXPECT_EQ(code(restore_backup(other_, tar, false)), ErrorCode::invalid_argument) << name;
    EXPECT_FALSE(std::filesystem::exists(place_ / "evil"));
    std::filesystem::remove_all(other_.data);
  }
}

}  // namespace
}  // namespace berth::server
