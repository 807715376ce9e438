// SPDX-License-Identifier: GPL-3.0-or-later
// Mails by a real mail server, and what their links may do.
#include <algorithm>
#include <fstream>

#include "sign_in_fixture.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;

class MailedLinks : public ::testing::Test {
 protected:
  static std::vector<std::string> options(const NodeProgram& sink) {
    return {"--mail-url",
            "smtp://127.0.0.1:" + std::to_string(sink.port(0)),
            "--mail-from",
            "Berth <berth@ide.example.org>",
            "--rate-limit-anonymous",
            "0"};
  }
  std::string api() const { return server_.origin() + "/api/v1"; }
  int forgot(const std::string& email) {
    return call(server_, "POST", "/api/v1/auth/forgot_password", {}, {{"email", email}}).status;
  }
  Reply reset(const std::string& token, const std::string& password) {
    return call(server_, "POST", "/api/v1/auth/reset_password", {},
                {{"token", token}, {"password", password}});
  }
  int sign_in(const std::string& email, const std::string& password) {
    return call(server_, "POST", "/api/v1/auth/sign_in", {}, {{"email", email}, {"password", password}})
        .status;
  }
  /// The token of the newest of so many mails to the address that have this path in their link.
  std::string token_of(const std::string& email, const std::string& path, std::size_t count = 1) {
    std::vector<std::string> tokens;
    EXPECT_TRUE(in_time([&] {
      tokens.clear();
      for (const auto& mail : sink_.control("/mails", nullptr, 1)) {
        const auto link = link_in(mail_text(mail.at("message")));
        if (mail.at("to").at(0) == email && link.find(path) != link.npos)
          tokens.push_back(parameter(link, "token"));
      }
      return tokens.size() >= count;
    })) << server_.log();
    return tokens.empty() ? "" : tokens.back();
  }

  DataPlace place_;
  NodeProgram sink_{"mail_sink.mjs"};
  BerthdProcess server_{place_, options(sink_)};
};

TEST_F(MailedLinks, AnAddressIsProvenOnce) {
  const auto account = register_account(server_, "ann@example.org");
  const std::string bearer = account.at("access_token");
  EXPECT_EQ(account.at("account").at("email_verified"), false);
  const auto mails = mails_to(sink_, "ann@example.org", 1);
  const std::string message = mails.at(0).at("message");
  EXPECT_EQ(mails.at(0).at("from"), "berth@ide.example.org");
  EXPECT_NE(message.find("From: Berth <berth@ide.example.org>"), message.npos) << message;
  EXPECT_NE(message.find("Auto-Submitted: auto-generated"), message.npos);
  const auto link = link_in(mail_text(message));
  EXPECT_TRUE(link.starts_with("http://127.0.0.1:" + std::to_string(server_.port()) + "/verify-email?token="))
      << link;
  const Json token{{"token", parameter(link, "token")}};
  EXPECT_EQ(call(server_, "POST", "/api/v1/auth/verify_email", {}, {{"token", "another"}}).status, 404);
  EXPECT_EQ(call(server_, "POST", "/api/v1/auth/verify_email", {}, token).status, 200);
  EXPECT_EQ(json_of(call(server_, "GET", "/api/v1/me", bearer)).at("email_verified"), true);
  EXPECT_EQ(call(server_, "POST", "/api/v1/auth/verify_email", {}, token).status, 404);
  // Another address is not proven, and the old one is told of it.
  call(server_, "PATCH", "/api/v1/me", bearer, {{"email", "anna@example.org"}});
  EXPECT_EQ(json_of(call(server_, "GET", "/api/v1/me", bearer)).at("email_verified"), false);
  const auto old = token_of("anna@example.org", "/verify-email");
  mails_to(sink_, "ann@example.org", 2);
  // A link to an address that is not the account's any more proves nothing.
  call(server_, "PATCH", "/api/v1/me", bearer, {{"email", "third@example.org"}});
  EXPECT_EQ(call(server_, "POST", "/api/v1/auth/verify_email", {}, {{"token", old}}).status, 404);
}

