// SPDX-License-Identifier: GPL-3.0-or-later
// cp: files and folders to a workspace and from it. A file appears once it is whole.
#include <QDir>
#include <QDirIterator>
#include <QFileInfo>

#include "client/cli/context.hpp"
#include "client/cli/remote_path.hpp"
#include "client/cli/workspace_link.hpp"
#include "client/core/transfer.hpp"

namespace berth::cli {
namespace {

constexpr int deepest = 200;  // folders in one another

struct Choice {
  std::vector<std::string> paths;
  bool folders = false;
};

class Copy {
 public:
  Copy(Context& context, WorkspaceLink& link, bool folders)
      : context_(context), connection_(link.connection()), folders_(folders) {}

  Result<void> upload(const QString& local, const std::string& target, bool into);
  Result<void> download(const std::string& remote, const QString& target, bool into);
  bool is_remote_folder(const std::string& path) {
    const auto found = stat(path);
    return found && type_of(*found) == protocol::EntryType::directory;
  }
  std::uint64_t files() const { return files_; }
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t left_out() const { return left_out_; }

 private:
  template <class Message>
  Result<typename Message::Result> ask(const typename Message::Params& params) {
    const auto answer = awaited<protocol::Json>([&](QObject* waiting, client::Reply<protocol::Json> done) {
      connection_->sendRequest(Message::method, protocol::encode(params), waiting, std::move(done));
    });
    if (!answer) return std::unexpected(answer.error());
    return protocol::decode<typename Message::Result>(*answer, std::string(Message::method));
  }
  Result<protocol::FileEntry> stat(const std::string& path) {
    if (path.empty()) return protocol::FileEntry{"", protocol::EntryType::directory, 0, 0, 0755, {}, {}};
    auto answer = ask<protocol::FileStat>({path});
    if (!answer) return std::unexpected(answer.error());
    return answer->entry;
  }
  static protocol::EntryType type_of(const protocol::FileEntry& entry) {
    return entry.type == protocol::EntryType::symlink ? entry.target_type.value_or(entry.type) : entry.type;
  }
  Result<void> carry(client::Transfer& transfer);
  Result<void> make_folder(const std::string& path);
  Result<void> upload_folder(const QString& local, const std::string& target, int depth);
  Result<void> upload_file(const QString& local, const std::string& target);
  Result<void> download_folder(const std::string& remote, const QString& target, int depth);
  Result<void> download_file(const std::string& remote, const QString& target, std::uint32_t mode);
  void leave_out(const std::string& path, const char* why) {
    ++left_out_;
    context_.out.note("Left out: " + path + " (" + why + ")");
  }

