// SPDX-License-Identifier: GPL-3.0-or-later
// Teams: what their members may do, what ends it, what they have together.
#include <fstream>
#include <map>

#include "protocol/schema.hpp"
#include "shared_workspace.hpp"
#include "window.hpp"

namespace berth::test {
namespace {

using protocol::Json;
using protocol::Role;

constexpr const char* no_team = "There is no such team.";
constexpr const char* not_allowed = "Your role in this team does not allow this.";

struct TeamTry {
  Role needed = Role::owner;
  Json body = {};
};

/// Decided here once more by hand: a new route about a team is a line here.
const std::map<std::string, TeamTry> needed_in_team = {
    {"GetTeam", {Role::viewer}},
    {"ListTeamMembers", {Role::viewer}},
    {"ListTeamTemplates", {Role::viewer}},
    {"RemoveTeamMember", {Role::viewer}},  // oneself
    {"UpdateTeam", {Role::owner, {{"name", "Renamed"}}}},
    {"AddTeamMember", {Role::owner, {{"email", "somebody@example.test"}, {"role", "viewer"}}}},
    {"UpdateTeamMember", {Role::owner, {{"role", "viewer"}}}},
    {"DeleteTeamInvitation", {Role::owner}},
    {"PutTeamTemplate", {Role::owner, {{"name", "Start"}, {"description", ""}}}},
    {"DeleteTeamTemplate", {Role::owner}},
    {"DeleteTeam", {Role::owner}},
};

bool about_a_team(const protocol::schema::Route& route) {
  return route.path.starts_with("/api/v1/teams/{id}");
}

class TeamsTest : public SharedWorkspaceTest {
 protected:
  static void SetUpTestSuite() {
    SharedWorkspaceTest::SetUpTestSuite();
    captain_ = make_person("captain");
    mate_ = make_person("mate");
    guest_ = make_person("guest");
    team_ = make_team("Crew");
  }
  static const Person& captain() { return captain_; }  // owner
  static const Person& mate() { return mate_; }        // editor
  static const Person& guest() { return guest_; }      // viewer
  static const std::string& team() { return team_; }

  /// The captain's, with mate and guest in it.
  static std::string make_team(const std::string& name) {
    set("teams_per_account", 100);
    const std::string id = parsed(api("POST", "/teams", captain_, {{"name", name}})).at("id");
    join(id, "mate", "editor");
    join(id, "guest", "viewer");
    return id;
  }
  static void join(const std::string& id, const std::string& who, const std::string& role) {
    parsed(api("POST", "/teams/" + id + "/members", captain_, {{"email", address_of(who)}, {"role", role}}));
  }
  static void set(const std::string& setting, int value) {
    parsed(api("PATCH", "/settings", owner(), {{setting, value}}));
  }
  static Reply make_in(const Person& who, const std::string& in, bool start = false,
                       const Json& more = Json::object()) {
    Json body{{"name", "Of a team"}, {"template_id", "empty"}, {"start", start}, {"team", in}};
    body.update(more);
    return api("POST", "/workspaces", who, body);
  }
  static std::string member_of(const std::string& in, const Person& who) {
    return "/teams/" + in + "/members/" + account_of(who);
  }
  static std::string role_of(const Person& who, const std::string& id) {
    const auto seen = api("GET", "/workspaces/" + id, who);
    return seen.status == 200 ? parsed(seen).at("role").get<std::string>() : std::to_string(seen.status);
  }
  static bool becomes(const std::string& id, const Person& who, const std::string& state) {
    return eventually([&] { return parsed(api("GET", "/workspaces/" + id, who)).at("state") == state; },
                      std::chrono::seconds(30));
  }
  static bool lists(const Person& who, const std::string& id, const std::string& query = {}) {
    const auto seen = parsed(api("GET", "/workspaces" + query, who)).at("workspaces");
    return std::ranges::any_of(seen, [&](const Json& one) { return one.at("id") == id; });
  }
  static std::string letter_token() {
    std::ifstream file(server().data_folder().parent_path() / "berthd.log");
    const std::string text{std::istreambuf_iterator<char>(file), {}}, path = "/teams/join?token=";
    const auto at = text.rfind(path);
    if (at == text.npos) return {};
    const auto begin = at + path.size();
    return text.substr(begin, text.find_first_of(" \r\n\"\\", begin) - begin);
  }
  static Reply ask(const protocol::schema::Route& route, const std::string& id, const Person& who) {
    std::string path;
    for (std::size_t at = 0; at < route.path.size();) {
      const auto open = route.path.find('{', at);
      path += route.path.substr(at, open - at);
      if (open == route.path.npos) break;
      const auto close = route.path.find('}', open);
      const auto name = route.path.substr(open + 1, close - open - 1);
      path += name == "id" ? id : name == "account" && !who.token.empty() ? account_of(who) : "aaaaaaaaaa";
      at = close + 1;
    }
    Fields fields{{"Host", server().host()}, {"Berth-Client", "native"}};
    if (!who.token.empty()) fields.emplace_back("Authorization", "Bearer " + who.token);
    const auto& body = needed_in_team.at(route.name).body;
    if (!body.is_null()) fields.emplace_back("Content-Type", "application/json");
    return fetch(server().port(), route.method, path, fields, body.is_null() ? "" : body.dump());
  }

