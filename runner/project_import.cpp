// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/project_import.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/cancel_at.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "protocol/net/directory_names.hpp"
#include "runner/home_path.hpp"
#include "runner/unpack.hpp"

namespace berth::runner {
namespace {

namespace asio = boost::asio;
using net::error_of_errno;
using net::FileDescriptor;

constexpr std::chrono::milliseconds told_every{200};
constexpr std::chrono::hours usually_longest_import{2};
constexpr std::chrono::seconds killed_import_patience{10};  // until a killed program counts as gone
constexpr int most_import_attempts = 3;
constexpr std::string_view import_prefix = ".berth-write-import-";

/// Without unfinished writes; an error when it can't be read.
Result<std::vector<std::string>> imported_names(const FileDescriptor& directory, const std::string& path) {
  auto names = net::names_in(directory.get());
  if (!names) return std::unexpected(error_of_errno(errno, path));
  std::erase_if(*names, [](const auto& name) { return name.starts_with(net::temporary_prefix); });
  return std::move(*names);
}

std::string random_name() {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, 0) != sizeof number) std::abort();
  return std::string(import_prefix) + std::to_string(number);
}

}  // namespace

ProjectImport::ProjectImport(asio::io_context& io, asio::thread_pool& pool, net::TaskGroup& tasks,
                             const net::HomeFiles& files, const protocol::RunnerStart& start,
                             OnProgress on_progress)
    : io_(io),
      pool_(pool),
      tasks_(tasks),
      files_(files),
      start_(start),
      on_progress_(std::move(on_progress)),
      exited_(io, asio::steady_timer::time_point::max()) {}

// ---- what an earlier life left
// --------------------------------------------------------------------------------------

void ProjectImport::resume() {
  auto found = read_import_marker(marker());
  if (!found) return;
  running_ = true;
  tasks_.spawn(go_on(std::move(*found)));
}

net::Task<void> ProjectImport::go_on(ImportMarker before) {
  const bool own = split(before.folder).second.starts_with(import_prefix);
  if (before.failed.empty() && !own) {  // somebody else's words: nothing is moved or removed for them
    ::unlink(marker().c_str());
    running_ = false;
    co_return;
  }
  if (before.moving) {
    const auto why = co_await net::offload(pool_, [&] { return finish(before, std::nullopt); });
    running_ = false;
    tell(why ? "" : "Imported", why ? std::nullopt : std::optional(100.0), true, why);
    co_return;
  }
  if (before.failed.empty() && before.attempts < most_import_attempts) {
    co_await net::offload(pool_, [&] { discard(before.folder); });
    auto begun = co_await begin_attempt(before.params, before.attempts + 1);
    if (begun) co_return;
    running_ = true;
    before.failed = "The import was interrupted and can't begin again: " + begun.error().message;
  } else if (before.failed.empty()) {
    before.failed = "The import was interrupted " + std::to_string(before.attempts) +
                    " times, and what it had made was removed.";
  }
  const auto why = co_await net::offload(pool_, [&] {
    auto empty = project_is_empty(before.params.archive);
    auto failed = finish(before, before.failed);
    // Nobody has to hear of it who has begun something else.
    if (empty && !*empty) ::unlink(marker().c_str()), failed.reset();
    return failed;
  });
  running_ = false;
  if (why) tell("", std::nullopt, true, why);
}

// ---- before the program runs
// ----------------------------------------------------------------------------------------

Result<bool> ProjectImport::project_is_empty(const std::string& but_for) const {
  auto project = files_.directory().open_at(start_.project, O_RDONLY | O_DIRECTORY);
  if (!project) return std::unexpected(project.error());
  auto names = imported_names(*project, start_.project);
  if (!names) return std::unexpected(names.error());
  std::erase_if(*names, [&](const auto& name) { return joined(start_.project, name) == but_for; });
  return names->empty();
}