TEST_F(MailedLinks, APasswordIsSetAnewOnceAndEndsAllElse) {
  const auto account = register_account(server_, "ann@example.org");
  const std::string bearer = account.at("access_token");
  const auto made =
      call(server_, "POST", "/api/v1/me/tokens", bearer, {{"name", "t"}, {"scopes", {"account_read"}}});
  ASSERT_EQ(made.status, 200) << made.body;
  const std::string personal = json_of(made).at("secret");
  EXPECT_EQ(call(server_, "GET", "/api/v1/me", personal).status, 200);
  ASSERT_EQ(forgot(" Ann@example.org "), 200);
  const auto token = token_of("ann@example.org", "/reset-password");
  ASSERT_EQ(forgot("ann@example.org"), 200);
  const auto second = token_of("ann@example.org", "/reset-password", 2);
  EXPECT_EQ(reset(token, "short").status, 400);  // costs the link nothing
  EXPECT_EQ(reset("another", "a new password").status, 404);
  const auto done = reset(token, "a new password");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(json_of(done).at("account").at("email_verified"), true);
  EXPECT_EQ(reset(token, "a third password").status, 404);
  EXPECT_EQ(reset(second, "a third password").status, 404);  // the others went with it
  EXPECT_EQ(call(server_, "GET", "/api/v1/me", bearer).status, 401);
  EXPECT_EQ(call(server_, "GET", "/api/v1/me", personal).status, 401);
  EXPECT_EQ(sign_in("ann@example.org", test_password), 401);
  EXPECT_EQ(sign_in("ann@example.org", "a new password"), 200);
  const std::string fresh = json_of(done).at("access_token");
  EXPECT_EQ(call(server_, "GET", "/api/v1/me", fresh).status, 200);
}

TEST_F(MailedLinks, NobodyLearnsWhoHasAnAccount) {
  register_account(server_, "ann@example.org");
  const auto known =
      call(server_, "POST", "/api/v1/auth/forgot_password", {}, {{"email", "ann@example.org"}});
  const auto unknown =
      call(server_, "POST", "/api/v1/auth/forgot_password", {}, {{"email", "bob@example.org"}});
  EXPECT_EQ(known.status, 200);
  EXPECT_EQ(known.body, unknown.body);
  token_of("ann@example.org", "/reset-password");
  // In the same time, while the mail server does not answer: the middle of many, one kind after the other.
  std::vector<std::chrono::nanoseconds> times[2];
  for (int i = 0; i < 12; ++i)
    for (const int which : {0, 1}) {
      const auto begun = std::chrono::steady_clock::now();
      forgot(which == 0 ? "ann@example.org" : "nobody@example.org");
      times[which].push_back(std::chrono::steady_clock::now() - begun);
    }
  for (auto& some : times) std::ranges::sort(some);
  EXPECT_LT(times[0][6], times[1][6] * 3);
  EXPECT_LT(times[1][6], times[0][6] * 3);
  // However often somebody asks, few mails go out.
  const auto mails = sink_.control("/mails", nullptr, 1);
  EXPECT_LE(
      std::ranges::count_if(mails, [](const auto& mail) { return mail.at("to").at(0) == "ann@example.org"; }),
      6);
  EXPECT_TRUE(
      std::ranges::none_of(mails, [](const auto& mail) { return mail.at("to").at(0) == "bob@example.org"; }));
}

