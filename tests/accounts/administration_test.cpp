// SPDX-License-Identifier: GPL-3.0-or-later
// Administrators at a real server: what they may do, what follows from it, what the audit log tells of it,
// and that nobody else may.
#include <algorithm>

#include "tests/integration/gateway/gateway_fixture.hpp"
#include "tests/integration/server/berthd_process.hpp"
#include "window.hpp"

namespace berth::test {
namespace {

using protocol::Json;
using namespace std::chrono_literals;

Json read(const Reply& reply) {
  auto json = protocol::parse_json(reply.body);
  return json ? *json : Json::object();
}

class Administration : public GatewayTest {
 protected:
  /// A new account of its own, so that no test is in another's way.
  struct Member {
    std::string id, email;
    Person who;
  };
  static Member member(const std::string& name) {
    static int count = 0;
    const auto email = name + std::to_string(++count) + "@members.test";
    const auto made =
        fetch(server().port(), "POST", "/api/v1/auth/register",
              {{"Host", server().host()}, {"Berth-Client", "native"}, {"Content-Type", "application/json"}},
              Json{{"email", email}, {"name", name}, {"password", "a password of members"}}.dump());
    if (made.status >= 300) throw std::runtime_error(made.body);
    const auto json = read(made);
    return {json.at("account").at("id"), email, {{}, json.at("access_token")}};
  }
  static int try_sign_in(const std::string& email, const std::string& with) {
    return fetch(
               server().port(), "POST", "/api/v1/auth/sign_in",
               {{"Host", server().host()}, {"Berth-Client", "native"}, {"Content-Type", "application/json"}},
               Json{{"email", email}, {"password", with}}.dump())
        .status;
  }
  static Reply change(const Member& whom, const Json& body, const Person& by = owner()) {
    return api("PATCH", "/admin/accounts/" + whom.id, by, body);
  }
  static WebSocket window(const Person& who, const std::string& workspace) {
    auto wire = Wire::connect_tcp(server().port());
    wire.send(request_text("GET", connect_path(workspace),
                           websocket_fields(server().host(), {{"Authorization", "Bearer " + who.token},
                                                              {"Sec-WebSocket-Protocol", "berth.v1"}})));
    const auto reply = read_reply(wire);
    if (reply.status != 101) throw std::runtime_error(reply.head + reply.body);
    WebSocket socket(std::move(wire));
    hello(socket);
    return socket;
  }
  static std::string state_of(const std::string& workspace) {
    return read(api("GET", "/admin/workspaces?query=" + workspace, owner()))
        .at("workspaces")
        .at(0)
        .at("state");
  }
  static Json audit(const std::string& query) {
    return read(api("GET", "/admin/audit?" + query, owner())).at("entries");
  }
  /// `berthd admin …` beside the running server.
  static server::testing::Ended command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "admin");
    arguments.insert(arguments.end(), {"--data", server().data_folder().string(), "--user", "root"});
    return server::testing::run_berthd(arguments);
  }
};

TEST_F(Administration, IsForAdministratorsAlone) {
  const auto ann = member("ann");
  const std::pair<const char*, std::string> routes[] = {
      {"GET", "/admin/accounts"},
      {"PATCH", "/admin/accounts/" + ann.id},
      {"POST", "/admin/accounts/" + ann.id + "/reset"},
      {"POST", "/admin/accounts/" + ann.id + "/impersonate"},
      {"GET", "/admin/workspaces"},
      {"POST", "/admin/workspaces/" + workspace() + "/stop"},
      {"GET", "/admin/workspaces/" + workspace() + "/log"},
      {"GET", "/admin/templates"},
      {"PATCH", "/admin/templates/empty"},
      {"GET", "/admin/providers"},
      {"PUT", "/admin/providers/any"},
      {"DELETE", "/admin/providers/any"},
      {"GET", "/admin/load"},
      {"GET", "/admin/audit"},
      {"GET", "/admin/audit/export"},
      {"GET", "/settings"},
      {"PATCH", "/settings"},
  };
  for (const auto& [method, path] : routes) {
    EXPECT_EQ(api(method, path, ann.who, Json::object()).status, 403) << method << " " << path;
    EXPECT_EQ(
        fetch(server().port(), method, "/api/v1" + path,
              {{"Host", server().host()}, {"Berth-Client", "native"}, {"Content-Type", "application/json"}},
              "{}")
            .status,
        401)
        << method << " " << path;
  }
  EXPECT_GE(audit("actor=" + ann.id + "&action=UpdateAccount").size(), 1u) << "who tried is told";
  EXPECT_EQ(audit("actor=" + ann.id + "&action=UpdateAccount").at(0).at("outcome"), "permission_denied");
  EXPECT_EQ(state_of(workspace()), "running");
}

