// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/command_line.hpp"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QUrl>

namespace berth::desktop {
namespace {

struct Translated {
  Q_DECLARE_TR_FUNCTIONS(berth::desktop::CommandLine)
};

/// It is meant as a path, there or not.
bool looks_like_path(const QString& argument) {
  return argument == QLatin1String(".") || argument == QLatin1String("..") ||
         argument.startsWith(QLatin1Char('/')) || argument.startsWith(QLatin1String("./")) ||
         argument.startsWith(QLatin1String("../")) || argument.startsWith(QLatin1String("~/"));
}

void read_target(Options& options, const QString& argument, const QString& folder) {
  if (argument.contains(QLatin1String("://")) &&
      !argument.startsWith(QLatin1String("file://"), Qt::CaseInsensitive)) {
    options.server = argument;
    return;
  }
  auto path = argument;
  if (path.startsWith(QLatin1String("file://"), Qt::CaseInsensitive)) path = QUrl(path).toLocalFile();
  if (path.startsWith(QLatin1String("~/"))) path = QDir::homePath() + path.mid(1);
  const QFileInfo found(QDir(folder.isEmpty() ? QDir::currentPath() : folder), path);
  if (!path.isEmpty() && found.exists()) {
    // By one name whatever links lead there: it is what a workspace that was made of it is found by.
    const auto whole = found.canonicalFilePath();
    if (found.isDir()) {
      options.folder = whole;
    } else if (found.isFile()) {
      options.file = whole;
    } else {
      options.problem = Translated::tr("%1 is neither a folder nor a file that Berth could open.").arg(whole);
    }
    return;
  }
  if (path != argument || looks_like_path(argument)) {
    options.problem = Translated::tr("There is no %1.").arg(QDir::cleanPath(found.absoluteFilePath()));
    return;
  }
  options.server = argument;  // as somebody types a server: localhost:7070
}

}  // namespace

void describe_command_line(QCommandLineParser& parser) {
  parser.setApplicationDescription(Translated::tr("The desktop IDE of Berth."));
  parser.addHelpOption();
  parser.addVersionOption();
  const auto option = [&](const char* name, const QString& description, const QString& value = {},
                          const QString& usual = {}) {
    parser.addOption(QCommandLineOption(QString::fromLatin1(name), description, value, usual));
  };
  option("server", Translated::tr("The server's address, a set-up link, or a link to a workspace."),
         QStringLiteral("URL"));
  option("workspace", Translated::tr("The workspace to open."), QStringLiteral("ID"));
  option("theme", Translated::tr("system, light or dark."), QStringLiteral("NAME"), QStringLiteral("system"));
  option("this-machine", Translated::tr("Workspaces on this machine, without a server."));
  option("last", Translated::tr("The workspace that was open last."));
  option("list", Translated::tr("The list of workspaces."));
  parser.addPositionalArgument(
      QStringLiteral("target"),
      Translated::tr(
          "A folder of this machine, of which a workspace is made; a file in such a folder; or what "
          "--server takes."),
      QStringLiteral("[PATH|URL]"));
}

Result<Options> read_command_line(const client::StartOrder& order) {
  const auto wrong = [](const QString& why) {
    return failure(ErrorCode::invalid_argument, why.toStdString());
  };
  QCommandLineParser parser;
  describe_command_line(parser);
  if (!parser.parse(QStringList{QStringLiteral("berth")} + order.arguments)) return wrong(parser.errorText());
  const auto positional = parser.positionalArguments();
  if (positional.size() > 1) return wrong(Translated::tr("One folder, file or address at a time."));
  Options options;
  options.server = parser.value(QStringLiteral("server"));
  options.workspace = parser.value(QStringLiteral("workspace"));
  options.this_machine = parser.isSet(QStringLiteral("this-machine"));
  options.last = parser.isSet(QStringLiteral("last"));
  options.list = parser.isSet(QStringLiteral("list"));
  const auto theme = parser.value(QStringLiteral("theme"));
  if (theme == QLatin1String("light")) {
    options.theme = ThemeChoice::light;
  } else if (theme == QLatin1String("dark")) {
    options.theme = ThemeChoice::dark;
  } else if (theme != QLatin1String("system")) {
    return wrong(Translated::tr("--theme takes system, light or dark."));
  }
  if (options.server.isEmpty() && !positional.isEmpty())
    read_target(options, positional.constFirst(), order.folder);
  return options;
}

}  // namespace berth::desktop
