// SPDX-License-Identifier: GPL-3.0-or-later
// Stores that are away or full: work goes on, people are told, and nothing is torn.
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "durable_place.hpp"
#include "tests/integration/runner/soak.hpp"

namespace berth::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// What the runner tells a window that opens now.
Json storage(DurablePlace& place) {
  auto socket = place.connect();
  while (const auto message = socket.receive()) {
    const auto json = protocol::parse_json(message->payload);
    if (message->opcode == 1 && json && json->value("method", "") == "workspace/storage")
      return json->at("params");
  }
  throw std::runtime_error("the connection ended");
}

bool waits(DurablePlace& place, std::string& problem) {
  return eventually(
      [&] {
        const auto now = storage(place);
        problem = now.at("problem");
        return now.at("progress") == "waiting";
      },
      30s);
}

void put(DurablePlace& place, const std::string& path, const std::string& bytes) {
  std::ofstream(place.home() / path, std::ios::binary) << bytes;
}

std::string random_bytes(std::size_t size) {
  std::ifstream random("/dev/urandom", std::ios::binary);
  std::string bytes(size, '\0');
  random.read(bytes.data(), static_cast<std::streamsize>(size));
  return bytes;
}

class StoreOutage : public ::testing::Test {
 protected:
  DurablePlace place;
  fs::path blobs() const { return place.data() / "blobs"; }
  void take_away() { fs::permissions(blobs(), fs::perms::none); }
  void bring_back() { fs::permissions(blobs(), fs::perms::owner_all); }
};

TEST_F(StoreOutage, WorkGoesOnAndIsCaughtUpWith) {
  const Soak soak(4, 60);  // seconds
  place.run_workspace();
  ASSERT_TRUE(place.all_stored());
  const auto before = place.versions().size();
  take_away();
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(soak.rounds());
  run_in_terminal(place, "echo during > ~/project/outage");
  std::string problem;
  EXPECT_TRUE(waits(place, problem));
  EXPECT_NE(problem, "") << "people are told why";
  int edits = 0;
  do {
    run_in_terminal(place, "echo " + std::to_string(edits++) +
                               " >> ~/project/outage; head -c 100000 /dev/urandom > ~/project/random");
    std::this_thread::sleep_for(200ms);
  } while (std::chrono::steady_clock::now() < end);
  EXPECT_EQ(place.versions().size(), before);
  // Not stopped: its last changes would be nowhere but here.
  const auto stopped = place.stop_workspace();
  EXPECT_EQ(stopped.at("state"), "running") << stopped;
  EXPECT_NE(stopped.at("reason").get<std::string>().find("could not be stored"), std::string::npos)
      << stopped;
  bring_back();
  ASSERT_TRUE(place.all_stored());
  const auto last = picture_of(place.home());
  ASSERT_EQ(place.stop_workspace().at("state"), "stopped") << place.workspace();
  place.lose_home();
  place.run_workspace();
  EXPECT_EQ(difference(last, picture_of(place.home())), "");
}

TEST_F(StoreOutage, AStartThatNeedsTheStoreSaysWhyItFailsAndSucceedsLater) {
  place.run_workspace();
  run_in_terminal(place, "echo kept > ~/project/kept");
  ASSERT_TRUE(place.all_stored());
  ASSERT_EQ(place.stop_workspace().at("state"), "stopped");
  place.lose_home();
  take_away();
  place.ask("POST", place.at("/start"));
  ASSERT_TRUE(place.reaches("failed"));
  EXPECT_NE(place.workspace().at("reason"), "");
  bring_back();
  place.run_workspace();
  EXPECT_EQ(place.ask("GET", place.at("/file?path=project/kept")).body, "kept\n");
}

TEST(Quota, AFullOneIsToldAndNothingIsTorn) {
  DurablePlace place({"--storage-per-account", "3000000"});
  place.run_workspace();
  run_in_terminal(place, "echo small > ~/project/small");
  ASSERT_TRUE(place.all_stored());
  const auto before = place.versions();
  put(place, "project/large", random_bytes(6'000'000));
  std::string problem;
  ASSERT_TRUE(waits(place, problem));
  EXPECT_NE(problem.find("3.0 MB"), std::string::npos) << problem;
  EXPECT_EQ(place.stop_workspace().at("state"), "running");
  EXPECT_EQ(place.versions().size(), before.size());
  // What is there can still be read, and with room again everything is stored.
  const auto kept = place.ask("GET", place.at("/versions/" + before.front().at("id").get<std::string>() +
                                              "/file?path=project/small"));
  EXPECT_EQ(kept.body, "small\n");
  fs::remove(place.home() / "project/large");
  ASSERT_TRUE(place.all_stored());
  EXPECT_EQ(place.stop_workspace().at("state"), "stopped") << place.workspace();
}

}  // namespace
}  // namespace berth::test
