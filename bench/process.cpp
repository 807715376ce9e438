// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "bench/figure.hpp"

namespace berth::bench {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The fields of /proc/PID/stat after the name, which may itself contain blanks and brackets.
std::istringstream stat_after_name(pid_t pid, std::string* name = nullptr) {
  const auto text = read_file("/proc/" + std::to_string(pid) + "/stat");
  const auto open = text.find('(');
  const auto close = text.rfind(')');
  if (close == std::string::npos) return std::istringstream();
  if (name != nullptr) *name = text.substr(open + 1, close - open - 1);
  return std::istringstream(text.substr(close + 1));
}

[[noreturn]] void become(const Process::Start& start, int output) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int log = ::open(start.log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, 0);
  ::dup2(output, 1);
  ::dup2(log, 2);
  for (const auto& [key, value] : start.environment) ::setenv(key.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  for (const auto& word : start.command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  if (::chdir(start.folder.c_str()) == 0) ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

}  // namespace

Process::Process(const Start& start) : name_(start.command.at(0)), log_(start.log) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw Failure("no pipe is left");
  pid_ = ::fork();
  if (pid_ == 0) become(start, ends[1]);
  ::close(ends[1]);
  output_ = ends[0];
  if (pid_ < 0) throw Failure("no process is left");
}

Process::~Process() {
  stop();
  ::close(output_);
}

bool Process::read_more(int timeout_ms) {
  pollfd waiting{output_, POLLIN, 0};
  if (::poll(&waiting, 1, timeout_ms) <= 0) return true;
  char bytes[4096];
  const auto size = ::read(output_, bytes, sizeof bytes);
  if (size <= 0) return false;
  text_.append(bytes, static_cast<std::size_t>(size));
  return true;
}

std::string Process::wait_for_line(const std::string& words, std::chrono::milliseconds deadline,
                                   Place place) {
  const auto until = Clock::now() + deadline;
  for (;;) {
    for (auto at = text_.find(words); at != std::string::npos; at = text_.find(words, at + 1)) {
      if (place == Place::beginning && at != 0 && text_[at - 1] != '\n') continue;
      const auto end = text_.find('\n', at);
      if (end != std::string::npos) return text_.substr(at + words.size(), end - at - words.size());
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0 || !read_more(static_cast<int>(left)))
      throw Failure(name_ + " did not print \"" + words + "\"; its messages are in " + log_.string());
  }
}

int Process::stop() {
  if (pid_ <= 0) return 0;
  ::kill(pid_, SIGTERM);
  int status = 0;
  const auto until = Clock::now() + std::chrono::seconds(10);
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (Clock::now() > until) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, &status, 0);
      break;
    }
    ::usleep(2000);
  }
  pid_ = -1;
  return status;
}

double cpu_seconds(pid_t pid) {
  auto fields = stat_after_name(pid);
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double cpu_seconds(const std::vector<pid_t>& processes) {
  double sum = 0;
  for (const auto pid : processes) sum += cpu_seconds(pid);
  return sum;
}

double memory_kib(pid_t pid) {
  std::istringstream lines(read_file("/proc/" + std::to_string(pid) + "/smaps_rollup"));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("Pss:")) return std::stod(line.substr(4));
  throw Failure("the memory of process " + std::to_string(pid) +
                " can't be read: the bench must run as root");
}

double memory_kib(const std::vector<pid_t>& processes) {
  double sum = 0;
  for (const auto pid : processes) sum += memory_kib(pid);
  return sum;
}

pid_t find_process(const std::string& text) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto pid = static_cast<pid_t>(std::stol(name));
    if (pid != ::getpid() && read_file(entry.path() / "cmdline").find(text) != std::string::npos) return pid;
  }
  return -1;
}

pid_t find_ancestor(pid_t pid, const std::string& wanted) {
  while (pid > 1) {
    std::string name;
    std::string state;
    auto fields = stat_after_name(pid, &name);
    if (name == wanted) return pid;
    pid_t parent = 0;
    fields >> state >> parent;
    pid = parent;
  }
  return -1;
}

double load_average() { return std::stod(read_file("/proc/loadavg")); }

}  // namespace berth::bench
