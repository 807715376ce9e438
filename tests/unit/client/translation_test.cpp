// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/translation.hpp"

#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QSettings>
#include <QTranslator>

#include "client/desktop/settings_rows.hpp"
#include "client/desktop/settings_table.hpp"
#include "client/desktop/window_keys.hpp"

namespace berth::test {
namespace {

TEST(Translations, SpeakThePersonsLanguage) {
  QSettings().clear();
  const auto* theme = desktop::setting_of(QStringLiteral("theme"));
  EXPECT_EQ(desktop::setting_words(theme->title), QStringLiteral("Colour theme"));
  EXPECT_FALSE(desktop::install_language(qApp, QStringLiteral("xx"))) << "there is none";
  QSettings().setValue(QStringLiteral("workbench/language"), QStringLiteral("de"));
  desktop::install_translation(qApp);
  EXPECT_EQ(desktop::setting_words(theme->title), QStringLiteral("Farbschema"));
  EXPECT_EQ(QCoreApplication::translate("WindowKeys", "Quit"), QStringLiteral("Beenden"));
  EXPECT_EQ(QCoreApplication::translate("berth", "%n min ago", nullptr, 5), QStringLiteral("vor 5 min"));
  {
    desktop::SettingsRows rows;  // a class's own words
    rows.find(QStringLiteral("farbschema"));
    EXPECT_TRUE(rows.rows().front()->isVisibleTo(rows.widget()));
  }
  // As it was, for the tests after this one.
  for (auto* translator : qApp->findChildren<QTranslator*>(Qt::FindDirectChildrenOnly)) {
    QCoreApplication::removeTranslator(translator);
    delete translator;
  }
  QSettings().clear();
  EXPECT_EQ(desktop::setting_words(theme->title), QStringLiteral("Colour theme"));
}

}  // namespace
}  // namespace berth::test