TEST_F(Administration, ADisabledAccountIsOutWithinASecondAndItsWorkspacesStop) {
  const auto ann = member("ann");
  const auto home = make_workspace(ann.who);
  const auto made =
      api("POST", "/me/tokens", ann.who, {{"name", "t"}, {"scopes", {"connect", "account_read"}}});
  ASSERT_EQ(made.status, 200) << made.body;
  const Person holder{{}, read(made).at("secret")};
  auto by_sign_in = window(ann.who, home);
  auto by_token = window(holder, home);
  ASSERT_EQ(change(ann, {{"disabled", true}}).status, 200);
  EXPECT_NE(closing_reason(by_sign_in, 10s), "");
  EXPECT_NE(closing_reason(by_token, 10s), "") << "what stands on a token, too";
  EXPECT_EQ(api("GET", "/me", ann.who).status, 401);
  EXPECT_EQ(api("GET", "/me", holder).status, 401);
  EXPECT_EQ(try_sign_in(ann.email, "a password of members"), 403);
  EXPECT_EQ(try_sign_in(ann.email, "a wrong password"), 401) << "only who knows the password learns it";
  EXPECT_TRUE(eventually([&] { return state_of(home) == "stopped"; }, 30s)) << state_of(home);

  ASSERT_EQ(change(ann, {{"disabled", false}}).status, 200);
  EXPECT_EQ(try_sign_in(ann.email, "a password of members"), 200);
  EXPECT_EQ(api("GET", "/me", holder).status, 200) << "its tokens are good again";
}

TEST_F(Administration, TheLastAdministratorStays) {
  const auto me = read(api("GET", "/me", owner()));
  const Member root{me.at("id"), me.at("email"), owner()};
  EXPECT_EQ(change(root, {{"administrator", false}}).status, 412);
  EXPECT_EQ(change(root, {{"disabled", true}}).status, 412);
  EXPECT_EQ(api("GET", "/settings", owner()).status, 200);
}

TEST_F(Administration, RightsComeAndGoAtOnce) {
  const auto ann = member("ann");
  EXPECT_EQ(api("GET", "/admin/load", ann.who).status, 403);
  ASSERT_EQ(change(ann, {{"administrator", true}}).status, 200);
  EXPECT_EQ(api("GET", "/admin/load", ann.who).status, 200);
  ASSERT_EQ(change(ann, {{"administrator", false}}).status, 200);
  EXPECT_EQ(api("GET", "/admin/load", ann.who).status, 403);
}

TEST_F(Administration, AQuotaIsTheAccountsOwn) {
  const auto ann = member("ann");
  ASSERT_EQ(change(ann, {{"quota", {{"workspaces", 1}, {"running", 1}}}}).status, 200);
  const auto first = make_workspace(ann.who);
  const Json another{{"name", "Another"}, {"template_id", "empty"}, {"start", false}};
  const auto refused = api("POST", "/workspaces", ann.who, another);
  EXPECT_EQ(refused.status, 429) << refused.body;
  ASSERT_EQ(change(ann, {{"quota", {{"running", 1}}}}).status, 200);
  const auto second = api("POST", "/workspaces", ann.who, another);
  ASSERT_EQ(second.status, 200) << "the settings allow it: " << second.body;
  const std::string start = "/workspaces/" + read(second).at("id").get<std::string>() + "/start";
  EXPECT_EQ(api("POST", start, ann.who).status, 429);
  ASSERT_EQ(change(ann, {{"quota", Json::object()}}).status, 200);
  EXPECT_EQ(api("POST", start, ann.who).status, 200);
  EXPECT_EQ(change(ann, {{"quota", {{"workspaces", -1}}}}).status, 400);
}

