// SPDX-License-Identifier: GPL-3.0-or-later
// The real berthd's fsck, backup and restore, beside a real server and after it.
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "berthd_process.hpp"
#include "server/data_folder.hpp"
#include "server/server_keys.hpp"
#include "tests/unit/server/storage_fixture.hpp"

namespace berth::server::testing {
namespace {

const Files home{{"project/main.py", "print('hello')\n"}, {"project/data", std::string(70'000, 'd')}};

class BerthdMaintenance : public ::testing::Test {
 protected:
  std::filesystem::path data() const { return place_.path() / "data"; }

  /// A version in a data folder, as a server that was stopped leaves it.
  VersionRecord store(const std::filesystem::path& folder) {
    take_back();
    Config config;
    config.data = folder;
    if (!take_data_folder(folder) || !load_server_keys(folder)) throw std::runtime_error("no data folder");
    auto storage = open_storage(config, true);
    if (!storage) throw std::runtime_error(storage.error().message);
    const auto objects = HomeMaker().make(home);
    VersionRecord version;
    version.id = "version";
    version.workspace = "workspace";
    version.owner = "owner";
    version.root = objects.root;
    version.created = 1'700'000'000'000;
    if (!(*storage)->objects->add("owner", objects.objects) || !(*storage)->versions->insert(version))
      throw std::runtime_error("nothing stored");
    return version;
  }
  Files read(const std::filesystem::path& folder, const VersionRecord& version) {
    take_back();
    Config config;
    config.data = folder;
    auto storage = open_storage(config);
    if (!storage) throw std::runtime_error(storage.error().message);
    Files files;
    read_folder(*(*storage)->objects, "owner", version.root, "", files);
    return files;
  }
  Ended run(std::vector<std::string> arguments, const std::filesystem::path& folder) {
    give_to_server();
    arguments.insert(arguments.end(), {"--data", folder.string()});
    if (::geteuid() == 0) arguments.insert(arguments.end(), {"--user", user_->pw_name});
    return run_berthd(arguments);
  }
  /// Everything here belongs to the server's user while berthd runs, and to the test while it looks.
  void give_to_server() const { give_to(user_->pw_uid, user_->pw_gid); }
  void take_back() const { give_to(::geteuid(), ::getegid()); }
  void give_to(uid_t uid, gid_t gid) const {
    if (::geteuid() != 0) return;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(place_.path()))
      if (::lchown(entry.path().c_str(), uid, gid) != 0) throw std::runtime_error("no chown");
  }
  void damage_a_pack() {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data() / "blobs")) {
      if (!entry.is_regular_file() || entry.path().string().find("/packs/") == std::string::npos) continue;
      std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(24 + 41);  // in the first object: main.py's or data's
      file.put('!');
    }
  }
  const DataPlace place_;
  /// Where the server's user may make what it likes.
  const std::filesystem::path room_ = [this] {
    std::filesystem::create_directories(place_.path() / "room");
    return place_.path() / "room";
  }();
  const passwd* user_ = ::getpwnam("berth") != nullptr ? ::getpwnam("berth") : ::getpwnam("nobody");
};

TEST_F(BerthdMaintenance, backup_is_made_while_berthd_runs_and_restored_elsewhere) {
  const auto version = store(data());
  const auto backup = room_ / "backup", other = room_ / "other";
  give_to_server();
  {
    const BerthdProcess server(place_);
    EXPECT_NE(server.log().find("stored versions: directory " + (data() / "blobs").string()),
              std::string::npos);
    register_account(server, "ann@example.org");
    for (const auto& target : {backup.string(), backup.string() + ".tar"}) {
      const auto made = run({"backup", target}, data());
      ASSERT_EQ(made.status, 0) << made.output;
      EXPECT_NE(made.output.find("backup: 1 versions, 1 packs"), std::string::npos) << made.output;
    }
    register_account(server, "late@example.org");
  }
  for (const auto& source : {backup.string(), backup.string() + ".tar"}) {
    const auto restored = run({"restore", source}, other);
    ASSERT_EQ(restored.status, 0) << restored.output;
    EXPECT_NE(run({"restore", source}, other).output.find("is not empty"), std::string::npos);
    const auto checked = run({"fsck"}, other);
    EXPECT_EQ(checked.status, 0) << checked.output;
    EXPECT_NE(checked.output.find("everything is whole"), std::string::npos);
    EXPECT_EQ(read(other, version), home);
    {
      give_to_server();
      const BerthdProcess again(place_, {"--data", other.string()});
      const auto sign_in = [&](const char* email) {
        return call(again, "POST", "/api/v1/auth/sign_in", {},
                    {{"email", email}, {"password", test_password}})
            .status;
      };
      EXPECT_EQ(sign_in("ann@example.org"), 200);
      EXPECT_NE(sign_in("late@example.org"), 200) << "registered after the backup";
    }
    std::filesystem::remove_all(other);
  }
}

TEST_F(BerthdMaintenance, fsck_names_damaged_files_while_berthd_runs_and_repairs_only_without_it) {
  store(data());
  damage_a_pack();
  give_to_server();
  {
    const BerthdProcess server(place_);
    const auto found = run({"fsck"}, data());
    EXPECT_EQ(found.status, 2) << found.output;
    EXPECT_NE(
        found.output.find("version version of workspace workspace from 2023-11-14 22:13:20 UTC: 1 damaged"),
        std::string::npos)
        << found.output;
    EXPECT_NE(found.output.find("  /project/"), std::string::npos) << found.output;
    const auto refused = run({"fsck", "--repair"}, data());
    EXPECT_EQ(refused.status, 1);
    EXPECT_NE(refused.output.find("Another berthd uses"), std::string::npos) << refused.output;
  }
  const auto repaired = run({"fsck", "--repair"}, data());
  EXPECT_EQ(repaired.status, 2) << repaired.output;
  EXPECT_NE(repaired.output.find("lost objects were dropped"), std::string::npos) << repaired.output;
}

TEST_F(BerthdMaintenance, versions_come_back_from_the_blobs_when_the_database_is_lost) {
  const auto version = store(data());
  for (const auto* file : {"berth.sqlite", "berth.sqlite-wal", "berth.sqlite-shm"})
    std::filesystem::remove(data() / file);
  EXPECT_EQ(run({"fsck"}, data()).status, 1);
  const auto rebuilt = run({"fsck", "--rebuild"}, data());
  EXPECT_NE(rebuilt.output.find("made anew from directory"), std::string::npos) << rebuilt.output;
  EXPECT_NE(rebuilt.output.find("1 versions"), std::string::npos) << rebuilt.output;
  EXPECT_NE(rebuilt.output.find("restore a backup of the database first"), std::string::npos)
      << "the account is lost, and it says so: " << rebuilt.output;
  EXPECT_EQ(read(data(), version), home);
}

TEST_F(BerthdMaintenance, a_killed_backup_leaves_the_one_before) {
  const auto version = store(data());
  const auto backup = room_ / "backup.tar";
  const auto first = run({"backup", backup.string()}, data());
  ASSERT_EQ(first.status, 0) << first.output;
  const auto size = std::filesystem::file_size(backup);
  ::setenv("BERTH_FAULT_POINT", "backup.pack:1", 1);
  const auto killed = run({"backup", backup.string()}, data());
  ::unsetenv("BERTH_FAULT_POINT");
  EXPECT_EQ(killed.status, 128 + SIGKILL) << killed.output;
  EXPECT_EQ(std::filesystem::file_size(backup), size);
  const auto restored = run({"restore", backup.string()}, room_ / "other");
  ASSERT_EQ(restored.status, 0) << restored.output;
  EXPECT_EQ(read(room_ / "other", version), home);
}

TEST_F(BerthdMaintenance, wrong_calls_say_what_to_do) {
  EXPECT_NE(run({"fsck"}, room_ / "nowhere").output.find("name it with --data"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(room_ / "nowhere"));
  store(data());
  EXPECT_NE(run({"fsck", "--repair", "--rebuild"}, data()).status, 0);
  EXPECT_NE(run({"restore", (room_ / "nothing").string()}, room_ / "x").output.find("no backup at"),
            std::string::npos);
}

}  // namespace
}  // namespace berth::server::testing
