// SPDX-License-Identifier: GPL-3.0-or-later
// main() of tests that need an event loop and no widgets.
#include <gmock/gmock.h>

#include <QCoreApplication>
#include <QStandardPaths>

int main(int argc, char** argv) {
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication application(argc, argv);
  application.setOrganizationName(QStringLiteral("berth-test"));
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
