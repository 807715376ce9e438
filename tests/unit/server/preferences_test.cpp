// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/preferences.hpp"

#include <gtest/gtest.h>

namespace berth::server {
namespace {

using Change = protocol::rest::UpdatePreferences::Change;

TEST(Preferences, AreKeptWithTheTimeOfTheirChangeByTheServersClock) {
  const auto records =
      checked_preferences({{"theme", "\"dark\"", 0}, {"terminal.scrollback", "1000", 500}}, 9'000);
  ASSERT_TRUE(records);
  EXPECT_EQ(*records, (std::vector<PreferenceRecord>{{"theme", "\"dark\"", 9'000},
                                                     {"terminal.scrollback", "1000", 8'500}}));
}

TEST(Preferences, ThatNobodyCouldReadAgainAreRefusedByName) {
  const auto refused = [](Change change) {
    const auto records = checked_preferences({{"good", "1", 0}, std::move(change)}, 9'000);
    return records ? "" : records.error().message;
  };
  EXPECT_EQ(refused({"fine", "2", 0}), "");
  EXPECT_TRUE(refused({"", "1", 0}).starts_with("body.preferences[1].name"));
  EXPECT_TRUE(refused({"Theme", "1", 0}).starts_with("body.preferences[1].name"));
  EXPECT_TRUE(refused({std::string(101, 'a'), "1", 0}).starts_with("body.preferences[1].name"));
  EXPECT_TRUE(refused({"good", "2", 0}).starts_with("body.preferences[1].name")) << "twice";
  EXPECT_TRUE(refused({"fine", "dark", 0}).starts_with("body.preferences[1].value"));
  EXPECT_TRUE(refused({"fine", "\"" + std::string(preference_value_limit, 'a') + "\"", 0})
                  .starts_with("body.preferences[1].value"));
  EXPECT_EQ(refused({"terminal.profiles", "\"" + std::string(preference_value_limit, 'a') + "\"", 0}), "");
  EXPECT_TRUE(refused({"terminal.profiles", "\"" + std::string(profiles_value_limit, 'a') + "\"", 0})
                  .starts_with("body.preferences[1].value"));
  EXPECT_TRUE(refused({"fine", "1", -1}).starts_with("body.preferences[1].age"))
      << "the future would always win";
  EXPECT_TRUE(refused({"fine", "1", 10'000}).starts_with("body.preferences[1].age"));
}

}  // namespace
}  // namespace berth::server