Result<ImportProgram> ProjectImport::program_for(const protocol::ImportBegin::Params& params,
                                                 Plan& plan) const {
  if (params.git_url.empty() == params.archive.empty())
    return failure(ErrorCode::invalid_argument, "import/begin: either git_url or archive");
  if (!params.git_url.empty()) {
    if (auto good = check_git_url(params.git_url); !good) return std::unexpected(good.error());
    return git_program(params.git_url);
  }
  auto path = files_.directory().canonical(params.archive);
  if (!path) return std::unexpected(path.error());
  if (auto opened = files_.open_for_reading(*path); !opened) return std::unexpected(opened.error());
  plan.marker.params.archive = *path;
  return archive_program(files_.directory().path() + "/" + *path, params.format,
                         params.most_bytes.value_or(most_unpacked_bytes));
}

Result<ProjectImport::Plan> ProjectImport::prepare(const protocol::ImportBegin::Params& params) const {
  Plan plan;
  plan.marker.params = params;
  // First what says that it was done before: the upload is gone then.
  if (auto made = files_.create_directory(start_.project);
      !made && made.error().code != ErrorCode::already_exists)
    return std::unexpected(made.error());
  const auto empty = project_is_empty(params.archive);
  if (!empty) return std::unexpected(empty.error());
  if (!*empty) return failure(ErrorCode::conflict, "The project folder is not empty: nothing was imported.");
  if (const auto before = read_import_marker(marker()); before && !before->failed.empty() &&
                                                        !params.archive.empty() &&
                                                        before->params.archive == params.archive)
    return failure(ErrorCode::conflict, before->failed);
  auto program = program_for(params, plan);
  if (!program) return std::unexpected(program.error());
  plan.program = std::move(*program);
  plan.marker.folder = joined(split(start_.project).first, random_name());
  if (auto made = files_.create_directory(plan.marker.folder); !made) return std::unexpected(made.error());
  auto directory = files_.directory().open_at(plan.marker.folder, O_PATH | O_DIRECTORY | O_NOFOLLOW);
  if (!directory) return std::unexpected(directory.error());
  plan.directory = std::move(*directory);
  return plan;
}

Result<StartedProgram> ProjectImport::start_program(const Plan& plan) const {
  ProgramStart program;
  program.file = plan.program.file;
  program.arguments = plan.program.arguments;
  program.environment = {{"HOME", start_.home},
                         {"USER", start_.person_name},
                         {"LOGNAME", start_.person_name},
                         {"PATH", "/usr/local/bin:/usr/bin:/bin"},
                         {"LANG", "C.UTF-8"}};
  for (const auto& [name, value] : start_.environment) program.environment[name] = value;
  // Nobody is there to be asked for a password, and submodules may not name other kinds of URLs either.
  program.environment["TERM"] = "dumb";
  program.environment["GIT_TERMINAL_PROMPT"] = "0";
  program.environment["GIT_ASKPASS"] = "/bin/false";
  program.environment["SSH_ASKPASS"] = "/bin/false";
  program.environment["GIT_ALLOW_PROTOCOL"] = "http:https:ssh:git";
  program.environment["GIT_SSH_COMMAND"] = "ssh -oBatchMode=yes -oStrictHostKeyChecking=accept-new";
  program.directory_fd = plan.directory.get();
  program.columns = 200;
  program.person_uid = start_.person_uid;
  return start_on_pty(program);
}

net::Task<Result<void>> ProjectImport::begin(protocol::ImportBegin::Params params) {
  if (running_) co_return failure(ErrorCode::conflict, "An import is under way: wait until it has ended.");
  co_return co_await begin_attempt(std::move(params), 1);
}

