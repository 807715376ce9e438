// SPDX-License-Identifier: GPL-3.0-or-later
// What holds of every route, asked of the real server: limits and the headers that tell of them, ETags,
// requests that are sent again, pages; and settings that roam, which are a route like any other.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <thread>

#include "tests/integration/server/berthd_process.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;

class RestRequests : public ::testing::Test {
 protected:
  static Reply ask(const BerthdProcess& server, const std::string& method, const std::string& path,
                   const std::string& token, Fields more = {}, const Json& body = nullptr) {
    Fields fields{{"Host", server.host()}, {"Berth-Client", "native"}};
    if (!token.empty()) fields.emplace_back("Authorization", "Bearer " + token);
    for (auto& field : more) fields.push_back(std::move(field));
    return fetch(server.port(), method, "/api/v1" + path, fields, body.is_null() ? "" : body.dump());
  }
  static std::string make(const BerthdProcess& server, const std::string& token, const std::string& name) {
    const auto made = ask(server, "POST", "/workspaces", token, {},
                          {{"name", name}, {"template_id", "empty"}, {"start", false}});
    if (made.status != 200) throw std::runtime_error(made.body);
    return json_of(made).at("id");
  }
  static std::vector<std::string> ids(const Json& page) {
    std::vector<std::string> all;
    for (const auto& one : page.at("workspaces")) all.push_back(one.at("id"));
    return all;
  }
  DataPlace place_;
};

/// The database of a server, as its administrator's shell sees it.
class Database {
 public:
  explicit Database(const DataPlace& place) {
    if (sqlite3_open((place.path() / "data" / "berth.sqlite").c_str(), &database_) != SQLITE_OK)
      throw std::runtime_error("the database can't be opened");
    sqlite3_busy_timeout(database_, 10'000);
  }
  ~Database() { sqlite3_close(database_); }
  Database(const Database&) = delete;
  void run(const std::string& statement) {
    char* problem = nullptr;
    if (sqlite3_exec(database_, statement.c_str(), nullptr, nullptr, &problem) != SQLITE_OK)
      throw std::runtime_error(problem);
  }

 private:
  sqlite3* database_ = nullptr;
};

TEST_F(RestRequests, TooManyAreRefusedForWhoMadeThemAlone) {
  const BerthdProcess server(place_, {"--rate-limit", "5", "--rate-limit-anonymous", "50"});
  const std::string ann = register_account(server, "ann@example.org").at("access_token");
  const std::string bob = register_account(server, "bob@example.org").at("access_token");
  for (int left = 4; left >= 0; --left) {
    const auto reply = ask(server, "GET", "/me", ann);
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.field("RateLimit-Limit"), "5");
    EXPECT_EQ(reply.field("RateLimit-Remaining"), std::to_string(left));
    EXPECT_FALSE(reply.field("RateLimit-Reset").empty());
  }
  const auto refused = ask(server, "GET", "/me", ann);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(json_of(refused).at("error").at("code"), "limit_exceeded");
  EXPECT_GE(std::stoi("0" + refused.field("Retry-After")), 1);
  EXPECT_LE(std::stoi("0" + refused.field("Retry-After")), 12) << "one in twelve seconds";
  EXPECT_EQ(ask(server, "GET", "/me", bob).status, 200);
  EXPECT_EQ(ask(server, "GET", "/server", "").status, 200);
  // A credential that is none is its address's matter.
  int unauthenticated = 0;
  Reply reply;
  for (int i = 0; i < 60 && reply.status != 429; ++i) {
    reply = ask(server, "GET", "/me", "forged");
    unauthenticated += reply.status == 401 ? 1 : 0;
  }
  EXPECT_EQ(reply.status, 429);
  EXPECT_GT(unauthenticated, 20);
}

TEST_F(RestRequests, WhoHasTheSameAlreadyIsNotGivenItAgain) {
  const BerthdProcess server(place_);
  const std::string ann = register_account(server, "ann@example.org").at("access_token");
  const auto first = ask(server, "GET", "/me", ann);
  const auto etag = first.field("ETag");
  ASSERT_FALSE(etag.empty());
  const auto same = ask(server, "GET", "/me", ann, {{"If-None-Match", etag}});
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(same.field("ETag"), etag);
  EXPECT_EQ(ask(server, "PATCH", "/me", ann, {}, {{"name", "Ann again"}}).status, 200);
  const auto changed = ask(server, "GET", "/me", ann, {{"If-None-Match", etag}});
  EXPECT_EQ(changed.status, 200);
  EXPECT_NE(changed.field("ETag"), etag);
}

