// SPDX-License-Identifier: GPL-3.0-or-later
// What roams has one name in the desktop and in the web: the web's own source is asked.
#include <gtest/gtest.h>
#include <QFile>
#include <QRegularExpression>
#include <QSettings>
#include <QTest>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_features.hpp"
#include "client/desktop/key_chords.hpp"
#include "client/desktop/roaming_settings.hpp"
#include "client/desktop/window_keys.hpp"

namespace berth::test {
namespace {

using desktop::chord_text;
using desktop::KeyBindings;
using desktop::keys_of_chord;
using desktop::RoamingSettings;

QString web_source(const char* path) {
  QFile file(qEnvironmentVariable("BERTH_WEB") + QLatin1Char('/') + QLatin1String(path));
  EXPECT_TRUE(file.open(QIODevice::ReadOnly)) << path;
  return QString::fromUtf8(file.readAll());
}

QMap<QString, QString> web_settings() {
  QMap<QString, QString> all;
  static const QRegularExpression entry(QStringLiteral("\n  '([a-z_.]+)': \\{\n(.*?)\n  \\},"),
                                        QRegularExpression::DotMatchesEverythingOption);
  auto found = entry.globalMatch(web_source("model/settings.ts"));
  while (found.hasNext()) {
    const auto match = found.next();
    all[match.captured(1)] = match.captured(2);
  }
  return all;
}

std::string json_number(const QString& table, const char* name, int more = 0) {
  const QRegularExpression number(QString::fromLatin1(name) + QStringLiteral(": (\\d+)"));
  return std::to_string(number.match(table).captured(1).toInt() + more);
}

TEST(RoamingNames, SettingsAreTheWebs) {
  const auto web = web_settings();
  ASSERT_GT(web.size(), 15);
  // Of these the web keeps the first three elsewhere, and the others are the desktop's alone.
  const QStringList others{QStringLiteral("theme"),
                           QStringLiteral("terminal.echo"),
                           QStringLiteral("terminal.scrollback"),
                           QStringLiteral("terminal.notifications"),
                           QStringLiteral("workbench.language"),
                           QStringLiteral("workbench.icon_theme"),
                           QStringLiteral("workbench.tray"),
                           QStringLiteral("editor.key_map"),
                           QStringLiteral("terminal.color_scheme"),
                           QStringLiteral("terminal.copy_on_selection"),
                           QStringLiteral("terminal.paste_warning"),
                           QStringLiteral("terminal.profiles"),
                           QStringLiteral("terminal.default_profile"),
                           QStringLiteral("ports.auto_forward")};
  const auto preferences = web_source("model/preferences.ts");
  for (const auto& name : others.first(3))
    EXPECT_TRUE(preferences.contains(QStringLiteral("name === '%1'").arg(name))) << name.toStdString();
  for (const auto& name : RoamingSettings::names())
    EXPECT_TRUE(web.contains(name) || others.contains(name)) << name.toStdString();
}

TEST(RoamingNames, ValuesAreTheWebs) {
  int compared = 0;
  const auto web = web_settings();
  for (auto at = web.begin(); at != web.end(); ++at) {
    const auto& name = at.key();
    const auto& table = at.value();
    if (!RoamingSettings::names().contains(name)) continue;
    ++compared;
    const auto told = name.toStdString();
    if (table.contains(QLatin1String("kind: 'switch'"))) {
      EXPECT_TRUE(RoamingSettings::fits(name, "true") && RoamingSettings::fits(name, "false")) << told;
      EXPECT_FALSE(RoamingSettings::fits(name, "1")) << told;
    } else if (table.contains(QLatin1String("kind: 'number'"))) {
      EXPECT_TRUE(RoamingSettings::fits(name, json_number(table, "least"))) << told;
      EXPECT_TRUE(RoamingSettings::fits(name, json_number(table, "most"))) << told;
      EXPECT_FALSE(RoamingSettings::fits(name, json_number(table, "least", -1))) << told;
      EXPECT_FALSE(RoamingSettings::fits(name, json_number(table, "most", 1))) << told;
      EXPECT_FALSE(RoamingSettings::fits(name, "12.5")) << told;
    } else {
      static const QRegularExpression choice(QStringLiteral("\\['([a-z]+)', "));
      auto choices = choice.globalMatch(table);
      ASSERT_TRUE(choices.hasNext()) << told;
      while (choices.hasNext()) {
        const auto value = '"' + choices.next().captured(1).toStdString() + '"';
        EXPECT_TRUE(RoamingSettings::fits(name, value)) << told << " " << value;
      }
      EXPECT_FALSE(RoamingSettings::fits(name, "\"sepia\"")) << told;
    }
  }
  EXPECT_GE(compared, 11);
}

TEST(RoamingNames, CommandsAreTheWebsOrCantBe) {
  desktop::CodeEditor editor;
  desktop::add_editor_features(&editor);
  const auto web = web_source("view/ide/workbench_commands.ts") + web_source("model/key_bindings.ts");
  int shared = 0;
  for (const auto& entry : KeyBindings::instance()->entries()) {
    // The web takes no keys of a name with a dot, so such a command can never be one of its.
    if (entry.id.contains(u'.')) continue;
    ++shared;
    const auto quoted = entry.id.startsWith(QLatin1String("focus_group_"))
                            ? QStringLiteral("`focus_group_${number}`")
                            : u'\'' + entry.id + u'\'';
    EXPECT_TRUE(web.contains(quoted)) << entry.id.toStdString();
  }
  EXPECT_GE(shared, 14);
  EXPECT_TRUE(web_source("model/preferences.ts").contains(QStringLiteral("/^keys\\.([a-z0-9_]{1,80})$/")));
}

TEST(RoamingNames, TheWebsUsualKeysAreUnderstood) {
  static const QRegularExpression list(QStringLiteral("keys: \\[(.*)\\]"));
  static const QRegularExpression text(QStringLiteral("'([^']+)'"));
  auto lists = list.globalMatch(web_source("model/key_bindings.ts"));
  int count = 0;
  while (lists.hasNext()) {
    auto texts = text.globalMatch(lists.next().captured(1));
    while (texts.hasNext()) {
      auto keys = texts.next().captured(1);
      keys.replace(QLatin1String("\\\\"), QLatin1String("\\"));
      const auto here = keys_of_chord(keys);
      EXPECT_FALSE(here.isEmpty()) << keys.toStdString();
      for (const auto& key : here) EXPECT_EQ(chord_text(key), keys) << keys.toStdString();
      ++count;
    }
  }
  EXPECT_GT(count, 25);
}

TEST(KeyChords, AreWrittenOneWayWhateverTheOrderAndTheKeyboard) {
  const std::vector<std::pair<const char*, const char*>> known{{"Ctrl+Shift+P", "ctrl+shift+p"},
                                                               {"Ctrl+K, Ctrl+S", "ctrl+k ctrl+s"},
                                                               {"Ctrl+K, Z", "ctrl+k z"},
                                                               {"Ctrl+Shift+~", "ctrl+shift+`"},
                                                               {"Ctrl+Shift+%", "ctrl+shift+5"},
                                                               {"Alt+Return", "alt+enter"},
                                                               {"Alt+Enter", "alt+enter"},
                                                               {"Ctrl+Shift+Backtab", "ctrl+shift+tab"},
                                                               {"F12", "f12"},
                                                               {"Ctrl+PgDown", "ctrl+pagedown"},
                                                               {"Ctrl+,", "ctrl+,"},
                                                               {"Ctrl+\\", "ctrl+\\"}};
  for (const auto& [qt, text] : known)
    EXPECT_EQ(chord_text(QKeySequence(QString::fromLatin1(qt))), QString::fromLatin1(text)) << qt;
  const auto one = keys_of_chord(QStringLiteral(" Shift+CTRL+p "));
  ASSERT_EQ(one.size(), 1);
  EXPECT_EQ(one.first(), QKeySequence(QStringLiteral("Ctrl+Shift+P")));
  EXPECT_EQ(keys_of_chord(QStringLiteral("cmd+p")), keys_of_chord(QStringLiteral("ctrl+p")));
}

TEST(KeyChords, WhatIsTypedOrHasNoNameIsNone) {
  for (const char* qt :
       {"X", "Shift+X", "Space", "Meta+P", "Ctrl+Meta+P", "F30", "Volume Up", "Ctrl+K, Ctrl+K, A"})
    EXPECT_EQ(chord_text(QKeySequence(QString::fromLatin1(qt))), QString()) << qt;
  for (const char* text :
       {"", " ", "x", "shift+x", "ctrl+", "+", "ctrl", "ctrl+ctrl+p", "hyper+p", "ctrl+f99", "ctrl+f+1",
        "ctrl+p ctrl+q ctrl+r", "ctrl+\xc3\xa4", "ctrl+space+p", "f01"})
    EXPECT_TRUE(keys_of_chord(QString::fromUtf8(text)).isEmpty()) << text;
  EXPECT_TRUE(keys_of_chord(QString(100'000, u'a')).isEmpty());
}

TEST(WindowKeys, FollowWhatThePersonChose) {
  QSettings().clear();
  QWidget window;
  desktop::WindowKeys keys(&window);
  int opened = 0;
  keys.add("quick_open", [&] { ++opened; });
  window.show();
  window.activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
  QTest::keyClick(&window, Qt::Key_P, Qt::ControlModifier);
  EXPECT_EQ(opened, 1);
  KeyBindings::instance()->setKeys(QStringLiteral("quick_open"), {QKeySequence(QStringLiteral("F6"))});
  QTest::keyClick(&window, Qt::Key_P, Qt::ControlModifier);
  EXPECT_EQ(opened, 1);
  QTest::keyClick(&window, Qt::Key_F6);
  EXPECT_EQ(opened, 2);
  KeyBindings::instance()->reset(QStringLiteral("quick_open"));
  QTest::keyClick(&window, Qt::Key_P, Qt::ControlModifier);
  EXPECT_EQ(opened, 3);
}

}  // namespace
}  // namespace berth::test
