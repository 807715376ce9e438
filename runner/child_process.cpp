// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/child_process.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "runner/process_identity.hpp"

namespace berth::runner {
namespace {

// The highest there is, so that a program that eats all memory dies before the runner does: in a pod the
// runner itself may have 999 (kubelet gives the more the less a pod asks for), and to go below that is
// refused.
constexpr char shell_oom_score_adj[] = "1000";

rlimit programs_descriptor_limit{RLIM_INFINITY, RLIM_INFINITY};

struct PtyPair {
  net::FileDescriptor master, slave;
};

/// The slave of a master.
net::FileDescriptor open_slave(int master) {
  constexpr int flags = O_RDWR | O_NOCTTY | O_CLOEXEC;
  // Without a path, so it works whatever is mounted on /dev/pts.
  if (const int fd = ::ioctl(master, TIOCGPTPEER, flags); fd >= 0) return net::FileDescriptor(fd);
  if (errno != ENOTTY && errno != EINVAL) return {};
  // gVisor lacks it. There /dev/pts is the container's own, and nobody in it has the right to mount another.
  char path[64];
  if (::ptsname_r(master, path, sizeof path) != 0) return {};
  net::FileDescriptor slave(::open(path, flags | O_NOFOLLOW));
  if (!slave || ::isatty(slave.get()) == 1) return slave;
  errno = ENOTTY;
  return {};
}

Result<PtyPair> open_pty() {
  PtyPair pair;
  pair.master.reset(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  if (!pair.master || ::grantpt(pair.master.get()) != 0 || ::unlockpt(pair.master.get()) != 0)
    return failure(ErrorCode::limit_exceeded, "No terminal could be made: too many are open.",
                   std::strerror(errno));
  pair.slave = open_slave(pair.master.get());
  if (!pair.slave)
    return failure(ErrorCode::internal, "No terminal could be made.",
                   std::string("its other side: ") + std::strerror(errno));
  termios settings{};
  if (::tcgetattr(pair.slave.get(), &settings) == 0) {
    settings.c_iflag |= IUTF8;  // the line editor erases whole characters
    ::tcsetattr(pair.slave.get(), TCSANOW, &settings);
  }
  return pair;
}

/// After fork: async-signal-safe calls only. Signals, masks and limits are as a program expects them.
void become_ordinary() {
  struct sigaction standard{};
  standard.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &standard, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::umask(022);
  if (programs_descriptor_limit.rlim_cur != RLIM_INFINITY)
    ::setrlimit(RLIMIT_NOFILE, &programs_descriptor_limit);
}

/// The same; writes errno to `report` on failure.
[[noreturn]] void execute(const std::string& file, int report, bool good, char* const* argv,
                          char* const* envp) {
  if (good) ::execve(file.c_str(), argv, envp);
  const int number = errno;
  [[maybe_unused]] const auto written = ::write(report, &number, sizeof number);
  ::_exit(127);
}

[[noreturn]] void run_child(const ProgramStart& start, int slave, int report, char* const* argv,
                            char* const* envp) {
  ::setsid();
  bool good = ::ioctl(slave, TIOCSCTTY, 0) == 0;
  for (int fd = 0; fd < 3; ++fd) good = good && ::dup2(slave, fd) == fd;
  become_ordinary();
  good = good && ::fchdir(start.directory_fd) == 0 && become_person(start.person_uid);
  execute(start.file, report, good, argv, envp);
}

[[noreturn]] void run_filter(const FilterStart& start, int report, char* const* argv, char* const* envp) {
  ::setsid();
  const int wanted[] = {start.input_fd, start.output_fd, start.error_fd};
  bool good = true;
  for (int fd = 0; fd < 3; ++fd) good = good && ::dup2(wanted[fd], fd) == fd;
  become_ordinary();
  [[maybe_unused]] const int ignored = ::nice(start.niceness);
  if (start.most_memory > 0) {
    const rlimit limit{start.most_memory, start.most_memory};
    ::setrlimit(RLIMIT_DATA, &limit);
  }
  good = good && ::fchdir(start.directory_fd) == 0 && become_person(start.person_uid);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // after the change of identity, which forgets it
  execute(start.file, report, good, argv, envp);
}

void raise_oom_score(pid_t pid) {
  // Only the new program's own file is the person's to write: before exec it belonged to the non-dumpable
  // runner.
  const std::string path = "/proc/" + std::to_string(pid) + "/oom_score_adj";
  const net::FileDescriptor fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (fd) [[maybe_unused]]
    const auto written = ::write(fd.get(), shell_oom_score_adj, sizeof shell_oom_score_adj - 1);
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (auto& text : strings) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

/// Forks; `run` is the child, which tells by `report` why it could not become the program.
template <class Run>
Result<pid_t> start_child(const std::string& file, std::vector<std::string> arguments,
                          const std::map<std::string, std::string>& environment, const Run& run) {
  int report[2];
  if (::pipe2(report, O_CLOEXEC) != 0)
    return failure(ErrorCode::limit_exceeded, "Too many files are open.", std::strerror(errno));
  net::FileDescriptor report_read(report[0]), report_write(report[1]);

  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  const auto argv = pointers(arguments);
  const auto envp = pointers(variables);

  const pid_t pid = ::fork();
  if (pid < 0) {
    return failure(ErrorCode::limit_exceeded,
                   "The workspace has reached its limit of processes: end some of them.",
                   std::strerror(errno));
  }
  if (pid == 0) run(report_write.get(), argv.data(), envp.data());
  report_write.reset();
  int number = 0;
  ssize_t length = 0;
  do length = ::read(report_read.get(), &number, sizeof number);
  while (length < 0 && errno == EINTR);
  if (length == sizeof number) {
    ::waitpid(pid, nullptr, 0);
    return failure(ErrorCode::unavailable, "The program " + file + " could not be started.",
                   std::strerror(number));
  }
  raise_oom_score(pid);
  return pid;
}

}  // namespace

void remember_descriptor_limit(const rlimit& limit) { programs_descriptor_limit = limit; }

Result<StartedProgram> start_on_pty(const ProgramStart& start) {
  auto pty = open_pty();
  if (!pty) return std::unexpected(pty.error());
  resize_pty(pty->master.get(), start.columns, start.rows);
  const auto pid = start_child(start.file, start.arguments, start.environment,
                               [&](int report, char* const* argv, char* const* envp) {
                                 run_child(start, pty->slave.get(), report, argv, envp);
                               });
  if (!pid) return std::unexpected(pid.error());
  return StartedProgram{*pid, std::move(pty->master), std::move(pty->slave)};
}

Result<pid_t> start_filter(const FilterStart& start) {
  return start_child(
      start.file, start.arguments, start.environment,
      [&](int report, char* const* argv, char* const* envp) { run_filter(start, report, argv, envp); });
}

void resize_pty(int master, int columns, int rows) {
  winsize size{};
  size.ws_col = static_cast<unsigned short>(columns);
  size.ws_row = static_cast<unsigned short>(rows);
  ::ioctl(master, TIOCSWINSZ, &size);
}

void signal_session(pid_t session, int signal) {
  ::kill(-session, signal);
  DIR* processes = ::opendir("/proc");
  if (!processes) return;
  while (const dirent* entry = ::readdir(processes)) {
    const pid_t pid = std::atoi(entry->d_name);
    if (pid > 1 && pid != ::getpid() && ::getsid(pid) == session) ::kill(pid, signal);
  }
  ::closedir(processes);
}

}  // namespace berth::runner
