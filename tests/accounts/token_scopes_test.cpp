// SPDX-License-Identifier: GPL-3.0-or-later
// The table of route × scope: what each route asks of a personal access token, decided here once more by
// hand, and tried at a real server with a token of each scope.
#include <map>

#include "protocol/schema.hpp"
#include "tests/integration/gateway/gateway_fixture.hpp"

namespace berth::test {
namespace {

using protocol::Json;

constexpr const char* nobody = "";  // a person who signed in, and no token

/// A new route is a line here.
const std::map<std::string, std::string> needed = {
    {"SignOut", nobody},
    {"SignOutEverywhere", nobody},
    {"GetMe", "account_read"},
    {"UpdateMe", "account_write"},
    {"ChangePassword", nobody},
    {"GetSettings", "admin"},
    {"UpdateSettings", "admin"},
    {"ListTemplates", "workspaces_read"},
    {"ListWorkspaces", "workspaces_read"},
    {"CreateWorkspace", "workspaces_write"},
    {"GetWorkspace", "workspaces_read"},
    {"UpdateWorkspace", "workspaces_write"},
    {"DeleteWorkspace", "workspaces_write"},
    {"StartWorkspace", "workspaces_write"},
    {"StopWorkspace", "workspaces_write"},
    {"StayWorkspace", "workspaces_write"},
    {"CreatePreview", "connect"},
    {"ListFiles", "workspaces_read"},
    {"GetFile", "workspaces_read"},
    {"PutFile", "workspaces_write"},
    {"DeleteFile", "workspaces_write"},
    {"ListVersions", "workspaces_read"},
    {"CreateVersion", "workspaces_write"},
    {"UpdateVersion", "workspaces_write"},
    {"ListVersionChanges", "workspaces_read"},
    {"ListVersionFiles", "workspaces_read"},
    {"GetVersionFile", "workspaces_read"},
    {"RestoreVersion", "workspaces_write"},
    {"GetArchive", "workspaces_read"},
    {"ImportWorkspace", "workspaces_write"},
    {"GetStorage", "workspaces_read"},
    {"ListSignIns", "account_read"},
    {"EndSignIn", nobody},
    {"ListTokens", "account_read"},
    {"CreateToken", nobody},
    {"DeleteToken", nobody},
    {"GetSecondFactor", "account_read"},
    {"BeginSecondFactor", nobody},
    {"ConfirmSecondFactor", nobody},
    {"DisableSecondFactor", nobody},
    {"RenewRecoveryCodes", nobody},
    {"GetPreferences", "account_read"},
    {"UpdatePreferences", "account_write"},
    {"ListMembers", "workspaces_read"},
    {"AddMember", "workspaces_write"},
    {"UpdateMember", "workspaces_write"},
    {"RemoveMember", "workspaces_write"},
    {"DeleteInvitation", "workspaces_write"},
    {"CreateLink", "workspaces_write"},
    {"DeleteLink", "workspaces_write"},
    {"Join", "workspaces_write"},
    {"TransferWorkspace", "workspaces_write"},
    {"SetPublic", "workspaces_write"},
    {"GetPorts", "workspaces_read"},
    {"UpdatePorts", "workspaces_write"},
    {"CreatePortLink", "workspaces_write"},
    {"ListTeams", "workspaces_read"},
    {"CreateTeam", "account_write"},
    {"GetTeam", "workspaces_read"},
    {"UpdateTeam", "account_write"},
    {"DeleteTeam", nobody},
    {"ListTeamMembers", "workspaces_read"},
    {"AddTeamMember", "account_write"},
    {"UpdateTeamMember", "account_write"},
    {"RemoveTeamMember", "account_write"},
    {"DeleteTeamInvitation", "account_write"},
    {"JoinTeam", "account_write"},
    {"ListTeamTemplates", "workspaces_read"},
    {"PutTeamTemplate", "workspaces_write"},
    {"DeleteTeamTemplate", "workspaces_write"},
    {"SendVerification", "account_write"},
    {"ListIdentities", "account_read"},
    {"BeginIdentity", nobody},
    {"DeleteIdentity", nobody},
    {"GetNativeRequest", nobody},
    {"AnswerNativeRequest", nobody},
    {"GetDeviceRequest", nobody},
    {"AnswerDeviceRequest", nobody},
    {"ListAudit", "admin"},
    {"ExportAudit", "admin"},
    {"ListAccounts", "admin"},
    {"UpdateAccount", "admin"},
    {"ResetAccount", nobody},
    {"Impersonate", nobody},
    {"EndImpersonation", nobody},
    {"ListAllWorkspaces", "admin"},
    {"StopAnyWorkspace", "admin"},
    {"GetWorkspaceLog", "admin"},
    {"GetOwnWorkspaceLog", "workspaces_read"},
    {"ListAllTemplates", "admin"},
    {"UpdateTemplate", "admin"},
    {"ListProviders", "admin"},
    {"PutProvider", nobody},
    {"DeleteProvider", nobody},
    {"GetLoad", "admin"},
};

const std::vector<std::string> every_scope = {"account_read",     "account_write", "workspaces_read",
                                              "workspaces_write", "connect",       "admin"};

bool enough(const std::string& scope, const std::string& wanted) {
  return !wanted.empty() && (scope == wanted || (scope == "account_write" && wanted == "account_read") ||
                             (scope == "workspaces_write" && wanted == "workspaces_read"));
}

class TokenScopes : public GatewayTest {
 protected:
  static Person token_of(const std::string& scope) {
    const auto made = api("POST", "/me/tokens", owner(), {{"name", scope}, {"scopes", {scope}}});
    if (made.status != 200) throw std::runtime_error(made.body);
    return {{}, protocol::parse_json(made.body)->at("secret")};
  }
  /// With ids that name nothing.
  static std::string target(const protocol::schema::Route& route) {
    std::string path;
    for (std::size_t at = 0; at < route.path.size();) {
      const auto open = route.path.find('{', at);
      path += route.path.substr(at, open - at);
      if (open == route.path.npos) break;
      path += "aaaaaaaaaa";
      at = route.path.find('}', open) + 1;
    }
    return path;
  }
  static Reply ask(const protocol::schema::Route& route, const Person& who) {
    Fields fields{{"Host", server().host()}, {"Authorization", "Bearer " + who.token}};
    if (route.method != "GET") fields.emplace_back("Content-Type", "application/json");
    return fetch(server().port(), route.method, target(route), fields, route.method == "GET" ? "" : "{}");
  }
  /// What the refusal says was lacking: a scope, "sign in", or nothing, when it was no refusal of a token.
  static std::string lacking(const Reply& reply) {
    if (reply.status != 403) return {};
    const auto error = protocol::parse_json(reply.body)->at("error");
    if (error.at("data").contains("scope")) return error.at("data").at("scope");
    return error.at("message").get<std::string>().contains("personal access token") ? "sign in" : "";
  }
};

TEST_F(TokenScopes, EveryRouteAsksForWhatTheTableSays) {
  const auto routes = protocol::schema::describe().routes;
  std::size_t decided = 0;
  for (const auto& route : routes) {
    if (route.access == "anyone") {
      EXPECT_FALSE(needed.contains(route.name)) << route.name;
      continue;
    }
    ASSERT_TRUE(needed.contains(route.name)) << route.name << ": decide here what a token needs for it";
    EXPECT_EQ(route.scope, needed.at(route.name)) << route.name;
    EXPECT_TRUE(route.access != "administrator" || route.scope == "admin" || route.scope.empty())
        << route.name;
    ++decided;
  }
  EXPECT_EQ(decided, needed.size()) << "the table names a route that there is not";
}

TEST_F(TokenScopes, ATokenGetsWhereItsScopeSaysAndNowhereElse) {
  const auto routes = protocol::schema::describe().routes;
  for (const auto& scope : every_scope) {
    const auto token = token_of(scope);
    for (const auto& route : routes) {
      if (route.access == "anyone") continue;
      const auto reply = ask(route, token);
      EXPECT_NE(reply.status, 401) << route.name;
      EXPECT_LT(reply.status, 500) << route.name << reply.body;
      const auto& wanted = route.scope;
      if (enough(scope, wanted))
        EXPECT_EQ(lacking(reply), "") << scope << " for " << route.name << ": " << reply.body;
      else
        EXPECT_EQ(lacking(reply), wanted.empty() ? "sign in" : wanted)
            << scope << " for " << route.name << ": " << reply.status << reply.body;
    }
  }
}

TEST_F(TokenScopes, TheScopeOfAnAdministratorIsNothingToOthers) {
  const auto refused =
      api("POST", "/me/tokens", stranger(), {{"name", "x"}, {"scopes", {"admin", "account_read"}}});
  EXPECT_EQ(refused.status, 403) << refused.body;
}

TEST_F(TokenScopes, TheFiguresAreForAdministratorsTokens) {
  const auto ask = [](const std::string& scope) {
    return fetch(server().port(), "GET", "/metrics",
                 {{"Host", server().host()},
                  {"X-Forwarded-For", "192.0.2.1"},
                  {"Authorization", "Bearer " + token_of(scope).token}})
        .status;
  };
  EXPECT_EQ(ask("admin"), 200);
  EXPECT_EQ(ask("account_read"), 403);
}

}  // namespace
}  // namespace berth::test
