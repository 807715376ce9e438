// SPDX-License-Identifier: GPL-3.0-or-later
// Two servers on one PostgreSQL: what one of them decides about people holds at the other within a second.
#include <chrono>
#include <iostream>

#include "tests/integration/replicas/replicas_fixture.hpp"
#include "window.hpp"

namespace berth::server::testing {
namespace {

using namespace std::chrono_literals;
using test::at_once;
using test::call;
using test::closing_reason;
using test::hello;

constexpr auto patience = 20s;

class SharingReplicas : public ::testing::Test {
 protected:
  void SetUp() override {
    first_ = std::make_unique<ReplicaProcess>(place_, "first");
    second_ = std::make_unique<ReplicaProcess>(place_, "second");
    ann_ = first_->register_account("ann@example.org");
    bob_ = second_->register_account("bob@example.org");
    bobs_account_ = json_of(second_->call("GET", "/me", bob_)).at("id");
    id_ = json_of(first_->call("POST", "/workspaces", ann_, {{"name", "Test"}, {"template_id", "empty"}}))
              .at("id");
    ASSERT_TRUE(becomes("running"));
  }
  void TearDown() override {
    if (!HasFailure()) return;
    for (const auto* server : {first_.get(), second_.get()})
      if (server) std::cerr << "--- a server's log\n" << server->log();
  }
  bool becomes(const std::string& wanted) {
    return eventually(
        [&] { return json_of(first_->call("GET", "/workspaces/" + id_, ann_)).at("state") == wanted; },
        patience);
  }
  std::string members() const { return "/workspaces/" + id_ + "/members"; }
  void share(const ReplicaProcess& by, const std::string& role) {
    json_of(by.call("POST", members(), ann_, {{"email", "bob@example.org"}, {"role", role}}));
  }