 private:
  static inline Person captain_, mate_, guest_;
  static inline std::string team_;
};

// ---- who may what

TEST_F(TeamsTest, EveryRouteAboutATeamIsInTheTable) {
  std::size_t decided = 0;
  for (const auto& route : protocol::schema::describe().routes) {
    if (!about_a_team(route)) continue;
    EXPECT_TRUE(needed_in_team.contains(route.name)) << route.name << ": decide here who may call it";
    EXPECT_EQ(route.access, "account") << route.name;
    ++decided;
  }
  EXPECT_EQ(decided, needed_in_team.size()) << "the table names a route that there is not";
}

TEST_F(TeamsTest, EverybodyGetsWhatTheRoleInTheTeamAllowsAndNothingElse) {
  const std::pair<Role, const Person*> people[] = {
      {Role::viewer, &guest()}, {Role::editor, &mate()}, {Role::owner, &captain()}};
  const Person nobody;
  for (const auto& [role, person] : people) {
    const auto id = make_team("Of the matrix");
    std::vector<protocol::schema::Route> last;  // those after which it is not what it was
    const auto judge = [&](const protocol::schema::Route& route) {
      const auto reply = ask(route, id, *person);
      const auto said = route.name + " as " + std::to_string(static_cast<int>(role)) + ": " + reply.body;
      EXPECT_NE(message_of(reply), no_team) << said;
      if (role < needed_in_team.at(route.name).needed) {
        EXPECT_EQ(reply.status, 403) << said;
        EXPECT_EQ(message_of(reply), not_allowed) << said;
      } else {
        EXPECT_NE(reply.status, 401) << said;
        EXPECT_NE(reply.status, 403) << said;
        EXPECT_LT(reply.status, 500) << said;
      }
    };
    for (const auto& route : protocol::schema::describe().routes) {
      if (!about_a_team(route) || !needed_in_team.contains(route.name)) continue;
      EXPECT_EQ(ask(route, id, nobody).status, 401) << route.name;
      const auto by_stranger = ask(route, id, stranger()), of_none = ask(route, "aaaaaaaaaa", stranger());
      EXPECT_EQ(by_stranger.status, 404) << route.name << by_stranger.body;
      EXPECT_EQ(by_stranger.body, of_none.body) << route.name << ": ids tell nothing";
      EXPECT_EQ(ask(route, account_of(*person), *person).status, 404) << route.name << ": a person is none";
      if (route.name == "DeleteTeam" || route.name == "RemoveTeamMember")
        last.push_back(route);
      else
        judge(route);
    }
    ASSERT_EQ(last.size(), 2u);
    std::ranges::sort(last, {}, &protocol::schema::Route::name);  // leaving comes last
    if (role == Role::owner) last.pop_back();                     // the last owner stays: of its own test
    for (const auto& route : last) judge(route);
  }
}

TEST_F(TeamsTest, ARoleInTheTeamIsOneInItsWorkspaces) {
  const auto made = parsed(make_in(mate(), team()));
  const std::string id = made.at("id");
  EXPECT_EQ(made.at("role"), "editor") << "the team's, not the maker's";
  EXPECT_EQ(made.at("owner").at("id"), team());
  EXPECT_TRUE(made.at("owner").at("team"));
  EXPECT_EQ(made.at("owner").at("email"), "");
  EXPECT_EQ(role_of(captain(), id), "owner");
  EXPECT_EQ(role_of(guest(), id), "viewer");
  EXPECT_EQ(role_of(stranger(), id), "404");
  for (const auto* person : {&captain(), &mate(), &guest()}) EXPECT_TRUE(lists(*person, id));
  EXPECT_TRUE(lists(guest(), id, "?owner=" + team()));
  EXPECT_FALSE(lists(guest(), id, "?owner=" + account_of(mate())));
  EXPECT_FALSE(lists(stranger(), id));
  EXPECT_EQ(api("POST", "/workspaces/" + id + "/start", guest()).status, 403);
  EXPECT_EQ(api("PATCH", "/workspaces/" + id, mate(), {{"name", "By the mate"}}).status, 403);
  EXPECT_EQ(api("PATCH", "/workspaces/" + id, captain(), {{"name", "By the captain"}}).status, 200);
  EXPECT_EQ(api("POST", "/workspaces/" + id + "/start", mate()).status, 200);
  ASSERT_TRUE(becomes(id, guest(), "running"));
  auto window = connect(guest(), id);
  EXPECT_EQ(hello(window).at("role"), "viewer");
  EXPECT_THROW(connect(stranger(), id), std::runtime_error);
  // The higher of both roles.
  ASSERT_EQ(api("POST", "/workspaces/" + id + "/members", captain(),
                {{"email", address_of("guest")}, {"role", "editor"}})
                .status,
            200);
  EXPECT_EQ(role_of(guest(), id), "editor");
  const auto people = parsed(api("GET", "/workspaces/" + id + "/members", guest())).at("members");
  EXPECT_EQ(people.at(0).at("account"), team());
  EXPECT_EQ(people.size(), 2u);
  EXPECT_EQ(api("DELETE", "/workspaces/" + id, mate()).status, 403);
  EXPECT_EQ(api("DELETE", "/workspaces/" + id, captain()).status, 200);
}

TEST_F(TeamsTest, EditorsMakeWorkspacesInTheTeamAndNobodyElse) {
  EXPECT_EQ(make_in(stranger(), team()).status, 404);
  EXPECT_EQ(message_of(make_in(guest(), team())), not_allowed);
  EXPECT_EQ(make_in(captain(), account_of(mate())).status, 404) << "a person is no team";
  EXPECT_EQ(make_in(captain(), "aaaaaaaaaa").status, 404);
  EXPECT_EQ(make_in(owner(), team()).status, 404) << "nor may an administrator";
  // A fork into the team is the team's, by a member who could not delete it.
  const auto own = make_workspace(mate());
  ASSERT_EQ(api("PUT", "/workspaces/" + own + "/file?path=project/a.txt", mate(), "kept").status, 200);
  const auto fork = make_in(mate(), team(), true, {{"from_workspace", own}});
  ASSERT_EQ(fork.status, 200) << fork.body;
  const std::string id = parsed(fork).at("id");
  EXPECT_EQ(parsed(fork).at("owner").at("id"), team());
  ASSERT_TRUE(becomes(id, guest(), "running"));
  EXPECT_EQ(api("GET", "/workspaces/" + id + "/file?path=project/a.txt", guest()).body, "\"kept\"");
  EXPECT_GT(parsed(api("GET", "/teams/" + team(), guest())).at("use").at("stored_bytes").get<int>(), 0);
  EXPECT_EQ(make_in(mate(), team(), true, {{"from_workspace", workspace()}}).status, 404)
      << "of a workspace that he can't see";
  EXPECT_EQ(api("DELETE", "/workspaces/" + id, captain()).status, 200);
}

// ---- members

TEST_F(TeamsTest, WhoIsTakenOutOfTheTeamLosesTheTerminalAtOnce) {
  const auto id = make_team("Mutiny");
  const auto guest_of_team = make_person("mutineer");
  join(id, "mutineer", "editor");
  const std::string at = parsed(make_in(mate(), id, true)).at("id");
  ASSERT_TRUE(becomes(at, captain(), "running"));
  auto window = connect(guest_of_team, at), others = connect(mate(), at);
  EXPECT_EQ(hello(window).at("role"), "editor");
  hello(others);
  call(window, "terminal/open", {{"columns", 80}, {"rows", 24}, {"command", "cat"}});
  ASSERT_EQ(api("DELETE", member_of(id, guest_of_team), captain()).status, 200);
  EXPECT_EQ(closing_reason(window, at_once), "You are not a member of this team any more.");
  EXPECT_THROW(connect(guest_of_team, at), std::runtime_error);
  EXPECT_EQ(role_of(guest_of_team, at), "404");
  EXPECT_FALSE(lists(guest_of_team, at));
  EXPECT_NO_THROW(call(others, "session/ping", Json::object())) << "and nobody else does";
  // A lower role as well, and leaving.
  ASSERT_EQ(api("PATCH", member_of(id, mate()), captain(), {{"role", "viewer"}}).status, 200);
  EXPECT_EQ(closing_reason(others, at_once), "Your role in this team changed.");
  auto again = connect(mate(), at);
  EXPECT_EQ(hello(again).at("role"), "viewer");
  EXPECT_EQ(error_code(again, "terminal/open", {{"columns", 80}, {"rows", 24}}), "permission_denied");
  ASSERT_EQ(api("DELETE", member_of(id, mate()), mate()).status, 200);
  EXPECT_EQ(closing_reason(again, at_once), "You left this team.");
  EXPECT_EQ(api("GET", "/teams/" + id, mate()).status, 404);
  EXPECT_EQ(api("DELETE", "/workspaces/" + at, captain()).status, 200);
}

TEST_F(TeamsTest, TheLastOwnerStaysAndOthersMayGo) {
  const auto id = make_team("Owned");
  EXPECT_EQ(api("DELETE", member_of(id, captain()), captain()).status, 412);
  EXPECT_EQ(api("PATCH", member_of(id, captain()), captain(), {{"role", "editor"}}).status, 412);
  EXPECT_EQ(api("DELETE", member_of(id, guest()), mate()).status, 403) << "an editor takes nobody out";
  EXPECT_EQ(api("PATCH", member_of(id, mate()), captain(), {{"role", "server"}}).status, 400);
  ASSERT_EQ(api("PATCH", member_of(id, mate()), captain(), {{"role", "owner"}}).status, 200);
  EXPECT_EQ(api("DELETE", member_of(id, captain()), captain()).status, 200);
  EXPECT_EQ(parsed(api("GET", "/teams/" + id, mate())).at("team").at("role"), "owner");
  EXPECT_EQ(api("DELETE", "/teams/" + id, mate()).status, 200);
  EXPECT_EQ(api("GET", "/teams/" + id, guest()).status, 404);
}

TEST_F(TeamsTest, AnInvitationToATeamIsForWhoeverHasTheLetter) {
  const auto id = make_team("Invited");
  const auto sailor = make_person("sailor");
  const auto members = "/teams/" + id + "/members";
  const auto invited =
      parsed(api("POST", members, captain(), {{"email", "Else@Example.test "}, {"role", "editor"}}));
  ASSERT_TRUE(invited.contains("invitation"));
  const auto token = letter_token();
  ASSERT_TRUE(token.starts_with(invited.at("invitation").at("id").get<std::string>())) << token;
  EXPECT_EQ(parsed(api("GET", members, captain())).at("invitations").size(), 1u);
  EXPECT_TRUE(parsed(api("GET", members, mate())).at("invitations").empty()) << "owners' alone to see";
  EXPECT_FALSE(api("GET", members, captain()).body.contains(token.substr(17)));
  const auto take = [](const Person& who, const std::string& given) {
    return api("POST", "/teams/join", who, {{"token", given}});
  };
  EXPECT_EQ(take(sailor, token.substr(0, 17) + std::string(32, 'a')).status, 404);
  EXPECT_EQ(take(sailor, "").status, 400);
  EXPECT_EQ(api("POST", "/join", sailor, {{"token", token}}).status, 404) << "it is no workspace's";
  const auto joined = take(sailor, token);
  ASSERT_EQ(joined.status, 200) << joined.body;
  EXPECT_EQ(parsed(joined).at("id"), id);
  EXPECT_EQ(parsed(joined).at("role"), "editor");
  EXPECT_EQ(take(stranger(), token).status, 404) << "it is good once";
  const auto again =
      parsed(api("POST", members, captain(), {{"email", "third@example.test"}, {"role", "owner"}}));
  const auto taken_back = letter_token();
  EXPECT_EQ(
      api("DELETE", "/teams/" + id + "/invitations/" + again.at("invitation").at("id").get<std::string>(),
          captain())
          .status,
      200);
  EXPECT_EQ(take(stranger(), taken_back).status, 404);
  EXPECT_EQ(api("POST", members, captain(), {{"email", address_of("mate")}, {"role", "owner"}}).status, 409);
  EXPECT_EQ(api("POST", members, captain(), {{"email", "nothing"}, {"role", "owner"}}).status, 400);
}

// ---- what a team has

TEST_F(TeamsTest, AQuotaIsOneForAllOfTheTeam) {
  const auto id = make_team("Small");
  const auto before = parsed(api("GET", "/settings", owner()));
  set("workspaces_per_team", 2);
  set("running_per_team", 1);
  const std::string first = parsed(make_in(captain(), id, true)).at("id");
  ASSERT_TRUE(becomes(first, captain(), "running"));
  EXPECT_EQ(make_in(mate(), id, true).status, 429) << "one runs already";
  const std::string second = parsed(make_in(mate(), id)).at("id");
  EXPECT_EQ(api("POST", "/workspaces/" + second + "/start", mate()).status, 429);
  EXPECT_EQ(make_in(mate(), id).status, 429) << "two are there already";
  EXPECT_EQ(parsed(api("GET", "/workspaces/" + make_stopped(mate()), mate())).at("role"), "owner")
      << "his own are counted apart";
  const auto use = parsed(api("GET", "/teams/" + id, guest())).at("use");
  EXPECT_EQ(use.at("workspaces"), 2);
  EXPECT_EQ(use.at("running"), 1);
  EXPECT_EQ(use.at("most_workspaces"), 2);
  EXPECT_EQ(use.at("most_running"), 1);
  // A quota of its own goes before the settings.
  ASSERT_EQ(api("PATCH", "/admin/accounts/" + id, owner(), {{"quota", {{"workspaces", 3}}}}).status, 200);
  EXPECT_EQ(make_in(mate(), id).status, 200);
  EXPECT_EQ(make_in(mate(), id).status, 429);
  EXPECT_EQ(parsed(api("GET", "/teams/" + id, guest())).at("use").at("most_workspaces"), 3);
  EXPECT_EQ(api("DELETE", "/teams/" + id, captain()).status, 412) << "it has workspaces";
  for (const auto& name : {"workspaces_per_team", "running_per_team"}) set(name, before.at(name));
}

TEST_F(TeamsTest, PeopleMakeAsManyTeamsAsTheSettingsSay) {
  const auto maker = make_person("maker");
  const auto make = [&](const Person& who) { return api("POST", "/teams", who, {{"name", "Made"}}).status; };
  set("teams_per_account", 1);
  EXPECT_EQ(parsed(api("GET", "/teams", maker)).at("may_make"), 1);
  EXPECT_EQ(make(maker), 200);
  EXPECT_EQ(make(maker), 429);
  EXPECT_EQ(parsed(api("GET", "/teams", maker)).at("may_make"), 0);
  EXPECT_EQ(make(owner()), 200);
  EXPECT_EQ(make(owner()), 200) << "an administrator as many as he likes";
  set("teams_per_account", 0);
  EXPECT_EQ(make(make_person("other-maker")), 429);
  set("teams_per_account", 100);
  for (const std::string& name :
       {std::string(), std::string("   "), std::string(81, 'x'), std::string("a\nb")})
    EXPECT_EQ(api("POST", "/teams", maker, {{"name", name}}).status, 400) << name;
}

TEST_F(TeamsTest, ATemplateOfTheTeamIsWhatItsMembersBeginFrom) {
  const auto id = make_team("Templates");
  const std::string source = parsed(make_in(mate(), id, true)).at("id");
  ASSERT_TRUE(becomes(source, mate(), "running"));
  const auto file = "/workspaces/" + source + "/file?path=project/begin.txt";
  ASSERT_EQ(api("PUT", file, mate(), "first").status, 200);
  const std::string version =
      parsed(api("POST", "/workspaces/" + source + "/versions", mate(), {{"name", "Begin"}})).at("id");
  ASSERT_EQ(api("PUT", file, mate(), "second").status, 200);
  const auto at = "/teams/" + id + "/templates/" + source;
  const Json wish{{"name", "Start here"}, {"description", "With all we need"}, {"version", version}};
  EXPECT_EQ(api("PUT", at, mate(), wish).status, 403);
  EXPECT_EQ(api("PUT", "/teams/" + id + "/templates/" + workspace(), captain(), wish).status, 404);
  const auto refused = [&](const std::string& field, const Json& value) {
    Json other = wish;
    other[field] = value;
    const auto reply = api("PUT", at, captain(), other);
    EXPECT_EQ(reply.status, 400) << reply.body;
    EXPECT_TRUE(message_of(reply).starts_with("body." + field)) << reply.body;
  };
  refused("version", "aaaaaaaaaaaaaaaa");
  refused("name", "");
  refused("description", std::string(501, 'x'));
  const auto put = api("PUT", at, captain(), wish);
  ASSERT_EQ(put.status, 200) << put.body;
  EXPECT_EQ(parsed(put).at("template_id"), "empty");
  EXPECT_TRUE(parsed(api("GET", "/workspaces/" + source, guest())).at("team_template"));
  const auto seen = parsed(api("GET", "/teams/" + id + "/templates", guest())).at("templates");
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen.at(0).at("version"), version);
  EXPECT_EQ(seen.at(0).at("name"), "Start here");
  // Any member, for himself; as the version that it names, whatever came later.
  const auto begin = [&](const Person& who) {
    return api("POST", "/workspaces", who,
               {{"name", "Begun"}, {"template_id", "empty"}, {"from_workspace", source}});
  };
  const auto begun = begin(guest());
  ASSERT_EQ(begun.status, 200) << begun.body;
  const std::string own = parsed(begun).at("id");
  EXPECT_EQ(parsed(begun).at("role"), "owner");
  EXPECT_FALSE(parsed(begun).at("owner").at("team"));
  ASSERT_TRUE(becomes(own, guest(), "running"));
  EXPECT_EQ(api("GET", "/workspaces/" + own + "/file?path=project/begin.txt", guest()).body, "\"first\"");
  EXPECT_EQ(role_of(captain(), own), "404");
  EXPECT_EQ(begin(stranger()).status, 404);
  EXPECT_EQ(api("DELETE", at, guest()).status, 403);
  EXPECT_EQ(api("DELETE", at, captain()).status, 200);
  EXPECT_EQ(api("DELETE", at, captain()).status, 404);
  ASSERT_EQ(api("PUT", at, captain(), {{"name", "Again"}, {"description", ""}}).status, 200);
  ASSERT_EQ(api("DELETE", "/workspaces/" + source, captain()).status, 200);
  EXPECT_TRUE(parsed(api("GET", "/teams/" + id + "/templates", guest())).at("templates").empty());
}

TEST_F(TeamsTest, AWorkspaceIsHandedToATeamAndOutAgain) {
  const auto id = make_team("Handing over");
  const auto own = make_workspace(mate());
  const auto file = "/workspaces/" + own + "/file?path=project/kept.txt";
  ASSERT_EQ(api("PUT", file, mate(), "kept").status, 200);
  const auto hand_over = [&](const Person& by, const std::string& to) {
    return api("POST", "/workspaces/" + own + "/transfer", by, {{"account", to}}).status;
  };
  EXPECT_EQ(hand_over(mate(), id), 412) << "it runs";
  ASSERT_EQ(parsed(api("POST", "/workspaces/" + own + "/stop", mate())).at("state"), "stopped");
  const auto foreign = parsed(api("POST", "/teams", stranger(), {{"name", "Others"}})).at("id");
  EXPECT_EQ(hand_over(mate(), foreign), 412) << "a team of others, as if there were none";
  EXPECT_EQ(hand_over(mate(), "aaaaaaaaaa"), 412);
  const auto versions = parsed(api("GET", "/workspaces/" + own + "/versions", mate())).at("versions");
  ASSERT_FALSE(versions.empty());
  ASSERT_EQ(hand_over(mate(), id), 200);
  EXPECT_EQ(role_of(mate(), own), "editor") << "as in the team";
  EXPECT_EQ(role_of(captain(), own), "owner");
  EXPECT_EQ(role_of(guest(), own), "viewer");
  EXPECT_EQ(parsed(api("GET", "/workspaces/" + own + "/versions", guest())).at("versions"), versions);
  EXPECT_GT(parsed(api("GET", "/teams/" + id, guest())).at("use").at("stored_bytes").get<int>(), 0);
  ASSERT_EQ(api("POST", "/workspaces/" + own + "/start", mate()).status, 200);
  ASSERT_TRUE(becomes(own, guest(), "running"));
  EXPECT_EQ(api("GET", file, guest()).body, "\"kept\"");
  ASSERT_EQ(api("POST", "/workspaces/" + own + "/stop", mate()).status, 200);
  ASSERT_TRUE(becomes(own, captain(), "stopped"));
  EXPECT_EQ(hand_over(mate(), account_of(mate())), 403) << "an owner of the team must do it";
  EXPECT_EQ(hand_over(captain(), account_of(stranger())), 412) << "to somebody in the team";
  ASSERT_EQ(hand_over(captain(), account_of(guest())), 200);
  EXPECT_EQ(role_of(guest(), own), "owner");
  EXPECT_EQ(role_of(captain(), own), "editor");
  EXPECT_EQ(role_of(mate(), own), "404") << "it is the team's no more";
  EXPECT_EQ(parsed(api("GET", "/workspaces/" + own + "/versions", guest())).at("versions"), versions);
  EXPECT_EQ(api("DELETE", "/teams/" + id, captain()).status, 200);
}

// ---- administrators

TEST_F(TeamsTest, ADisabledTeamCanBeSeenAndNotUsed) {
  const auto id = make_team("Disabled");
  const std::string at = parsed(make_in(mate(), id, true)).at("id");
  ASSERT_TRUE(becomes(at, captain(), "running"));
  auto window = connect(mate(), at);
  hello(window);
  const auto set_disabled = [&](bool disabled) {
    return api("PATCH", "/admin/accounts/" + id, owner(), {{"disabled", disabled}});
  };
  const auto done = set_disabled(true);
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_TRUE(parsed(done).at("team"));
  EXPECT_EQ(parsed(done).at("email"), "");
  EXPECT_EQ(parsed(done).at("members"), 3);
  EXPECT_EQ(role_of(captain(), at), "404");
  EXPECT_FALSE(closing_reason(window, std::chrono::seconds(20)).empty()) << "its workspaces stop";
  EXPECT_TRUE(parsed(api("GET", "/teams/" + id, guest())).at("team").at("disabled"));
  EXPECT_EQ(make_in(captain(), id).status, 403);
  EXPECT_EQ(api("PATCH", "/teams/" + id, captain(), {{"name", "x"}}).status, 403);
  EXPECT_EQ(api("DELETE", member_of(id, guest()), guest()).status, 200) << "who is in may leave";
  ASSERT_EQ(set_disabled(false).status, 200);
  EXPECT_EQ(role_of(captain(), at), "owner");
  ASSERT_TRUE(becomes(at, captain(), "stopped"));
}

TEST_F(TeamsTest, NobodyBecomesATeam) {
  EXPECT_EQ(api("POST", "/admin/accounts/" + team() + "/impersonate", owner(), {{"reason", "x"}}).status,
            403);
  EXPECT_EQ(api("POST", "/admin/accounts/" + team() + "/reset", owner(), Json::object()).status, 412);
  EXPECT_EQ(api("PATCH", "/admin/accounts/" + team(), owner(), {{"administrator", true}}).status, 400);
  const auto ask = [](const std::string& path, const Json& body) {
    return fetch(
               server().port(), "POST", "/api/v1" + path,
               {{"Host", server().host()}, {"Berth-Client", "native"}, {"Content-Type", "application/json"}},
               body.dump())
        .status;
  };
  for (const auto& password : {"", "correct horse battery"})
    EXPECT_GE(ask("/auth/sign_in", {{"email", "team:" + team()}, {"password", password}}), 400);
  EXPECT_EQ(ask("/auth/register",
                {{"email", "team:" + team()}, {"name", "x"}, {"password", "correct horse battery"}}),
            400);
  const auto kinds = [](const std::string& kind) {
    return parsed(api("GET", "/admin/accounts?limit=200&kind=" + kind, owner())).at("accounts");
  };
  for (const auto& one : kinds("team")) EXPECT_TRUE(one.at("team")) << one.dump();
  for (const auto& one : kinds("person")) EXPECT_FALSE(one.at("team")) << one.dump();
  EXPECT_GE(kinds("team").size(), 1u);
  EXPECT_EQ(api("GET", "/admin/accounts?kind=ship", owner()).status, 400);
}

TEST_F(TeamsTest, TheAuditLogSaysWhoDidWhatToWhichTeam) {
  const auto id = make_team("Audited");
  ASSERT_EQ(api("PATCH", member_of(id, mate()), captain(), {{"role", "viewer"}}).status, 200);
  ASSERT_EQ(api("PATCH", "/teams/" + id, guest(), {{"name", "x"}}).status, 403);
  const auto lines = parsed(api("GET", "/admin/audit?limit=50", owner())).at("entries");
  const auto line = [&](const std::string& action, const std::string& outcome) -> Json {
    for (const auto& one : lines)
      if (one.at("action") == action && one.at("target") == id && one.at("outcome") == outcome) return one;
    return {};
  };
  EXPECT_FALSE(line("CreateTeam", "done").is_null());
  EXPECT_FALSE(line("AddTeamMember", "done").is_null());
  EXPECT_FALSE(line("UpdateTeam", "permission_denied").is_null());
  const auto change = line("UpdateTeamMember", "done");
  ASSERT_FALSE(change.is_null());
  EXPECT_EQ(change.at("actor_email"), address_of("captain"));
  EXPECT_EQ(change.at("data").at("account"), account_of(mate()));
  EXPECT_EQ(change.at("data").at("role"), "viewer");
}

}  // namespace
}  // namespace berth::test
