// SPDX-License-Identifier: GPL-3.0-or-later
// The public link: the stored project for anybody, and not one byte beside it.
#include "shared_workspace.hpp"

namespace berth::test {
namespace {

using protocol::Json;
using namespace std::chrono_literals;

class PublicProject : public SharedWorkspaceTest {
 protected:
  static std::string put(const std::string& path, const std::string& text) {
    const auto reply =
        fetch(server().port(), "PUT", "/api/v1/workspaces/" + workspace() + "/file?path=" + path,
              {{"Host", server().host()}, {"Authorization", "Bearer " + owner().token}}, text);
    if (reply.status != 200) throw std::runtime_error(path + reply.body);
    return reply.body;
  }
  /// By a program in the workspace, as files outside of what the API writes are made.
  static void run(const std::string& command) {
    auto window = connect(owner(), workspace());
    hello(window);
    call(window, "terminal/open",
         {{"columns", 80}, {"rows", 24}, {"command", command + " && touch ~/project/done-$(echo now)"}});
    if (!eventually([] { return has_file("project/done-now"); })) throw std::runtime_error(command);
    api("DELETE", "/workspaces/" + workspace() + "/file?path=project/done-now", owner());
  }
  static void store() {
    const auto stored = api("POST", "/workspaces/" + workspace() + "/versions", owner(), {{"name", "Kept"}});
    if (stored.status != 200) throw std::runtime_error(stored.body);
  }
  static Reply publish(bool enabled) {
    return api("PUT", "/workspaces/" + workspace() + "/public", owner(), {{"enabled", enabled}});
  }
  static std::string token_of(const Reply& reply) {
    const std::string url = parsed(reply).at("url");
    return url.substr(url.find("/public/") + 8);
  }
  /// Without an account.
  static Reply see(const std::string& path) {
    return fetch(server().port(), "GET", "/api/v1/public/" + path, {{"Host", server().host()}});
  }
  static std::vector<std::string> names(const Json& entries) {
    std::vector<std::string> all;
    for (const auto& entry : entries) all.push_back(entry.at("name"));
    return all;
  }
};

TEST_F(PublicProject, ShowsTheStoredProjectAndNothingBesideIt) {
  put("project/main.py", "print('public')");
  put("project/lib/part.py", "part");
  put("secret.txt", "outside");
  run("mkdir -p ~/.ssh ~/project/.git ~/project/lib/.git && echo key > ~/.ssh/id && echo inside > "
      "~/project/.git/config && echo inside > ~/project/lib/.git/config && ln -sf ../secret.txt "
      "~/project/link && ln -sfn .. ~/project/up");
  store();
  EXPECT_EQ(see("none").status, 404) << "nothing is public by itself";
  const auto token = token_of(publish(true));
  EXPECT_EQ(token_of(publish(true)), token) << "saying so twice changes nothing";
  EXPECT_TRUE(parsed(api("GET", "/workspaces/" + workspace(), viewer())).at("public_link"));

  const auto shown = see(token);
  ASSERT_EQ(shown.status, 200) << shown.body;
  const auto project = parsed(shown);
  EXPECT_EQ(project.at("name"), "Test");
  EXPECT_EQ(project.at("owner_name"), "Owner");
  EXPECT_EQ(project.at("template_id"), "empty");
  EXPECT_FALSE(project.at("version").get<std::string>().empty());
  EXPECT_FALSE(shown.body.contains("owner@example.test")) << "an e-mail address is nobody's business";
  EXPECT_FALSE(shown.body.contains(workspace()));
  EXPECT_EQ(names(project.at("files")), (std::vector<std::string>{"lib", "link", "main.py", "up"}));

  for (const auto* path : {"", "?path=", "?path=project"})
    EXPECT_EQ(names(parsed(see(token + "/files" + path)).at("entries")),
              (std::vector<std::string>{"lib", "link", "main.py", "up"}))
        << path;
  EXPECT_EQ(names(parsed(see(token + "/files?path=project/lib")).at("entries")),
            std::vector<std::string>{"part.py"});
  const auto file = see(token + "/file?path=project/main.py");
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.body, "print('public')");
  EXPECT_TRUE(file.field("Content-Disposition").contains("attachment"))
      << "somebody's HTML is no page of the IDE's origin";
  EXPECT_EQ(fetch(server().port(), "GET", "/api/v1/public/" + token + "/file?path=project/main.py",
                  {{"Host", server().host()}, {"If-None-Match", file.field("ETag")}})
                .status,
            304);

