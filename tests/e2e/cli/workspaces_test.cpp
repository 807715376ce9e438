// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces, sharing, tokens, templates, versions: each command against the real server.
#include <fstream>

#include "cli_world.hpp"

namespace berth::test {
namespace {

using protocol::Json;
using testing::HasSubstr;

class CliWorkspaces : public CliTest {
 protected:
  static std::string stopped(const std::string& name) {
    return json({"workspaces", "create", name, "--stopped"}).at("id");
  }
};

TEST_F(CliWorkspaces, a_life_from_create_to_rm) {
  const auto made = ctl({"workspaces", "create", "My work", "--template", "python"});
  EXPECT_EQ(made.code, 0) << made.error;
  EXPECT_THAT(made.out, HasSubstr("running"));
  const auto listed = json({"workspaces", "ls", "My wo"});
  ASSERT_EQ(listed.at("workspaces").size(), 1u);
  const std::string id = listed.at("workspaces").at(0).at("id");
  EXPECT_EQ(json({"workspaces", "show", id}).at("name"), "My work");
  EXPECT_EQ(json({"ws", "stop", "My work"}).at("state"), "stopped");
  EXPECT_EQ(json({"ws", "rename", "My work", "Other work"}).at("name"), "Other work");
  EXPECT_EQ(ctl({"ws", "show", "My work"}).code, 5);
  const auto started = ctl({"ws", "start", "Other work"});
  EXPECT_THAT(started.out, HasSubstr("running"));
  EXPECT_THAT(
      started.error,
      testing::MatchesRegex("Start: place [0-9.]+ s, image [0-9.]+ s, files [0-9.]+ s, runner [0-9.]+ s\n"));
  EXPECT_THAT(ctl({"logs", "Other work"}).out, testing::AllOf(HasSubstr("running"), HasSubstr("stopped")));
  EXPECT_EQ(ctl({"ws", "rm", "Other work"}).code, 2)
      << "without --yes and without a terminal nothing is deleted";
  EXPECT_EQ(ctl({"ws", "rm", "Other work", "--yes"}).code, 0);
  EXPECT_EQ(ctl({"ws", "show", id}).code, 5);
}

TEST_F(CliWorkspaces, a_name_that_two_have_must_be_an_id) {
  const auto first = stopped("twin"), second = stopped("twin");
  const auto refused = ctl({"ws", "show", "twin"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.error, testing::AllOf(HasSubstr(first), HasSubstr(second)));
  EXPECT_EQ(ctl({"ws", "show", first}).code, 0);
}

TEST_F(CliWorkspaces, a_name_can_t_steer_the_terminal) {
  const auto id = stopped("bad \u009b31m name");
  const auto shown = ctl({"ws", "ls", id});
  EXPECT_THAT(shown.out, testing::Not(HasSubstr("\u009b")));
  EXPECT_THAT(shown.out, HasSubstr("31m name"));
}

TEST_F(CliWorkspaces, people_and_links) {
  Machine bob;
  world().sign_in(bob, "bob");
  const auto id = stopped("shared");
  EXPECT_EQ(run(bob, {"ws", "show", id}).code, 5);
  EXPECT_EQ(ctl({"ws", "share", "add", "shared", "bob@example.org", "--role", "editor"}).code, 0);
  EXPECT_EQ(run(bob, {"ws", "show", id}).code, 0);
  EXPECT_EQ(run(bob, {"ws", "rename", id, "mine"}).code, 4);
  EXPECT_EQ(json({"ws", "share", "role", id, "bob@example.org", "--role", "viewer"}).at("role"), "viewer");
  EXPECT_EQ(ctl({"ws", "share", "add", id, "carol@example.org"}).code, 0);
  const auto people = json({"ws", "share", "ls", id});
  EXPECT_EQ(people.at("members").size(), 2u);
  EXPECT_EQ(people.at("invitations").size(), 1u);
  EXPECT_EQ(ctl({"ws", "share", "rm", id, "carol@example.org"}).code, 0);
  EXPECT_EQ(ctl({"ws", "share", "rm", id, "bob@example.org"}).code, 0);
  EXPECT_EQ(run(bob, {"ws", "show", id}).code, 5);
  EXPECT_EQ(ctl({"ws", "share", "rm", id, "bob@example.org"}).code, 5);
  const auto link = json({"ws", "share", "link", id, "--expires", "7d"});
  EXPECT_THAT(link.at("url").get<std::string>(), testing::StartsWith(world().origin()));
  EXPECT_TRUE(link.at("link").contains("expires"));
  EXPECT_EQ(ctl({"ws", "share", "link", id, "--expires", "soon"}).code, 2);
  EXPECT_EQ(ctl({"ws", "share", "unlink", id, link.at("link").at("id")}).code, 0);
  EXPECT_TRUE(json({"ws", "share", "ls", id}).at("links").empty());
}

TEST_F(CliWorkspaces, tokens_are_made_used_and_revoked) {
  const auto made =
      json({"tokens", "create", "for a script", "--scope", "workspaces_read", "--expires", "1h"});
  Machine script;
  script.environment = {{"BERTH_SERVER", world().origin()}, {"BERTH_TOKEN", made.at("secret")}};
  EXPECT_EQ(run(script, {"ws", "ls"}).code, 0);
  EXPECT_EQ(run(script, {"tokens", "create", "more", "--scope", "admin"}).code, 4);
  EXPECT_THAT(ctl({"tokens", "ls"}).out, HasSubstr("for a script"));
  EXPECT_EQ(ctl({"tokens", "rm", "for a script"}).code, 0);
  EXPECT_EQ(run(script, {"ws", "ls"}).code, 3);
  EXPECT_EQ(ctl({"tokens", "rm", "for a script"}).code, 5);
  EXPECT_EQ(ctl({"tokens", "create", "x", "--scope", "everything"}).code, 2);
}

TEST_F(CliWorkspaces, teams_and_their_workspaces) {
  Machine bob;
  world().sign_in(bob, "bob");
  const std::string team = json({"teams", "create", "Crew"}).at("id");
  EXPECT_THAT(ctl({"teams", "ls"}).out, HasSubstr("Crew"));
  const auto made = json({"ws", "create", "of the crew", "--team", "Crew", "--stopped"});
  EXPECT_EQ(made.at("owner").at("id"), team);
  EXPECT_TRUE(made.at("owner").at("team"));
  const std::string id = made.at("id");
  EXPECT_EQ(run(bob, {"ws", "show", id}).code, 5);
  EXPECT_EQ(ctl({"teams", "add", "Crew", "bob@example.org", "--role", "editor"}).code, 0);
  EXPECT_EQ(run(bob, {"ws", "show", id}).code, 0);
  EXPECT_EQ(json({"teams", "members", team}).at("members").size(), 2u);
  EXPECT_EQ(json({"teams", "show", "Crew"}).at("use").at("workspaces"), 1);
  EXPECT_TRUE(json({"teams", "templates", "Crew"}).at("templates").empty());
  EXPECT_EQ(run(bob, {"teams", "rm", team, "ann@example.org"}).code, 4);
  EXPECT_EQ(ctl({"teams", "rm", "Crew", "bob@example.org"}).code, 0);
  EXPECT_EQ(run(bob, {"teams", "show", "Crew"}).code, 5);
  EXPECT_EQ(run(bob, {"ws", "show", id}).code, 5);
  EXPECT_EQ(ctl({"ws", "create", "of nobody", "--team", "Nobodies"}).code, 5);
}

TEST_F(CliWorkspaces, templates_and_pages) {
  EXPECT_THAT(ctl({"templates"}).out, HasSubstr("python"));
  const auto id = stopped("to be opened");
  EXPECT_EQ(ctl({"open", "to be opened", "--print"}).out, world().origin() + "/w/" + id + "\n");
  EXPECT_EQ(ctl({"logs", id}).code, 0);
  // The browser is a program that gets the address as its one argument.
  std::ofstream(world().ann.home() / "browser")
      << "#!/bin/sh\nprintf '%s|%s' \"$#\" \"$1\" > \"$HOME/opened\"\n";
  std::filesystem::permissions(world().ann.home() / "browser", std::filesystem::perms::owner_all);
  auto& environment = world().ann.environment;
  environment["BROWSER"] = world().ann.home() / "browser";
  EXPECT_EQ(ctl({"open", "to be opened"}).code, 0);
  environment.erase("BROWSER");
  std::string opened;
  EXPECT_TRUE(server::testing::in_time([&] {
    std::ifstream file(world().ann.home() / "opened");
    return std::getline(file, opened) && !opened.empty();
  }));
  EXPECT_EQ(opened, "1|" + world().origin() + "/w/" + id);
}

TEST_F(CliWorkspaces, versions_are_kept_compared_brought_back_and_downloaded) {
  const auto& id = running();
  ASSERT_EQ(ctl({"exec", id, "--", "sh", "-c", "echo one > kept.txt"}).code, 0);
  const auto kept = json({"versions", "create", id, "the first"});
  const std::string version = kept.at("id");
  ASSERT_EQ(ctl({"exec", id, "--", "sh", "-c", "echo two > kept.txt"}).code, 0);
  EXPECT_THAT(ctl({"versions", "ls", id}).out, HasSubstr("the first"));
  const std::string second = json({"versions", "create", id, "the second"}).at("id");
  EXPECT_EQ(ctl({"versions", "changes", id, second, "--against", version, "--path", "project/kept.txt"}).out,
            "~ project/kept.txt\n");
  const auto archive = ctl({"versions", "get", id, version, "old.tar.gz", "--path", "project"});
  EXPECT_EQ(archive.code, 0) << archive.error;
  EXPECT_GT(std::filesystem::file_size(world().ann.home() / "old.tar.gz"), 50u);
  const auto back = ctl({"versions", "restore", id, version, "--path", "project/kept.txt"});
  EXPECT_EQ(back.code, 0) << back.error;
  EXPECT_EQ(ctl({"exec", id, "cat", "kept.txt"}).out, "one\n");
  EXPECT_EQ(ctl({"versions", "restore", id, "nothing"}).code, 5);
}

TEST_F(CliWorkspaces, shells_complete_commands_and_names) {
  stopped("complete-me");
  EXPECT_EQ(ctl({"complete", "--", "work"}).out, "workspaces\n");
  EXPECT_EQ(ctl({"complete", "--", "workspaces", "sto"}).out, "stop\n");
  EXPECT_EQ(ctl({"complete", "--", "ws", "show", "complete-"}).out, "complete-me\n");
  EXPECT_EQ(ctl({"complete", "--", "ws", "share", "add", "--role", "e"}).out, "editor\n");
  EXPECT_THAT(ctl({"complete", "--", "ws", "create", "--te"}).out, HasSubstr("--template\n"));
  EXPECT_EQ(ctl({"complete", "--", "exec", "x", "--", "l"}).out, "");
  for (const char* shell : {"zsh", "fish"}) EXPECT_EQ(ctl({"completion", shell}).code, 0);
  // What bash itself makes of it.
  std::ofstream(world().ann.home() / "completion") << ctl({"completion", "bash"}).out;
  const auto script =
      "PATH=" + std::filesystem::path(BERTHCTL).parent_path().string() + ":$PATH; . " +
      (world().ann.home() / "completion").string() +
      "; COMP_WORDS=(berthctl ws show complete-); COMP_CWORD=3; _berthctl; echo \"${COMPREPLY[@]}\"";
  std::string command = "HOME=" + world().ann.home().string() +
                        " XDG_CONFIG_HOME=" + (world().ann.home() / ".config").string() +
                        " BERTH_SECRET_STORE=file bash -c '" + script + "'";
  FILE* bash = ::popen(command.c_str(), "r");
  ASSERT_NE(bash, nullptr);
  char line[200] = {};
  EXPECT_NE(std::fgets(line, sizeof line, bash), nullptr);
  ::pclose(bash);
  EXPECT_STREQ(line, "complete-me\n");
}

}  // namespace
}  // namespace berth::test
