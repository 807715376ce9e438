// SPDX-License-Identifier: GPL-3.0-or-later
// What administrators set for everybody, at a real server: settings, templates' images, how long the audit
// log is kept; and what they see of what workspaces take.
#include "server/administration_store.hpp"
#include "server/clock.hpp"
#include "server/stores/sqlite_store.hpp"
#include "tests/integration/gateway/gateway_fixture.hpp"
#include "tests/integration/server/berthd_process.hpp"

namespace berth::test {
namespace {

using protocol::Json;
using namespace std::chrono_literals;

class Installation : public GatewayTest {
 protected:
  static Json read_json(const Reply& reply) {
    auto json = protocol::parse_json(reply.body);
    return json ? *json : Json::object();
  }
  static Json set(const Json& body) { return read_json(api("PATCH", "/settings", owner(), body)); }
  static int refused(const Json& body) { return api("PATCH", "/settings", owner(), body).status; }
  static Json audit_of(const std::string& action) {
    return read_json(api("GET", "/admin/audit?action=" + action, owner())).at("entries");
  }
  static Json template_named(const std::string& id) {
    const auto all = read_json(api("GET", "/admin/templates", owner()));
    for (const auto& one : all.at("templates"))
      if (one.at("id") == id) return one;
    return {};
  }
  static std::string templates() { return (server().data_folder().parent_path() / "templates").string(); }
  static server::testing::Ended command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "admin");
    arguments.insert(arguments.end(), {"--data", server().data_folder().string(), "--user", "root"});
    return server::testing::run_berthd(arguments);
  }
};

TEST_F(Installation, SettingsAreKeptAndOutOfRangeOnesRefused) {
  const auto before = read_json(api("GET", "/settings", owner()));
  EXPECT_EQ(before.at("password_sign_in"), true);
  EXPECT_EQ(before.at("workspaces_per_team"), 50);
  EXPECT_EQ(before.at("running_per_team"), 10);
  EXPECT_EQ(before.at("teams_per_account"), 5);
  EXPECT_EQ(before.at("audit_days"), 0);
  const Json wanted{{"workspaces_per_team", 7},
                    {"running_per_team", 3},
                    {"storage_per_team", 1'000'000},
                    {"teams_per_account", 0},
                    {"audit_days", 365}};
  const auto changed = set(wanted);
  for (const auto& [name, value] : wanted.items()) EXPECT_EQ(changed.at(name), value) << name;
  EXPECT_EQ(read_json(api("GET", "/settings", owner())), changed);
  EXPECT_EQ(changed.at("workspaces_per_account"), before.at("workspaces_per_account"));
  for (const auto* field :
       {"workspaces_per_team", "running_per_team", "storage_per_team", "teams_per_account", "audit_days"}) {
    EXPECT_EQ(refused({{field, -1}}), 400) << field;
    EXPECT_EQ(refused({{field, std::int64_t{1} << 60}}), 400) << field;
    EXPECT_EQ(refused({{field, "many"}}), 400) << field;
  }
  EXPECT_EQ(refused({{"audit_days", 29}}), 400) << "whoever gets in could hide what he did";
  EXPECT_EQ(refused({{"password_sign_in", false}}), 412) << "there is no provider";
  EXPECT_EQ(read_json(api("GET", "/settings", owner())), changed) << "of what is refused nothing holds";
  Json back = before;
  back.erase("registration_domains");
  EXPECT_EQ(set(back), before);
}