TEST_F(RestRequests, ARequestThatIsSentAgainIsDoneOnce) {
  const BerthdProcess server(place_);
  const std::string ann = register_account(server, "ann@example.org").at("access_token");
  const std::string bob = register_account(server, "bob@example.org").at("access_token");
  const Json wanted{{"name", "Once"}, {"template_id", "empty"}, {"start", false}};
  const auto make = [&](const std::string& who, const std::string& key, const Json& body) {
    return ask(server, "POST", "/workspaces", who, {{"Idempotency-Key", key}}, body);
  };
  const auto count = [&](const std::string& who) {
    return json_of(ask(server, "GET", "/workspaces", who)).at("workspaces").size();
  };
  const auto first = make(ann, "a-key", wanted);
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.field("Idempotent-Replayed"), "");
  const auto again = make(ann, "a-key", wanted);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.field("Idempotent-Replayed"), "true");
  EXPECT_EQ(count(ann), 1u);

  auto other = wanted;
  other["name"] = "Twice";
  EXPECT_EQ(make(ann, "a-key", other).status, 400) << "another request";
  EXPECT_EQ(make(ann, std::string(201, 'k'), other).status, 400);
  EXPECT_EQ(make(ann, "b-key", other).status, 200);
  EXPECT_EQ(count(ann), 2u);
  EXPECT_EQ(make(bob, "a-key", wanted).status, 200) << "keys are an account's own";
  EXPECT_EQ(count(bob), 1u);
  // What was refused was not done, and may be tried again under its key.
  other["template_id"] = "no-such-template";
  EXPECT_GE(make(ann, "c-key", other).status, 400);
  EXPECT_GE(make(ann, "c-key", other).status, 400);
  EXPECT_EQ(count(ann), 2u);
}

TEST_F(RestRequests, SecretsAreToldAgainAndLieInNoFile) {
  const BerthdProcess server(place_);
  const auto root = json_of(ask(server, "POST", "/setup", "", {},
                                {{"token", server.setup_token()},
                                 {"email", "root@example.org"},
                                 {"name", "Root"},
                                 {"password", test_password}}));
  const std::string token = root.at("access_token");
  const Json wanted{{"name", "ci"}, {"scopes", {"account_read"}}};
  const auto first = ask(server, "POST", "/me/tokens", token, {{"Idempotency-Key", "t"}}, wanted);
  ASSERT_EQ(first.status, 200) << first.body;
  const auto again = ask(server, "POST", "/me/tokens", token, {{"Idempotency-Key", "t"}}, wanted);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.field("Idempotent-Replayed"), "true");
  const std::string secret = json_of(first).at("secret");
  EXPECT_EQ(ask(server, "GET", "/me", secret).status, 200);
  EXPECT_EQ(json_of(ask(server, "GET", "/me/tokens", token)).at("tokens").size(), 1u);
  int files = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(place_.path() / "data")) {
    if (!file.is_regular_file()) continue;
    ++files;
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    EXPECT_FALSE(bytes.contains(secret)) << file.path();
  }
  EXPECT_GE(files, 3) << "the database, its log, the server's key";
  const auto lines = json_of(ask(server, "GET", "/admin/audit?action=CreateToken", token)).at("entries");
  EXPECT_EQ(lines.size(), 1u) << "what is told again was not done again";
}

TEST_F(RestRequests, WhatIsToldAgainIsToldAfterTheRoleWentWithIt) {
  const BerthdProcess server(place_);
  const std::string ann = register_account(server, "ann@example.org").at("access_token");
  const auto bob = register_account(server, "bob@example.org");
  const auto id = make(server, ann, "Given away");
  ASSERT_EQ(ask(server, "POST", "/workspaces/" + id + "/members", ann, {},
                {{"email", "bob@example.org"}, {"role", "editor"}})
                .status,
            200);
  const Json to{{"account", bob.at("account").at("id")}};
  const auto give = [&](const std::string& key) {
    return ask(server, "POST", "/workspaces/" + id + "/transfer", ann, {{"Idempotency-Key", key}}, to);
  };
  const auto first = give("a");
  ASSERT_EQ(first.status, 200) << first.body;
  const auto again = give("a");
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(give("b").status, 403) << "another request is one of an editor's";
}

TEST_F(RestRequests, WhatAServerDiedInIsNotDoneAgain) {
  const Json wanted{{"name", "Perhaps"}, {"template_id", "empty"}, {"start", false}};
  std::string ann;
  const auto send = [&](const BerthdProcess& server) {
    return ask(server, "POST", "/workspaces", ann, {{"Idempotency-Key", "perhaps"}}, wanted);
  };
  {
    BerthdProcess server(place_);
    ann = register_account(server, "ann@example.org").at("access_token");
    ASSERT_EQ(send(server).status, 200);
    server.crash();
  }
  // As if it had died before it wrote down what it had done, and two minutes had gone since.
  Database(place_).run(
      "UPDATE named_requests SET status = 0, answer = '', until = (SELECT MAX(created) FROM accounts)");
  const BerthdProcess again(place_);
  const auto doubtful = send(again);
  EXPECT_EQ(doubtful.status, 412) << doubtful.body;
  EXPECT_TRUE(doubtful.body.contains("look before you repeat")) << doubtful.body;
  EXPECT_EQ(ids(json_of(ask(again, "GET", "/workspaces", ann))).size(), 1u);
}

