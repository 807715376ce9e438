// SPDX-License-Identifier: GPL-3.0-or-later
// One path of a version put into another: what changes, what stays, what is refused.
#include "server/tree_graft.hpp"

#include <gmock/gmock.h>

#include "history_fixture.hpp"

namespace berth::server {
namespace {

using ::testing::ElementsAre;
using testing::MemoryObjects;
using testing::Plant;

class GraftTest : public ::testing::Test {
 protected:
  MemoryObjects objects;
  VersionTree tree{objects, "ann"};

  /// The root after the graft, whose new folders are stored in their order.
  protocol::ObjectId grafted(const Plant& into, const Plant& from, const std::string& path) {
    auto graft = graft_path(tree, into.store(objects, "ann"), from.store(objects, "ann"), path);
    if (!graft) throw std::runtime_error(graft.error().message);
    EXPECT_TRUE(objects.missing("ann", graft->named)->empty()) << "something is named that nobody has";
    EXPECT_TRUE(objects.add("ann", std::move(graft->folders)));
    return graft->root;
  }
  Result<Graft> refused(const Plant& into, const Plant& from, const std::string& path) {
    return graft_path(tree, into.store(objects, "ann"), from.store(objects, "ann"), path);
  }
};

TEST_F(GraftTest, AFileIsAsItWasAndEverythingElseStays) {
  const Plant now =
      Plant()
          .file("other", "now")
          .folder("p", Plant().file("a", "two").file("new", "n").folder("q", Plant().file("b", "b")));
  const Plant old = Plant().file("other", "then").folder("p", Plant().file("a", "one", 0755));
  const Plant wanted =
      Plant()
          .file("other", "now")
          .folder("p", Plant().file("a", "one", 0755).file("new", "n").folder("q", Plant().file("b", "b")));
  EXPECT_EQ(grafted(now, old, "p/a"), wanted.store(objects, "ann"));
}

TEST_F(GraftTest, AFolderIsExactlyWhatItWas) {
  const Plant now = Plant().folder("p", Plant().file("a", "2").file("new", "n")).file("x", "x");
  const Plant old = Plant().folder("p", Plant().file("a", "1").link("l", "a"));
  EXPECT_EQ(grafted(now, old, "p"),
            Plant().folder("p", Plant().file("a", "1").link("l", "a")).file("x", "x").store(objects, "ann"));
}

TEST_F(GraftTest, WhatWasDeletedComesBackWithTheFoldersAboveIt) {
  const Plant old =
      Plant().folder("p", Plant().folder("q", Plant().file("a", "1").file("b", "b"), 0700), 0750);
  EXPECT_EQ(grafted(Plant().file("x", "x"), old, "p/q/a"),
            Plant()
                .file("x", "x")
                .folder("p", Plant().folder("q", Plant().file("a", "1"), 0700), 0750)
                .store(objects, "ann"));
}

TEST_F(GraftTest, WhatStandsInTheWayGivesWay) {
  const Plant old = Plant().folder("p", Plant().file("a", "1"));
  const auto wanted = old.store(objects, "ann");
  EXPECT_EQ(grafted(Plant().file("p", "a file now"), old, "p/a"), wanted);
  EXPECT_EQ(grafted(Plant().link("p", "/etc"), old, "p/a"), wanted) << "a link is not followed";
  EXPECT_EQ(grafted(Plant().folder("p", Plant().folder("a", Plant().file("z", "z"))), old, "p/a"), wanted);
}

TEST_F(GraftTest, APathThatWasNotThereIsSaidToBe) {
  const Plant now = Plant().file("a", "1");
  for (const auto* path : {"b", "a/b", "b/c"})
    EXPECT_EQ(refused(now, Plant().file("a", "1"), path).error().code, ErrorCode::not_found) << path;
}

TEST_F(GraftTest, ADamagedListingOnTheWayIsAnError) {
  const auto sub = Plant().file("b", "1");
  const Plant now = Plant().folder("p", sub);
  const auto root = now.store(objects, "ann");
  const auto old = Plant().folder("p", Plant().file("b", "0")).store(objects, "ann");
  objects.lose("ann", sub.store(objects, "ann"));
  EXPECT_EQ(graft_path(tree, root, old, "p/b").error().code, ErrorCode::internal);
}

}  // namespace
}  // namespace berth::server
