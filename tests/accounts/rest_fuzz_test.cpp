// SPDX-License-Identifier: GPL-3.0-or-later
// Every route, asked as its own OpenAPI document says and as it does not, by everybody who should not and by
// some who may: nothing is a mistake of the server's, nothing is answered that the document does not name,
// and nobody gets what is not theirs. Seeded; BERTH_SEED repeats a run, BERTH_ROUNDS makes it longer.
#include <gtest/gtest.h>

#include <random>

#include "tests/integration/server/berthd_process.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;

std::uint64_t number_of(const char* variable, std::uint64_t usual) {
  const char* given = std::getenv(variable);
  return given ? std::strtoull(given, nullptr, 10) : usual;
}

/// Makes values of the document's schemas, and others.
class Values {
 public:
  Values(const Json& document, std::uint64_t seed)
      : schemas_(document.at("components").at("schemas")), random_(seed) {}

  std::size_t below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
  }
  bool one_in(std::size_t many) { return below(many) == 0; }
  template <class T>
  const T& any(const std::vector<T>& of) {
    return of[below(of.size())];
  }

  std::string text() {
    static const std::vector<std::string> hostile = {
        "",
        "a",
        "../../../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "' OR '1'='1",
        "<script>alert(1)</script>",
        "\xC3\xA9\xF0\x9F\x98\x80",
        "line\nline",
        std::string("nul\0nul", 7),
        "project/main.py",
        "k3vq7mzd2a",
        "python",
        "\xE2\x80\xAE"
        "elif",
        "http://169.254.169.254/latest/meta-data",
        "-1",
        "null",
        std::string(300, 'a'),
    };
    if (one_in(40)) return std::string(20'000, 'x');
    return any(hostile);
  }

  Json of(const Json& schema, int depth = 0) {
    if (one_in(25))
      return any(std::vector<Json>{nullptr, 1, "text", Json::array(), Json::object(), true, 1.5});
    if (schema.contains("$ref")) {
      const std::string name = schema.at("$ref");
      return of(schemas_.at(name.substr(name.rfind('/') + 1)), depth);
    }
    if (schema.contains("enum"))
      return one_in(10) ? Json("no-such-value") : any(schema.at("enum").get<std::vector<Json>>());
    const auto type = schema.value("type", Json("object"));
    if (type == "string") return text();
    if (type == "boolean") return one_in(2);
    if (type == "integer" || type == "number")
      return any(std::vector<Json>{0, 1, -1, 80, 65'535, 65'536, 1'795'000'000'000,
                                   std::numeric_limits<std::int64_t>::max(),
                                   std::numeric_limits<std::int64_t>::min(), 0.5});
    if (type == "array") {
      Json all = Json::array();
      for (auto left = depth > 4 ? 0 : below(3); left > 0; --left)
        all.push_back(of(schema.value("items", Json::object()), depth + 1));
      return all;
    }
    Json object = Json::object();
    std::vector<std::string> required = schema.value("required", std::vector<std::string>{});
    const auto properties = schema.value("properties", Json::object());
    for (const auto& [name, field] : properties.items()) {
      const bool needed = std::ranges::find(required, name) != required.end();
      if (needed ? !one_in(12) : one_in(2)) object[name] = of(field, depth + 1);
    }
    if (one_in(12)) object["unknown"] = text();
    return object;
  }

  /// A request's body: mostly JSON by the schema, with what the document gives as an example among it.
  std::string body(const Json& content) {
    if (!content.contains("application/json")) return text();
    if (one_in(15))
      return any(std::vector<std::string>{"{", "[]", "null", "\xff\xfe", std::string(2'000, '['),
                                          std::string(300'000, ' '), "\"a\""});
    const auto& json = content.at("application/json");
    if (one_in(4)) return json.value("example", Json::object()).dump();
    return of(json.at("schema")).dump(-1, ' ', false, Json::error_handler_t::replace);
  }

 private:
  const Json& schemas_;
  std::mt19937_64 random_;
};

std::string escaped(const std::string& text) {
  std::string out;
  constexpr char digits[] = "0123456789ABCDEF";
  for (const unsigned char c : text) {
    if (std::isalnum(c) || c == '-' || c == '_' || c == '.')
      out += static_cast<char>(c);
    else
      out += {'%', digits[c >> 4], digits[c & 15]};
  }
  return out;
}

struct Person {
  std::string token, id;
};

class RestFuzz : public ::testing::Test {
 protected:
  DataPlace place_;
  // Nobody may start anything: what containers do is tested elsewhere, and would take this all day.
  BerthdProcess server_{place_,
                        {"--running-per-account", "1", "--rate-limit", "0", "--rate-limit-anonymous", "0"}};
  Json document_ = json_of(call(server_, "GET", "/api/openapi.json"));
  int made_ = 0;
  Person root_, ann_, bob_;
  std::string workspace_;  // ann's

  static Person person(const Json& signed_in) {
    return {signed_in.at("access_token"), signed_in.at("account").at("id")};
  }
  bool is_in(const Person& who) const { return call(server_, "GET", "/api/v1/me", who.token).status == 200; }

  /// What the requests before may have taken away is there again: people, registration, ann's workspace.
  void restore() {
    if (root_.token.empty())
      root_ = person(json_of(call(server_, "POST", "/api/v1/setup", {},
                                  {{"token", server_.setup_token()},
                                   {"email", root_email},
                                   {"name", "Root"},
                                   {"password", test_password}})));
    if (!is_in(root_)) {
      const auto again = call(server_, "POST", "/api/v1/auth/sign_in", {},
                              {{"email", root_email}, {"password", test_password}});
      ASSERT_EQ(again.status, 200) << again.body;
      root_ = person(json_of(again));
    }
    const auto settings = call(server_, "PATCH", "/api/v1/settings", root_.token,
                               {{"registration_open", true},
                                {"workspaces_per_account", 20},
                                {"registration_domains", Json::array()}});
    ASSERT_EQ(settings.status, 200) << settings.body;
    for (auto* one : {&ann_, &bob_})
      if (one->token.empty() || !is_in(*one)) {
        *one = person(register_account(server_, "person" + std::to_string(++made_) + "@example.org"));
        if (one == &ann_) workspace_.clear();
      }
    if (workspace_.empty() ||
        call(server_, "GET", "/api/v1/workspaces/" + workspace_, ann_.token).status != 200)
      workspace_ = json_of(call(server_, "POST", "/api/v1/workspaces", ann_.token,
                                {{"name", "Private"}, {"template_id", "empty"}, {"start", false}}))
                       .at("id");
  }

  std::string target(const std::string& path, const Json& operation, Values& values, bool hers) const {
    std::string out = path;
    for (auto open = out.find('{'); open != out.npos; open = out.find('{', open + 1)) {
      const auto close = out.find('}', open);
      const auto name = out.substr(open + 1, close - open - 1);
      const auto value =
          name == "id" && hers ? workspace_ : escaped(values.one_in(3) ? bob_.id : "x" + values.text());
      out.replace(open, close - open + 1, value);
    }
    char mark = '?';
    for (const auto& parameter : operation.value("parameters", Json::array())) {
      if (parameter.value("in", "") != "query" || (!parameter.value("required", false) && values.one_in(2)))
        continue;
      out += mark + parameter.at("name").get<std::string>() + "=" + escaped(values.text());
      mark = '&';
    }
    return out;
  }

  Reply ask(const std::string& method, const std::string& at, const std::string& token,
            const std::string& body) const {
    Fields fields{{"Host", server_.host()}, {"Berth-Client", "native"}};
    if (!token.empty()) fields.emplace_back("Authorization", "Bearer " + token);
    return fetch(server_.port(), method, at, fields, body);
  }

  static constexpr const char* root_email = "root@example.org";
};

TEST_F(RestFuzz, NoRouteMakesAMistakeOrLetsAnybodyInWhoMayNot) {
  const auto seed = number_of("BERTH_SEED", 1), rounds = number_of("BERTH_ROUNDS", 4);
  Values values(document_, seed);
  std::size_t asked = 0, done = 0;
  for (const auto& [path, operations] : document_.at("paths").items()) {
    for (const auto& [verb, operation] : operations.items()) {
      std::string method = verb;
      std::ranges::transform(method, method.begin(),
                             [](char c) { return static_cast<char>(std::toupper(c)); });
      const bool for_anyone = operation.at("security").empty();
      const bool administrators = path.starts_with("/api/v1/admin/") || path == "/api/v1/settings";
      const bool of_workspace = path.starts_with("/api/v1/workspaces/{id}");
      for (std::uint64_t round = 0; round < rounds; ++round) {
        ASSERT_NO_FATAL_FAILURE(restore());
        // Those who may not before those who may: what these do may change who is who.
        for (const std::string who : {"nobody", "forger", "stranger", "owner", "administrator"}) {
          const auto token = who == "nobody"     ? ""
                             : who == "forger"   ? "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290In0."
                             : who == "stranger" ? bob_.token
                             : who == "owner"    ? ann_.token
                                                 : root_.token;
          const bool hers = of_workspace && (who == "stranger" || !values.one_in(3));
          const auto at = target(path, operation, values, hers);
          const auto body =
              operation.contains("requestBody") ? values.body(operation.at("requestBody").at("content")) : "";
          const auto reply = ask(method, at, token, body);
          const auto story = [&] {
            return who + ": " + method + " " + at.substr(0, 300) + " " + body.substr(0, 300) + "\n=> " +
                   std::to_string(reply.status) + " " + reply.body.substr(0, 500) + "\nseed " +
                   std::to_string(seed);
          };
          ++asked;
          const bool good = reply.status < 400;
          done += good ? 1 : 0;
          // A redirect is a success of routes that browsers follow; a too long header is HTTP's own.
          if (!good && reply.status != 431) {
            EXPECT_TRUE(operation.at("responses").contains(std::to_string(reply.status)))
                << "not in the document\n"
                << story();
            const auto error = Json::parse(reply.body, nullptr, false);
            EXPECT_TRUE(error.is_object() && error.contains("error") && error["error"]["message"].is_string())
                << story();
          }
          EXPECT_NE(reply.status, 500) << story();
          // Refused before anybody asks who it is.
          const bool unreadable = reply.status == 413 || reply.status == 431 ||
                                  reply.body.find("address is malformed") != reply.body.npos;
          if ((who == "nobody" || who == "forger") && !for_anyone && !unreadable)
            EXPECT_EQ(reply.status, 401) << story();
          if (who == "stranger" && hers) EXPECT_FALSE(good) << "not theirs\n" << story();
          if ((who == "stranger" || who == "owner") && administrators && !unreadable)
            EXPECT_EQ(reply.status, 403) << story();
          if (HasFailure()) return;
        }
      }
    }
  }
  std::cout << asked << " requests, of which " << done << " did something" << std::endl;
  EXPECT_GT(done, asked / 50) << "the requests are so wrong that nothing is tried";
  EXPECT_EQ(call(server_, "GET", "/readyz").status, 200);
}

/// What a client reads of the document holds of the answers.
TEST_F(RestFuzz, WhatAnswersIsWhatTheDocumentSays) {
  restore();
  for (const std::string path : {"/api/v1/server", "/api/v1/me", "/api/v1/workspaces", "/api/v1/templates",
                                 "/api/v1/settings", "/api/v1/me/preferences"}) {
    const auto reply = ask("GET", path, root_.token, "");
    ASSERT_EQ(reply.status, 200) << path << reply.body;
    const auto answer = json_of(reply);
    const std::string name =
        document_["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
    const auto& schema = document_["components"]["schemas"][name.substr(name.rfind('/') + 1)];
    for (const auto& field : schema.value("required", Json::array()))
      EXPECT_TRUE(answer.contains(field.get<std::string>())) << path << " lacks " << field;
    for (const auto& [field, value] : answer.items())
      EXPECT_TRUE(schema["properties"].contains(field))
          << path << " has " << field << ", which is not in the document";
  }
}

}  // namespace
}  // namespace berth::server::testing
