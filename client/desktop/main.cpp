// SPDX-License-Identifier: GPL-3.0-or-later
// berth [PATH|URL] [--server URL] [--workspace ID] [--this-machine] [--last] [--list] [--theme NAME]
#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <cstdio>
#include <cstring>

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
  berth::client::SingleInstance instance;
  if (!help && instance.begin(order) == berth::client::SingleInstance::Role::second) return 0;
  QApplication application(argc, argv);
  berth::desktop::name_application();
  berth::desktop::install_translation(&application);
  if (help) {
    QCommandLineParser parser;
    berth::desktop::describe_command_line(parser);
    parser.process(application);
  }
  berth::desktop::Application berth(&application, *options);
  QObject::connect(&instance, &berth::client::SingleInstance::asked, &berth,
                   &berth::desktop::Application::follow);
  berth.start();
  return QApplication::exec();
}
