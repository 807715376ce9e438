// SPDX-License-Identifier: GPL-3.0-or-later
// Stores that are away or full by a quota: work goes on, people are told, and nothing is torn.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "durable_place.hpp"
#include "tests/soak.hpp"

namespace berth::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

std::string random_bytes(std::size_t size) {
  std::ifstream random("/dev/urandom", std::ios::binary);
  std::string bytes(size, '\0');
  random.read(bytes.data(), static_cast<std::streamsize>(size));
  return bytes;
}

class StoreOutage : public ::testing::TestWithParam<StoreKind> {
 protected:
  DurablePlace place{{}, GetParam()};
};

TEST_P(StoreOutage, WorkGoesOnAndIsCaughtUpWith) {
  const Soak soak(4, 60);  // seconds
  place.run_workspace();
  ASSERT_TRUE(place.all_stored());
  const auto before = place.versions().size();
  const auto began = std::chrono::steady_clock::now();
  place.store().take_away();
  run_in_terminal(place, "echo during > ~/project/outage");
  const auto problem = place.problem_told();
  EXPECT_NE(problem, "") << "people are told why";
  std::cout << "told after "
            << std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count()
            << " s: " << problem << std::endl;
  int edits = 0;
  do {
    // The editor, the shell and uploads go on.
    const auto number = std::to_string(edits++);
    bool answered = false;
    EXPECT_THROW(type_and_wait_until_stored(
                     place, "project/typed", number + "\n", [&] { answered = true; }, 1s),
                 std::exception);
    EXPECT_TRUE(answered);
    run_in_terminal(
        place, "echo " + number + " >> ~/project/outage; head -c 100000 /dev/urandom > ~/project/random");
    EXPECT_EQ(place.ask("PUT", place.at("/file?path=project/uploaded"), number).status, 200);
  } while (std::chrono::steady_clock::now() < began + std::chrono::seconds(soak.rounds()));
  EXPECT_EQ(place.versions().size(), before);
  EXPECT_EQ(place.storage().at("progress"), "waiting");
  // Not stopped: its last changes would be nowhere but here. (With S3 that takes twice its patience of 20 s.)
  if (GetParam() == StoreKind::directory || soak.rounds() > 10) {
    place.stop_workspace();
    ASSERT_TRUE(place.reaches("running", 60s)) << place.workspace();
    EXPECT_THAT(place.workspace().at("reason").get<std::string>(), HasSubstr("could not be stored"));
  }
  place.store().bring_back();
  const auto back = std::chrono::steady_clock::now();
  ASSERT_TRUE(place.all_stored());
  std::cout << "caught up after "
            << std::chrono::duration<double>(std::chrono::steady_clock::now() - back).count() << " s"
            << std::endl;
  EXPECT_TRUE(eventually([&] { return place.storage().at("progress") == "stored"; }));
  // Told once the version is there.
  EXPECT_TRUE(eventually([&] { return place.storage().at("problem") == ""; }, 60s));
  const auto last = picture_of(place.home());
  ASSERT_EQ(place.stop_workspace().at("state"), "stopped") << place.workspace();
  place.lose_home();
  place.run_workspace();
  EXPECT_EQ(difference(last, picture_of(place.home())), "") << place.workspace();
}

TEST(StoreAway, AStartThatNeedsTheStoreSaysWhyItFailsAndSucceedsLater) {
  DurablePlace place;
  place.run_workspace();
  run_in_terminal(place, "echo kept > ~/project/kept");
  ASSERT_TRUE(place.all_stored());
  ASSERT_EQ(place.stop_workspace().at("state"), "stopped");
  place.lose_home();
  place.store().take_away();
  place.ask("POST", place.at("/start"));
  ASSERT_TRUE(place.reaches("failed", 60s));
  EXPECT_NE(place.workspace().at("reason"), "");
  place.store().bring_back();
  place.run_workspace();
  EXPECT_EQ(place.ask("GET", place.at("/file?path=project/kept")).body, "kept\n");
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreOutage, ::testing::Values(StoreKind::directory, StoreKind::s3),
                         [](const auto& kind) { return name_of(kind.param); });

TEST(Quota, AFullOneIsToldAndNothingIsTorn) {
  DurablePlace place({"--storage-per-account", "3000000"});
  place.run_workspace();
  run_in_terminal(place, "echo small > ~/project/small");
  ASSERT_TRUE(place.all_stored());
  const auto before = place.versions();
  // Whole at once: a part of it might fit.
  fs::create_directories(place.home() / ".cache");
  std::ofstream(place.home() / ".cache/large", std::ios::binary) << random_bytes(6'000'000);
  fs::rename(place.home() / ".cache/large", place.home() / "project/large");
  const auto problem = place.problem_told();
  EXPECT_THAT(problem, HasSubstr("3.0 MB"));
  const auto stopped = place.stop_workspace();
  EXPECT_EQ(stopped.at("state"), "running") << stopped;
  EXPECT_THAT(stopped.at("reason").get<std::string>(), HasSubstr(problem));
  // Something small may have been stored meanwhile (the shell's history), this and a part of it never.
  for (const auto& version : place.versions()) {
    const auto files = place.ask(
        "GET", place.at("/versions/" + version.at("id").get<std::string>() + "/files?path=project"));
    EXPECT_EQ(files.status, 200);
    EXPECT_THAT(files.body, Not(HasSubstr("large")));
  }
  // What is there can still be read, and with room again everything is stored.
  const auto kept = place.ask("GET", place.at("/versions/" + before.front().at("id").get<std::string>() +
                                              "/file?path=project/small"));
  EXPECT_EQ(kept.body, "small\n");
  fs::remove(place.home() / "project/large");
  ASSERT_TRUE(place.all_stored());
  // Told once the version is there.
  EXPECT_TRUE(eventually([&] { return place.storage().at("problem") == ""; }, 60s));
  const auto last = picture_of(place.home());
  EXPECT_EQ(place.stop_workspace().at("state"), "stopped") << place.workspace();
  place.lose_home();
  place.run_workspace();
  EXPECT_EQ(difference(last, picture_of(place.home())), "");
  const auto checked = place.check_store();
  EXPECT_EQ(checked.status, 0) << checked.output;
}

}  // namespace
}  // namespace berth::test
