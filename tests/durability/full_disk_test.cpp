// SPDX-License-Identifier: GPL-3.0-or-later
// The disk of the store fills up: people are told, what was stored stays readable, nothing is torn, and with
// room again everything is stored.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>

#include "durable_place.hpp"

namespace berth::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* disk = "/tmp/berth-full-disk";

/// A disk of 4 MB that only this program and its children see.
void mount_small_disk() {
  const auto must = [](int result, const char* what) {
    if (result != 0) throw std::system_error(errno, std::generic_category(), what);
  };
  must(::unshare(CLONE_NEWNS), "a namespace of mounts (only root can have one)");
  must(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "private mounts");
  fs::create_directories(disk);
  must(::mount("tmpfs", disk, "tmpfs", 0, "size=4m,mode=0777"), "a small disk");
}

TEST(FullDisk, IsToldAndNothingIsTorn) {
  mount_small_disk();
  DurablePlace place({"--storage-path", std::string(disk) + "/blobs"});
  place.run_workspace();
  run_in_terminal(place, "echo small > ~/project/small");
  ASSERT_TRUE(place.all_stored());
  const auto before = place.versions();
  run_in_terminal(place, "head -c 6000000 /dev/urandom > ~/project/large");
  std::string problem;
  EXPECT_TRUE(eventually(
      [&] {
        auto socket = place.connect();
        while (const auto message = socket.receive()) {
          const auto json = protocol::parse_json(message->payload);
          if (message->opcode != 1 || !json || json->value("method", "") != "workspace/storage") continue;
          problem = json->at("params").at("problem");
          return json->at("params").at("progress") == "waiting";
        }
        return false;
      },
      30s));
  EXPECT_NE(problem.find("full"), std::string::npos) << problem;
  const auto stopped = place.stop_workspace();
  EXPECT_EQ(stopped.at("state"), "running") << stopped;
  EXPECT_EQ(place.versions().size(), before.size());
  const auto id = before.front().at("id").get<std::string>();
  EXPECT_EQ(place.ask("GET", place.at("/versions/" + id + "/file?path=project/small")).body, "small\n");
  // An administrator makes it larger.
  ASSERT_EQ(::mount("tmpfs", disk, "tmpfs", MS_REMOUNT, "size=64m"), 0);
  ASSERT_TRUE(place.all_stored());
  const auto last = picture_of(place.home());
  ASSERT_EQ(place.stop_workspace().at("state"), "stopped") << place.workspace();
  place.lose_home();
  place.run_workspace();
  EXPECT_EQ(difference(last, picture_of(place.home())), "");
}

}  // namespace
}  // namespace berth::test
