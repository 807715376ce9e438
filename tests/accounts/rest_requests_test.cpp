// SPDX-License-Identifier: GPL-3.0-or-later
// What holds of every route, asked of the real server: limits and the headers that tell of them, ETags,
// requests that are sent again; and settings that roam, which are a route like any other.
#include <gtest/gtest.h>

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
  DataPlace place_;
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