TEST_F(Administration, AnyWorkspaceIsStoppedAndItsLogSaysBywhom) {
  const auto ann = member("ann");
  const auto home = make_workspace(ann.who);
  const auto stopped = api("POST", "/admin/workspaces/" + home + "/stop", owner());
  ASSERT_EQ(stopped.status, 200) << stopped.body;
  EXPECT_EQ(read(stopped).at("state"), "stopped");
  EXPECT_EQ(read(stopped).at("owner_email"), ann.email);
  const auto log = read(api("GET", "/admin/workspaces/" + home + "/log", owner())).at("entries");
  ASSERT_GE(log.size(), 2u);
  EXPECT_EQ(log.at(0).at("state"), "stopped");
  EXPECT_EQ(log.at(0).at("reason"), "An administrator stopped it.");
  // The order is used up: its owner starts it again, and it goes on.
  ASSERT_EQ(api("POST", "/workspaces/" + home + "/start", ann.who).status, 200);
  EXPECT_EQ(state_of(home), "running");
  auto kept = window(ann.who, home);
  EXPECT_EQ(closing_reason(kept, 2s), "");
  EXPECT_EQ(api("POST", "/admin/workspaces/aaaaaaaaaa/stop", owner()).status, 404);
}

TEST_F(Administration, ActingAsSomebodyIsToldAndHasAnEnd) {
  const auto ann = member("ann");
  const auto home = make_workspace(ann.who);
  EXPECT_EQ(api("POST", "/admin/accounts/" + ann.id + "/impersonate", owner(), {{"reason", " "}}).status,
            400);
  const auto boss = sign_in("owner@example.test");
  const auto as = fetch(server().port(), "POST", "/api/v1/admin/accounts/" + ann.id + "/impersonate",
                        {{"Host", server().host()},
                         {"Berth-Client", "native"},
                         {"Authorization", "Bearer " + boss.token},
                         {"Content-Type", "application/json"}},
                        Json{{"reason", "She can't open her files"}}.dump());
  ASSERT_EQ(as.status, 200) << as.body;
  const Person acting{{}, read(as).at("access_token")};
  const auto me = read(api("GET", "/me", acting));
  EXPECT_EQ(me.at("email"), ann.email);
  EXPECT_EQ(me.at("impersonated_by"), "owner@example.test");
  EXPECT_EQ(api("GET", "/workspaces/" + home, acting).status, 200);
  EXPECT_EQ(api("PATCH", "/workspaces/" + home, acting, {{"name", "Looked at"}}).status, 200);

  // Her account stays hers, and nothing of an administrator comes along.
  EXPECT_EQ(api("PATCH", "/me", acting, {{"email", "other@example.test"}}).status, 403);
  EXPECT_EQ(
      api("POST", "/me/password", acting, {{"current_password", "x"}, {"new_password", "0123456789"}}).status,
      403);
  EXPECT_EQ(api("POST", "/me/tokens", acting, {{"name", "x"}, {"scopes", {"connect"}}}).status, 403);
  EXPECT_EQ(api("POST", "/auth/sign_out_everywhere", acting).status, 403);
  EXPECT_EQ(api("GET", "/admin/accounts", acting).status, 403);

  const auto lines = audit("workspace=" + home + "&action=UpdateWorkspace");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines.at(0).at("by"), "impersonation");
  EXPECT_EQ(lines.at(0).at("actor_email"), "owner@example.test");
  EXPECT_EQ(lines.at(0).at("data").at("as_email"), ann.email);
  const auto begun = audit("action=Impersonate&actor=owner@example.test").at(0);
  EXPECT_EQ(begun.at("target"), ann.id);

  // It ends with the administrator's own sign-in, the open window with it.
  auto open = window(acting, home);
  EXPECT_EQ(audit("workspace=" + home + "&action=OpenWindow").at(0).at("actor_email"), "owner@example.test");
  ASSERT_EQ(api("POST", "/auth/sign_out", boss).status, 200);
  EXPECT_NE(closing_reason(open, 10s), "");
  EXPECT_EQ(api("GET", "/me", acting).status, 401);
  EXPECT_EQ(api("GET", "/me", ann.who).status, 200);
}