TEST_F(Installation, ATemplatesImageIsChosenAndGivenBack) {
  const auto choose = [](const Json& image) {
    return api("PATCH", "/admin/templates/empty", owner(), {{"image", image}});
  };
  EXPECT_EQ(template_named("empty").at("image_is_set"), false);
  for (const auto* odd : {"../outside", "A b", "http://example.org/x", "example.org/x:", "-x"})
    EXPECT_EQ(choose(odd).status, 400) << odd;
  EXPECT_GE(choose("missing:1").status, 400) << "where workspaces could not start in it";
  EXPECT_EQ(template_named("empty").at("image_is_set"), false);
  const auto chosen = choose("example.org/team/tool:2");
  ASSERT_EQ(chosen.status, 200) << chosen.body;
  EXPECT_EQ(read_json(chosen).at("image"), "example.org/team/tool:2");
  EXPECT_EQ(template_named("empty").at("image_is_set"), true);
  EXPECT_EQ(template_named("empty").at("enabled"), true) << "what is not said stays";
  EXPECT_EQ(audit_of("UpdateTemplate").at(0).at("data").at("image"), "example.org/team/tool:2");
  EXPECT_EQ(read_json(choose("")).at("image_is_set"), false);

  const auto by_command =
      command({"templates", "image", "empty", "example.org/team/tool:3", "--templates", templates()});
  ASSERT_EQ(by_command.status, 0) << by_command.output;
  EXPECT_TRUE(
      eventually([] { return template_named("empty").at("image") == "example.org/team/tool:3"; }, 20s));
  EXPECT_TRUE(command({"templates", "list", "--templates", templates()}).output.contains("tool:3"));
  EXPECT_EQ(command({"templates", "image", "empty", "no image", "--templates", templates()}).status, 1);
  EXPECT_EQ(command({"templates", "image", "nothing", "a:1", "--templates", templates()}).status, 1);
  EXPECT_EQ(command({"templates", "image", "empty", "--templates", templates()}).status, 0);
  EXPECT_TRUE(eventually([] { return template_named("empty").at("image_is_set") == false; }, 20s));
}

TEST_F(Installation, WhatARunningWorkspaceTakesIsSeenByItsPeopleAndAdministrators) {
  const auto use = [](const Json& workspace) {
    return workspace.contains("use") && !workspace.at("use").is_null();
  };
  const auto mine = [] { return read_json(api("GET", "/workspaces/" + workspace(), owner())); };
  const auto seen = [] {
    return read_json(api("GET", "/admin/workspaces?query=" + workspace(), owner())).at("workspaces").at(0);
  };
  ASSERT_TRUE(eventually([&] { return use(mine()) && use(seen()); }, 60s)) << seen();
  EXPECT_GT(seen().at("use").at("memory"), 1'000'000) << "its runner at least";
  EXPECT_LT(seen().at("use").at("memory"), 4'000'000'000);
  EXPECT_GE(seen().at("use").at("processor"), 0);
  EXPECT_GE(seen().at("use").at("at"), seen().at("started"));
  const auto asleep = read_json(
      api("POST", "/workspaces", owner(), {{"name", "Asleep"}, {"template_id", "empty"}, {"start", false}}));
  EXPECT_FALSE(use(asleep));
  // A command has it from the database.
  server::testing::Ended listed;
  EXPECT_TRUE(eventually(
      [&] {
        listed = command({"workspaces", "use"});
        return listed.status == 0 && listed.output.contains(workspace());
      },
      60s))
      << listed.output;
  EXPECT_FALSE(listed.output.contains(asleep.at("id").get<std::string>()));
}

TEST_F(Installation, OldLinesOfTheAuditLogGoWhenThatIsSetAndTheLogSaysSo) {
  constexpr std::int64_t day = 86'400'000;
  const auto now = server::system_clock_now();
  auto store = server::open_sqlite_store(server().data_folder() / "berth.sqlite");
  ASSERT_TRUE(store);
  for (const auto age : {100, 40, 20})
    ASSERT_TRUE((*store)->audit().append({.id = {},
                                          .at = now - age * day,
                                          .actor = {},
                                          .actor_email = {},
                                          .by = protocol::rest::AuditMeans::command,
                                          .address = {},
                                          .action = "an old deed",
                                          .workspace = {},
                                          .target = std::to_string(age),
                                          .outcome = "done",
                                          .data = {}}));
  const auto left = [] { return audit_of("an+old+deed").size(); };
  EXPECT_EQ(left(), 3u);
  set({{"audit_days", 60}});
  ASSERT_TRUE(eventually([&] { return left() == 2; }, 20s));
  set({{"audit_days", 30}});
  ASSERT_TRUE(eventually([&] { return left() == 1; }, 20s));
  EXPECT_EQ(audit_of("an+old+deed").at(0).at("target"), "20");
  const auto told = audit_of("ShortenAudit");
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told.at(0).at("by"), "system");
  EXPECT_EQ(told.at(0).at("data").at("lines"), "1");
  EXPECT_EQ(told.at(0).at("data").at("audit_days"), "30");
  EXPECT_GE(audit_of("UpdateSettings").size(), 2u) << "who set it is told";
  set({{"audit_days", 0}});
}

}  // namespace
}  // namespace berth::test
