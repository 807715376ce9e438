// SPDX-License-Identifier: GPL-3.0-or-later
// berth [--server URL|LINK] [--workspace ID] [--theme system|light|dark]
#include <QApplication>
#include <QCommandLineParser>
#include <cstdio>
#include <cstring>

#include "client/desktop/application.hpp"
#include "protocol/version.hpp"

int main(int argc, char** argv) {
  // Answered without a display.
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], "--version") == 0 || std::strcmp(argv[i], "-v") == 0) {
      std::printf("berth %s\n", std::string(berth::protocol::release).c_str());
      return 0;
    }
  QApplication application(argc, argv);
  berth::desktop::name_application();
  QCommandLineParser parser;
  parser.setApplicationDescription(QStringLiteral("The desktop IDE of Berth."));
  parser.addHelpOption();
  parser.addVersionOption();
  const QCommandLineOption server(
      QStringLiteral("server"),
      QStringLiteral("The server's address, a set-up link, or a link to a workspace."),
      QStringLiteral("URL"));
  const QCommandLineOption workspace(QStringLiteral("workspace"), QStringLiteral("The workspace to open."),
                                     QStringLiteral("ID"));
  const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("system, light or dark."),
                                 QStringLiteral("NAME"), QStringLiteral("system"));
  parser.addOptions({server, workspace, theme});
  parser.addPositionalArgument(QStringLiteral("url"), QStringLiteral("Like --server."),
                               QStringLiteral("[URL]"));
  parser.process(application);
  berth::desktop::Options options;
  options.server = parser.value(server);
  if (options.server.isEmpty() && !parser.positionalArguments().isEmpty())
    options.server = parser.positionalArguments().constFirst();
  options.workspace = parser.value(workspace);
  const auto name = parser.value(theme);
  if (name == QLatin1String("light")) {
    options.theme = berth::desktop::ThemeChoice::light;
  } else if (name == QLatin1String("dark")) {
    options.theme = berth::desktop::ThemeChoice::dark;
  } else if (name != QLatin1String("system")) {
    std::fprintf(stderr, "berth: --theme takes system, light or dark.\n");
    return 2;
  }
  berth::desktop::Application berth(&application, options);
  berth.start();
  return QApplication::exec();
}
