// SPDX-License-Identifier: GPL-3.0-or-later
// The table of role × route, decided here once more by hand, and tried at a real server by everybody.
#include <map>

#include "protocol/schema.hpp"
#include "shared_workspace.hpp"

namespace berth::test {
namespace {

using protocol::Json;
using protocol::Role;

struct RouteTry {
  Role needed = Role::owner;
  Json body = {};
  std::string query = {};
};

/// A new route about a workspace is a line here.
const std::map<std::string, RouteTry> needed_for = {
    {"GetWorkspace", {Role::viewer}},
    {"CreatePreview", {Role::viewer, {{"port", 8123}}}},  // of a port that is shown to people
    {"ListFiles", {Role::viewer}},
    {"GetFile", {Role::viewer, {}, "?path=project/a.txt"}},
    {"ListVersions", {Role::viewer}},
    {"ListVersionChanges", {Role::viewer}},
    {"ListVersionFiles", {Role::viewer}},
    {"GetVersionFile", {Role::viewer, {}, "?path=project/a.txt"}},
    {"GetArchive", {Role::viewer, {}, "?format=zip"}},
    {"ListMembers", {Role::viewer}},
    {"RemoveMember", {Role::viewer}},  // oneself
    {"GetPorts", {Role::viewer}},
    {"StartWorkspace", {Role::editor}},
    {"StopWorkspace", {Role::editor}},
    {"StayWorkspace", {Role::editor}},
    {"PutFile", {Role::editor, "text", "?path=project/a.txt"}},
    {"DeleteFile", {Role::editor, {}, "?path=project/nothing"}},
    {"CreateVersion", {Role::editor, {{"name", "Named"}}}},
    {"UpdateVersion", {Role::editor, {{"name", "Other"}}}},
    {"RestoreVersion", {Role::editor, Json::object()}},
    {"UpdateWorkspace", {Role::owner, {{"name", "Renamed"}}}},
    {"AddMember", {Role::owner, {{"email", "somebody@example.test"}, {"role", "viewer"}}}},
    {"UpdateMember", {Role::owner, {{"role", "viewer"}}}},
    {"DeleteInvitation", {Role::owner}},
    {"CreateLink", {Role::owner, {{"role", "viewer"}}}},
    {"DeleteLink", {Role::owner}},
    {"TransferWorkspace", {Role::owner, {{"account", "nobody"}}}},
    {"SetPublic", {Role::owner, {{"enabled", false}}}},
    {"UpdatePorts", {Role::owner, {{"ports", Json::object()}}}},
    {"CreatePortLink", {Role::owner, Json::object()}},
    {"DeleteWorkspace", {Role::owner}},
    {"GetOwnWorkspaceLog", {Role::owner}},
};

bool about_a_workspace(const protocol::schema::Route& route) {
  return route.path.starts_with("/api/v1/workspaces/{id}");
}

class RoleRoutes : public SharedWorkspaceTest {
 protected:
  static Reply ask(const protocol::schema::Route& route, const std::string& id, const Person& who) {
    const auto& attempt = needed_for.at(route.name);
    std::string path;
    for (std::size_t at = 0; at < route.path.size();) {
      const auto open = route.path.find('{', at);
      path += route.path.substr(at, open - at);
      if (open == route.path.npos) break;
      const auto close = route.path.find('}', open);
      const auto name = route.path.substr(open + 1, close - open - 1);
      path += name == "id"                              ? id
              : name == "port"                          ? "8123"
              : name == "account" && !who.token.empty() ? account_of(who)
                                                        : "aaaaaaaaaa";
      at = close + 1;
    }
    Fields fields{{"Host", server().host()}, {"Berth-Client", "native"}};
    if (!who.token.empty()) fields.emplace_back("Authorization", "Bearer " + who.token);
    const bool raw = attempt.body.is_string();
    if (!attempt.body.is_null() && !raw) fields.emplace_back("Content-Type", "application/json");
    return fetch(server().port(), route.method, path + attempt.query, fields,
                 raw                      ? attempt.body.get<std::string>()
                 : attempt.body.is_null() ? ""
                                          : attempt.body.dump());
  }
  /// Stopped, with an editor, a viewer and a port that viewers may see.
  static std::string make_shared() {
    const auto id = make_stopped(owner());
    share(id, "editor", "editor");
    share(id, "viewer", "viewer");
    const auto shown =
        api("PATCH", "/workspaces/" + id + "/ports", owner(), {{"ports", {{"8123", "people"}}}});
    if (shown.status != 200) throw std::runtime_error(shown.body);
    return id;
  }
};

TEST_F(RoleRoutes, EveryRouteAboutAWorkspaceIsInTheTable) {
  std::size_t decided = 0;
  for (const auto& route : protocol::schema::describe().routes) {
    if (!about_a_workspace(route)) continue;
    EXPECT_TRUE(needed_for.contains(route.name)) << route.name << ": decide here who may call it";
    EXPECT_NE(route.access, "anyone") << route.name;
    ++decided;
  }
  EXPECT_EQ(decided, needed_for.size()) << "the table names a route that there is not";
}

TEST_F(RoleRoutes, EverybodyGetsWhatTheRoleAllowsAndNothingElse) {
  const std::pair<Role, const Person*> people[] = {
      {Role::viewer, &viewer()}, {Role::editor, &editor()}, {Role::owner, &owner()}};
  const Person nobody;
  for (const auto& [role, person] : people) {
    const auto id = make_shared();
    std::vector<protocol::schema::Route> last;  // those after which it is not what it was
    const auto judge = [&](const protocol::schema::Route& route) {
      const auto reply = ask(route, id, *person);
      const auto said = route.name + " as " + std::to_string(static_cast<int>(role)) + ": " + reply.body;
      EXPECT_NE(reply.status, 401) << said;
      EXPECT_NE(message_of(reply), "There is no such workspace.") << said;
      if (role < needed_for.at(route.name).needed) {
        EXPECT_EQ(reply.status, 403) << said;
        EXPECT_EQ(message_of(reply), "Your role in this workspace does not allow this.") << said;
      } else {
        // That it lets them in, not that it works: some name a version or a person that there is not.
        EXPECT_NE(reply.status, 403) << said;
        EXPECT_NE(reply.status, 500) << said;
      }
    };
    for (const auto& route : protocol::schema::describe().routes) {
      if (!about_a_workspace(route) || !needed_for.contains(route.name)) continue;
      const auto by_nobody = ask(route, id, nobody);
      EXPECT_EQ(by_nobody.status, 401) << route.name << by_nobody.body;
      const auto by_stranger = ask(route, id, stranger());
      EXPECT_EQ(by_stranger.status, 404) << route.name << by_stranger.body;
      EXPECT_EQ(message_of(by_stranger), "There is no such workspace.") << route.name;
      if (route.name == "DeleteWorkspace" || route.name == "RemoveMember")
        last.push_back(route);
      else
        judge(route);
    }
    ASSERT_EQ(last.size(), 2u);
    std::ranges::sort(last, {}, &protocol::schema::Route::name);  // deleting comes first: others may not
    if (role == Role::owner) std::ranges::reverse(last);
    for (const auto& route : last) judge(route);
  }
}

TEST_F(RoleRoutes, AnUnknownWorkspaceAndAStrangersAreAnsweredAlike) {
  for (const auto& route : protocol::schema::describe().routes) {
    if (!about_a_workspace(route) || !needed_for.contains(route.name)) continue;
    const auto unknown = ask(route, "aaaaaaaaaa", stranger()), others = ask(route, workspace(), stranger());
    EXPECT_EQ(unknown.status, others.status) << route.name;
    EXPECT_EQ(unknown.body, others.body) << route.name;
  }
}

TEST_F(RoleRoutes, WindowsAreForMembersAlone) {
  for (const auto* person : {&viewer(), &editor(), &owner()}) {
    auto window = connect(*person, workspace());
    EXPECT_TRUE(hello(window).contains("role"));
  }
  EXPECT_THROW(connect(stranger(), workspace()), std::runtime_error);
  auto window = connect(viewer(), workspace());
  EXPECT_EQ(hello(window).at("role"), "viewer");
}

}  // namespace
}  // namespace berth::test