  SharedPlace place_;
  std::unique_ptr<ReplicaProcess> first_, second_;
  std::string ann_, bob_, bobs_account_, id_;
};

TEST_F(SharingReplicas, WhoIsTakenOutAtOneLosesTheTerminalAtTheOther) {
  share(*second_, "editor");
  for (const auto& [by, at] :
       {std::pair(second_.get(), first_.get()), std::pair(first_.get(), second_.get())}) {
    auto window = at->connect(id_, bob_), owners = at->connect(id_, ann_);
    EXPECT_EQ(hello(window).at("role"), "editor");
    hello(owners);
    call(window, "terminal/open", {{"columns", 80}, {"rows", 24}, {"command", "cat"}});
    ASSERT_EQ(by->call("DELETE", members() + "/" + bobs_account_, ann_).status, 200);
    EXPECT_EQ(closing_reason(window, at_once), "You are not a member of this workspace any more.");
    EXPECT_NO_THROW(call(owners, "session/ping", Json::object()));
    for (const auto* server : {first_.get(), second_.get()}) {
      EXPECT_EQ(server->call("GET", "/workspaces/" + id_, bob_).status, 404);
      EXPECT_EQ(server->call("POST", "/workspaces/" + id_ + "/stop", bob_).status, 404);
      EXPECT_THROW(server->connect(id_, bob_), std::runtime_error);
    }
    share(*at, "editor");
  }
}

TEST_F(SharingReplicas, ANewRoleHoldsEverywhere) {
  share(*first_, "editor");
  auto at_first = first_->connect(id_, bob_), at_second = second_->connect(id_, bob_);
  hello(at_first);
  hello(at_second);
  ASSERT_EQ(second_->call("PATCH", members() + "/" + bobs_account_, ann_, {{"role", "viewer"}}).status, 200);
  EXPECT_EQ(closing_reason(at_first, at_once), "Your role in this workspace changed.");
  EXPECT_EQ(closing_reason(at_second, at_once), "Your role in this workspace changed.");
  for (const auto* server : {first_.get(), second_.get()}) {
    auto again = server->connect(id_, bob_);
    EXPECT_EQ(hello(again).at("role"), "viewer");
    EXPECT_EQ(server->call("POST", "/workspaces/" + id_ + "/stop", bob_).status, 403);
    EXPECT_EQ(json_of(server->call("GET", "/workspaces/" + id_, bob_)).at("role"), "viewer");
    EXPECT_EQ(json_of(server->call("GET", "/workspaces", bob_)).at("workspaces").size(), 1u);
  }
}

TEST_F(SharingReplicas, LinksAndThePublicProjectAreThoseOfAll) {
  const auto made =
      json_of(first_->call("POST", "/workspaces/" + id_ + "/links", ann_, {{"role", "editor"}}));
  const std::string url = made.at("url");
  const auto joined = second_->call("POST", "/join", bob_, {{"token", url.substr(url.find("token=") + 6)}});
  ASSERT_EQ(joined.status, 200) << joined.body;
  EXPECT_EQ(json_of(joined).at("role"), "editor");
  ASSERT_EQ(
      second_->call("PUT", "/workspaces/" + id_ + "/file?path=project/a.txt", bob_, Json("by bob")).status,
      200);
  ASSERT_EQ(first_->call("POST", "/workspaces/" + id_ + "/versions", bob_, {{"name", "Kept"}}).status, 200);
  const std::string shown =
      json_of(second_->call("PUT", "/workspaces/" + id_ + "/public", ann_, {{"enabled", true}})).at("url");
  const auto token = shown.substr(shown.find("/public/") + 8);
  for (const auto* server : {first_.get(), second_.get()}) {
    const auto file = server->call("GET", "/public/" + token + "/file?path=project/a.txt", {});
    EXPECT_EQ(file.status, 200);
    EXPECT_EQ(file.body, "by bob");
  }
  ASSERT_EQ(first_->call("PUT", "/workspaces/" + id_ + "/public", ann_, {{"enabled", false}}).status, 200);
  EXPECT_EQ(second_->call("GET", "/public/" + token, {}).status, 404);
}

TEST_F(SharingReplicas, AWorkspaceIsHandedOverThroughTheServerThatDoesNotHoldIt) {
  share(*first_, "viewer");
  ASSERT_EQ(first_->call("PUT", "/workspaces/" + id_ + "/file?path=project/a.txt", ann_, Json("kept")).status,
            200);
  EXPECT_EQ(
      second_->call("POST", "/workspaces/" + id_ + "/transfer", ann_, {{"account", bobs_account_}}).status,
      412);
  ASSERT_EQ(second_->call("POST", "/workspaces/" + id_ + "/stop", ann_).status, 200);
  ASSERT_TRUE(becomes("stopped"));
  const auto done =
      second_->call("POST", "/workspaces/" + id_ + "/transfer", ann_, {{"account", bobs_account_}});
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(json_of(done).at("role"), "editor");
  EXPECT_EQ(place_.ask("SELECT COUNT(*) FROM versions WHERE workspace = '" + id_ + "' AND owner <> '" +
                       bobs_account_ + "'"),
            "0");
  for (const auto* server : {first_.get(), second_.get()}) {
    EXPECT_EQ(json_of(server->call("GET", "/workspaces/" + id_, bob_)).at("role"), "owner");
    EXPECT_EQ(json_of(server->call("GET", "/workspaces/" + id_, ann_)).at("role"), "editor");
    EXPECT_EQ(server->call("DELETE", "/workspaces/" + id_, ann_).status, 403);
  }
  // The home is lost, so that what it starts with comes from the new owner's objects.
  std::filesystem::remove_all(place_.workspaces() / id_);
  ASSERT_LT(second_->call("POST", "/workspaces/" + id_ + "/start", bob_).status, 300);
  ASSERT_TRUE(becomes("running"));
  EXPECT_EQ(second_->call("GET", "/workspaces/" + id_ + "/file?path=project/a.txt", ann_).body, "kept");
}

TEST_F(SharingReplicas, APortIsTakenBackAtTheOtherServerToo) {
  const auto ports = "/workspaces/" + id_ + "/ports";
  ASSERT_EQ(first_->call("PATCH", ports, ann_, {{"ports", {{"8123", "people"}}}}).status, 200);
  EXPECT_EQ(json_of(second_->call("GET", ports, ann_)).at("ports").at("8123"), "people");
  share(*first_, "viewer");
  EXPECT_EQ(second_->call("POST", "/workspaces/" + id_ + "/previews", bob_, {{"port", 8123}}).status, 200);
  ASSERT_EQ(first_->call("PATCH", ports, ann_, {{"ports", {{"8123", "private"}}}}).status, 200);
  EXPECT_EQ(second_->call("POST", "/workspaces/" + id_ + "/previews", bob_, {{"port", 8123}}).status, 403);
}

}  // namespace
}  // namespace berth::server::testing
