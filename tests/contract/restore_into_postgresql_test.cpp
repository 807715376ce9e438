// SPDX-License-Identifier: GPL-3.0-or-later
// A backup that comes back where the metadata lies in PostgreSQL: refused before anything is touched, or
// whole.
#include <fstream>

#include "protocol/object_id.hpp"
#include "server/backup.hpp"
#include "server/blob_keys.hpp"
#include "server/data_folder.hpp"
#include "server/server_keys.hpp"
#include "store_places.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;
using testing::PostgresqlProcess;

class RestoreIntoPostgresqlTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(place_);
    testing::make_migrated_database(name_);
    source_.data = place_ / "source";
    ASSERT_TRUE(take_data_folder(source_.data));
    ASSERT_TRUE(load_server_keys(source_.data));
    {
      auto store = open_metadata(source_);
      ASSERT_TRUE(store);
      ASSERT_TRUE((*store)->settings().put({{"from", "the backup"}}));
    }
    const auto made = make_backup(source_, backup_);
    ASSERT_TRUE(made) << made.error().message << made.error().detail;
    target_.data = place_ / "target";
    target_.database = PostgresqlProcess::shared().settings(name_);
  }
  void TearDown() override {
    PostgresqlProcess::shared().drop_database(name_);
    std::filesystem::remove_all(place_);
  }

  /// A pack among the backup's blobs, under the name that the bytes `named` would have.
  std::string add_pack(const std::string& bytes, const std::string& named) {
    const auto key = pack_key("ann", ObjectId::of(named).hex());
    write(backup_ / "blobs" / key, bytes);
    return key;
  }
  static void write(const std::filesystem::path& file, const std::string& bytes) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }
  static std::string read(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  std::filesystem::path blob(const std::string& key) const { return target_.data / "blobs" / key; }
  std::string setting(const std::string& name) const {
    return PostgresqlProcess::shared().run(name_, "SELECT value FROM settings WHERE name = '" + name + "'");
  }
  Result<BackupSummary> restore(bool replace = false) { return restore_backup(target_, backup_, replace); }

  const std::filesystem::path place_ =
      std::filesystem::temp_directory_path() / ("berth-restore-" + random_id(8));
  const std::filesystem::path backup_ = place_ / "backup";
  const std::string name_ = place_.filename().string();
  Config source_, target_;
};

TEST_F(RestoreIntoPostgresqlTest, EverythingArrivesInAnEmptyDatabase) {
  const auto key = add_pack("a pack", "a pack");
  const auto restored = restore();
  ASSERT_TRUE(restored) << restored.error().message << restored.error().detail;
  EXPECT_EQ(restored->packs, 1u);
  EXPECT_EQ(read(blob(key)), "a pack");
  EXPECT_EQ(setting("from"), "the backup");
  EXPECT_TRUE(std::filesystem::exists(target_.data / "server.key"));
  EXPECT_FALSE(std::filesystem::exists(target_.data / sqlite_file_name));
}

TEST_F(RestoreIntoPostgresqlTest, ADatabaseThatIsNotEmptyIsRefusedBeforeAnythingIsPut) {
  const auto key = add_pack("a pack", "a pack");
  ASSERT_TRUE((*open_metadata(target_))->settings().put({{"mine", "1"}}));
  const auto refused = restore();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_NE(refused.error().message.find("not empty"), std::string::npos) << refused.error().message;
  EXPECT_FALSE(std::filesystem::exists(blob(key)));
  EXPECT_FALSE(std::filesystem::exists(target_.data / "server.key"));
  EXPECT_EQ(setting("mine"), "1");
}

TEST_F(RestoreIntoPostgresqlTest, ADatabaseInUseIsRefusedBeforeAnythingIsPut) {
  const auto key = add_pack("a pack", "a pack");
  const auto serving = open_metadata(target_);
  ASSERT_TRUE(serving);
  for (const bool replace : {false, true}) {
    const auto refused = restore(replace);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_FALSE(std::filesystem::exists(blob(key)));
  }
}

TEST_F(RestoreIntoPostgresqlTest, ReplacingLeavesAnSqliteDatabaseWithAllThatBelongsToIt) {
  ASSERT_TRUE((*open_metadata(target_))->settings().put({{"mine", "1"}}));
  for (const auto* ending : {"", "-wal", "-shm"})
    write(target_.data / (std::string(sqlite_file_name) + ending), "kept");
  ASSERT_FALSE(restore()) << "the folder holds something";
  const auto restored = restore(true);
  ASSERT_TRUE(restored) << restored.error().message << restored.error().detail;
  EXPECT_EQ(setting("mine"), "");
  EXPECT_EQ(setting("from"), "the backup");
  for (const auto* ending : {"", "-wal", "-shm"})
    EXPECT_EQ(read(target_.data / (std::string(sqlite_file_name) + ending)), "kept") << ending;
}

TEST_F(RestoreIntoPostgresqlTest, APackThatIsDamagedInTheBackupTakesNoGoodOnesPlace) {
  const auto there = add_pack("dam", "good"), missing = add_pack("half of it", "whole");
  write(blob(there), "good");
  const auto restored = restore();
  ASSERT_TRUE(restored) << restored.error().message << restored.error().detail;
  EXPECT_EQ(restored->problems.size(), 2u);
  EXPECT_EQ(read(blob(there)), "good");
  EXPECT_EQ(read(blob(missing)), "half of it") << "better than nothing";
}

}  // namespace
}  // namespace berth::server