TEST_F(RestRequests, WhoSaysWhatTheySawChangesNothingElse) {
  const BerthdProcess server(place_);
  const std::string ann = register_account(server, "ann@example.org").at("access_token");
  const auto id = make(server, ann, "First");
  for (const auto& path : {std::string("/me"), "/workspaces/" + id}) {
    const auto rename = [&](const std::string& name, const std::string& etag) {
      return ask(server, "PATCH", path, ann, {{"If-Match", etag}}, {{"name", name}});
    };
    const auto name = [&] { return json_of(ask(server, "GET", path, ann)).at("name"); };
    const auto seen = ask(server, "GET", path, ann).field("ETag");
    EXPECT_EQ(rename("Second", seen).status, 200) << path;
    EXPECT_EQ(name(), "Second");
    const auto refused = rename("Third", seen);
    EXPECT_EQ(refused.status, 412) << path;
    EXPECT_TRUE(refused.body.contains("changed since you read it")) << refused.body;
    EXPECT_EQ(name(), "Second");
    const auto now = ask(server, "GET", path, ann).field("ETag");
    EXPECT_EQ(json_of(refused).at("error").at("data").at("etag"), now);
    EXPECT_EQ(rename("Fourth", "W/" + now).status, 412) << "weak ones never match";
    EXPECT_EQ(rename("Fourth", "nonsense").status, 412);
    EXPECT_EQ(rename("Fourth", "\"x\", " + now).status, 200) << "one of them";
    EXPECT_EQ(rename("Fifth", "*").status, 200);
    EXPECT_EQ(name(), "Fifth");
  }
  const auto seen = ask(server, "GET", "/workspaces/" + id, ann).field("ETag");
  const std::string bob = register_account(server, "bob@example.org").at("access_token");
  const auto stranger = ask(server, "DELETE", "/workspaces/" + id, bob, {{"If-Match", seen}});
  EXPECT_EQ(stranger.status, 404) << "an ETag opens nothing";
  EXPECT_EQ(ask(server, "DELETE", "/workspaces/" + id, ann, {{"If-Match", "\"old\""}}).status, 412);
  EXPECT_EQ(ask(server, "DELETE", "/workspaces/" + id, ann, {{"If-Match", seen}}).status, 200);
  EXPECT_EQ(ask(server, "DELETE", "/workspaces/" + id, ann, {{"If-Match", "*"}}).status, 404);
  const auto link = ask(server, "DELETE", "/me/tokens/none", ann, {{"If-Match", "*"}});
  EXPECT_EQ(link.status, 400) << "what can't be kept is not promised";
}

TEST_F(RestRequests, OfManyWhoSawTheSameOneChangesIt) {
  const BerthdProcess server(place_);
  const std::string ann = register_account(server, "ann@example.org").at("access_token");
  for (int round = 0; round < 5; ++round) {
    const auto seen = ask(server, "GET", "/me", ann).field("ETag");
    std::atomic<int> done = 0, refused = 0;
    {
      std::vector<std::jthread> all;
      for (int i = 0; i < 8; ++i)
        all.emplace_back([&, i] {
          const auto name = "Ann " + std::to_string(round) + "/" + std::to_string(i);
          const auto reply = ask(server, "PATCH", "/me", ann, {{"If-Match", seen}}, {{"name", name}});
          ++(reply.status == 200 ? done : refused);
        });
    }
    EXPECT_EQ(done, 1);
    EXPECT_EQ(refused, 7);
  }
}

