// SPDX-License-Identifier: GPL-3.0-or-later
// Mails by a real mail server, and what their links may do.
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <fstream>

#include "server/totp.hpp"
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

  /// A second factor; its first codes are recovery codes.
  std::string turn_on_second_factor(const std::string& bearer) {
    const auto begun = json_of(
        call(server_, "POST", "/api/v1/me/second_factor/begin", bearer, {{"password", test_password}}));
    const std::string shown = begun.at("secret");
    std::string secret;
    unsigned bits = 0, kept = 0;
    for (const char c : shown) {  // base32
      kept = (kept << 5) | static_cast<unsigned>(c >= 'A' ? c - 'A' : c - '2' + 26);
      bits += 5;
      if (bits >= 8) secret += static_cast<char>((kept >> (bits -= 8)) & 0xFF);
    }
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    const auto confirmed = call(server_, "POST", "/api/v1/me/second_factor/confirm", bearer,
                                {{"code", totp::code_of(secret, now / totp::step_seconds)}});
    EXPECT_EQ(confirmed.status, 200) << confirmed.body;
    recovery_codes_ = json_of(confirmed).at("recovery_codes");
    return secret;
  }
  /// That takes connections and says nothing; its port.
  static std::pair<net::FileDescriptor, std::uint16_t> listening_socket() {
    net::FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket.get(), raw, size) != 0 || ::listen(socket.get(), 8) != 0 ||
        ::getsockname(socket.get(), raw, &size) != 0)
      throw std::runtime_error("no socket");
    return {std::move(socket), ntohs(address.sin_port)};
  }

  Json recovery_codes_;
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
  // Another address waits until it is proven, and the one that it has is told of it.
  const auto move = [&](const std::string& email) {
    return call(server_, "PATCH", "/api/v1/me", bearer,
                {{"email", email}, {"current_password", test_password}});
  };
  EXPECT_EQ(call(server_, "PATCH", "/api/v1/me", bearer, {{"email", "anna@example.org"}}).status, 403);
  ASSERT_EQ(move("anna@example.org").status, 200);
  auto me = json_of(call(server_, "GET", "/api/v1/me", bearer));
  EXPECT_EQ(me.at("email"), "ann@example.org");
  EXPECT_EQ(me.at("email_verified"), true);
  EXPECT_EQ(me.at("pending_email"), "anna@example.org");
  const auto old = token_of("anna@example.org", "/verify-email");
  EXPECT_TRUE(
      mail_text(mails_to(sink_, "ann@example.org", 2).at(1).at("message")).contains("anna@example.org"));
  // A link to an address that waits no more proves nothing.
  ASSERT_EQ(move("third@example.org").status, 200);
  EXPECT_EQ(call(server_, "POST", "/api/v1/auth/verify_email", {}, {{"token", old}}).status, 404);
  const auto third = token_of("third@example.org", "/verify-email");
  EXPECT_EQ(call(server_, "POST", "/api/v1/auth/verify_email", {}, {{"token", third}}).status, 200);
  me = json_of(call(server_, "GET", "/api/v1/me", bearer));
  EXPECT_EQ(me.at("email"), "third@example.org");
  EXPECT_EQ(me.at("email_verified"), true);
  EXPECT_FALSE(me.contains("pending_email"));
  EXPECT_EQ(sign_in("ann@example.org", test_password), 401);
  EXPECT_EQ(sign_in("third@example.org", test_password), 200);
}

TEST_F(MailedLinks, ATypoInANewAddressGivesNobodyTheAccount) {
  const std::string bearer = register_account(server_, "ann@example.org").at("access_token");
  const Json proof{{"token", token_of("ann@example.org", "/verify-email")}};
  ASSERT_EQ(call(server_, "POST", "/api/v1/auth/verify_email", {}, proof).status, 200);
  turn_on_second_factor(bearer);
  // Neither the session alone nor the password moves the account; with the code it waits.
  const Json typo{{"email", "ann@exmaple.org"}, {"current_password", test_password}};
  const auto without = call(server_, "PATCH", "/api/v1/me", bearer, typo);
  EXPECT_EQ(without.status, 403);
  EXPECT_EQ(json_of(without).at("error").at("data").at("second_factor"), "required");
  auto with_code = typo;
  with_code["code"] = recovery_codes_.at(0);
  ASSERT_EQ(call(server_, "PATCH", "/api/v1/me", bearer, with_code).status, 200);
  token_of("ann@exmaple.org", "/verify-email");
  // Whoever has that mailbox asks for a password: there is no such account.
  EXPECT_EQ(forgot("ann@exmaple.org"), 200);
  EXPECT_EQ(forgot("ann@example.org"), 200);
  // The owner's link still asks for the code, and says so in the audit log with what was done before.
  const auto done = reset(token_of("ann@example.org", "/reset-password"), "a new password");
  EXPECT_EQ(done.status, 401) << done.body;
  EXPECT_EQ(json_of(done).at("error").at("data").at("second_factor"), "required");
  EXPECT_TRUE(std::ranges::none_of(mails_to(sink_, "ann@exmaple.org", 1), [](const auto& mail) {
    return mail_text(mail.at("message")).contains("/reset-password");
  }));
  const auto told = run_berthd({"admin", "audit", "--action", "ResetPassword", "--export", "--data",
                                (place_.path() / "data").string(), "--user", "root"});
  EXPECT_TRUE(told.output.contains("\"done\"")) << told.output;
  EXPECT_TRUE(told.output.contains("ann@example.org")) << told.output;
  EXPECT_TRUE(told.output.contains("\"set\"")) << told.output;
}