TEST_F(Administration, NobodyActsAsAnAdministrator) {
  const auto ann = member("ann");
  ASSERT_EQ(change(ann, {{"administrator", true}}).status, 200);
  EXPECT_EQ(api("POST", "/admin/accounts/" + ann.id + "/impersonate", owner(), {{"reason", "x"}}).status,
            403);
  ASSERT_EQ(change(ann, {{"administrator", false}}).status, 200);
}

TEST_F(Administration, ABrowserActsAsSomebodyAndComesBack) {
  const auto ann = member("ann");
  const auto boss = sign_in("owner@example.test");
  const auto browser = [&](const std::string& path, const std::string& cookies, const Json& body) {
    return fetch(server().port(), "POST", "/api/v1" + path,
                 {{"Host", server().host()},
                  {"Origin", server().origin()},
                  {"Cookie", cookies},
                  {"Content-Type", "application/json"}},
                 body.dump());
  };
  const auto jar = [](const Reply& reply) {
    std::string all;
    for (const auto& cookie : reply.fields("Set-Cookie"))
      all += (all.empty() ? "" : "; ") + cookie.substr(0, cookie.find(';'));
    return all;
  };
  const auto email = [&](const std::string& cookies) {
    return read(fetch(server().port(), "GET", "/api/v1/me", {{"Host", server().host()}, {"Cookie", cookies}}))
        .value("email", "");
  };
  const auto as = browser("/admin/accounts/" + ann.id + "/impersonate", boss.cookies, {{"reason", "A look"}});
  ASSERT_EQ(as.status, 200) << as.body;
  EXPECT_FALSE(as.body.contains("access_token")) << "no script reads it";
  const auto acting = jar(as);
  EXPECT_EQ(email(acting), ann.email);
  const auto back = browser("/auth/end_impersonation", acting, Json::object());
  ASSERT_EQ(back.status, 200) << back.body;
  EXPECT_EQ(email(jar(back)), "owner@example.test");
  EXPECT_EQ(email(acting), "") << "that is over";
  EXPECT_EQ(browser("/auth/end_impersonation", jar(back), Json::object()).status, 412);
}

TEST_F(Administration, AResetEndsWhatWasAndGivesALink) {
  const auto ann = member("ann");
  const auto reset = api("POST", "/admin/accounts/" + ann.id + "/reset", owner(), Json::object());
  ASSERT_EQ(reset.status, 200) << reset.body;
  EXPECT_EQ(api("GET", "/me", ann.who).status, 401);
  EXPECT_EQ(try_sign_in(ann.email, "a password of members"), 401) << "whoever had it is out, link or no link";
  const std::string url = read(reset).at("url");
  const auto token = url.substr(url.find("token=") + 6);
  const auto use = [&] {
    return fetch(
               server().port(), "POST", "/api/v1/auth/reset_password",
               {{"Host", server().host()}, {"Berth-Client", "native"}, {"Content-Type", "application/json"}},
               Json{{"token", token}, {"password", "a new password"}}.dump())
        .status;
  };
  EXPECT_EQ(use(), 200);
  EXPECT_EQ(use(), 404) << "good once";
  EXPECT_EQ(try_sign_in(ann.email, "a new password"), 200);
  const auto export_of_all = api("GET", "/admin/audit/export?action=ResetAccount", owner());
  EXPECT_TRUE(export_of_all.body.contains(ann.id));
  EXPECT_FALSE(export_of_all.body.contains(token)) << "no secret is in the log";
}

