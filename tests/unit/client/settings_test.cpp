// SPDX-License-Identifier: GPL-3.0-or-later
// The person's settings as a window and as JSON, and the themes: colours that can be read, the system
// followed.
#include <gtest/gtest.h>

#include <QAbstractSpinBox>
#include <QCheckBox>
#include <QComboBox>
#include <QDBusConnection>
#include <QDBusContext>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusServer>
#include <QDBusVariant>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTest>
#include <cmath>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_look.hpp"
#include "client/desktop/file_icons.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/restart_request.hpp"
#include "client/desktop/settings_dialog.hpp"
#include "client/desktop/settings_json.hpp"
#include "client/desktop/settings_rows.hpp"
#include "client/desktop/settings_text.hpp"
#include "client/desktop/system_look.hpp"
#include "client/desktop/theme_colors.hpp"
#include "client/desktop/tinted_icon.hpp"
#include "client/desktop/translation.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace desktop;

class SettingsTest : public testing::Test {
 protected:
  void SetUp() override { QSettings().clear(); }
  void TearDown() override {
    QSettings().clear();
    Theme::instance()->choose(ThemeChoice::light);
    refresh_file_icons();
    Q_EMIT EditorChoices::instance()->changed();
  }
};

TEST_F(SettingsTest, EveryRowShowsChoosesAndResetsItsSetting) {
  SettingsRows rows;
  rows.show();
  ASSERT_EQ(rows.rows().size(), settings_table().size());
  for (auto* row : rows.rows()) {
    const auto& setting = row->setting();
    ASSERT_TRUE(is_usual(setting)) << setting.name;
    if (auto* check = qobject_cast<QCheckBox*>(row->control())) check->click();
    if (auto* number = qobject_cast<QSpinBox*>(row->control())) number->setValue(setting.usual + 1);
    if (auto* choice = qobject_cast<QComboBox*>(row->control())) {
      choice->setCurrentIndex(choice->currentIndex() == 0 ? 1 : 0);
      Q_EMIT choice->activated(choice->currentIndex());
    }
    EXPECT_FALSE(is_usual(setting)) << setting.name;
    auto* reset = row->findChild<QPushButton*>(QStringLiteral("resetSetting"));
    EXPECT_TRUE(reset->isVisibleTo(row)) << setting.name;
    reset->click();
    EXPECT_TRUE(is_usual(setting)) << setting.name;
    EXPECT_FALSE(reset->isVisibleTo(row)) << setting.name;
  }
}

TEST_F(SettingsTest, AreFoundByTheirWords) {
  SettingsRows rows;
  rows.find(QStringLiteral("tab size"));
  QStringList shown;
  for (auto* row : rows.rows())
    if (row->isVisibleTo(rows.widget())) shown.append(QLatin1String(row->setting().name));
  EXPECT_TRUE(shown.contains(QStringLiteral("editor.tab_size")));
  EXPECT_LT(shown.size(), 5);
  rows.find(QStringLiteral("no such words at all"));
  EXPECT_TRUE(rows.findChild<QLabel*>(QStringLiteral("noSetting"))->isVisibleTo(rows.widget()));
  rows.find({});
  for (auto* row : rows.rows()) EXPECT_TRUE(row->isVisibleTo(rows.widget()));
}

TEST_F(SettingsTest, AsJsonTheyComeBackAsTheyWere) {
  EXPECT_EQ(settings_text(), QStringLiteral("{}\n"));
  const auto text = QStringLiteral(
      "{\n  \"theme\": \"contrast_dark\",\n  \"workbench.icon_theme\": \"none\",\n  \"editor.font_size\": "
      "17,\n"
      "  \"editor.key_map\": \"emacs\",\n  \"editor.minimap\": false,\n  \"keys.quick_open\": [\n    "
      "\"ctrl+k o\"\n  ]\n}\n");
  ASSERT_FALSE(take_settings_text(text)) << take_settings_text(text)->message.toStdString();
  EXPECT_EQ(settings_text(), text);
  EXPECT_EQ(Theme::instance()->choice(), ThemeChoice::contrast_dark);
  EXPECT_TRUE(Theme::instance()->isHighContrast());
  EXPECT_EQ(EditorChoices::fontSize("editor/font_size"), 17);
  EXPECT_EQ(KeyBindings::instance()->commandOf(QKeySequence(QStringLiteral("Ctrl+K, O"))),
            QStringLiteral("quick_open"));
  // What is left out is as usual again.
  ASSERT_FALSE(take_settings_text(QStringLiteral("{\"editor.minimap\": false}")));
  EXPECT_EQ(settings_text(), QStringLiteral("{\n  \"editor.minimap\": false\n}\n"));
  EXPECT_EQ(Theme::instance()->choice(), ThemeChoice::system);
  EXPECT_TRUE(KeyBindings::instance()->isUsual(QStringLiteral("quick_open")));
}

