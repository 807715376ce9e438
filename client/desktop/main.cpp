// SPDX-License-Identifier: GPL-3.0-or-later
// berth [PATH|URL] [--server URL] [--workspace ID] [--this-machine] [--last] [--list] [--theme NAME]
#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QProcess>
#include <cstdio>
#include <cstring>
#include <memory>

#include "client/desktop/application.hpp"
#include "client/desktop/translation.hpp"
#include "protocol/version.hpp"

namespace {

berth::client::StartOrder order_of(int argc, char** argv) {
  berth::client::StartOrder order;
  for (int i = 1; i < argc; ++i) order.arguments.append(QString::fromLocal8Bit(argv[i]));
  order.folder = QDir::currentPath();
  order.activation = qEnvironmentVariable("XDG_ACTIVATION_TOKEN", qEnvironmentVariable("DESKTOP_STARTUP_ID"));
  return order;
}

}  // namespace

int main(int argc, char** argv) {
  // Answered without a display.
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], "--version") == 0 || std::strcmp(argv[i], "-v") == 0) {
      std::printf("berth %s\n", std::string(berth::protocol::release).c_str());
      return 0;
    }
  const auto order = order_of(argc, argv);
  const bool help = order.arguments.contains(QStringLiteral("--help")) ||
                    order.arguments.contains(QStringLiteral("-h")) ||
                    order.arguments.contains(QStringLiteral("--help-all"));
  auto options = berth::desktop::read_command_line(order);
  if (!help && !options) {
    std::fprintf(stderr, "berth: %s\n", options.error().message.c_str());
    return 2;
  }
  // A second start needs no display of its own, and is over in a moment.
  auto instance = std::make_unique<berth::client::SingleInstance>();
  if (!help && instance->begin(order) == berth::client::SingleInstance::Role::second) return 0;
  QApplication application(argc, argv);
  berth::desktop::name_application();
  berth::desktop::install_translation(&application);
  if (help) {
    QCommandLineParser parser;
    berth::desktop::describe_command_line(parser);
    parser.process(application);
  }
  // Asked now: an upgrade puts another file in its place, and the one that runs has no name then.
  const auto program = QApplication::applicationFilePath();
  int result = 0;
  bool again = false;
  {
    berth::desktop::Application berth(&application, *options);
    QObject::connect(instance.get(), &berth::client::SingleInstance::asked, &berth,
                     &berth::desktop::Application::follow);
    berth.start();
    result = QApplication::exec();
    again = berth.restartWanted();
  }
  // The next one is the first again: nothing of this one is left that it would hand over to.
  instance.reset();
  if (again && !QProcess::startDetached(program, {})) {
    std::fprintf(stderr, "berth: it could not be started again.\n");
    return 1;
  }
  return result;
}