TEST_F(Administration, TheAuditLogTellsOfSignInsAndNoSecrets) {
  const auto ann = member("ann");
  EXPECT_EQ(try_sign_in(ann.email, "a guess that fails"), 401);
  const auto failed = audit("action=SignIn&limit=1").at(0);
  EXPECT_EQ(failed.at("outcome"), "unauthenticated");
  EXPECT_EQ(failed.at("actor"), "");
  EXPECT_EQ(failed.at("data").at("email"), ann.email);
  EXPECT_EQ(failed.at("address"), "127.0.0.1");
  EXPECT_EQ(try_sign_in(ann.email, "a password of members"), 200);
  const auto done = audit("action=SignIn&limit=1").at(0);
  EXPECT_EQ(done.at("outcome"), "done");
  EXPECT_EQ(done.at("actor"), ann.id);
  const auto whole = api("GET", "/admin/audit/export", owner()).body;
  EXPECT_TRUE(whole.contains(ann.id));
  for (const std::string secret : {"a guess that fails", "a password of members", ann.who.token.c_str()})
    EXPECT_FALSE(whole.contains(secret)) << secret;
  // Page by page it is the same log.
  std::size_t lines = 0;
  std::string cursor;
  do {
    const auto page =
        read(api("GET", "/admin/audit?limit=7" + (cursor.empty() ? "" : "&cursor=" + cursor), owner()));
    lines += page.at("entries").size();
    cursor = page.value("next", "");
  } while (!cursor.empty());
  EXPECT_GE(lines, static_cast<std::size_t>(std::ranges::count(whole, '\n')));
  EXPECT_EQ(api("GET", "/admin/audit?limit=0", owner()).status, 400);
  EXPECT_EQ(api("GET", "/admin/audit?since=yesterday", owner()).status, 400);
}

TEST_F(Administration, ATemplateThatIsNotOfferedMakesNoWorkspaces) {
  ASSERT_EQ(api("PATCH", "/admin/templates/empty", owner(), {{"enabled", false}}).status, 200);
  const auto ann = member("ann");
  const auto offered = api("GET", "/templates", ann.who).body;
  EXPECT_FALSE(offered.contains("\"empty\"")) << offered;
  EXPECT_EQ(
      api("POST", "/workspaces", ann.who, {{"name", "x"}, {"template_id", "empty"}, {"start", false}}).status,
      400);
  ASSERT_EQ(api("PATCH", "/admin/templates/empty", owner(), {{"enabled", true}}).status, 200);
  EXPECT_EQ(
      api("POST", "/workspaces", ann.who, {{"name", "x"}, {"template_id", "empty"}, {"start", false}}).status,
      200);
  EXPECT_EQ(api("PATCH", "/admin/templates/nothing", owner(), {{"enabled", true}}).status, 404);
}

TEST_F(Administration, RegistrationIsForTheDomainsThatAreNamed) {
  const auto domains = [](const Json& list) {
    return api("PATCH", "/settings", owner(), {{"registration_domains", list}}).status;
  };
  const auto try_register = [](const std::string& email) {
    return fetch(
               server().port(), "POST", "/api/v1/auth/register",
               {{"Host", server().host()}, {"Berth-Client", "native"}, {"Content-Type", "application/json"}},
               Json{{"email", email}, {"name", "N"}, {"password", "a password of members"}}.dump())
        .status;
  };
  ASSERT_EQ(domains({"Example.ORG", "@other.test"}), 200);
  EXPECT_EQ(try_register("in@example.org"), 200);
  EXPECT_EQ(try_register("in@OTHER.test"), 200);
  for (const auto* outside :
       {"out@evil.test", "out@sub.example.org", "out@notexample.org", "out@example.org.evil.test"})
    EXPECT_EQ(try_register(outside), 403) << outside;
  EXPECT_EQ(domains({"a b"}), 400);
  EXPECT_EQ(domains({""}), 400);
  ASSERT_EQ(domains(Json::array()), 200);
  EXPECT_EQ(try_register("out@evil.test"), 200);
}

