// SPDX-License-Identifier: GPL-3.0-or-later
// berthctl: Berth from the command line (README.md).
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <QCoreApplication>

#include "client/cli/context.hpp"
#include "protocol/version.hpp"

namespace {

using namespace berth;
using namespace berth::cli;

/// Standard streams that were closed would be taken by the next files that are opened.
void open_standard_streams() {
  int descriptor = 0;
  do descriptor = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  while (descriptor >= 0 && descriptor <= STDERR_FILENO);
  ::close(descriptor);
}

void quiet_messages(QtMsgType type, const QMessageLogContext&, const QString& text) {
  if (type == QtFatalMsg || qEnvironmentVariableIsSet("BERTH_DEBUG"))
    std::fprintf(stderr, "berthctl: %s\n", qUtf8Printable(text));
}

int run(int argc, char** argv) {
  Context context;
  Commands commands;
  auto& app = commands.app;
  app.name("berthctl");
  app.fallthrough();
  app.require_subcommand(1);
  app.option_defaults()->always_capture_default(false);
  app.add_option("--server", context.server_name, "The server's address. [BERTH_SERVER, else the usual one]");
  app.add_flag("--json", context.out.json, "Answers and errors as JSON.");
  app.add_flag("--quiet,-q", context.out.quiet, "Says only what was asked for.");
  app.set_version_flag("--version", "berthctl " + std::string(protocol::release));
  app.footer(
      "Exit codes: 0 done, 1 failed, 2 wrong use, 3 not signed in, 4 not allowed, 5 not found, 6 conflict,\n"
      "7 not reachable, 8 over a limit. exec and shell end as their command does, or with 255.");
  add_sign_in_commands(commands);
  add_workspace_commands(commands);
  add_team_commands(commands);
  add_token_commands(commands);
  add_version_commands(commands);
  add_shell_commands(commands);
  add_exec_command(commands);
  add_copy_command(commands);
  add_port_commands(commands);
  add_completion_commands(commands);

  std::vector<std::string> words;  // in reverse, as CLI11 takes them
  int before = argc;
  for (int i = 1; i < argc; ++i)
    if (std::string_view(argv[i]) == "--") {
      before = i;
      context.behind.assign(argv + i + 1, argv + argc);
      break;
    }
  for (int i = before - 1; i > 0; --i) words.emplace_back(argv[i]);
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? int{exit_good} : int{exit_usage};
  }
  return commands.chosen ? commands.chosen(context) : int{exit_usage};
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_streams();
  ::signal(SIGPIPE, SIG_IGN);
  qInstallMessageHandler(quiet_messages);
  int none = 1;  // Qt has options of its own, which are not berthctl's
  QCoreApplication application(none, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("berth"));
  QCoreApplication::setApplicationName(QStringLiteral("berthctl"));
  QCoreApplication::setApplicationVersion(
      QString::fromUtf8(protocol::release.data(), static_cast<qsizetype>(protocol::release.size())));
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "berthctl: It can't go on: %s\n", error.what());
    return exit_failed;
  }
}
