// SPDX-License-Identifier: GPL-3.0-or-later
// main() of tests with widgets, without a display.
#include <gmock/gmock.h>

#include <QApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>

#include "client/desktop/application.hpp"
#include "client/desktop/theme.hpp"

int main(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QStandardPaths::setTestModeEnabled(true);
  // Tests run beside each other, and each forgets all settings first.
  const QTemporaryDir settings;
  QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings.path());
  QApplication application(argc, argv);
  berth::desktop::name_application();
  QApplication::setApplicationName(QStringLiteral("berth-test"));
  berth::desktop::Theme theme(&application, berth::desktop::ThemeChoice::light);
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
