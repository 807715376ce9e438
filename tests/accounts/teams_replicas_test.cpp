// SPDX-License-Identifier: GPL-3.0-or-later
// Teams at two servers on one PostgreSQL: what one of them decides about a member holds at the other within
// a second, and the quota is one.
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

class TeamsReplicas : public ::testing::Test {
 protected:
  void SetUp() override {
    first_ = std::make_unique<ReplicaProcess>(place_, "first");
    second_ = std::make_unique<ReplicaProcess>(place_, "second");
    ann_ = first_->register_account("ann@example.org");
    bob_ = second_->register_account("bob@example.org");
    bobs_account_ = json_of(second_->call("GET", "/me", bob_)).at("id");
    team_ = json_of(first_->call("POST", "/teams", ann_, {{"name", "Crew"}})).at("id");
    id_ = json_of(first_->call("POST", "/workspaces", ann_,
                               {{"name", "Test"}, {"template_id", "empty"}, {"team", team_}}))
              .at("id");
    ASSERT_TRUE(eventually(
        [&] { return json_of(first_->call("GET", "/workspaces/" + id_, ann_)).at("state") == "running"; },
        20s));
  }
  void TearDown() override {
    if (!HasFailure()) return;
    for (const auto* server : {first_.get(), second_.get()})
      if (server) std::cerr << "--- a server's log\n" << server->log();
  }
  std::string members() const { return "/teams/" + team_ + "/members"; }
  void add(const ReplicaProcess& by, const std::string& role) {
    json_of(by.call("POST", members(), ann_, {{"email", "bob@example.org"}, {"role", role}}));
  }

  SharedPlace place_;
  std::unique_ptr<ReplicaProcess> first_, second_;
  std::string ann_, bob_, bobs_account_, team_, id_;
};

TEST_F(TeamsReplicas, WhoIsTakenOutOfATeamAtOneLosesTheTerminalAtTheOther) {
  add(*second_, "editor");
  for (const auto& [by, at] :
       {std::pair(second_.get(), first_.get()), std::pair(first_.get(), second_.get())}) {
    auto window = at->connect(id_, bob_), owners = at->connect(id_, ann_);
    EXPECT_EQ(hello(window).at("role"), "editor");
    hello(owners);
    call(window, "terminal/open", {{"columns", 80}, {"rows", 24}, {"command", "cat"}});
    ASSERT_EQ(by->call("DELETE", members() + "/" + bobs_account_, ann_).status, 200);
    EXPECT_EQ(closing_reason(window, at_once), "You are not a member of this team any more.");
    EXPECT_NO_THROW(call(owners, "session/ping", Json::object()));
    for (const auto* server : {first_.get(), second_.get()}) {
      EXPECT_EQ(server->call("GET", "/workspaces/" + id_, bob_).status, 404);
      EXPECT_EQ(server->call("GET", "/teams/" + team_, bob_).status, 404);
      EXPECT_TRUE(json_of(server->call("GET", "/workspaces", bob_)).at("workspaces").empty());
      EXPECT_THROW(server->connect(id_, bob_), std::runtime_error);
    }
    add(*at, "editor");
  }
}

TEST_F(TeamsReplicas, ANewRoleInATeamHoldsEverywhere) {
  add(*first_, "editor");
  auto at_first = first_->connect(id_, bob_), at_second = second_->connect(id_, bob_);
  hello(at_first);
  hello(at_second);
  ASSERT_EQ(second_->call("PATCH", members() + "/" + bobs_account_, ann_, {{"role", "viewer"}}).status, 200);
  EXPECT_EQ(closing_reason(at_first, at_once), "Your role in this team changed.");
  EXPECT_EQ(closing_reason(at_second, at_once), "Your role in this team changed.");
  for (const auto* server : {first_.get(), second_.get()}) {
    auto again = server->connect(id_, bob_);
    EXPECT_EQ(hello(again).at("role"), "viewer");
    EXPECT_EQ(server->call("POST", "/workspaces/" + id_ + "/stop", bob_).status, 403);
    EXPECT_EQ(json_of(server->call("GET", "/workspaces/" + id_, bob_)).at("role"), "viewer");
  }
}

TEST_F(TeamsReplicas, MembersAtEveryServerHaveOneQuota) {
  add(*first_, "editor");
  const std::string root = json_of(second_->call("POST", "/setup", {},
                                                 {{"token", first_->setup_token()},
                                                  {"email", "root@example.org"},
                                                  {"name", "Root"},
                                                  {"password", "a password of the root"}}))
                               .at("access_token");
  ASSERT_EQ(second_->call("PATCH", "/admin/accounts/" + team_, root, {{"quota", {{"workspaces", 3}}}}).status,
            200);
  const auto make = [&](const ReplicaProcess& at) {
    return at
        .call("POST", "/workspaces", bob_,
              {{"name", "Another"}, {"template_id", "empty"}, {"team", team_}, {"start", false}})
        .status;
  };
  EXPECT_EQ(make(*first_), 200);
  EXPECT_EQ(make(*second_), 200);
  EXPECT_EQ(make(*first_), 429);
  EXPECT_EQ(make(*second_), 429);
  const auto use = json_of(first_->call("GET", "/teams/" + team_, bob_)).at("use");
  EXPECT_EQ(use.at("workspaces"), 3);
  EXPECT_EQ(use.at("most_workspaces"), 3);
}

}  // namespace
}  // namespace berth::server::testing