net::Task<Result<void>> ProjectImport::begin_attempt(protocol::ImportBegin::Params params, int attempt) {
  running_ = true;
  auto plan = co_await net::offload(pool_, [this, params, attempt]() -> Result<Plan> {
    auto prepared = prepare(params);
    if (!prepared) return prepared;
    prepared->marker.attempts = attempt;
    if (auto known = remember(prepared->marker); !known) {
      discard(prepared->marker.folder);
      return std::unexpected(known.error());
    }
    return prepared;
  });
  Result<StartedProgram> started =
      plan ? start_program(*plan) : Result<StartedProgram>(std::unexpected(plan.error()));
  if (!started) {
    // The person could work while the upload came. Said to the server alone this would be lost: there a
    // conflict may also mean that the import had begun, and its answer was lost.
    if (!plan && plan.error().code == ErrorCode::conflict) {
      const bool dropped =
          co_await net::offload(pool_, [this, archive = params.archive] { return drop_upload(archive); });
      if (dropped)
        tell("", std::nullopt, true,
             plan.error().message +
                 " The uploaded archive has been removed: import it again as another workspace.");
    }
    if (plan)
      co_await net::offload(pool_, [this, folder = plan->marker.folder] {
        discard(folder);
        ::unlink(marker().c_str());
      });
    running_ = false;
    co_return std::unexpected(started.error());
  }
  pid_ = started->pid;
  status_.reset();
  tasks_.spawn(
      run(std::make_shared<Plan>(std::move(*plan)), std::make_shared<StartedProgram>(std::move(*started))));
  co_return Result<void>();
}

// ---- while it runs
// --------------------------------------------------------------------------------------------------

net::Task<void> ProjectImport::follow(FileDescriptor master, ImportOutput& output, Deadline deadline) {
  asio::posix::basic_stream_descriptor<asio::io_context::executor_type> stream(io_, master.release());
  std::array<char, 4096> buffer;
  auto told = std::chrono::steady_clock::time_point();
  for (;;) {
    boost::system::error_code error;
    // EIO: nobody has the other side open any more. The deadline also holds for a program that is silent.
    const auto length = co_await stream.async_read_some(
        asio::buffer(buffer), asio::cancel_at(deadline, asio::redirect_error(asio::use_awaitable, error)));
    if (error) break;
    const bool news = output.append({buffer.data(), length});
    const auto now = std::chrono::steady_clock::now();
    if (now > deadline) break;
    if (!news || now - told < told_every) continue;
    told = now;
    tell(output.last(), output.percent(), false);
  }
}

