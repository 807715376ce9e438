// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <QApplication>
#include <QStandardPaths>
#include <cstring>
#include <memory>

#include "client/desktop/application.hpp"
#include "display.hpp"

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  const auto display = std::make_unique<berth::test::Display>();
  QStandardPaths::setTestModeEnabled(true);
  QApplication application(argc, argv);
  QApplication::setQuitOnLastWindowClosed(false);
  berth::desktop::name_application();
  QApplication::setApplicationName(QStringLiteral("berth-e2e-%1").arg(QCoreApplication::applicationPid()));
  return RUN_ALL_TESTS();
}
