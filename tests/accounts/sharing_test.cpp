// SPDX-License-Identifier: GPL-3.0-or-later
// People in a workspace: how they get in, what ends their being in, who is the owner.
#include <fstream>

#include "shared_workspace.hpp"
#include "window.hpp"

namespace berth::test {
namespace {

using protocol::Json;
using namespace std::chrono_literals;

constexpr const char* not_there = "There is no such workspace.";

class SharingTest : public SharedWorkspaceTest {
 protected:
  static std::string members_of(const std::string& id) { return "/workspaces/" + id + "/members"; }
  static Json create_link(const std::string& id, const std::string& role, const Json& expires = {}) {
    Json body{{"role", role}};
    if (!expires.is_null()) body["expires"] = expires;
    return parsed(api("POST", "/workspaces/" + id + "/links", owner(), body));
  }
  static std::string token_of(const std::string& url) { return url.substr(url.find("token=") + 6); }
  static Reply join(const Person& who, const std::string& token) {
    return api("POST", "/join", who, {{"token", token}});
  }
  static std::string role_of(const Person& who, const std::string& id) {
    const auto seen = api("GET", "/workspaces/" + id, who);
    return seen.status == 200 ? parsed(seen).at("role").get<std::string>() : std::to_string(seen.status);
  }
  static std::vector<std::string> listed(const Person& who) {
    std::vector<std::string> ids;
    const auto list = parsed(api("GET", "/workspaces", who));
    for (const auto& one : list.at("workspaces")) ids.push_back(one.at("id"));
    return ids;
  }
  static std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  static std::string log() {
    std::ifstream file(server().data_folder().parent_path() / "berthd.log");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// The link of the newest letter, which this server, having no mail, writes into its log.
  static std::string letter_token() {
    const auto text = log();
    const auto at = text.rfind("/join?token=");
    if (at == text.npos) return {};
    const auto begin = at + 12;
    return text.substr(begin, text.find_first_of(" \r\n\"\\", begin) - begin);
  }
};

TEST_F(SharingTest, ASharedWorkspaceIsInEverybodysList) {
  for (const auto* person : {&owner(), &editor(), &viewer()}) {
    const auto ids = listed(*person);
    EXPECT_NE(std::ranges::find(ids, workspace()), ids.end());
  }
  EXPECT_TRUE(listed(stranger()).empty());
  const auto seen = parsed(api("GET", "/workspaces/" + workspace(), viewer()));
  EXPECT_EQ(seen.at("role"), "viewer");
  EXPECT_EQ(seen.at("owner").at("email"), "owner@example.test");
  EXPECT_TRUE(seen.at("shared"));
  EXPECT_FALSE(seen.at("public_link"));
  const auto people = parsed(api("GET", members_of(workspace()), viewer()));
  EXPECT_EQ(people.at("members").size(), 3u);
  EXPECT_EQ(people.at("members").at(0).at("role"), "owner");
  EXPECT_TRUE(people.at("links").empty());
  EXPECT_FALSE(parsed(api("GET", "/workspaces/" + make_stopped(owner()), owner())).at("shared"));
}

TEST_F(SharingTest, ALinkLetsInUntilItIsTakenBack) {
  const auto guest = make_person("by-link");
  const auto id = make_stopped(owner()), other = make_stopped(owner());
  const auto made = create_link(id, "editor"), of_other = create_link(other, "viewer");
  const std::string token = token_of(made.at("url")), link = made.at("link").at("id");
  EXPECT_TRUE(made.at("url").get<std::string>().starts_with(server().origin() + "/join?token="));
  EXPECT_EQ(join(guest, token.substr(0, token.size() - 1) + (token.back() == 'a' ? 'b' : 'a')).status, 404);
  EXPECT_EQ(join(guest, token_of(of_other.at("url")).substr(0, 16) + token.substr(16)).status, 404);
  EXPECT_EQ(join(guest, "").status, 400);
  EXPECT_EQ(join(guest, std::string(5'000, 'a') + ".b").status, 400);
  EXPECT_EQ(role_of(guest, id), "404");
  EXPECT_EQ(
      fetch(server().port(), "POST", "/api/v1/join",
            {{"Host", server().host()}, {"Berth-Client", "native"}, {"Content-Type", "application/json"}},
            Json{{"token", token}}.dump())
          .status,
      401);
  const auto joined = join(guest, token);
  ASSERT_EQ(joined.status, 200) << joined.body;
  EXPECT_EQ(parsed(joined).at("id"), id);
  EXPECT_EQ(parsed(joined).at("role"), "editor");
  EXPECT_EQ(join(guest, token).status, 200) << "twice does no harm";
  EXPECT_EQ(role_of(guest, id), "editor");
  EXPECT_EQ(role_of(guest, other), "404") << "a link is of one workspace";
  const auto links = parsed(api("GET", members_of(id), owner())).at("links");
  ASSERT_EQ(links.size(), 1u);
  EXPECT_EQ(links.at(0).at("uses"), 1);
  EXPECT_FALSE(links.dump().contains(token.substr(17))) << "its secret is shown once";
  EXPECT_EQ(api("DELETE", "/workspaces/" + other + "/links/" + link, owner()).status, 404);
  EXPECT_EQ(api("DELETE", "/workspaces/" + id + "/invitations/" + link, owner()).status, 404);
  EXPECT_EQ(api("DELETE", "/workspaces/" + id + "/links/" + link, guest).status, 403);
  EXPECT_EQ(api("DELETE", "/workspaces/" + id + "/links/" + link, owner()).status, 200);
  EXPECT_EQ(join(stranger(), token).status, 404);
  EXPECT_EQ(role_of(guest, id), "editor") << "who came by it stays";
}

TEST_F(SharingTest, ALinkExpires) {
  const auto id = make_stopped(owner());
  EXPECT_EQ(api("POST", "/workspaces/" + id + "/links", owner(), {{"role", "viewer"}, {"expires", now() - 1}})
                .status,
            400);
  EXPECT_EQ(api("POST", "/workspaces/" + id + "/links", owner(), {{"role", "owner"}}).status, 400);
  EXPECT_EQ(api("POST", "/workspaces/" + id + "/links", owner(), {{"role", "server"}}).status, 400);
  const auto made = create_link(id, "viewer", now() + 300);
  ASSERT_TRUE(eventually([&] { return parsed(api("GET", members_of(id), owner())).at("links").empty(); }));
  EXPECT_EQ(join(stranger(), token_of(made.at("url"))).status, 404);
}

TEST_F(SharingTest, WithoutMailAnInvitationIsForWhoeverRegistersTheAddress) {
  const auto id = make_stopped(owner());
  const auto invited = share(id, "not-here-yet", "viewer");
  EXPECT_TRUE(invited.contains("invitation"));
  const auto guest = make_person("not-here-yet");
  EXPECT_EQ(listed(guest), std::vector<std::string>{id}) << "the page promised that";
  EXPECT_EQ(role_of(guest, id), "viewer");
}

TEST_F(SharingTest, AnInvitationIsForWhoeverHasTheLetter) {
  const auto id = make_stopped(owner());
  const auto guest = make_person("invited");
  const auto invited =
      parsed(api("POST", members_of(id), owner(), {{"email", " Else@Example.test "}, {"role", "editor"}}));
  ASSERT_TRUE(invited.contains("invitation"));
  EXPECT_EQ(invited.at("invitation").at("email"), "else@example.test");
  const auto token = letter_token();
  ASSERT_FALSE(token.empty()) << log();
  EXPECT_TRUE(token.starts_with(invited.at("invitation").at("id").get<std::string>()));
  EXPECT_EQ(parsed(api("GET", members_of(id), owner())).at("invitations").size(), 1u);
  const auto joined = join(guest, token);
  ASSERT_EQ(joined.status, 200) << joined.body;
  EXPECT_EQ(role_of(guest, id), "editor");
  EXPECT_EQ(join(stranger(), token).status, 404) << "it is good once";
  EXPECT_TRUE(parsed(api("GET", members_of(id), owner())).at("invitations").empty());
  const auto again =
      parsed(api("POST", members_of(id), owner(), {{"email", "third@example.test"}, {"role", "viewer"}}));
  const auto taken_back = letter_token();
  EXPECT_EQ(
      api("DELETE",
          "/workspaces/" + id + "/invitations/" + again.at("invitation").at("id").get<std::string>(), owner())
          .status,
      200);
  EXPECT_EQ(join(stranger(), taken_back).status, 404);
}

TEST_F(SharingTest, NobodyIsMadeWhatHeCantBe) {
  const auto id = make_stopped(owner());
  const auto add = [&](const Json& body) { return api("POST", members_of(id), owner(), body).status; };
  EXPECT_EQ(add({{"email", "viewer@example.test"}, {"role", "owner"}}), 400);
  EXPECT_EQ(add({{"email", "viewer@example.test"}, {"role", "server"}}), 400);
  EXPECT_EQ(add({{"email", "viewer@example.test"}, {"role", "king"}}), 400);
  EXPECT_EQ(add({{"email", "no address"}, {"role", "viewer"}}), 400);
  EXPECT_EQ(add({{"email", "owner@example.test"}, {"role", "viewer"}}), 409);
  EXPECT_EQ(add({{"email", "viewer@example.test"}, {"role", "viewer"}}), 200);
  EXPECT_EQ(add({{"email", "viewer@example.test"}, {"role", "editor"}}), 409);
  const auto other = account_of(viewer()), own = account_of(owner());
  EXPECT_EQ(api("PATCH", members_of(id) + "/" + other, owner(), {{"role", "owner"}}).status, 400);
  EXPECT_EQ(api("PATCH", members_of(id) + "/" + own, owner(), {{"role", "viewer"}}).status, 404);
  EXPECT_EQ(api("PATCH", members_of(id) + "/" + other, viewer(), {{"role", "editor"}}).status, 403);
  EXPECT_EQ(api("DELETE", members_of(id) + "/" + own, owner()).status, 412) << "the owner can't leave";
  EXPECT_EQ(api("DELETE", members_of(id) + "/" + own, viewer()).status, 403);
  EXPECT_EQ(role_of(viewer(), id), "viewer");
  EXPECT_EQ(api("DELETE", members_of(id) + "/" + other, viewer()).status, 200) << "anybody may leave";
  EXPECT_EQ(role_of(viewer(), id), "404");
}

TEST_F(SharingTest, WhoIsTakenOutLosesTheTerminalAtOnce) {
  const auto guest = make_person("revoked");
  share(workspace(), "revoked", "editor");
  auto window = connect(guest, workspace()), others = connect(editor(), workspace());
  EXPECT_EQ(hello(window).at("role"), "editor");
  hello(others);
  call(window, "terminal/open", {{"columns", 80}, {"rows", 24}, {"command", "cat"}});
  ASSERT_EQ(api("DELETE", members_of(workspace()) + "/" + account_of(guest), owner()).status, 200);
  EXPECT_EQ(closing_reason(window, at_once), "You are not a member of this workspace any more.");
  EXPECT_THROW(connect(guest, workspace()), std::runtime_error);
  EXPECT_EQ(api("GET", "/workspaces/" + workspace() + "/files", guest).status, 404);
  EXPECT_NO_THROW(call(others, "session/ping", Json::object())) << "and nobody else does";
}

TEST_F(SharingTest, ANewRoleIsThatOfTheNextConnectionAndThisOneEnds) {
  const auto guest = make_person("changed");
  share(workspace(), "changed", "editor");
  auto window = connect(guest, workspace());
  const auto session = hello(window).at("session");
  const auto path = members_of(workspace()) + "/" + account_of(guest);
  ASSERT_EQ(api("PATCH", path, owner(), {{"role", "viewer"}}).status, 200);
  EXPECT_EQ(closing_reason(window, at_once), "Your role in this workspace changed.");
  auto again = connect(guest, workspace());
  const auto resumed =
      call(again, "session/hello",
           {{"protocol_major", 1}, {"protocol_minor", 0}, {"client", "test"}, {"session", session}});
  EXPECT_EQ(resumed.at("role"), "viewer");
  EXPECT_EQ(error_code(again, "terminal/open", {{"columns", 80}, {"rows", 24}}), "permission_denied");
  ASSERT_EQ(api("PATCH", path, owner(), {{"role", "viewer"}}).status, 200) << "to what it is already";
  EXPECT_NO_THROW(call(again, "session/ping", Json::object()));
  ASSERT_EQ(api("PATCH", path, owner(), {{"role", "editor"}}).status, 200);
  EXPECT_EQ(closing_reason(again, at_once), "Your role in this workspace changed.");
}

// ---- handing over

TEST_F(SharingTest, AStoppedWorkspaceIsHandedOverToAMember) {
  const auto heir = make_person("heir");
  const auto id = make_workspace(owner());
  share(id, "heir", "viewer");
  ASSERT_EQ(api("PUT", "/workspaces/" + id + "/file?path=project/kept.txt", owner(), "kept").status, 200);
  const auto hand_over = [&](const Person& by, const std::string& to) {
    return api("POST", "/workspaces/" + id + "/transfer", by, {{"account", to}});
  };
  EXPECT_EQ(hand_over(owner(), account_of(heir)).status, 412) << "it runs";
  ASSERT_EQ(parsed(api("POST", "/workspaces/" + id + "/stop", owner())).at("state"), "stopped");
  EXPECT_EQ(hand_over(heir, account_of(heir)).status, 403);
  EXPECT_EQ(hand_over(stranger(), account_of(stranger())).status, 404);
  EXPECT_EQ(hand_over(owner(), account_of(stranger())).status, 412) << "no member";
  EXPECT_EQ(hand_over(owner(), account_of(owner())).status, 412);
  // The new owner's limits hold.
  const auto limit = [&](int most) {
    return api("PATCH", "/settings", owner(), {{"workspaces_per_account", most}}).status;
  };
  const auto before = parsed(api("GET", "/settings", owner())).at("workspaces_per_account").get<int>();
  ASSERT_EQ(limit(1), 200);
  const auto own = make_stopped(heir);
  EXPECT_EQ(hand_over(owner(), account_of(heir)).status, 429);
  EXPECT_EQ(role_of(owner(), id), "owner");
  ASSERT_EQ(limit(before), 200);
  const auto versions = parsed(api("GET", "/workspaces/" + id + "/versions", owner())).at("versions");
  ASSERT_FALSE(versions.empty());
  const auto done = hand_over(owner(), account_of(heir));
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(parsed(done).at("role"), "editor");
  EXPECT_EQ(role_of(heir, id), "owner");
  EXPECT_EQ(role_of(owner(), id), "editor");
  EXPECT_GT(parsed(api("GET", "/me/storage", heir)).at("used").get<int>(), 0) << "its versions came along";
  EXPECT_EQ(parsed(api("GET", "/workspaces/" + id + "/versions", heir)).at("versions"), versions);
  const std::string newest = versions.at(0).at("id");
  EXPECT_EQ(
      api("GET", "/workspaces/" + id + "/versions/" + newest + "/file?path=project/kept.txt", heir).body,
      "\"kept\"");
  // It runs and stores under its new owner.
  ASSERT_LT(api("POST", "/workspaces/" + id + "/start", heir).status, 300);
  ASSERT_TRUE(
      eventually([&] { return parsed(api("GET", "/workspaces/" + id, heir)).at("state") == "running"; }));
  const auto named = api("POST", "/workspaces/" + id + "/versions", owner(), {{"name", "By the old owner"}});
  EXPECT_EQ(named.status, 200) << named.body;
  EXPECT_EQ(api("DELETE", "/workspaces/" + id, owner()).status, 403) << "it is not his any more";
  EXPECT_EQ(api("DELETE", "/workspaces/" + id, heir).status, 200);
}

TEST_F(SharingTest, WhoGotAWorkspaceMayHandItBack) {
  const auto id = make_stopped(owner());
  share(id, "editor", "editor");
  const auto done =
      api("POST", "/workspaces/" + id + "/transfer", owner(), {{"account", account_of(editor())}});
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(role_of(editor(), id), "owner");
  // Who got it may hand it back.
  EXPECT_EQ(
      api("POST", "/workspaces/" + id + "/transfer", editor(), {{"account", account_of(owner())}}).status,
      200);
  EXPECT_EQ(role_of(owner(), id), "owner");
  EXPECT_EQ(role_of(editor(), id), "editor");
}

TEST_F(SharingTest, AMemberForksIntoAStorageOfHisOwn) {
  ASSERT_EQ(
      api("PUT", "/workspaces/" + workspace() + "/file?path=project/forked.txt", owner(), "forked").status,
      200);
  const auto fork =
      parsed(api("POST", "/workspaces", viewer(),
                 {{"name", "Fork"}, {"template_id", "empty"}, {"from_workspace", workspace()}}));
  const std::string id = fork.at("id");
  EXPECT_EQ(fork.at("role"), "owner");
  EXPECT_EQ(role_of(owner(), id), "404");
  ASSERT_TRUE(
      eventually([&] { return parsed(api("GET", "/workspaces/" + id, viewer())).at("state") == "running"; }));
  EXPECT_EQ(api("GET", "/workspaces/" + id + "/file?path=project/forked.txt", viewer()).body, "\"forked\"");
  EXPECT_GT(parsed(api("GET", "/me/storage", viewer())).at("used").get<int>(), 0);
  EXPECT_EQ(api("POST", "/workspaces", stranger(),
                {{"name", "Fork"}, {"template_id", "empty"}, {"from_workspace", workspace()}})
                .status,
            404);
}

}  // namespace
}  // namespace berth::test