net::Task<void> ProjectImport::wait_for_exit(Deadline deadline) {
  exited_.expires_at(deadline);
  while (!status_ && std::chrono::steady_clock::now() < deadline) {
    boost::system::error_code ignored;
    co_await exited_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

net::Task<void> ProjectImport::run(std::shared_ptr<Plan> plan, std::shared_ptr<StartedProgram> started) {
  const bool clones = plan->marker.params.archive.empty();
  tell(clones ? "Cloning" : "Unpacking", std::nullopt, false);
  started->slave.reset();
  ImportOutput output;
  const auto begun = std::chrono::steady_clock::now();
  const auto longest = start_.longest_import
                           ? std::chrono::milliseconds(*start_.longest_import)
                           : std::chrono::duration_cast<std::chrono::milliseconds>(usually_longest_import);
  co_await follow(std::move(started->master), output, begun + longest);
  co_await wait_for_exit(begun + longest);
  const bool late = !status_;
  if (late) {
    signal_session(pid_, SIGKILL);
    co_await wait_for_exit(std::chrono::steady_clock::now() + killed_import_patience);
  }
  (void)output.append("\n");
  pid_ = -1;
  const bool good = !late && WIFEXITED(*status_) && WEXITSTATUS(*status_) == 0;
  if (!good && stopping_) co_return;  // it begins again with the workspace
  std::optional<std::string> why;
  if (late)
    why = "The import was ended because it took more than " +
          std::to_string(std::chrono::ceil<std::chrono::minutes>(longest).count()) + " min.";
  else if (!good)
    why = output.reason().empty() ? "The import failed, and its program did not say why."
                                  : "The import failed: " + output.reason();
  why = co_await net::offload(pool_, [&] { return finish(plan->marker, why); });
  running_ = false;
  tell(why || !clones ? output.last() : "Cloned", why ? std::nullopt : std::optional(100.0), true, why);
}

std::optional<std::string> ProjectImport::finish(ImportMarker now, std::optional<std::string> why) const {
  if (!why) {
    const bool goes_on = std::exchange(now.moving, true);
    // On the disk before anything says that it is whole: after that its archive and the marker go.
    if (auto synced = goes_on ? Result<void>() : sync(now.folder); !synced)
      why = "The import failed: " + synced.error().message;
    if (auto known = why ? Result<void>() : remember(now); !known)
      why = "The import failed: " + known.error().message;
    if (auto moved = why ? Result<void>() : move_into_project(now.folder, goes_on); !moved)
      why = "The import failed: " + moved.error().message;
  }
  discard(now.folder);
  if (!now.params.archive.empty()) (void)files_.remove(now.params.archive);
  if (!why) {
    ::unlink(marker().c_str());
    return why;
  }
  // Remembered: an empty project is not to be taken for what was asked for, also after a restart.
  now.moving = false;
  now.failed = *why;
  now.folder.clear();
  if (auto known = remember(now); !known) ::unlink(marker().c_str());
  return why;
}

Result<void> ProjectImport::sync(const std::string& folder) const {
  auto made = files_.directory().open_at(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!made) return std::unexpected(made.error());
  if (::syncfs(made->get()) != 0) return std::unexpected(error_of_errno(errno, folder));
  return {};
}

/// Entry by entry: a shell that already stands in the project folder stays there. All or nothing, unless it
/// `goes_on` after a death; then what finds its place taken is removed.
Result<void> ProjectImport::move_into_project(const std::string& folder, bool goes_on) const {
  auto from = files_.directory().open_at(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!from && goes_on && from.error().code == ErrorCode::not_found) return {};  // all of it was moved
  if (!from) return std::unexpected(from.error());
  auto project = files_.directory().open_at(start_.project, O_RDONLY | O_DIRECTORY);
  if (!project) return std::unexpected(project.error());
  auto names = imported_names(*from, folder);
  if (!names) return std::unexpected(names.error());
  for (std::size_t i = 0; i < names->size(); ++i) {
    const auto* name = (*names)[i].c_str();
    if (::renameat2(from->get(), name, project->get(), name, RENAME_NOREPLACE) == 0) continue;
    const int number = errno;
    if (goes_on && number == EEXIST) continue;
    while (!goes_on && i-- > 0)
      ::renameat2(project->get(), (*names)[i].c_str(), from->get(), (*names)[i].c_str(), RENAME_NOREPLACE);
    return std::unexpected(error_of_errno(number, joined(start_.project, name)));
  }
  if (::fsync(project->get()) != 0) return std::unexpected(error_of_errno(errno, start_.project));
  return {};
}

void ProjectImport::discard(const std::string& folder) const {
  if (folder.empty()) return;
  // A program may have made folders that their owner can't write to.
  if (auto removed = files_.remove(folder); !removed && removed.error().code == ErrorCode::permission_denied)
    (void)files_.trash(folder);
}

bool ProjectImport::drop_upload(const std::string& archive) const {
  // Named as the server names uploads, directly in the home: nothing that a person made is removed.
  if (!archive.starts_with(import_prefix) || archive.contains('/')) return false;
  const auto removed = files_.remove(archive);
  return removed || removed.error().code != ErrorCode::not_found;
}

void ProjectImport::tell(std::string text, std::optional<double> percent, bool finished,
                         std::optional<std::string> problem) {
  latest_ = protocol::WorkspaceImport::Params{std::move(text), percent, finished, std::move(problem)};
  const auto now = *latest_;
  // A success is nothing that a window has to hear of later.
  if (finished && !now.problem) latest_.reset();
  on_progress_(now);
}

void ProjectImport::on_child_exit(pid_t pid, int wait_status) {
  if (pid != pid_) return;
  status_ = wait_status;
  exited_.cancel();
}

void ProjectImport::stop() {
  stopping_ = true;
  if (pid_ > 0) signal_session(pid_, SIGKILL);
}

}  // namespace berth::runner
