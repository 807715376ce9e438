// SPDX-License-Identifier: GPL-3.0-or-later
// Signing in: by a browser and a real OpenID provider, by a code, by a token; who is signed in; the end of
// it.
#include <fstream>

#include "cli_world.hpp"

namespace berth::test {
namespace {

using protocol::Json;
using server::testing::Browser;
using server::testing::json_of;

class CliSignIn : public CliTest {
 protected:
  Ended here(std::vector<std::string> arguments, std::string_view input = {}) {
    return run(machine, std::move(arguments), input);
  }
  /// A token of Ann's, by berthctl.
  static std::string token(const std::string& scope) {
    static int number = 0;
    return json({"tokens", "create", "t" + std::to_string(++number), "--scope", scope}).at("secret");
  }
  Machine machine;
};

TEST_F(CliSignIn, the_browser_lets_berthctl_in_until_it_logs_out) {
  EXPECT_EQ(here({"whoami"}).code, 3);
  world().sign_in(machine);
  auto who = here({"whoami"});
  EXPECT_EQ(who.code, 0) << who.error;
  EXPECT_THAT(who.out, testing::HasSubstr("ann@example.org"));
  EXPECT_EQ(std::filesystem::status(machine.secrets()).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const auto listed = protocol::parse_json(here({"--json", "servers", "ls"}).out);
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->at("servers").at(0).at("account"), "ann@example.org");

  std::ifstream file(machine.secrets());
  const std::string kept((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(here({"logout"}).code, 0);
  EXPECT_EQ(here({"whoami"}).code, 3);
  // It is over on the server, too, for whoever has copied the file.
  std::ofstream(machine.secrets()) << kept;
  who = here({"--server", world().origin(), "whoami"});
  EXPECT_EQ(who.code, 3) << who.out;
}

TEST_F(CliSignIn, a_refusal_in_the_browser_ends_it) {
  Browser browser;
  world().enter(browser);
  Program program(machine, {"login", world().origin(), "--no-open"});
  const auto page = page_in(program.wait_for_error("/authorize?request=") + "\n");
  const auto shown = json_of(browser.ask(
      "GET", world().origin() + "/api/v1/auth/native/" + server::testing::parameter(page, "request")));
  EXPECT_THAT(shown.at("client").get<std::string>(), testing::StartsWith("berthctl/"));
  world().decide(browser, page, false);
  const auto ended = program.end();
  EXPECT_EQ(ended.code, 4);
  EXPECT_THAT(ended.error, testing::HasSubstr("refused"));
}

TEST_F(CliSignIn, a_code_that_is_entered_elsewhere) {
  Program program(machine, {"login", world().origin(), "--device"});
  const auto said = program.wait_for_error("The code is ") + program.wait_for_error(".\n");
  const auto code = said.substr(said.find("The code is ") + 12, 9);
  Browser browser;
  world().enter(browser);
  EXPECT_EQ(browser.ask("POST", world().origin() + "/api/v1/auth/device/" + code, {{"allow", true}}).status,
            200);
  const auto ended = program.end();
  EXPECT_EQ(ended.code, 0) << ended.error;
  EXPECT_THAT(here({"whoami"}).out, testing::HasSubstr("ann@example.org"));
}

TEST_F(CliSignIn, a_token_from_standard_input_a_file_or_the_environment) {
  const auto secret = token("account_read,workspaces_read");
  EXPECT_EQ(here({"login", world().origin(), "--token"}, secret + "\n").code, 0);
  EXPECT_THAT(here({"whoami"}).out, testing::HasSubstr("ann@example.org"));
  EXPECT_EQ(here({"workspaces", "create", "not allowed"}).code, 4) << "the token only reads";

  Machine second;
  std::ofstream(second.home() / "token") << secret;
  EXPECT_EQ(run(second, {"login", world().origin(), "--token-file", "token"}).code, 0);
  EXPECT_EQ(run(second, {"whoami"}).code, 0);

  Machine third;
  third.environment = {{"BERTH_SERVER", world().origin()}, {"BERTH_TOKEN", secret}};
  EXPECT_EQ(run(third, {"whoami"}).code, 0);
  EXPECT_FALSE(std::filesystem::exists(third.secrets())) << "nothing is kept";

  for (const std::string wrong : {"", "berth_pat_nothing", "two words"})
    EXPECT_NE(here({"login", world().origin(), "--token"}, wrong + "\n").code, 0) << wrong;
  EXPECT_EQ(here({"whoami"}).code, 0) << "a wrong token takes no sign-in away";
}

TEST_F(CliSignIn, several_berthctl_share_a_sign_in_whose_tokens_run_out) {
  world().sign_in(machine);
  std::ifstream file(machine.secrets());
  auto kept = Json::parse(file);
  auto& entry = kept.begin().value();
  auto tokens = Json::parse(entry.get<std::string>());
  const std::string refresh = tokens.at("refresh");
  tokens["expires"] = 1;
  entry = tokens.dump();
  std::ofstream(machine.secrets()) << kept.dump();
  std::vector<std::unique_ptr<Program>> programs;
  for (int i = 0; i < 6; ++i)
    programs.push_back(std::make_unique<Program>(machine, std::vector<std::string>{"whoami"}));
  for (auto& one : programs) {
    const auto ended = one->end();
    EXPECT_EQ(ended.code, 0) << ended.error;
  }
  std::ifstream after(machine.secrets());
  const auto now = Json::parse(Json::parse(after).begin().value().get<std::string>());
  EXPECT_NE(now.at("refresh"), refresh) << "it rotated";
  // Once and no more: the session's newest token is the one that is kept.
  EXPECT_EQ(server::testing::call(*world().berthd, "POST", "/api/v1/auth/refresh", {},
                                  {{"refresh_token", now.at("refresh")}})
                .status,
            200);
}

TEST_F(CliSignIn, a_server_that_is_not_there_and_wrong_use_have_codes_of_their_own) {
  EXPECT_EQ(here({"login", "http://127.0.0.1:1", "--no-open"}).code, 7);
  EXPECT_EQ(here({"nonsense"}).code, 2);
  EXPECT_EQ(here({"workspaces", "create"}).code, 2);
  EXPECT_EQ(here({"--version"}).code, 0);
  const auto refused = here({"--json", "--server", world().origin(), "whoami"});
  EXPECT_EQ(refused.code, 3);
  const auto error = protocol::parse_json(refused.error);
  ASSERT_TRUE(error) << refused.error;
  EXPECT_EQ(error->at("error").at("code"), "unauthenticated");
}

}  // namespace
}  // namespace berth::test
