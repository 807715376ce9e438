// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/project_import.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace berth::runner {
namespace {

namespace asio = boost::asio;
using net::error_of_errno;
using net::FileDescriptor;

constexpr std::chrono::milliseconds told_every{200};
constexpr std::chrono::hours longest_import{2};
constexpr std::string_view import_prefix = ".berth-write-import-";

std::string joined(const std::string& directory, const std::string& name) {
  return directory.empty() ? name : directory + "/" + name;
}

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? std::string() : path.substr(0, slash);
}

/// Without "." and ".."; an error when it can't be read.
Result<std::vector<std::string>> names_in(const FileDescriptor& directory, const std::string& path) {
  const int copy = ::openat(directory.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* stream = copy < 0 ? nullptr : ::fdopendir(copy);
  if (!stream) {
    const int number = errno;
    if (copy >= 0) ::close(copy);
    return std::unexpected(error_of_errno(number, path));
  }
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(stream)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != ".." && !name.starts_with(net::temporary_prefix)) names.emplace_back(name);
  }
  ::closedir(stream);
  return names;
}

std::string random_name() {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, 0) != sizeof number) std::abort();
  return std::string(import_prefix) + std::to_string(number);
}

Result<void> write_marker(const std::string& path, const std::string& folder) {
  const FileDescriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd || ::write(fd.get(), folder.data(), folder.size()) != static_cast<ssize_t>(folder.size()))
    return std::unexpected(error_of_errno(errno, "The workspace's state"));
  return {};
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

