// SPDX-License-Identifier: GPL-3.0-or-later
#include "stage.hpp"

#include <gmock/gmock.h>

#include <QApplication>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <memory>

#include "client/desktop/application.hpp"
#include "display.hpp"
#include "secret_service.hpp"
#include "session_bus.hpp"

namespace berth::test {

int run_on_stage(int argc, char** argv, Beside beside) {
  testing::InitGoogleMock(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  const QTemporaryDir home;
  qputenv("HOME", home.path().toLocal8Bit());
  std::unique_ptr<SessionBus> bus;
  std::unique_ptr<SecretService> keychain;
  if (beside != Beside::nothing) bus = std::make_unique<SessionBus>(home.path().toStdString());
  if (beside == Beside::keychain) {
    keychain = std::make_unique<SecretService>();
  } else {
    qputenv("BERTH_SECRET_STORE", "file");
  }
  const auto display = std::make_unique<Display>();
  QStandardPaths::setTestModeEnabled(true);
  QApplication application(argc, argv);
  QApplication::setQuitOnLastWindowClosed(false);
  desktop::name_application();
  return RUN_ALL_TESTS();
}

}  // namespace berth::test