TEST_F(MailedLinks, SendingAgainNeverEndsButIsSlowed) {
  const std::string bearer = register_account(server_, "ann@example.org").at("access_token");
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(call(server_, "POST", "/api/v1/me/email/verification", bearer).status, 200) << i;
  const auto slowed = call(server_, "POST", "/api/v1/me/email/verification", bearer);
  EXPECT_EQ(slowed.status, 429) << slowed.body;
  // Six were made, and the newest is good: nobody waits three days for the first to be too old.
  const auto token = token_of("ann@example.org", "/verify-email", 6);
  EXPECT_EQ(call(server_, "POST", "/api/v1/auth/verify_email", {}, {{"token", token}}).status, 200);
}

TEST_F(MailedLinks, QuestionsOfStrangersKeepNoAdministratorFromALink) {
  register_account(server_, "ann@example.org");
  for (int i = 0; i < 7; ++i) EXPECT_EQ(forgot("ann@example.org"), 200);
  token_of("ann@example.org", "/reset-password", 5);
  const auto made =
      run_berthd({"admin", "accounts", "reset", "ann@example.org", "--data",
                  (place_.path() / "data").string(), "--user", "root", "--public-url", server_.origin()});
  ASSERT_EQ(made.status, 0) << made.output;
  EXPECT_EQ(sign_in("ann@example.org", test_password), 401) << "the old password is none any more";
  auto token = made.output.substr(made.output.find("token=") + 6);
  token = token.substr(0, token.find_first_of(" \r\n"));
  EXPECT_EQ(reset(token, "a new password").status, 200);
  EXPECT_EQ(sign_in("ann@example.org", "a new password"), 200);
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
  turn_on_second_factor(bearer);
  forgot("victim@example.org");
  const auto done = reset(token_of("victim@example.org", "/reset-password"), "the owner's password");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(call(server_, "GET", "/api/v1/me", bearer).status, 401);
  EXPECT_EQ(sign_in("victim@example.org", test_password), 401);
}

TEST_F(MailedLinks, AMailThatWasAskedForOutlivesAServerThatIsBusy) {
  register_account(server_, "ann@example.org");
  token_of("ann@example.org", "/verify-email");
  const DataPlace place;
  const auto hanging = listening_socket();
  std::vector<std::string> options{"--mail-url", "smtp://127.0.0.1:" + std::to_string(hanging.second),
                                   "--mail-from", "berth@ide.example.org"};
  {
    const BerthdProcess server(place, options);
    register_account(server, "ann@example.org");
    // The mailer has begun to talk to somebody who says nothing.
    pollfd waiting{hanging.first.get(), POLLIN, 0};
    ASSERT_EQ(::poll(&waiting, 1, 20'000), 1);
    EXPECT_EQ(call(server, "POST", "/api/v1/auth/forgot_password", {}, {{"email", "ann@example.org"}}).status,
              200);
  }
  options[1] = "smtp://127.0.0.1:" + std::to_string(sink_.port(0));
  const BerthdProcess server(place, options);
  token_of("ann@example.org", "/reset-password");
}

TEST_F(MailedLinks, ASenderThatIsRefusedIsTheAdministratorsToMend) {
  sink_.control("/refuse", {{"times", 1}, {"code", 550}, {"at", "sender"}}, 1);
  register_account(server_, "ann@example.org");
  mails_to(sink_, "ann@example.org", 1);  // it waited
  EXPECT_FALSE(server_.log().contains("is dropped"));
  sink_.control("/refuse", {{"times", 1}, {"code", 550}, {"at", "recipient"}}, 1);
  register_account(server_, "bob@example.org");
  EXPECT_TRUE(in_time([&] { return server_.log().contains("a mail to bob@example.org is dropped"); }));
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
