// SPDX-License-Identifier: GPL-3.0-or-later
// The options of mail and identity providers.
#include <gtest/gtest.h>

#include <fstream>

#include "harness.hpp"
#include "server/config.hpp"

namespace berth::server {
namespace {

class SignInOptionsTest : public ::testing::Test {
 protected:
  Result<Config> load(const std::string& file, std::map<std::string, std::string> environment = {}) {
    const auto path = folder_.path() / "berthd.toml";
    std::ofstream(path) << file;
    return load_config({.flags = {},
                        .environment = [&](const std::string& name) -> std::optional<std::string> {
                          const auto it = environment.find(name);
                          return it == environment.end() ? std::nullopt : std::optional(it->second);
                        },
                        .file = path});
  }
  std::string error(const std::string& file) {
    const auto config = load(file);
    return config ? "" : config.error().message;
  }
  testing::TemporaryFolder folder_;
};

TEST_F(SignInOptionsTest, ProvidersAreTablesOfTheFileAndOneOfTheEnvironment) {
  std::ofstream(folder_.path() / "secret") << "the secret\n";
  const auto config = load(
      "[[identity_providers]]\nid = \"company\"\nissuer = \"https://id.example.org\"\nclient_id = \"berth\"\n"
      "client_secret_file = \"" +
          (folder_.path() / "secret").string() +
          "\"\nscopes = [\"groups\", \"phone\"]\n[[identity_providers]]\nid = \"google\"\nkind = "
          "\"google\"\nname = "
          "\"Google\"\nclient_id = \"g\"\n",
      {{"BERTH_IDENTITY_PROVIDER_ID", "hub"},
       {"BERTH_IDENTITY_PROVIDER_KIND", "github"},
       {"BERTH_IDENTITY_PROVIDER_CLIENT_ID", "h"},
       {"BERTH_IDENTITY_PROVIDER_CLIENT_SECRET", "s"}});
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_EQ(config->identity_providers.size(), 3u);
  const auto& company = config->identity_providers[0];
  EXPECT_EQ(company.name, "company");
  EXPECT_EQ(client_secret_of(company).value_or("?"), "the secret");
  EXPECT_EQ(company.scopes, (std::vector<std::string>{"groups", "phone"}));
  EXPECT_EQ(config->identity_providers[1].issuer, "https://accounts.google.com");
  EXPECT_EQ(config->identity_providers[2].issuer, "https://github.com");
  EXPECT_EQ(client_secret_of(config->identity_providers[2]).value_or("?"), "s");
  auto gone = company;
  gone.client_secret_file = folder_.path() / "nowhere";
  EXPECT_FALSE(client_secret_of(gone));
}

TEST_F(SignInOptionsTest, WhatIsMissingOrSaidTwiceIsNamed) {
  const std::string good =
      "[[identity_providers]]\nid = \"a\"\nissuer = \"https://id.example.org\"\nclient_id = \"b\"\n";
  EXPECT_EQ(error(good), "");
  EXPECT_NE(error(good + good).find("two of this id"), std::string::npos);
  auto other = good;
  other.replace(other.find("\"a\""), 3, "\"c\"");
  EXPECT_NE(error(good + other).find("two of this issuer"), std::string::npos);
  for (const auto& [from, to] :
       std::map<std::string, std::string>{{"\"a\"", "\"A\""},
                                          {"\"a\"\n", "\"a/b\"\n"},
                                          {"https://", "http://"},
                                          {"\"b\"", "\"\""},
                                          {"client_id", "cliend_id"},
                                          {"id = \"a\"", "id = \"a\"\nkind = \"saml\""}}) {
    auto wrong = good;
    wrong.replace(wrong.find(from), from.size(), to);
    EXPECT_NE(error(wrong), "") << wrong;
  }
  EXPECT_NE(error("identity_providers = [\"a\"]\n"), "");
}

TEST_F(SignInOptionsTest, MailNeedsAServerAndASender) {
  const auto config =
      load("mail_url = \"smtps://mail.example.org\"\nmail_from = \"Berth <b@example.org>\"\n");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->mail.from, "Berth <b@example.org>");
  EXPECT_NE(error("mail_url = \"smtps://mail.example.org\"\n").find("mail_from"), std::string::npos);
  EXPECT_NE(error("mail_url = \"http://mail.example.org\"\nmail_from = \"b@example.org\"\n"), "");
  EXPECT_NE(error("mail_url = \"smtp://user:secret@mail.example.org\"\nmail_from = \"b@example.org\"\n"), "");
  const auto flag = load_config({.flags = {{"mail_password", "p"}}, .environment = {}, .file = {}});
  ASSERT_FALSE(flag);
  EXPECT_NE(flag.error().message.find("--mail-password-file"), std::string::npos);
}

}  // namespace
}  // namespace berth::server
