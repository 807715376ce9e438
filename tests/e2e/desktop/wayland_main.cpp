// SPDX-License-Identifier: GPL-3.0-or-later
// The stage without an X server: weston without a screen, and an application that knows how long its handlers
// slept.
#include <gmock/gmock.h>

#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QThread>
#include <cstdio>

#include "child.hpp"
#include "watched_application.hpp"

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  const QTemporaryDir home;
  qputenv("HOME", home.path().toLocal8Bit());
  qputenv("BERTH_SECRET_STORE", "file");
  qputenv("XDG_RUNTIME_DIR", home.path().toLocal8Bit());  // 0700, as it must be
  qunsetenv("DISPLAY");
  qunsetenv("DBUS_SESSION_BUS_ADDRESS");
  const char* const compositor[] = {"weston",       "--backend=headless", "--renderer=pixman",
                                    "--no-config",  "--idle-time=0",      "--socket=berth",
                                    "--width=1400", "--height=950",       nullptr};
  const berth::test::Child weston(compositor, "");
  const auto socket = home.filePath(QStringLiteral("berth"));
  for (QDeadlineTimer deadline(60'000); !QFile::exists(socket); QThread::msleep(20))
    if (deadline.hasExpired()) {
      std::fprintf(stderr, "weston did not start.\n");
      return 2;
    }
  qputenv("WAYLAND_DISPLAY", "berth");
  qputenv("QT_QPA_PLATFORM", "wayland");
  QStandardPaths::setTestModeEnabled(true);
  berth::test::WatchedApplication application(argc, argv);
  QApplication::setQuitOnLastWindowClosed(false);
  berth::desktop::name_application();
  return RUN_ALL_TESTS();
}
