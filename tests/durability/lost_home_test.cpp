// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace that comes to another machine, or back to one that was away.
#include <gtest/gtest.h>

#include <cstdlib>

#include "durable_place.hpp"

namespace berth::test {
namespace {

void run(const std::string& command) { ASSERT_EQ(std::system(command.c_str()), 0) << command; }

class LostHome : public ::testing::Test {
 protected:
  DurablePlace place;
  void SetUp() override { place.run_workspace(); }
  std::string file(const std::string& path) { return place.ask("GET", place.at("/file?path=" + path)).body; }
};

TEST_F(LostHome, StartsFromItsLastVersionBitForBit) {
  run_in_terminal(place,
                  "cd ~/project && mkdir -p a/b empty && seq 100000 > a/b/long && printf '\\377\\376' > "
                  "\"$(printf 'n\\351')\" && "
                  "ln -s a/b/long link && ln -s /nowhere dangling && chmod 750 a && touch -d '2001-02-03 "
                  "04:05:06.789' a/b/long && "
                  "echo '#!/bin/sh' > run && chmod 755 run && : > nothing && chmod 500 empty");
  ASSERT_TRUE(place.all_stored());
  const auto last = picture_of(place.home());
  ASSERT_EQ(place.stop_workspace().at("state"), "stopped") << place.workspace();
  place.lose_home();
  place.run_workspace();
  EXPECT_EQ(place.workspace().at("reason"), "");
  EXPECT_EQ(difference(last, picture_of(place.home())), "");
}

TEST_F(LostHome, WhatWasUploadedWhileItWasStoppedIsStoredAtTheNextStart) {
  ASSERT_EQ(place.stop_workspace().at("state"), "stopped");
  const auto put = place.ask("PUT", place.at("/file?path=project/uploaded"), "by hand");
  ASSERT_EQ(put.status, 200) << put.body;
  place.run_workspace();
  ASSERT_TRUE(place.all_stored());
  const auto newest = place.versions().front();
  const auto found = place.ask(
      "GET", place.at("/versions/" + newest.at("id").get<std::string>() + "/file?path=project/uploaded"));
  EXPECT_EQ(found.status, 200) << found.body;
}

TEST_F(LostHome, AnOldHomeIsKeptAsAVersionAndTheLastVersionComesBack) {
  run_in_terminal(place, "echo old > ~/project/note");
  ASSERT_TRUE(place.all_stored());
  ASSERT_EQ(place.stop_workspace().at("state"), "stopped");
  const auto base = place.home().parent_path().string();
  const auto kept = (place.data() / "kept").string();
  run("cp -a " + base + " " + kept);
  place.run_workspace();
  run_in_terminal(place, "echo new > ~/project/note");
  ASSERT_TRUE(place.all_stored());
  ASSERT_EQ(place.stop_workspace().at("state"), "stopped");
  // The machine that was away comes back, with a file that only it has.
  run("rm -rf " + base + "/home " + base + "/state && cp -a " + kept + "/home " + kept + "/state " + base);
  ASSERT_EQ(place.ask("PUT", place.at("/file?path=project/only_here"), "kept").status, 200);
  place.run_workspace();
  EXPECT_EQ(file("project/note"), "new\n");
  bool found = false;
  for (const auto& version : place.versions())
    found = found || place.ask("GET", place.at("/versions/" + version.at("id").get<std::string>() +
                                               "/file?path=project/only_here"))
                             .status == 200;
  EXPECT_TRUE(found) << "what only the old home had is in a version";
}

}  // namespace
}  // namespace berth::test