void ProjectImport::clean_up() {
  const FileDescriptor fd(::open(marker().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  std::array<char, 4096> buffer;
  const auto length = fd ? ::read(fd.get(), buffer.data(), buffer.size()) : -1;
  if (length < 0) return;
  const std::string folder(buffer.data(), static_cast<std::size_t>(length));
  const auto name = folder.substr(folder.rfind('/') + 1);
  latest_ = protocol::WorkspaceImport::Params{
      "", std::nullopt, true,
      "The import was interrupted, and what it had made was removed: begin it again."};
  tasks_.spawn([](ProjectImport& self, std::string half_made, bool own) -> net::Task<void> {
    co_await net::offload(self.pool_, [&] {
      if (own) self.discard(half_made);
      ::unlink(self.marker().c_str());
    });
  }(*this, folder, name.starts_with(import_prefix)));
}

// ---- before the program runs
// ----------------------------------------------------------------------------------------

Result<ProjectImport::Plan> ProjectImport::prepare(const protocol::ImportBegin::Params& params) const {
  Plan plan;
  if (params.git_url.empty() == params.archive.empty())
    return failure(ErrorCode::invalid_argument, "import/begin: either git_url or archive");
  if (!params.git_url.empty()) {
    if (auto good = check_git_url(params.git_url); !good) return std::unexpected(good.error());
    auto program = git_program(params.git_url);
    if (!program) return std::unexpected(program.error());
    plan.program = std::move(*program);
  } else {
    auto path = files_.directory().canonical(params.archive);
    if (!path) return std::unexpected(path.error());
    if (auto opened = files_.open_for_reading(*path); !opened) return std::unexpected(opened.error());
    plan.archive = *path;
    auto program = archive_program(files_.directory().path() + "/" + *path, params.format);
    if (!program) return std::unexpected(program.error());
    plan.program = std::move(*program);
  }
  if (auto made = files_.create_directory(start_.project);
      !made && made.error().code != ErrorCode::already_exists)
    return std::unexpected(made.error());
  auto project = files_.directory().open_at(start_.project, O_RDONLY | O_DIRECTORY);
  if (!project) return std::unexpected(project.error());
  auto names = names_in(*project, start_.project);
  if (!names) return std::unexpected(names.error());
  std::erase_if(*names, [&](const auto& name) { return joined(start_.project, name) == plan.archive; });
  if (!names->empty())
    return failure(ErrorCode::conflict, "The project folder is not empty: nothing was imported.");
  plan.folder = joined(parent_of(start_.project), random_name());
  if (auto made = files_.create_directory(plan.folder); !made) return std::unexpected(made.error());
  auto directory = files_.directory().open_at(plan.folder, O_PATH | O_DIRECTORY | O_NOFOLLOW);
  if (!directory) return std::unexpected(directory.error());
  plan.directory = std::move(*directory);
  if (auto marked = write_marker(marker(), plan.folder); !marked) {
    discard(plan.folder);
    return std::unexpected(marked.error());
  }
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
  running_ = true;
  auto plan = co_await net::offload(pool_, [this, params] { return prepare(params); });
  Result<StartedProgram> started =
      plan ? start_program(*plan) : Result<StartedProgram>(std::unexpected(plan.error()));
  if (!started) {
    if (plan)
      co_await net::offload(pool_, [this, folder = plan->folder] {
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

net::Task<void> ProjectImport::follow(FileDescriptor master, ImportOutput& output) {
  asio::posix::basic_stream_descriptor<asio::io_context::executor_type> stream(io_, master.release());
  std::array<char, 4096> buffer;
  auto told = std::chrono::steady_clock::time_point();
  const auto deadline = std::chrono::steady_clock::now() + longest_import;
  for (;;) {
    boost::system::error_code error;
    // EIO: nobody has the other side open any more.
    const auto length = co_await stream.async_read_some(asio::buffer(buffer),
                                                        asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
    const bool news = output.append({buffer.data(), length});
    const auto now = std::chrono::steady_clock::now();
    if (now > deadline) signal_session(pid_, SIGKILL);
    if (!news || now - told < told_every) continue;
    told = now;
    tell(output.last(), output.percent(), false);
  }
}

net::Task<void> ProjectImport::run(std::shared_ptr<Plan> plan, std::shared_ptr<StartedProgram> started) {
  tell(plan->archive.empty() ? "Cloning" : "Unpacking", std::nullopt, false);
  started->slave.reset();
  ImportOutput output;
  co_await follow(std::move(started->master), output);
  while (!status_) {
    boost::system::error_code ignored;
    co_await exited_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  (void)output.append("\n");
  const bool good = WIFEXITED(*status_) && WEXITSTATUS(*status_) == 0;
  auto done = co_await net::offload(pool_, [this, plan, good]() -> Result<void> {
    auto moved = good ? move_into_project(*plan) : Result<void>();
    discard(plan->folder);
    if (good && moved && !plan->archive.empty()) (void)files_.remove(plan->archive);
    ::unlink(marker().c_str());
    return moved;
  });
  pid_ = -1;
  running_ = false;
  if (!good) {
    const auto& reason = output.reason();
    tell(output.last(), std::nullopt, true,
         reason.empty() ? "The import failed, and its program did not say why."
                        : "The import failed: " + reason);
  } else if (!done) {
    tell(output.last(), std::nullopt, true, "The import failed: " + done.error().message);
  } else {
    tell(plan->archive.empty() ? "Cloned" : "Unpacked", 100.0, true);
  }
}

/// Entry by entry: a shell that already stands in the project folder stays there.
Result<void> ProjectImport::move_into_project(const Plan& plan) const {
  auto project = files_.directory().open_at(start_.project, O_RDONLY | O_DIRECTORY);
  if (!project) return std::unexpected(project.error());
  auto names = names_in(plan.directory, plan.folder);
  if (!names) return std::unexpected(names.error());
  for (const auto& name : *names)
    if (::renameat2(plan.directory.get(), name.c_str(), project->get(), name.c_str(), RENAME_NOREPLACE) != 0)
      return std::unexpected(error_of_errno(errno, joined(start_.project, name)));
  return {};
}

void ProjectImport::discard(const std::string& folder) const {
  // A program may have made folders that their owner can't write to.
  if (auto removed = files_.remove(folder); !removed && removed.error().code == ErrorCode::permission_denied)
    (void)files_.trash(folder);
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
  if (pid_ > 0) signal_session(pid_, SIGKILL);
}

}  // namespace berth::runner