TEST_F(Administration, TheLoadIsWhatIsOpen) {
  const auto windows = [] {
    return read(api("GET", "/admin/load", owner())).at("servers").at(0).at("windows").get<int>();
  };
  const auto before = windows();
  auto open = window(owner(), workspace());
  EXPECT_EQ(windows(), before + 1);
  const auto load = read(api("GET", "/admin/load", owner()));
  EXPECT_GE(load.at("workspaces").at("running"), 1);
  EXPECT_GT(load.at("servers").at(0).at("memory"), 1'000'000);
  EXPECT_GT(load.at("servers").at(0).at("requests"), 1);
}

TEST_F(Administration, ACommandBesideTheRunningServerIsFollowedAtOnce) {
  const auto ann = member("ann");
  const auto home = make_workspace(ann.who);
  auto open = window(ann.who, home);
  const auto disabled = command({"accounts", "disable", ann.email});
  ASSERT_EQ(disabled.status, 0) << disabled.output;
  EXPECT_NE(closing_reason(open, 10s), "") << "the server looks by itself";
  EXPECT_EQ(api("GET", "/me", ann.who).status, 401);
  EXPECT_TRUE(eventually([&] { return state_of(home) == "stopped"; }, 30s));
  EXPECT_TRUE(command({"accounts", "list", "members"}).output.contains("disabled"));
  EXPECT_EQ(command({"accounts", "enable", ann.id}).status, 0);
  EXPECT_EQ(command({"accounts", "disable", "nobody@example.test"}).status, 1);
  EXPECT_EQ(command({"accounts", "demote", "owner@example.test"}).status, 1) << "the last administrator";
  EXPECT_EQ(api("GET", "/admin/load", owner()).status, 200);
  const auto line = audit("action=admin+accounts+disable").at(1);
  EXPECT_EQ(line.at("by"), "command");
  EXPECT_EQ(line.at("target"), ann.id);
  EXPECT_EQ(audit("action=admin+accounts+disable").at(0).at("outcome"), "not_found");
}

TEST_F(Administration, CommandsListStopAndTell) {
  const auto ann = member("ann");
  const auto home = make_workspace(ann.who);
  EXPECT_TRUE(command({"workspaces", "list", "--state", "running"}).output.contains(home));
  const auto stop = command({"workspaces", "stop", home});
  ASSERT_EQ(stop.status, 0) << stop.output;
  EXPECT_TRUE(eventually([&] { return state_of(home) == "stopped"; }, 30s));
  EXPECT_EQ(command({"accounts", "quota", ann.email, "--workspaces", "1", "--running", "default"}).status, 0);
  EXPECT_EQ(
      api("POST", "/workspaces", ann.who, {{"name", "x"}, {"template_id", "empty"}, {"start", false}}).status,
      429);
  EXPECT_EQ(command({"accounts", "quota", ann.email, "--workspaces", "many"}).status, 1);
  const auto reset = command({"accounts", "reset", ann.email, "--public-url", server().origin()});
  ASSERT_EQ(reset.status, 0) << reset.output;
  EXPECT_TRUE(reset.output.contains("/reset-password?token=")) << reset.output;
  EXPECT_EQ(api("GET", "/me", ann.who).status, 401);
  const auto log = command({"audit", "--export", "--action", "admin workspaces stop"});
  EXPECT_TRUE(log.output.contains(home)) << log.output;
  EXPECT_TRUE(command({"audit", "--limit", "3"}).output.contains("TIME")) << "a table for people";
}

}  // namespace
}  // namespace berth::test
