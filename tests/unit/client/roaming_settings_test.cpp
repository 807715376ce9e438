// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/roaming_settings.hpp"

#include <QSettings>
#include <QSignalSpy>

#include "client/desktop/theme.hpp"
#include "signed_in_server.hpp"

namespace berth::test {
namespace {

using desktop::RoamingSettings;
using protocol::Json;
using protocol::rest::Preferences;
using protocol::rest::UpdatePreferences;

class RoamingSettingsTest : public testing::Test {
 protected:
  void SetUp() override {
    QSettings().clear();
    server_.serve = [this](const QString& route, const QByteArray& body) -> TinyServer::Answer {
      if (!route.endsWith(QStringLiteral("/me/preferences"))) return {404, "{}"};
      routes_.append(route.section(u' ', 0, 0));
      if (status_ != 200)
        return {status_, status_ == 400 ? R"({"error":{"code":"invalid_argument","message":"no","data":{}}})"
                                        : R"({"error":{"code":"unavailable","message":"no","data":{}}})"};
      if (route.startsWith(QStringLiteral("PATCH"))) {
        sent_ = *protocol::decode<UpdatePreferences::Body>(*protocol::parse_json(body.toStdString()), "body");
        for (const auto& change : sent_->preferences)
          kept_.preferences.push_back({change.name, change.value, 1});
      }
      return {200, protocol::to_text(protocol::encode(kept_))};
    };
  }
  void TearDown() override {
    desktop::Theme::instance()->choose(desktop::ThemeChoice::system);
    QSettings().clear();
  }
  std::unique_ptr<RoamingSettings> follow() {
    auto settings = std::make_unique<RoamingSettings>();
    settings->follow(&server_.connection);
    return settings;
  }
  static QVariant kept(const char* key) { return QSettings().value(QLatin1String(key)); }

  SignedInServer server_;
  int status_ = 200;
  QStringList routes_;
  Preferences kept_;
  std::optional<UpdatePreferences::Body> sent_;
};

TEST_F(RoamingSettingsTest, WhatWasChosenElsewhereIsTaken) {
  kept_.preferences = {{"theme", "\"dark\"", 1},
                       {"terminal.scrollback", "50000", 1},
                       {"terminal.echo", "\"on\"", 1},
                       {"terminal.notifications", "false", 1},
                       {"keymap", "\"vim\"", 1}};
  const auto settings = follow();
  QSignalSpy taken(settings.get(), &RoamingSettings::taken);
  ASSERT_TRUE(wait_for([&] { return taken.count() == 4; }));
  EXPECT_EQ(desktop::Theme::instance()->choice(), desktop::ThemeChoice::dark);
  EXPECT_EQ(kept("terminal/scrollback").toInt(), 50'000);
  EXPECT_EQ(kept("terminal/echo").toString(), QStringLiteral("on"));
  EXPECT_FALSE(kept("terminal/notifications").toBool());
  EXPECT_EQ(routes_, QStringList{QStringLiteral("GET")}) << "what came is not sent back";
}

TEST_F(RoamingSettingsTest, ValuesThatThisReleaseDoesNotKnowAreLeft) {
  kept_.preferences = {{"theme", "\"sepia\"", 1},
                       {"terminal.scrollback", "-4", 1},
                       {"terminal.echo", "not json", 1},
                       {"terminal.notifications", "1", 1}};
  const auto settings = follow();
  ASSERT_TRUE(wait_for([&] { return !routes_.isEmpty(); }));
  kept_.preferences = {{"theme", "\"light\"", 1}};
  QSignalSpy taken(settings.get(), &RoamingSettings::taken);
  ASSERT_TRUE(wait_for([&] {
    settings->exchange();
    return taken.count() > 0;
  }));
  EXPECT_EQ(taken.count(), 1);
  for (const auto* key : {"terminal/scrollback", "terminal/echo", "terminal/notifications"})
    EXPECT_FALSE(kept(key).isValid()) << key;
}

TEST_F(RoamingSettingsTest, ChoicesGoTogetherAndAreRememberedUntilTheyArrive) {
  status_ = 503;
  {
    const auto settings = follow();
    RoamingSettings::choose(QStringLiteral("theme"), static_cast<int>(desktop::ThemeChoice::light));
    RoamingSettings::choose(QStringLiteral("terminal/scrollback"), 1'000);
    RoamingSettings::choose(QStringLiteral("terminal/clipboard/w1"), true);  // of this machine alone
    ASSERT_TRUE(wait_for([&] { return routes_.contains(QStringLiteral("PATCH")); }));
  }
  status_ = 200;
  routes_.clear();
  const auto settings = follow();
  ASSERT_TRUE(wait_for([&] { return sent_.has_value(); }));
  std::map<std::string, std::string> values;
  for (const auto& change : sent_->preferences) {
    values[change.name] = change.value;
    EXPECT_GE(change.age, 0);
  }
  EXPECT_EQ(values,
            (std::map<std::string, std::string>{{"terminal.scrollback", "1000"}, {"theme", "\"light\""}}));
  ASSERT_TRUE(wait_for([&] { return !kept("roaming/unsent").isValid(); }));
  EXPECT_TRUE(kept("terminal/clipboard/w1").toBool());
}

TEST_F(RoamingSettingsTest, WhatTheServerNeverTakesIsNotSentForEver) {
  status_ = 400;
  const auto settings = follow();
  RoamingSettings::choose(QStringLiteral("theme"), static_cast<int>(desktop::ThemeChoice::light));
  ASSERT_TRUE(wait_for([&] { return routes_.contains(QStringLiteral("PATCH")); }));
  EXPECT_TRUE(wait_for([&] { return !kept("roaming/unsent").isValid(); }));
  EXPECT_TRUE(kept("theme").isValid()) << "here it stays";
}

TEST_F(RoamingSettingsTest, WhatWasNotSentIsNotTheNextPersons) {
  status_ = 503;
  const auto settings = follow();
  RoamingSettings::choose(QStringLiteral("theme"), static_cast<int>(desktop::ThemeChoice::light));
  EXPECT_TRUE(kept("roaming/unsent").isValid());
  settings->follow(nullptr);
  EXPECT_FALSE(kept("roaming/unsent").isValid());
}

}  // namespace
}  // namespace berth::test