  for (const auto* path :
       {"secret.txt", ".ssh/id", ".ssh", "project/../secret.txt", "project/..%2Fsecret.txt", "..",
        "../etc/passwd", "/etc/passwd", "project/link", "project/up/secret.txt", "project/up",
        "project/.git/config", "project/.git", "project/lib/.git/config", "projects",
        "project%00/../secret.txt", "./secret.txt", "project//../secret.txt", ""}) {
    const auto reply = see(token + "/file?path=" + path);
    EXPECT_GE(reply.status, 400) << path;
    EXPECT_LT(reply.status, 500) << path << reply.body;
    EXPECT_FALSE(reply.body.contains("outside") || reply.body.contains("inside")) << path;
  }
  for (const auto* path : {".ssh", "..", "project/..", "/", "project/.git", "project/up", "secret.txt"}) {
    const auto reply = see(token + "/files?path=" + path);
    EXPECT_GE(reply.status, 400) << path << reply.body;
    EXPECT_LT(reply.status, 500) << path << reply.body;
  }
  for (const auto* method : {"PUT", "DELETE", "POST", "PATCH"}) {
    const auto reply =
        fetch(server().port(), method, "/api/v1/public/" + token + "/file?path=project/main.py",
              {{"Host", server().host()}, {"Berth-Client", "native"}}, "x");
    EXPECT_EQ(reply.status, 405) << method;
  }
}

TEST_F(PublicProject, ALinkIsGuessedByNobodyAndEndsWhenItIsClosed) {
  put("project/main.py", "print('public')");
  store();
  const auto token = token_of(publish(true));
  ASSERT_EQ(see(token).status, 200);
  for (const auto& guess :
       {token.substr(0, token.size() - 1), token + "a", token.substr(0, token.find('-')),
        std::string("aaaaaaaaaaaaaaaa") + token.substr(16), workspace(), std::string(3'000, 'a')})
    EXPECT_EQ(see(guess).status, 404) << guess.substr(0, 60);
  ASSERT_EQ(publish(false).status, 200);
  EXPECT_FALSE(parsed(publish(false)).contains("url"));
  EXPECT_EQ(see(token).status, 404);
  EXPECT_EQ(see(token + "/files").status, 404);
  EXPECT_EQ(see(token + "/file?path=project/main.py").status, 404);
  EXPECT_EQ(api("POST", "/workspaces", stranger(),
                {{"name", "Fork"}, {"template_id", "empty"}, {"from_public", token}})
                .status,
            404);
  const auto again = token_of(publish(true));
  EXPECT_NE(again, token);
  EXPECT_EQ(see(again).status, 200);
}

TEST_F(PublicProject, AForkHasTheProjectAndNothingElse) {
  put("project/main.py", "print('fork me')");
  put("secret.txt", "outside");
  run("mkdir -p ~/project/.git && echo inside > ~/project/.git/config");
  store();
  const auto token = token_of(publish(true));
  const auto refused = api(
      "POST", "/workspaces", stranger(),
      {{"name", "Fork"}, {"template_id", "empty"}, {"from_public", token}, {"from_workspace", workspace()}});
  EXPECT_NE(refused.status, 200);
  const auto made = parsed(api("POST", "/workspaces", stranger(),
                               {{"name", "Fork"}, {"template_id", "empty"}, {"from_public", token}}));
  const std::string id = made.at("id");
  EXPECT_EQ(made.at("role"), "owner");
  ASSERT_TRUE(eventually(
      [&] { return parsed(api("GET", "/workspaces/" + id, stranger())).at("state") == "running"; }));
  const auto get = [&](const std::string& path) {
    return api("GET", "/workspaces/" + id + "/file?path=" + path, stranger());
  };
  EXPECT_EQ(get("project/main.py").body, "print('fork me')");
  EXPECT_EQ(get("secret.txt").status, 404);
  EXPECT_EQ(get("project/.git/config").status, 404);
  EXPECT_GT(parsed(api("GET", "/me/storage", stranger())).at("used").get<int>(), 0);
  EXPECT_EQ(api("GET", "/workspaces/" + id, owner()).status, 404);
}

TEST_F(PublicProject, PortsThatAnybodyMaySeeAreNamed) {
  put("project/main.py", "print('public')");
  store();
  const auto token = token_of(publish(true));
  EXPECT_TRUE(parsed(see(token)).at("ports").empty());
  ASSERT_EQ(api("PATCH", "/workspaces/" + workspace() + "/ports", owner(),
                {{"ports", {{"8000", "public"}, {"8001", "people"}}}})
                .status,
            200);
  const auto ports = parsed(see(token)).at("ports");
  ASSERT_EQ(ports.size(), 1u);
  EXPECT_EQ(ports.at(0).at("port"), 8000);
}

TEST_F(PublicProject, OfADisabledAccountNothingIsPublic) {
  const auto guest = make_person("phisher");
  const auto id = make_stopped(guest);
  const auto opened = api("PUT", "/workspaces/" + id + "/public", guest, {{"enabled", true}});
  ASSERT_EQ(opened.status, 200) << opened.body;
  const auto token = token_of(opened), account = account_of(guest);
  EXPECT_EQ(see(token).status, 200);
  const auto disable = [&](bool disabled) {
    return api("PATCH", "/admin/accounts/" + account, owner(), {{"disabled", disabled}}).status;
  };
  ASSERT_EQ(disable(true), 200);
  EXPECT_EQ(see(token).status, 404);
  EXPECT_EQ(see(token + "/files?path=project").status, 404);
  ASSERT_EQ(disable(false), 200);
  EXPECT_EQ(see(token).status, 200);
}

}  // namespace
}  // namespace berth::test
