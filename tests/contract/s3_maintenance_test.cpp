// SPDX-License-Identifier: GPL-3.0-or-later
// fsck, backup, restore and the garbage collection over a real S3 server: with listings of many answers,
// wrong secrets, a slow way to the server, and a server that goes away in the middle.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/backup.hpp"
#include "server/blob_keys.hpp"
#include "server/blobs/s3_blob_store.hpp"
#include "server/data_folder.hpp"
#include "server/maintenance.hpp"
#include "server/server_keys.hpp"
#include "server/store_check.hpp"
#include "tests/contract/blob_places.hpp"
#include "tests/fault_proxy.hpp"
#include "tests/unit/server/storage_fixture.hpp"

namespace berth::server {
namespace {

using namespace std::chrono_literals;
using test::Fault;
using testing::code_of;
using testing::Files;
using ::testing::HasSubstr;
using ::testing::Not;

class S3MaintenanceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    config_ = make_config("data");
    direct_ = make_direct(config_);
  }
  /// A data folder as a server leaves it, with a prefix of its own in the bucket, behind the proxy.
  Config make_config(const std::string& name) {
    const auto& server = testing::shared_s3_server().settings();
    Config config;
    config.data = place_.path() / name;
    config.storage.kind = "s3";
    config.storage.endpoint = proxy_.endpoint();
    config.storage.bucket = server.bucket;
    config.storage.prefix = "maintenance/" + random_id(12);
    config.storage.access_key = server.access_key;
    config.storage.secret_key = server.secret_key;
    config.storage.retry_for = 300ms;
    return config;
  }
  static void make_data(const Config& config) {
    if (!take_data_folder(config.data) || !load_server_keys(config.data) ||
        !open_sqlite_store(config.data / "berth.sqlite"))
      throw std::runtime_error("no data folder");
  }
  /// Past the proxy.
  static std::unique_ptr<S3BlobStore> make_direct(const Config& config) {
    auto settings = testing::shared_s3_server().settings();
    settings.prefix = config.storage.prefix;
    return std::make_unique<S3BlobStore>(settings);
  }
  static std::unique_ptr<OpenedStorage> storage(const Config& config, bool make = false) {
    auto opened = open_storage(config, make);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }
  /// Versions 0 … count-1, each with a file more; two blobs for each.
  std::vector<VersionRecord> store_versions(int count) {
    make_data(config_);
    auto live = storage(config_);
    std::vector<VersionRecord> versions;
    for (int i = 0; i < count; ++i) {
      VersionRecord version;
      version.id = random_id(16);
      version.workspace = "w" + std::to_string(i % 2);
      version.owner = "ann";
      auto home = testing::HomeMaker().make(files(i));
      version.root = home.root;
      version.created = i + 1;
      if (auto added = live->objects->add("ann", std::move(home.objects)); !added)
        throw std::runtime_error(added.error().message + added.error().detail);
      if (!live->versions->insert(version)) throw std::runtime_error("insert");
      versions.push_back(version);
    }
    return versions;
  }
  static Files files(int version) {
    Files all{{"folder/same", std::string(5'000, 's')}};
    for (int i = 0; i <= version; ++i)
      all["folder/f" + std::to_string(i)] = testing::noise(20'000, static_cast<std::uint32_t>(i));
    return all;
  }
  static void expect_whole(OpenedStorage& storage, const std::vector<VersionRecord>& versions) {
    for (std::size_t i = 0; i < versions.size(); ++i) {
      Files found;
      testing::read_folder(*storage.objects, "ann", versions[i].root, "", found);
      EXPECT_TRUE(found == files(static_cast<int>(i))) << i;
    }
  }
  static void damage(BlobStore& blobs, const std::string& key) {
    auto bytes = testing::must(blobs.get(key));
    bytes[bytes.size() / 3] ^= 1;
    ASSERT_TRUE(blobs.put(key, bytes));
  }
  std::vector<std::string> keys(const std::string& part) {
    std::vector<std::string> found;
    for (const auto& blob : testing::must(direct_->list("", "", 1'000)))
      if (blob.key.find(part) != blob.key.npos) found.push_back(blob.key);
    return found;
  }
  static int fsck(const Config& config, FsckChoice choice = {}) {
    const auto status = run_fsck(config, choice);
    if (!status) throw std::runtime_error(status.error().message + " " + status.error().detail);
    return *status;
  }
  /// From now on the first connection breaks within an answer and nobody answers any more.
  void go_away_after(std::size_t bytes) {
    proxy_.plan({{Fault::Kind::cut_answer, bytes}}, {Fault::Kind::refuse});
  }
  void come_back() {
    proxy_.plan({});
    proxy_.set_refusing(false);
  }
  template <class T>
  static void expect_unreachable(const Result<T>& result, const char* what) {
    ASSERT_FALSE(result) << what;
    EXPECT_EQ(result.error().code, ErrorCode::unavailable) << what << ": " << result.error().message;
    EXPECT_THAT(result.error().message, HasSubstr("can't be reached")) << what;
  }

  testing::BlobPlace place_;
  test::FaultProxy proxy_{testing::shared_s3_server().port()};
  Config config_;
  std::unique_ptr<S3BlobStore> direct_;
};

TEST_F(S3MaintenanceTest, FsckNamesDamageAndRepairsSoThatItIsStoredAgain) {
  const auto versions = store_versions(4);
  EXPECT_EQ(fsck(config_), maintenance_good);
  const auto packs = keys("/packs/");
  ASSERT_EQ(packs.size(), 4u);
  damage(*direct_, packs[2]);
  const auto described = version_key("ann", "w0", versions[0].id);
  ASSERT_TRUE(direct_->remove(described));
  EXPECT_EQ(fsck(config_), maintenance_damage);
  EXPECT_EQ(fsck(config_, {.repair = true}), maintenance_damage);
  EXPECT_TRUE(*direct_->stat(described));
  {
    auto live = storage(config_);
    for (int i = 0; i < 4; ++i)
      ASSERT_TRUE(live->objects->add("ann", testing::HomeMaker().make(files(i)).objects));
    expect_whole(*live, versions);
  }
  EXPECT_EQ(fsck(config_), maintenance_good);
}

TEST_F(S3MaintenanceTest, EverythingIsMadeAnewFromTheBucketPageByPage) {
  const auto versions = store_versions(6);
  ASSERT_GT(direct_->list("", "", 1'000)->size(), 12u) << "several answers of the server's";
  auto config = config_;
  config.data = place_.path() / "lost";
  ASSERT_TRUE(take_data_folder(config.data));
  auto live = storage(config, true);
  for (const std::size_t page : {3u, 1'000u}) {
    StoreCheck check(*live, {.list_page = page});
    const auto rebuilt = check.rebuild();
    ASSERT_TRUE(rebuilt) << rebuilt.error().message << rebuilt.error().detail;
    EXPECT_EQ(rebuilt->versions, 6u);
    EXPECT_EQ(rebuilt->packs, 6u);
    // The account is in the database alone.
    EXPECT_THAT(rebuilt->problems, ::testing::Each(HasSubstr("does not know")));
    expect_whole(*live, versions);
    const auto findings = check.check(false);
    ASSERT_TRUE(findings);
    EXPECT_TRUE(findings->clean());
  }
}

TEST_F(S3MaintenanceTest, TheCollectionLeavesWhatIsNeededAndNothingElse) {
  const auto versions = store_versions(10);
  ASSERT_TRUE(direct_->put(pack_key("ann", std::string(64, 'a')), "left by a crash"));
  auto live = storage(config_);
  std::atomic<std::int64_t> now = system_clock_now();
  GarbageCollection::Options options;
  options.most_small_packs = 3;  // so that they are written anew
  GarbageCollection collection(
      *live->store, *live->versions, *live->objects, *live->blobs, live->sealing, [&] { return now.load(); },
      options);
  std::vector<std::string> even;
  for (int i = 0; i < 10; i += 2) even.push_back(versions[static_cast<std::size_t>(i)].id);
  ASSERT_TRUE(live->versions->remove("w0", even));
  ASSERT_TRUE(collection.remove_strays()) << "seen for the first time";
  now += 3 * testing::one_day;
  {
    // The server goes away between the new pack and its rows.
    const testing::AtFaultPoints act([&](std::string_view name) {
      if (name == "collect.swept") proxy_.set_refusing(true);
    });
    expect_unreachable(collection.collect("ann"), "collect");
  }
  come_back();
  const auto collected = collection.collect("ann");
  ASSERT_TRUE(collected) << collected.error().message << collected.error().detail;
  EXPECT_GT(collected->packs_rewritten, 3u);
  now += 2 * testing::one_hour;
  {
    const testing::AtFaultPoints act([&](std::string_view name) {
      if (name == "collect.removed") proxy_.set_refusing(true);
    });
    expect_unreachable(collection.remove_doomed(), "remove_doomed");
  }
  come_back();
  ASSERT_TRUE(collection.remove_doomed());
  ASSERT_TRUE(collection.remove_strays());
  now += 2 * testing::one_day;
  ASSERT_TRUE(collection.remove_strays());
  EXPECT_EQ(keys("/packs/").size(), 1u);
  EXPECT_EQ(keys("/versions/").size(), testing::must(live->versions->list("w1", 0, 100)).size());
  live.reset();
  EXPECT_EQ(fsck(config_), maintenance_good);
}

TEST_F(S3MaintenanceTest, ABackupOfOneBucketComesBackInAnother) {
  const auto versions = store_versions(4);
  for (const auto* name : {"folder", "file.tar"}) {
    const auto made = make_backup(config_, place_.path() / name);
    ASSERT_TRUE(made) << made.error().message << made.error().detail;
    EXPECT_TRUE(made->problems.empty());
    EXPECT_EQ(made->packs, 4u);
    auto other = make_config(std::string("other-") + name);
    const auto restored = restore_backup(other, place_.path() / name, false);
    ASSERT_TRUE(restored) << restored.error().message << restored.error().detail;
    EXPECT_EQ(restored->packs, 4u);
    EXPECT_EQ(restored->versions, 4u);
    expect_whole(*storage(other), versions);
    EXPECT_EQ(fsck(other), maintenance_good);
  }
  EXPECT_EQ(make_backup(config_, place_.path() / "folder")->copied, 0u);
}

TEST_F(S3MaintenanceTest, AWrongSecretStopsEverythingAtOnceAndChangesNothing) {
  const auto versions = store_versions(3);
  ASSERT_TRUE(make_backup(config_, place_.path() / "folder"));
  auto wrong = config_;
  wrong.storage.secret_key = "not-the-secret";
  const auto refused = [](const Error& error) {
    EXPECT_EQ(error.code, ErrorCode::unavailable);
    EXPECT_THAT(error.message, HasSubstr("refused the server's credentials"));
    EXPECT_THAT(error.message + error.detail, Not(HasSubstr("not-the-secret")));
  };
  const auto blobs = direct_->list("", "", 1'000)->size();
  for (const bool repair : {false, true}) {
    const auto status = run_fsck(wrong, {.repair = repair});
    ASSERT_FALSE(status);
    refused(status.error());
  }
  const auto rebuilt = run_fsck(wrong, {.repair = false, .rebuild = true});
  ASSERT_FALSE(rebuilt);
  refused(rebuilt.error());
  const auto made = make_backup(wrong, place_.path() / "second");
  ASSERT_FALSE(made);
  refused(made.error());
  EXPECT_EQ(restore_backup(make_config("new"), place_.path() / "second", false).error().code,
            ErrorCode::invalid_argument)
      << "what did not end is no backup";
  auto other = make_config("other");
  other.storage.secret_key = "not-the-secret";
  const auto restored = restore_backup(other, place_.path() / "folder", false);
  ASSERT_FALSE(restored);
  refused(restored.error());
  EXPECT_FALSE(std::filesystem::exists(other.data / "berth.sqlite"));
  EXPECT_EQ(direct_->list("", "", 1'000)->size(), blobs);
  expect_whole(*storage(config_), versions);
  EXPECT_EQ(fsck(config_), maintenance_good);
}

TEST_F(S3MaintenanceTest, AServerThatGoesAwayInTheMiddleIsNoDamageAndTheNextRunEnds) {
  const auto versions = store_versions(5);
  for (const auto& [bytes, repair] : {std::pair<std::size_t, bool>{5'000, true}, {90'000, false}}) {
    go_away_after(bytes);
    expect_unreachable(run_fsck(config_, {.repair = repair}), "fsck");
    come_back();
    go_away_after(bytes);
    expect_unreachable(make_backup(config_, place_.path() / "folder"), "backup");
    come_back();
  }
  EXPECT_EQ(fsck(config_), maintenance_good);
  ASSERT_TRUE(make_backup(config_, place_.path() / "folder"));
  const auto other = make_config("other");
  for (const std::size_t bytes : {200u, 2'000u}) {
    go_away_after(bytes);
    expect_unreachable(restore_backup(other, place_.path() / "folder", false), "restore");
    EXPECT_FALSE(std::filesystem::exists(other.data / "berth.sqlite"));
    come_back();
  }
  const auto restored = restore_backup(other, place_.path() / "folder", false);
  ASSERT_TRUE(restored) << restored.error().message << restored.error().detail;
  expect_whole(*storage(other), versions);
  EXPECT_EQ(fsck(other), maintenance_good);
}

TEST_F(S3MaintenanceTest, ARebuildThatBreaksOffBeginsAnew) {
  const auto versions = store_versions(5);
  for (const std::size_t bytes : {3'000u, 60'000u}) {
    go_away_after(bytes);
    expect_unreachable(run_fsck(config_, {.repair = false, .rebuild = true}), "rebuild");
    come_back();
  }
  EXPECT_EQ(fsck(config_, {.repair = false, .rebuild = true}), maintenance_damage)
      << "the account is unknown";
  expect_whole(*storage(config_), versions);
  EXPECT_EQ(fsck(config_), maintenance_good);
}

TEST_F(S3MaintenanceTest, FsckReadsAFewAtOnce) {
  store_versions(10);
  proxy_.set_delay(20ms);
  EXPECT_EQ(fsck(config_), maintenance_good);
  EXPECT_GE(proxy_.most_at_once(), 3);
  EXPECT_LE(proxy_.most_at_once(), static_cast<int>(StoreCheckOptions().transfers) + 1);
}

}  // namespace
}  // namespace berth::server