  Context& context_;
  client::WorkspaceConnection* connection_;
  bool folders_;
  std::uint64_t files_ = 0, bytes_ = 0, left_out_ = 0;
};

Result<void> Copy::carry(client::Transfer& transfer) {
  QEventLoop loop;
  QObject::connect(&transfer, &client::Transfer::finished, &loop, &QEventLoop::quit);
  transfer.start();
  if (transfer.state() == client::Transfer::State::running) loop.exec();
  if (transfer.state() != client::Transfer::State::done)
    return failure(ErrorCode::unavailable, transfer.problem().toStdString());
  ++files_;
  bytes_ += static_cast<std::uint64_t>(transfer.bytes());
  return {};
}

Result<void> Copy::make_folder(const std::string& path) {
  if (path.empty()) return {};
  const auto made = ask<protocol::FileCreateDirectory>({path});
  if (made) return {};
  if (made.error().code == ErrorCode::already_exists && is_remote_folder(path)) return {};
  return std::unexpected(made.error());
}

Result<void> Copy::upload_file(const QString& local, const std::string& target) {
  client::Upload upload(connection_, local, QString::fromStdString(target), true, nullptr);
  return carry(upload);
}

Result<void> Copy::upload(const QString& local, const std::string& target, bool into) {
  const QFileInfo info(local);
  if (!info.exists()) return failure(ErrorCode::not_found, "There is no " + local.toStdString() + " here.");
  auto name = last_part(QDir::cleanPath(info.absoluteFilePath()).toStdString());
  const auto whole = into ? joined_path(target, name) : target;
  if (info.isFile()) return upload_file(local, whole);
  if (!info.isDir())
    return failure(ErrorCode::unsupported, local.toStdString() + " is neither a file nor a folder.");
  if (!folders_)
    return failure(ErrorCode::invalid_argument,
                   local.toStdString() + " is a folder; copy it by: berthctl cp -r");
  return upload_folder(local, whole, 0);
}

Result<void> Copy::upload_folder(const QString& local, const std::string& target, int depth) {
  if (depth > deepest) return failure(ErrorCode::too_large, "The folders are too deep.");
  if (auto made = make_folder(target); !made) return made;
  const auto entries = QDir(local).entryInfoList(
      QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDir::Name);
  for (const auto& entry : entries) {
    const auto path = joined_path(target, entry.fileName().toStdString());
    Result<void> done;
    if (entry.isSymLink() && (entry.isDir() || !entry.exists())) {
      leave_out(entry.filePath().toStdString(), "a symlink");  // it may lead in a circle, or nowhere
    } else if (entry.isDir()) {
      done = upload_folder(entry.filePath(), path, depth + 1);
    } else if (entry.isFile()) {
      done = upload_file(entry.filePath(), path);
    } else {
      leave_out(entry.filePath().toStdString(), "no file");
    }
    if (!done) return done;
  }
  return {};
}

Result<void> Copy::download_file(const std::string& remote, const QString& target, std::uint32_t mode) {
  client::Download download(connection_, QString::fromStdString(remote), target, nullptr);
  if (auto done = carry(download); !done) return done;
  if (mode & 0100)
    QFile::setPermissions(target, QFile::permissions(target) | QFileDevice::ExeOwner | QFileDevice::ExeUser);
  return {};
}

Result<void> Copy::download(const std::string& remote, const QString& target, bool into) {
  const auto entry = stat(remote);
  if (!entry) return std::unexpected(entry.error());
  const auto name = last_part(remote);
  const bool folder = type_of(*entry) == protocol::EntryType::directory;
  const auto whole = into && !name.empty() ? QDir(target).filePath(QString::fromStdString(name)) : target;
  if (type_of(*entry) == protocol::EntryType::file) return download_file(remote, whole, entry->mode);
  if (!folder) return failure(ErrorCode::unsupported, remote + " is neither a file nor a folder.");
  if (!folders_)
    return failure(ErrorCode::invalid_argument, remote + " is a folder; copy it by: berthctl cp -r");
  return download_folder(remote, whole, 0);
}

Result<void> Copy::download_folder(const std::string& remote, const QString& target, int depth) {
  if (depth > deepest) return failure(ErrorCode::too_large, "The folders are too deep.");
  // Not through a link that somebody has put where the folder is to be: what is written stays below the
  // target.
  if (depth > 0 && QFileInfo(target).isSymLink()) {
    leave_out(target.toStdString(), "a symlink stands in its place here");
    return {};
  }
  if (!QDir().mkpath(target))
    return failure(ErrorCode::permission_denied, target.toStdString() + " can't be made.");
  protocol::FileList::Params params{remote, {}, 1000};
  do {
    const auto page = ask<protocol::FileList>(params);
    if (!page) return std::unexpected(page.error());
    for (const auto& entry : page->entries) {
      if (!is_file_name(entry.name))
        return failure(ErrorCode::invalid_argument, "The workspace named a file that no folder can hold.");
      const auto path = joined_path(remote, entry.name);
      const auto local = QDir(target).filePath(QString::fromStdString(entry.name));
      Result<void> done;
      if (entry.type == protocol::EntryType::directory) {
        done = download_folder(path, local, depth + 1);
      } else if (type_of(entry) == protocol::EntryType::file) {
        done = download_file(path, local, entry.mode);
      } else {
        leave_out(path, entry.type == protocol::EntryType::symlink ? "a symlink" : "no file");
      }
      if (!done) return done;
    }
    if (page->cursor && page->cursor == params.cursor) break;
    params.cursor = page->cursor;
  } while (params.cursor);
  return {};
}

int copy(Context& context, const Choice& choice) {
  auto sources = choice.paths;
  const auto target = sources.back();
  sources.pop_back();
  const auto to = remote_path(target);
  std::string workspace = to ? to->workspace : "";
  for (const auto& source : sources) {
    const auto from = remote_path(source);
    if (from.has_value() == to.has_value() || (from && !workspace.empty() && from->workspace != workspace))
      return context.out.fail(
          {ErrorCode::invalid_argument,
           "It copies between this machine and one workspace: berthctl cp FILE WORKSPACE:PATH, or the "
           "other way round.",
           {},
           {}});
    if (from) workspace = from->workspace;
  }
  auto link = WorkspaceLink::open(context, workspace);
  if (!link) return context.out.fail(link.error());
  Copy copying(context, **link, choice.folders);
  const auto local_target = QString::fromStdString(target);
  const bool into = to ? (to->path.empty() || target.ends_with('/') || copying.is_remote_folder(to->path))
                       : (QFileInfo(local_target).isDir() || target.ends_with('/'));
  if (sources.size() > 1 && !into)
    return context.out.fail(
        {ErrorCode::invalid_argument, target + " is no folder, for several files.", {}, {}});
  for (const auto& source : sources) {
    const auto done = to ? copying.upload(QString::fromStdString(source), to->path, into)
                         : copying.download(remote_path(source)->path, local_target, into);
    if (!done) return context.out.fail(done.error());
  }
  if (context.out.json) {
    Output::print_json(
        {{"files", copying.files()}, {"bytes", copying.bytes()}, {"left_out", copying.left_out()}});
  } else {
    context.out.note(std::to_string(copying.files()) + (copying.files() == 1 ? " file, " : " files, ") +
                     size_text(copying.bytes()));
  }
  return exit_good;
}

}  // namespace

void add_copy_command(Commands& commands) {
  auto choice = std::make_shared<Choice>();
  auto* command = commands.add(&commands.app, "cp", "Copies files to a workspace or from it.",
                               [choice](Context& context) { return copy(context, *choice); });
  command->add_option("PATHS", choice->paths, "SOURCE… TARGET; one side is WORKSPACE:PATH, below its home.")
      ->required()
      ->expected(2, 1 << 16);
  command->add_flag("--recursive,-r", choice->folders, "Folders too, with all that is in them.");
}

}  // namespace berth::cli