TEST_F(MailedLinks, ALinkNeverLeadsWhereARequestSays) {
  register_account(server_, "ann@example.org");
  const auto reply = fetch(server_.port(), "POST", "/api/v1/auth/forgot_password",
                           {{"Host", "203.0.113.9:80"},
                            {"Berth-Client", "native"},
                            {"Content-Type", "application/json"},
                            {"X-Forwarded-Host", "evil.example"}},
                           R"({"email":"ann@example.org"})");
  EXPECT_EQ(reply.status, 200) << reply.body;
  std::string link;
  EXPECT_TRUE(in_time([&] {
    for (const auto& mail : sink_.control("/mails", nullptr, 1))
      if (const auto text = mail_text(mail.at("message")); text.find("/reset-password") != text.npos)
        link = link_in(text);
    return !link.empty();
  }));
  EXPECT_TRUE(link.starts_with("http://127.0.0.1:" + std::to_string(server_.port()) + "/")) << link;
}

TEST_F(MailedLinks, WhoeverHadAnUnprovenAddressLosesTheAccountToItsOwner) {
  // An attacker registers the victim's address and waits, with a second factor of their own.
  const auto squatter = register_account(server_, "victim@example.org");
  const std::string bearer = squatter.at("access_token");
  forgot("victim@example.org");
  const auto done = reset(token_of("victim@example.org", "/reset-password"), "the owner's password");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(call(server_, "GET", "/api/v1/me", bearer).status, 401);
  EXPECT_EQ(sign_in("victim@example.org", test_password), 401);
}

TEST_F(MailedLinks, AMailWaitsForItsServer) {
  sink_.control("/refuse", {{"times", 1}, {"code", 451}}, 1);
  register_account(server_, "ann@example.org");
  mails_to(sink_, "ann@example.org", 1);
  // A mail that nobody wants is not sent for ever.
  sink_.control("/refuse", {{"times", 1}, {"code", 550}}, 1);
  register_account(server_, "bob@example.org");
  EXPECT_TRUE(in_time(
      [&] { return server_.log().find("a mail to bob@example.org is dropped") != std::string::npos; }));
}

TEST(MailOptions, WithoutAServerTheLogHasTheLink) {
  const DataPlace place;
  const BerthdProcess server(place);
  EXPECT_EQ(json_of(call(server, "GET", "/api/v1/server")).at("sign_in").at("mail"), false);
  register_account(server, "ann@example.org");
  EXPECT_TRUE(in_time([&] { return server.log().find("/verify-email?token=") != std::string::npos; }));
}

TEST(MailOptions, TlsAndAPasswordAreSpoken) {
  const DataPlace place;
  const auto file = [&](const char* name) { return (place.path() / name).string(); };
  const auto made =
      "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext "
      "subjectAltName=DNS:localhost -keyout " +
      file("key.pem") + " -out " + file("cert.pem") + " 2>/dev/null";
  ASSERT_EQ(std::system(made.c_str()), 0);
  std::ofstream(file("password")) << "mail password\n";
  const NodeProgram sink("mail_sink.mjs", {file("key.pem"), file("cert.pem")});
  const BerthdProcess server(
      place, {"--mail-url", "smtp://localhost:" + std::to_string(sink.port(0)), "--mail-from",
              "berth@ide.example.org", "--mail-user", "berth", "--mail-password-file", file("password"),
              "--mail-ca", file("cert.pem")});
  register_account(server, "ann@example.org");
  EXPECT_EQ(mails_to(sink, "ann@example.org", 1).at(0).at("secure"), true) << server.log();
}

TEST(MailOptions, AMailOutlivesItsServer) {
  const DataPlace place;
  std::vector<std::string> options{"--mail-url", "smtp://127.0.0.1:9", "--mail-from",
                                   "berth@ide.example.org"};
  {
    const BerthdProcess server(place, options);
    register_account(server, "ann@example.org");
    EXPECT_TRUE(
        in_time([&] { return server.log().find("a mail waits for another attempt") != std::string::npos; }));
  }
  const NodeProgram sink("mail_sink.mjs");
  options[1] = "smtp://127.0.0.1:" + std::to_string(sink.port(0));
  const BerthdProcess server(place, options);
  mails_to(sink, "ann@example.org", 1);
}

}  // namespace
}  // namespace berth::server::testing
