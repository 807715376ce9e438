// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/cli/page.hpp"

#include <QProcess>
#include <QStandardPaths>
#include <QtEnvironmentVariables>

namespace berth::cli {

bool open_page(const QUrl& page) {
  if (page.scheme() != QLatin1String("http") && page.scheme() != QLatin1String("https")) return false;
  auto browser = qEnvironmentVariable("BROWSER").section(QLatin1Char(':'), 0, 0);
  if (browser.isEmpty()) {
    if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY"))
      return false;
    browser = QStringLiteral("xdg-open");
  }
  const auto program = QStandardPaths::findExecutable(browser);
  if (program.isEmpty()) return false;
  QProcess process;
  process.setProgram(program);
  process.setArguments({page.toString(QUrl::FullyEncoded)});
  // Its words must not come between what berthctl prints.
  process.setStandardOutputFile(QProcess::nullDevice());
  process.setStandardErrorFile(QProcess::nullDevice());
  process.setStandardInputFile(QProcess::nullDevice());
  return process.startDetached();
}

}  // namespace berth::cli
