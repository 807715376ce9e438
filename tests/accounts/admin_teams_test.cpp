// SPDX-License-Identifier: GPL-3.0-or-later
// `berthd admin teams` beside a running server.
#include "shared_workspace.hpp"
#include "tests/integration/server/berthd_process.hpp"

namespace berth::test {
namespace {

using protocol::Json;

class AdminTeams : public SharedWorkspaceTest {
 protected:
  static server::testing::Ended command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"admin", "teams"});
    arguments.insert(arguments.end(), {"--data", server().data_folder().string(), "--user", "root"});
    return server::testing::run_berthd(arguments);
  }
  static std::string make_team(const std::string& name) {
    return parsed(api("POST", "/teams", viewer(), {{"name", name}})).at("id");
  }
};

TEST_F(AdminTeams, AreShownAndFoundByNameOrId) {
  const auto id = make_team("Seen by commands");
  const auto listed = command({"list", "by commands"});
  EXPECT_EQ(listed.status, 0) << listed.output;
  EXPECT_TRUE(listed.output.contains("Seen by commands")) << listed.output;
  EXPECT_TRUE(listed.output.contains(id));
  EXPECT_FALSE(listed.output.contains("owner@example.test")) << "people are no teams";
  for (const auto& subject : {std::string("Seen by commands"), id}) {
    const auto shown = command({"show", subject});
    EXPECT_EQ(shown.status, 0) << shown.output;
    EXPECT_TRUE(shown.output.contains("viewer@example.test")) << shown.output;
    EXPECT_TRUE(shown.output.contains("owner"));
  }
  EXPECT_NE(command({"show", "nothing"}).status, 0);
  EXPECT_NE(command({"show", "viewer@example.test"}).status, 0);
  make_team("Seen by commands");
  const auto two = command({"disable", "Seen by commands"});
  EXPECT_NE(two.status, 0) << "which of the two?";
  EXPECT_TRUE(two.output.contains("by its id")) << two.output;
}

TEST_F(AdminTeams, AreDisabledEnabledAndGetTheirQuota) {
  const auto id = make_team("Changed by commands");
  const auto make = [&] {
    return api("POST", "/workspaces", viewer(),
               {{"name", "x"}, {"template_id", "empty"}, {"start", false}, {"team", id}})
        .status;
  };
  EXPECT_EQ(make(), 200);
  EXPECT_EQ(command({"disable", id}).status, 0);
  EXPECT_EQ(make(), 403);
  EXPECT_TRUE(parsed(api("GET", "/teams/" + id, viewer())).at("team").at("disabled"));
  EXPECT_EQ(command({"enable", id}).status, 0);
  EXPECT_EQ(command({"quota", id, "--workspaces", "1"}).status, 0);
  EXPECT_EQ(make(), 429);
  EXPECT_EQ(command({"quota", id, "--workspaces", "default"}).status, 0);
  EXPECT_EQ(make(), 200);
  EXPECT_NE(command({"quota", id, "--workspaces", "many"}).status, 0);
  const auto as_account = server::testing::run_berthd(
      {"admin", "accounts", "promote", id, "--data", server().data_folder().string(), "--user", "root"});
  EXPECT_NE(as_account.status, 0) << "a team is no account of a person";
}

TEST_F(AdminTeams, GetAnOwnerWhenTheirsHaveGone) {
  const auto id = make_team("Orphaned");
  EXPECT_EQ(api("GET", "/teams/" + id, editor()).status, 404);
  const auto added = command({"add-owner", id, "Editor@example.test"});
  EXPECT_EQ(added.status, 0) << added.output;
  EXPECT_EQ(parsed(api("GET", "/teams/" + id, editor())).at("team").at("role"), "owner");
  EXPECT_EQ(command({"add-owner", id, "editor@example.test"}).status, 0) << "twice does no harm";
  EXPECT_NE(command({"add-owner", id, "nobody@example.test"}).status, 0);
  const auto lines =
      parsed(api("GET", "/admin/audit?action=admin%20teams%20add-owner", owner())).at("entries");
  ASSERT_EQ(lines.size(), 3u) << "refusals as well";
  EXPECT_EQ(lines.at(2).at("target"), id);
  EXPECT_EQ(lines.at(2).at("data").at("email"), "editor@example.test");
  EXPECT_EQ(lines.at(0).at("outcome"), "not_found");
}

}  // namespace
}  // namespace berth::test
