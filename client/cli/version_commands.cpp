// SPDX-License-Identifier: GPL-3.0-or-later
// versions: what a workspace was, kept versions, bringing back, downloading.
#include "client/cli/context.hpp"
#include "client/core/rest_download.hpp"
#include "protocol/rest_history.hpp"

namespace berth::cli {
namespace {

struct Choice {
  std::string workspace, version, path, name, file, against;
  int most = 50;
};

std::string kind_text(const rest::Version& version) {
  return version.name.empty() ? boost::describe::enum_to_string(version.kind, "") : version.name;
}

int list(Context& context, const Choice& choice) {
  auto found = context.workspace(choice.workspace);
  if (!found) return context.out.fail(found.error());
  auto* server = *context.server();
  rest::ListVersions::Result all;
  QString cursor;
  while (std::cmp_less(all.versions.size(), choice.most)) {
    const auto left = std::min<std::size_t>(200, static_cast<std::size_t>(choice.most) - all.versions.size());
    auto page = server->ask<rest::ListVersions>({}, {QString::fromStdString(found->id)},
                                                {{"path", QString::fromStdString(choice.path)},
                                                 {"cursor", cursor},
                                                 {"limit", QString::number(left)}});
    if (!page) return context.out.fail(page.error());
    all.versions.insert(all.versions.end(), page->versions.begin(), page->versions.end());
    all.cursor = page->cursor;
    if (!page->cursor || page->versions.empty()) break;
    cursor = QString::fromStdString(*page->cursor);
  }
  return finish(context, Result<rest::ListVersions::Result>(std::move(all)), [](const auto& answer) {
    Table table({"ID", "WHEN", "WHAT", "BY", "FILES", "SIZE", "CHANGES"});
    for (const auto& one : answer.versions)
      table.row({one.id, local_time(one.created), kind_text(one), one.author, std::to_string(one.files),
                 size_text(one.bytes),
                 "+" + std::to_string(one.added) + " ~" + std::to_string(one.modified) + " -" +
                     std::to_string(one.deleted)});
    table.print();
  });
}

int create(Context& context, const Choice& choice) {
  auto found = context.workspace(choice.workspace);
  if (!found) return context.out.fail(found.error());
  return finish(
      context,
      (*context.server())->ask<rest::CreateVersion>({choice.name}, {QString::fromStdString(found->id)}),
      [&](const rest::Version& one) { context.out.say(one.id + "  " + one.name); });
}

int changes(Context& context, const Choice& choice) {
  auto found = context.workspace(choice.workspace);
  if (!found) return context.out.fail(found.error());
  return finish(context,
                (*context.server())
                    ->ask<rest::ListVersionChanges>(
                        {}, {QString::fromStdString(found->id), QString::fromStdString(choice.version)},
                        {{"against", QString::fromStdString(choice.against)},
                         {"path", QString::fromStdString(choice.path)}}),
                [&](const rest::ListVersionChanges::Result& answer) {
                  for (const auto& one : answer.changes)
                    context.out.say((one.kind == rest::VersionChangeKind::added     ? "+ "
                                     : one.kind == rest::VersionChangeKind::deleted ? "- "
                                                                                    : "~ ") +
                                    one.path);
                  if (answer.truncated) context.out.note("There are more; name a folder with --path.");
                });
}

int restore(Context& context, const Choice& choice) {
  auto found = context.workspace(choice.workspace);
  if (!found) return context.out.fail(found.error());
  rest::RestoreVersion::Body body{};
  if (!choice.path.empty()) body.path = choice.path;
  const auto answer = (*context.server())
                          ->ask<rest::RestoreVersion>(body, {QString::fromStdString(found->id),
                                                             QString::fromStdString(choice.version)});
  const int code = finish(context, answer, [&](const rest::RestoreVersion::Result& restored) {
    context.out.say("Brought back, as version " + restored.version.id + ".");
    for (const auto& one : restored.problems) context.out.note("Not brought back: " + one.path);
  });
  return answer && !answer->problems.empty() ? int{exit_failed} : code;
}

int get(Context& context, const Choice& choice) {
  auto found = context.workspace(choice.workspace);
  if (!found) return context.out.fail(found.error());
  auto* server = *context.server();
  const auto file = QString::fromStdString(choice.file);
  const auto format = file.endsWith(QLatin1String(".zip"))       ? QStringLiteral("zip")
                      : file.endsWith(QLatin1String(".tar.zst")) ? QStringLiteral("tar.zst")
                      : file.endsWith(QLatin1String(".tar.gz")) || file.endsWith(QLatin1String(".tgz"))
                          ? QStringLiteral("tar.gz")
                          : QString();
  if (format.isEmpty())
    return context.out.fail(
        {ErrorCode::invalid_argument, "The file's name ends with .zip, .tar.gz or .tar.zst.", {}, {}});
  auto request = server->request(
      rest::GetArchive::path, {QString::fromStdString(found->id)},
      {{"format", format},
       {"path", QString::fromStdString(choice.path)},
       {"version", choice.version == "now" ? QString() : QString::fromStdString(choice.version)}});
  if (!request) return context.out.fail(request.error());
  client::RestDownload download([&](QObject*, client::Reply<QNetworkRequest> done) { done(*request); }, file,
                                file, nullptr);
  QEventLoop loop;
  QObject::connect(&download, &client::Transfer::finished, &loop, &QEventLoop::quit);
  download.start();
  if (download.state() == client::Transfer::State::running) loop.exec();
  if (download.state() != client::Transfer::State::done)
    return context.out.fail({ErrorCode::unavailable, download.problem().toStdString(), {}, {}});
  if (context.out.json) {
    Output::print_json({{"file", choice.file}, {"bytes", download.bytes()}});
  } else {
    context.out.say(choice.file + " (" + size_text(static_cast<std::uint64_t>(download.bytes())) + ")");
  }
  return exit_good;
}

}  // namespace

void add_version_commands(Commands& commands) {
  auto choice = std::make_shared<Choice>();
  auto* group = commands.app.add_subcommand("versions", "What a workspace was before.");
  group->require_subcommand(1);
  auto add = [&](const char* name, const char* what, int (*command)(Context&, const Choice&)) {
    auto* added = commands.add(group, name, what,
                               [choice, command](Context& context) { return command(context, *choice); });
    added->add_option("WORKSPACE", choice->workspace, "Its name or id.")->required();
    return added;
  };
  auto* ls = add("ls", "Its versions, newest first.", list);
  ls->add_option("--path", choice->path, "Only those that changed this file or folder.");
  ls->add_option("--most", choice->most, "So many.")->check(CLI::Range(1, 100'000))->capture_default_str();
  add("create", "Stores what is there now under a name; kept for ever.", create)
      ->add_option("NAME", choice->name)
      ->required();
  auto* difference = add("changes", "What a version changed.", changes);
  difference->add_option("VERSION", choice->version)->required();
  difference->add_option("--against", choice->against, "Another version; the one before when absent.");
  difference->add_option("--path", choice->path, "Only below this folder.");
  auto* back =
      add("restore", "Brings everything back, or a path; what is there now is stored first.", restore);
  back->add_option("VERSION", choice->version)->required();
  back->add_option("--path", choice->path, "Only this file or folder.");
  auto* archive = add("get", "Downloads a version as an archive.", get);
  archive->add_option("VERSION", choice->version, "Its id, or now.")->required();
  archive->add_option("FILE", choice->file, "Ends with .zip, .tar.gz or .tar.zst.")->required();
  archive->add_option("--path", choice->path, "Only this file or folder.");
}

}  // namespace berth::cli