TEST_F(RestRequests, WorkspacesComeInPages) {
  const BerthdProcess server(place_);
  const std::string ann = register_account(server, "ann@example.org").at("access_token");
  const auto bob = register_account(server, "bob@example.org");
  const std::string bobs = bob.at("access_token");
  for (int i = 0; i < 5; ++i) make(server, ann, "Plain " + std::to_string(i));
  const auto shared = make(server, bobs, "Of Bob's 100%");
  make(server, bobs, "Private");
  ASSERT_EQ(ask(server, "POST", "/workspaces/" + shared + "/members", bobs, {},
                {{"email", "ann@example.org"}, {"role", "viewer"}})
                .status,
            200);
  const auto list = [&](const std::string& query) { return ask(server, "GET", "/workspaces" + query, ann); };
  const auto whole = json_of(list(""));
  const auto all = ids(whole);
  EXPECT_EQ(all.size(), 6u);
  EXPECT_FALSE(whole.contains("next")) << "the last page";
  for (int limit = 1; limit <= 6; ++limit) {
    std::vector<std::string> seen;
    std::string cursor;
    do {
      const auto reply =
          list("?limit=" + std::to_string(limit) + (cursor.empty() ? "" : "&cursor=" + cursor));
      ASSERT_EQ(reply.status, 200) << reply.body;
      const auto page = json_of(reply);
      EXPECT_LE(page.at("workspaces").size(), static_cast<std::size_t>(limit));
      for (const auto& id : ids(page)) seen.push_back(id);
      cursor = page.value("next", "");
    } while (!cursor.empty());
    EXPECT_EQ(seen, all) << "by " << limit;
  }
  EXPECT_EQ(ids(json_of(list("?query=PLAIN"))).size(), 5u);
  EXPECT_EQ(ids(json_of(list("?query=100%25"))), std::vector{shared});
  EXPECT_EQ(ids(json_of(list("?query=" + shared))), std::vector{shared});
  EXPECT_EQ(ids(json_of(list("?query=private"))).size(), 0u);
  EXPECT_EQ(ids(json_of(list("?owner=" + bob.at("account").at("id").get<std::string>()))),
            std::vector{shared});
  for (const auto* wrong :
       {"?limit=0", "?limit=201", "?limit=x", "?limit=", "?cursor=", "?cursor=1", "?cursor=x.abcdefghij",
        "?cursor=1.%27%20OR%201", "?cursor=99999999999999999999.abcdefghij"})
    EXPECT_EQ(list(wrong).status, 400) << wrong;
  const auto seen = list("?limit=2").field("ETag");
  EXPECT_EQ(ask(server, "GET", "/workspaces?limit=2", ann, {{"If-None-Match", seen}}).status, 304);
}

TEST_F(RestRequests, AListWaitsForNobodyWhoWrites) {
  const BerthdProcess server(place_);
  const auto ann = register_account(server, "ann@example.org");
  const std::string token = ann.at("access_token");
  const auto id = make(server, token, "Mine");
  // Invitations that are no good any more, of an address that is proven, are nothing to write about.
  Database(place_).run("UPDATE accounts SET email_verified = 1");
  Database(place_).run(
      "INSERT INTO invitations (id, workspace, email, role, secret, invited_by, created, expires, uses) "
      "VALUES "
      "('old', '" +
      id + "', 'ann@example.org', 'viewer', 'x', 'nobody', 1, 2, 0)");
  Database writer(place_);
  writer.run("BEGIN IMMEDIATE");
  const auto listed = ask(server, "GET", "/workspaces", token);
  EXPECT_EQ(listed.status, 200) << listed.body;
  EXPECT_EQ(ids(json_of(listed)), std::vector{id});
  writer.run("ROLLBACK");
}

TEST_F(RestRequests, SettingsOutliveTheServerAndAreTheirPersons) {
  const auto kept = [](const Reply& reply) {
    std::map<std::string, std::string> values;
    const auto answer = json_of(reply);
    for (const auto& preference : answer.at("preferences"))
      values[preference.at("name")] = preference.at("value");
    return values;
  };
  const auto put = [](const std::string& name, const std::string& value, int age) {
    return Json{{"preferences", Json::array({{{"name", name}, {"value", value}, {"age", age}}})}};
  };
  using Values = std::map<std::string, std::string>;
  std::string ann;
  {
    BerthdProcess server(place_);
    ann = register_account(server, "ann@example.org").at("access_token");
    const std::string bob = register_account(server, "bob@example.org").at("access_token");
    EXPECT_EQ(kept(ask(server, "PATCH", "/me/preferences", ann, {}, put("theme", "\"dark\"", 0))),
              (Values{{"theme", "\"dark\""}}));
    EXPECT_EQ(kept(ask(server, "PATCH", "/me/preferences", ann, {}, put("theme", "\"light\"", 60'000))),
              (Values{{"theme", "\"dark\""}}))
        << "chosen before";
    EXPECT_EQ(ask(server, "PATCH", "/me/preferences", ann, {}, put("Theme", "1", 0)).status, 400);
    EXPECT_EQ(kept(ask(server, "GET", "/me/preferences", bob)), Values{});
    EXPECT_EQ(ask(server, "GET", "/me/preferences", "").status, 401);
    server.crash();
  }
  const BerthdProcess again(place_);
  EXPECT_EQ(kept(ask(again, "GET", "/me/preferences", ann)), (Values{{"theme", "\"dark\""}}));
}

}  // namespace
}  // namespace berth::server::testing
