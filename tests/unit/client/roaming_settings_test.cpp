// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/roaming_settings.hpp"

#include <QSettings>
#include <QSignalSpy>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_features.hpp"
#include "client/desktop/editor_look.hpp"
#include "client/desktop/theme.hpp"
#include "signed_in_server.hpp"

namespace berth::test {
namespace {

using desktop::KeyBindings;
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

TEST_F(RoamingSettingsTest, TheEditorIsAsItWasChosenInABrowser) {
  kept_.preferences = {
      {"editor.word_wrap", "\"on\"", 1},    {"editor.render_whitespace", "\"trailing\"", 1},
      {"editor.sticky_scroll", "false", 1}, {"editor.font_size", "18", 1},
      {"editor.ruler", "100", 1},           {"terminal.font_size", "41", 1},         // larger than it may be
      {"editor.minimap", "\"off\"", 1},     {"editor.line_numbers", "\"off\"", 1}};  // the web's alone
  desktop::CodeEditor editor;
  desktop::add_editor_features(&editor);
  const auto settings = follow();
  ASSERT_TRUE(wait_for([&] { return editor.fontSize() == 18; }));
  EXPECT_EQ(editor.SendScintilla(QsciScintillaBase::SCI_GETWRAPMODE), QsciScintillaBase::SC_WRAP_WORD);
  EXPECT_EQ(editor.SendScintilla(QsciScintillaBase::SCI_GETEDGECOLUMN), 100);
  EXPECT_FALSE(desktop::EditorLook::stickyHeader());
  EXPECT_FALSE(desktop::EditorLook::whitespace());
  EXPECT_EQ(kept("editor/render_whitespace").toString(), QStringLiteral("trailing"));
  for (const auto* key : {"terminal/font_size", "editor/minimap", "editor/line_numbers"})
    EXPECT_FALSE(kept(key).isValid()) << key;
  // Chosen here, it is told in the web's words.
  desktop::EditorLook::turn("editor/word_wrap");
  desktop::EditorLook::turn("editor/minimap");
  ASSERT_TRUE(wait_for([&] { return sent_.has_value(); }));
  std::map<std::string, std::string> values;
  for (const auto& change : sent_->preferences) values[change.name] = change.value;
  EXPECT_EQ(values, (std::map<std::string, std::string>{{"editor.word_wrap", "\"off\""},
                                                        {"editor.minimap", "false"}}));
}

TEST_F(RoamingSettingsTest, KeysOfCommandsAreThePersonsEverywhere) {
  auto* bindings = KeyBindings::instance();
  const auto known = [](const char* text) { return QKeySequence(QString::fromLatin1(text)); };
  kept_.preferences = {{"keys.quick_open", R"(["ctrl+shift+o","ctrl+k ctrl+o","no keys","x"])", 1},
                       {"keys.toggle_panel", "[]", 1},
                       {"keys.run", "\"f9\"", 1},
                       {"keys.close_tab", R"(["hyper+w"])", 1},
                       {"keys.choose_theme", R"(["f7"])", 1},
                       {"keys.No Name", R"(["f8"])", 1}};
  QSignalSpy changed(bindings, &KeyBindings::changed);
  const auto settings = follow();
  ASSERT_TRUE(wait_for([&] { return changed.count() == 3; }));
  EXPECT_EQ(bindings->commandOf(known("Ctrl+Shift+O")), QStringLiteral("quick_open"));
  EXPECT_EQ(bindings->commandOf(known("Ctrl+K, Ctrl+O")), QStringLiteral("quick_open"));
  EXPECT_EQ(bindings->commandOf(known("Ctrl+P")), QString());
  EXPECT_TRUE(bindings->keys(QStringLiteral("symbols.go")).isEmpty()) << "what was chosen comes first";
  EXPECT_TRUE(bindings->keys(QStringLiteral("toggle_panel")).isEmpty());
  EXPECT_EQ(bindings->commandOf(known("F5")), QStringLiteral("run"));
  EXPECT_EQ(bindings->commandOf(known("Ctrl+W")), QStringLiteral("close_tab"));
  EXPECT_EQ(bindings->commandOf(known("F7")), QString()) << "the web's alone";
  bindings->setKeys(QStringLiteral("show_files"), {known("Ctrl+Shift+~"), known("Meta+F")});
  bindings->reset(QStringLiteral("quick_open"));
  bindings->setKeys(QStringLiteral("files.new"), {});
  ASSERT_TRUE(wait_for([&] { return sent_.has_value(); }));
  std::map<std::string, std::string> values;
  for (const auto& change : sent_->preferences) values[change.name] = change.value;
  EXPECT_EQ(values, (std::map<std::string, std::string>{{"keys.show_files", R"(["ctrl+shift+`"])"},
                                                        {"keys.quick_open", "null"},
                                                        {"keys.files.new", "[]"}}));
  EXPECT_EQ(bindings->commandOf(known("Ctrl+P")), QStringLiteral("quick_open"));
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
