// SPDX-License-Identifier: GPL-3.0-or-later
// The store's disk or the workspaces' fills up: people are told, what was stored and what was saved stays
// whole, and with room again everything is stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "durable_place.hpp"

namespace berth::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr const char* store_disk = "/tmp/berth-full-disk";

void must(int result, const char* what) {
  if (result != 0) throw std::system_error(errno, std::generic_category(), what);
}

/// Disks that only this program and its children see.
void see_mounts_alone() {
  must(::unshare(CLONE_NEWNS), "a namespace of mounts (only root can have one)");
  must(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "private mounts");
}

/// The disk of the workspaces, over what is there, in the same hands.
class SmallWorkspaces {
 public:
  explicit SmallWorkspaces(const fs::path& folder) : folder_(folder) {
    struct stat status{};
    must(::stat(folder.c_str(), &status), "the workspaces");
    const auto options =
        "size=12m,mode=0700,uid=" + std::to_string(status.st_uid) + ",gid=" + std::to_string(status.st_gid);
    must(::mount("tmpfs", folder.c_str(), "tmpfs", 0, options.c_str()), "a small disk");
  }
  ~SmallWorkspaces() { ::umount2(folder_.c_str(), MNT_DETACH); }

 private:
  const fs::path folder_;
};

/// A document open in a window of its own.
class OpenDocument {
 public:
  OpenDocument(DurablePlace& place, const std::string& path)
      : socket_(place.connect()),
        opened_(call(socket_, "document/open", {{"path", path}, {"create", true}})) {}

  /// Inserts at the beginning; an error's text, or "" when the edit was acknowledged.
  std::string edit(const std::string& text) {
    Json operation = Json::array({text});
    if (length_ > 0) operation.push_back(length_);
    try {
      version_ = call(socket_, "document/edit",
                      {{"document", opened_.at("document")},
                       {"base_version", version_},
                       {"operation_id", "full-disk-" + std::to_string(++operations_)},
                       {"operation", operation}})
                     .at("version");
      length_ += text.size();
      return {};
    } catch (const std::exception& error) {
      return error.what();
    }
  }

  /// Waits for a state of the document for which `holds`.
  bool reaches(const std::function<bool(const Json&)>& holds) {
    for (const auto until = std::chrono::steady_clock::now() + 20s;
         std::chrono::steady_clock::now() < until;) {
      const auto message = socket_.receive();
      const auto json =
          message && message->opcode == 1 ? protocol::parse_json(message->payload) : Result<Json>(Json());
      if (json && json->value("method", "") == "document/state" && holds(json->at("params"))) return true;
    }
    return false;
  }

 private:
  WebSocket socket_;
  Json opened_;
  std::uint64_t version_ = opened_.at("version"), length_ = opened_.at("length");
  int operations_ = 0;
};

/// Everything comes back from the store as it is now.
void expect_all_comes_back(DurablePlace& place) {
  ASSERT_TRUE(place.all_stored());
  const auto last = picture_of(place.home());
  ASSERT_EQ(place.stop_workspace().at("state"), "stopped") << place.workspace();
  place.lose_home();
  place.run_workspace();
  EXPECT_EQ(difference(last, picture_of(place.home())), "");
  const auto checked = place.check_store();
  EXPECT_EQ(checked.status, 0) << checked.output;
}

TEST(FullDisk, OfTheStoreIsToldAndNothingIsTorn) {
  see_mounts_alone();
  fs::create_directories(store_disk);
  must(::mount("tmpfs", store_disk, "tmpfs", 0, "size=4m,mode=0777"), "a small disk");
  DurablePlace place({"--storage-path", std::string(store_disk) + "/blobs"});
  place.run_workspace();
  run_in_terminal(place, "echo small > ~/project/small");
  ASSERT_TRUE(place.all_stored());
  const auto before = place.versions();
  // Whole at once: a part of it might fit.
  run_in_terminal(
      place,
      "mkdir -p ~/.cache && head -c 6000000 /dev/urandom > ~/.cache/large && mv ~/.cache/large ~/project");
  EXPECT_THAT(place.problem_told(), HasSubstr("disk for stored files is full"));
  const auto stopped = place.stop_workspace();
  EXPECT_EQ(stopped.at("state"), "running") << stopped;
  EXPECT_THAT(stopped.at("reason").get<std::string>(), HasSubstr("disk for stored files is full"));
  EXPECT_EQ(place.versions().size(), before.size());
  const auto id = before.front().at("id").get<std::string>();
  EXPECT_EQ(place.ask("GET", place.at("/versions/" + id + "/file?path=project/small")).body, "small\n");
  // An administrator makes it larger.
  ASSERT_EQ(::mount("tmpfs", store_disk, "tmpfs", MS_REMOUNT, "size=64m"), 0);
  expect_all_comes_back(place);
}

TEST(FullDisk, OfTheWorkspacesIsToldAndNothingIsTorn) {
  see_mounts_alone();
  DurablePlace place;
  place.kill_server();
  const SmallWorkspaces disk(place.data() / "workspaces");
  place.start_server();
  place.run_workspace();
  ASSERT_EQ(place.ask("PUT", place.at("/file?path=project/uploaded"), "whole").status, 200);
  OpenDocument document(place, "project/typed");
  ASSERT_EQ(document.edit("before\n"), "");
  const auto typed = [&] { return place.ask("GET", place.at("/file?path=project/typed")).body; };
  ASSERT_TRUE(eventually([&] { return typed() == "before\n"; }));
  ASSERT_TRUE(place.all_stored());
  run_in_terminal(place, "head -c 20000000 /dev/urandom > ~/project/large; true");
  // A little edit is acknowledged, for the journal has kept room for it; the file waits, and why is told.
  ASSERT_EQ(document.edit("during\n"), "");
  EXPECT_TRUE(document.reaches([](const Json& state) {
    return state.contains("problem") && state.at("problem").is_string() &&
           state.at("problem").get<std::string>().contains("disk is full");
  }));
  // A large one finds none and is refused.
  EXPECT_THAT(document.edit(std::string(3'000'000, 'x')), HasSubstr("disk is full"));
  const auto upload = place.ask("PUT", place.at("/file?path=project/uploaded"), std::string(1'000'000, 'y'));
  EXPECT_NE(upload.status, 200);
  EXPECT_THAT(upload.body, HasSubstr("disk is full"));
  EXPECT_EQ(place.ask("GET", place.at("/file?path=project/uploaded")).body, Json("whole").dump());
  EXPECT_EQ(typed(), "before\n");
  // Terminals work, and so somebody makes room.
  run_in_terminal(place, "rm ~/project/large");
  EXPECT_TRUE(eventually([&] { return typed() == "during\nbefore\n"; }, 20s));
  // What was refused is nowhere but in its window, which sends it again.
  ASSERT_EQ(document.edit(std::string(3'000'000, 'x')), "");
  EXPECT_TRUE(eventually([&] { return typed() == std::string(3'000'000, 'x') + "during\nbefore\n"; }, 20s));
  expect_all_comes_back(place);
}

}  // namespace
}  // namespace berth::test