TEST_F(SettingsTest, OfWrongJsonNothingIsTakenAndThePlaceIsTold) {
  for (const auto& [text, message, place] : std::vector<std::tuple<QString, const char*, const char*>>{
           {QStringLiteral("{\n  \"theme\": dark\n}"), "line 2", ""},
           {QStringLiteral("[]"), "{ }", ""},
           {QStringLiteral("{\"editor.minimap\": true, \"editor.font_size\": 4}"), "from 8 to 40",
            "\"editor.font_size\""},
           {QStringLiteral("{\"editor.font_size\": 12.5}"), "from 8 to 40", "\"editor.font_size\""},
           {QStringLiteral("{\"theme\": \"sepia\"}"), "\"contrast_dark\"", "\"theme\""},
           {QStringLiteral("{\"editor.minimap\": 1}"), "true or false", "\"editor.minimap\""},
           {QStringLiteral("{\"sudo\": true}"), "is no setting", "\"sudo\""},
           {QStringLiteral("{\"keys.no_such_thing\": []}"), "is no command", "\"keys.no_such_thing\""},
           {QStringLiteral("{\"keys.quick_open\": [\"x\"]}"), "no keys", "\"keys.quick_open\""},
           {QStringLiteral("{\"editor.font_size\": 1e999}"), "JSON", ""},
           {QString(300'000, u'['), "too long", ""},
           {QString(100'000, u'['), "JSON", ""}}) {
    const auto problem = take_settings_text(text);
    ASSERT_TRUE(problem) << text.left(60).toStdString();
    EXPECT_TRUE(problem->message.contains(QLatin1String(message)))
        << problem->message.left(200).toStdString();
    if (*place) {
      EXPECT_EQ(text.mid(problem->begin, problem->length), QLatin1String(place));
    }
    EXPECT_EQ(settings_text(), QStringLiteral("{}\n"));
  }
}

TEST_F(SettingsTest, NamesAndValuesAreOfferedInTheJson) {
  const auto offered = [](const char* text) {
    return offer_in_settings(QString::fromLatin1(text), static_cast<int>(std::strlen(text)));
  };
  const auto names = offered("{\n  \"editor.w");
  EXPECT_EQ(names.words, QStringList{QStringLiteral("\"editor.word_wrap\"")});
  EXPECT_EQ(names.typed, 9);
  EXPECT_EQ(offered("{\n  \"editor.word_wrap\": \"o").words,
            (QStringList{QStringLiteral("\"off\""), QStringLiteral("\"on\"")}));
  EXPECT_EQ(offered("{\n  \"editor.minimap\": ").words,
            (QStringList{QStringLiteral("true"), QStringLiteral("false")}));
  EXPECT_TRUE(offered("{\n  \"theme\": \"dark\",\n  \"the").words.isEmpty()) << "it stands there already";
  EXPECT_TRUE(offered("{\n  \"keys.quick").words.contains(QStringLiteral("\"keys.quick_open\"")));
}

TEST_F(SettingsTest, AreTypedAsJsonInTheWindow) {
  SettingsDialog dialog;
  dialog.show();
  dialog.showJson();
  auto* json = dialog.json();
  auto* told = json->findChild<QLabel*>(QStringLiteral("settingsTold"));
  json->editor()->SendScintilla(QsciScintillaBase::SCI_SETTEXT, "{\"editor.font_size\": 99}");
  json->editor()->flushEdits();
  EXPECT_FALSE(json->take());
  EXPECT_TRUE(told->text().contains(QStringLiteral("from 8 to 40"))) << told->text().toStdString();
  json->editor()->SendScintilla(QsciScintillaBase::SCI_SETTEXT, "{\"editor.font_size\": 19}");
  json->editor()->flushEdits();
  QTest::keyClick(json->editor(), Qt::Key_S, Qt::ControlModifier);
  EXPECT_EQ(EditorChoices::fontSize("editor/font_size"), 19);
  // The page and the text are two views of one thing.
  for (auto* row : dialog.rows()->rows())
    if (row->control()->objectName() == QLatin1String("editor.font_size")) {
      auto* box = qobject_cast<QSpinBox*>(row->control());
      EXPECT_EQ(box->value(), 19);
      box->setValue(22);
    }
  EXPECT_TRUE(json->editor()->text().contains("\"editor.font_size\": 22")) << json->editor()->text();
}

TEST_F(SettingsTest, FileIconsAreBreezesTheSystemsOrNone) {
  const auto icon = file_icon(QStringLiteral("main.py"));
  EXPECT_FALSE(icon.isNull());
  const auto inked = [&] {
    const auto image = icon.pixmap(QSize(16, 16), 2.0).toImage();
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x) count += image.pixelColor(x, y).alpha() > 0;
    return count;
  };
  EXPECT_GT(inked(), 20);
  EXPECT_EQ(icon.pixmap(QSize(16, 16), 2.0).size(), QSize(32, 32));
  choose_setting(*setting_of(QStringLiteral("workbench.icon_theme")), QStringLiteral("none"));
  EXPECT_TRUE(icon.isNull()) << "one that is kept follows, too";
  EXPECT_EQ(inked(), 0);
  choose_setting(*setting_of(QStringLiteral("workbench.icon_theme")), QStringLiteral("system"));
  EXPECT_FALSE(icon.isNull());
}

// ---- Themes

double luminance(const QColor& color) {
  const auto part = [](double value) {
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) + 0.0722 * part(color.blueF());
}

double contrast(const QColor& one, const QColor& other) {
  const auto a = luminance(one);
  const auto b = luminance(other);
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

TEST_F(SettingsTest, AnotherLanguageOffersANewStartThatKeepsWhatIsOpen) {
  SettingsDialog dialog;
  dialog.show();
  auto* notice = dialog.findChild<MessageBar*>(QStringLiteral("languageNotice"));
  ASSERT_TRUE(notice);
  const auto& language = *setting_of(QStringLiteral("workbench.language"));
  choose_setting(language, shown_language());
  EXPECT_FALSE(notice->isVisible());
  const auto other = shown_language() == QLatin1String("de") ? QStringLiteral("en") : QStringLiteral("de");
  choose_setting(language, other);
  EXPECT_TRUE(notice->isVisible());
  EXPECT_TRUE(notice->findChildren<QPushButton*>().isEmpty()) << "nobody is there who could";
  choose_setting(language, shown_language());
  EXPECT_FALSE(notice->isVisible());
  int asked = 0;
  QObject heard;
  QObject::connect(RestartRequest::instance(), &RestartRequest::made, &heard, [&] { ++asked; });
  choose_setting(language, other);
  const auto buttons = notice->findChildren<QPushButton*>();
  ASSERT_EQ(buttons.size(), 1);
  buttons.constFirst()->click();
  EXPECT_EQ(asked, 1);
}

TEST(Themes, CanBeReadAsWcagAsksFor) {
  for (const bool dark : {false, true})
    for (const bool high : {false, true}) {
      const auto c = theme_colors(dark, high);
      const auto told = std::string(dark ? "dark" : "light") + (high ? ", high contrast" : "");
      for (const auto& ground :
           {c.window, c.panel, c.base, c.raised, c.hover, c.accent_soft, c.current_line}) {
        EXPECT_GE(contrast(c.text, ground), 7.0) << told << " text on " << ground.name().toStdString();
        EXPECT_GE(contrast(c.muted, ground), high ? 7.0 : 4.5)
            << told << " muted on " << ground.name().toStdString();
      }
      for (const auto& ground : {c.window, c.panel, c.base, c.raised})
        for (const auto& sign : {c.good, c.warning, c.bad, c.accent})
          EXPECT_GE(contrast(sign, ground), high ? 7.0 : 4.5)
              << told << ' ' << sign.name().toStdString() << " on " << ground.name().toStdString();
      EXPECT_GE(contrast(c.accent_text, c.accent), 4.5) << told;
      EXPECT_GE(contrast(c.text, c.selection), high ? 7.0 : 4.5) << told;
      if (!high) continue;
      for (const auto& ground : {c.window, c.panel, c.base, c.raised}) {
        EXPECT_GE(contrast(c.faint, ground), 7.0) << told;
        EXPECT_GE(contrast(c.border, ground), 4.5) << told;
      }
    }
}

/// What GNOME's and Plasma's portals answer.
class FakePortal : public QObject {
  Q_OBJECT
  Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")

 public:
  uint scheme = 1;
  uint contrast = 0;

 public Q_SLOTS:
  QMap<QString, QVariantMap> ReadAll(const QStringList&) {
    return {{QStringLiteral("org.freedesktop.appearance"),
             {{QStringLiteral("color-scheme"), scheme}, {QStringLiteral("contrast"), contrast}}}};
  }

 Q_SIGNALS:
  void SettingChanged(const QString& space, const QString& name, const QDBusVariant& value);
};

TEST(Themes, FollowWhatTheSystemsPortalSaysAtOnce) {
  qDBusRegisterMetaType<QMap<QString, QVariantMap>>();
  // A peer stands for the session's bus: no daemon, the same messages.
  QDBusServer server(QStringLiteral("unix:tmpdir=/tmp"));
  ASSERT_TRUE(server.isConnected()) << "no socket for D-Bus: " << server.lastError().message().toStdString();
  FakePortal portal;
  QObject::connect(&server, &QDBusServer::newConnection, &portal, [&](const QDBusConnection& connection) {
    QDBusConnection(connection)
        .registerObject(QStringLiteral("/org/freedesktop/portal/desktop"), &portal,
                        QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals);
  });
  auto peer = QDBusConnection::connectToPeer(server.address(), QStringLiteral("portal"));
  ASSERT_TRUE(wait_for([&] { return peer.isConnected(); }));
  wait_for([] { return false; }, 50);
  SystemLook look(peer, nullptr);
  ASSERT_TRUE(wait_for([&] { return look.dark().has_value(); }, 20'000));
  EXPECT_TRUE(*look.dark());
  EXPECT_FALSE(look.highContrast());
  Q_EMIT portal.SettingChanged(QStringLiteral("org.freedesktop.appearance"), QStringLiteral("contrast"),
                               QDBusVariant(1u));
  EXPECT_TRUE(wait_for([&] { return look.highContrast(); }, 20'000));
  Q_EMIT portal.SettingChanged(QStringLiteral("org.freedesktop.appearance"), QStringLiteral("color-scheme"),
                               QDBusVariant(2u));
  EXPECT_TRUE(wait_for([&] { return !*look.dark(); }, 20'000));
  Q_EMIT portal.SettingChanged(QStringLiteral("org.freedesktop.appearance"), QStringLiteral("color-scheme"),
                               QDBusVariant(QStringLiteral("dark")));  // what it never says
  Q_EMIT portal.SettingChanged(QStringLiteral("org.freedesktop.appearance"), QStringLiteral("color-scheme"),
                               QDBusVariant(0u));
  EXPECT_TRUE(wait_for([&] { return !look.dark().has_value(); }, 20'000));
  QDBusConnection::disconnectFromPeer(QStringLiteral("portal"));
}

TEST(Themes, IconsAreSharpAtEveryScale) {
  for (const double scale : {1.0, 1.25, 1.5, 2.0}) {
    const auto icon = Theme::icon(QStringLiteral("document-save"));
    const auto pixmap = icon.pixmap(QSize(16, 16), scale);
    EXPECT_EQ(pixmap.width(), qRound(16 * scale)) << scale;
    EXPECT_NEAR(pixmap.deviceIndependentSize().width(), 16, 0.5) << scale;
  }
}

}  // namespace
}  // namespace berth::test

#include "settings_test.moc"
