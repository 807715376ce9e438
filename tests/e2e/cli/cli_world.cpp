// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli_world.hpp"

namespace berth::test {

using protocol::Json;
using server::testing::BerthdProcess;
using server::testing::Browser;

/// Ends the world while berthd's end can still fail a test.
class WorldEnd : public ::testing::Environment {
 public:
  void TearDown() override { CliTest::world_.reset(); }
};
const auto* const world_end = ::testing::AddGlobalTestEnvironment(new WorldEnd);

World::World() {
  berthd = std::make_unique<BerthdProcess>(
      place, std::vector<std::string>{"--rate-limit-anonymous", "0", "--rate-limit", "0", "--config",
                                      server::testing::write_options(place, server::testing::provider_table(
                                                                                "real", provider.origin()))});
  origin_ = berthd->origin();
  provider.control("/control/redirect", {{"uri", origin_ + "/api/v1/auth/providers/real/callback"}});
  for (const std::string name : {"ann", "bob"})
    provider.control(
        "/control/account",
        {{"id", name}, {"email", name + "@example.org"}, {"email_verified", true}, {"name", name}});
  sign_in(ann);
}

World::~World() {
  // Workspaces outlive their server, so none may be left behind.
  const auto listed = run(ann, {"--server", origin_, "--json", "workspaces", "ls"});
  if (const auto all = protocol::parse_json(listed.out); all && all->contains("workspaces"))
    for (const auto& one : all->at("workspaces"))
      run(ann, {"--server", origin_, "workspaces", "rm", "--yes", one.at("id")});
}

void World::enter(Browser& browser, const std::string& login) {
  browser.login = login;
  browser.follow(origin_ + "/api/v1/auth/providers/real/begin?to=/w/abc", [this](const std::string& url) {
    return url.starts_with(origin_) && url.find("/api/v1/auth/") == url.npos;
  });
}

std::string page_in(const std::string& text) {
  const auto begin = text.find("http");
  const auto at = text.find("/authorize?");
  const auto begin_of = at == text.npos ? begin : text.rfind("http", at);
  return text.substr(begin_of, text.find_first_of(" \n", begin_of) - begin_of);
}

void World::decide(Browser& browser, const std::string& page, bool allow) {
  const auto request = server::testing::parameter(page, "request");
  const auto answered = browser.ask("POST", origin_ + "/api/v1/auth/native/" + request, {{"allow", allow}});
  ASSERT_EQ(answered.status, 200) << page << answered.body;
  browser.go(server::testing::json_of(answered).at("redirect"));
}

void World::sign_in(const Machine& machine, const std::string& login) {
  Browser browser;
  enter(browser, login);
  Program program(machine, {"login", origin_, "--no-open"});
  decide(browser, page_in(program.wait_for_error("/authorize?request=") + "\n"), true);
  const auto ended = program.end();
  EXPECT_EQ(ended.code, 0) << ended.error;
}

void CliTest::SetUpTestSuite() {
  if (!world_) world_ = std::make_unique<World>();
}

Json CliTest::json(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "--json");
  const auto ended = ctl(std::move(arguments));
  EXPECT_EQ(ended.code, 0) << ended.error;
  const auto parsed = protocol::parse_json(ended.out);
  if (!parsed) throw std::runtime_error("not JSON: " + ended.out + ended.error);
  return *parsed;
}

const std::string& CliTest::running() {
  if (running_.empty()) running_ = json({"workspaces", "create", "running", "--template", "empty"}).at("id");
  return running_;
}

}  // namespace berth::test
