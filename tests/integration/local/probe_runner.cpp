// SPDX-License-Identifier: GPL-3.0-or-later
// A stand-in for berth-runner in tests of the local backend: started in the same way, with the same user ids,
// it runs shell scripts as the person and tells what came of them. One static program, like the real one.
//   GET  /ready        404, as from a runner that does not know the path
//   POST /run          body: a script for bash; answer: its output, with the header `Status: N`
//   GET  /end/N        the runner ends with status N
//   GET  /ignore-term  from now on it does not end on SIGTERM
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "protocol/codec.hpp"
#include "protocol/runner_start.hpp"

namespace {

using berth::protocol::RunnerStart;

[[noreturn]] void die(const char* what) {
  perror(what);
  exit(70);
}

std::string read_all(int fd) {
  std::string text;
  char part[4096];
  for (ssize_t got; (got = read(fd, part, sizeof part)) > 0;)
    text.append(part, static_cast<std::size_t>(got));
  return text;
}

[[noreturn]] void become_person_and_run(const RunnerStart& start, const std::string& script, int output) {
  prctl(PR_SET_DUMPABLE, 1);
  // Effective root again, so that all three ids of the shell can be the person's.
  if (syscall(SYS_setresuid, -1, start.runner_uid, -1) != 0) die("setresuid");
  if (start.person_uid != start.runner_uid &&
      setresgid(start.person_gid, start.person_gid, start.person_gid) != 0)
    die("setresgid");
  if (setresuid(start.person_uid, start.person_uid, start.person_uid) != 0) die("setresuid person");
  dup2(open("/dev/null", O_RDONLY), 0);
  dup2(output, 1);
  dup2(output, 2);
  syscall(SYS_close_range, 3u, ~0u, 0u);
  setsid();
  signal(SIGCHLD, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  std::vector<std::string> environment;
  for (const auto& [name, value] : start.environment) environment.push_back(name + "=" + value);
  std::vector<char*> pointers;
  for (auto& entry : environment) pointers.push_back(entry.data());
  pointers.push_back(nullptr);
  if (chdir((start.home + "/" + start.project).c_str()) != 0) die("chdir");
  const char* arguments[] = {"bash", "-lc", script.c_str(), nullptr};
  execve("/bin/bash", const_cast<char**>(arguments), pointers.data());
  die("exec");
}

void answer(int peer, const std::string& head, const std::string& body) {
  const std::string text =
      "HTTP/1.1 " + head + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t sent = send(peer, text.data() + done, text.size() - done, MSG_NOSIGNAL);
    if (sent <= 0) return;
    done += static_cast<std::size_t>(sent);
  }
}

void run_script(int peer, const RunnerStart& start, const std::string& script) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) die("pipe");
  signal(SIGCHLD, SIG_DFL);
  const pid_t child = fork();
  if (child < 0) return answer(peer, "503 No process", "fork failed");
  if (child == 0) become_person_and_run(start, script, ends[1]);
  close(ends[1]);
  const std::string output = read_all(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  answer(peer, "200 OK\r\nStatus: " + std::to_string(code), output);
}

std::string read_request(int peer) {
  std::string request;
  char part[4096];
  std::size_t wanted = std::string::npos;
  while (request.size() < wanted) {
    const ssize_t got = recv(peer, part, sizeof part, 0);
    if (got <= 0) return {};
    request.append(part, static_cast<std::size_t>(got));
    const auto end = request.find("\r\n\r\n");
    if (end == std::string::npos) continue;
    const auto length = request.find("Content-Length: ");
    wanted = end + 4 + (length < end ? strtoul(request.c_str() + length + 16, nullptr, 10) : 0);
  }
  return request;
}

void serve(int peer, const RunnerStart& start) {
  const std::string request = read_request(peer);
  if (request.starts_with("GET /end/")) _exit(atoi(request.c_str() + 9));
  if (request.starts_with("GET /ignore-term")) {
    signal(SIGTERM, SIG_IGN);
    return answer(peer, "200 OK", "");
  }
  if (!request.starts_with("POST /run")) return answer(peer, "404 Not Found", "");
  const pid_t child = fork();
  if (child == 0) {
    run_script(peer, start, request.substr(request.find("\r\n\r\n") + 4));
    _exit(0);
  }
  if (child < 0) answer(peer, "503 No process", "fork failed");
}

/// The inherited listening socket, or one of its own where that can't be had.
int listening_socket(const RunnerStart& start) {
  if (start.listen_fd) return *start.listen_fd;
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  strncpy(where.sun_path, start.listen_unix.value_or("").c_str(), sizeof where.sun_path - 1);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listener, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0 || listen(listener, 16) != 0)
    die("listen");
  return listener;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3 || std::string(arguments[1]) != "--config-fd") return 64;
  const int config = atoi(arguments[2]);
  auto json = berth::protocol::parse_json(read_all(config));
  close(config);
  if (!json) return 65;
  auto start = berth::protocol::decode<RunnerStart>(*json, "start");
  if (!start) {
    fprintf(stderr, "%s\n", start.error().message.c_str());
    return 66;
  }
  // As the runner does: real and saved id its own, effective id the person's, out of reach of the person's
  // programs.
  if (start->person_uid != start->runner_uid) {
    if (setresgid(start->runner_uid, start->person_gid, start->runner_uid) != 0) die("setresgid");
    if (setresuid(start->runner_uid, start->person_uid, start->runner_uid) != 0) die("setresuid");
  }
  prctl(PR_SET_DUMPABLE, 0);
  signal(SIGCHLD, SIG_IGN);
  signal(SIGTERM, [](int) { _exit(0); });
  const int listener = listening_socket(*start);
  for (;;) {
    const int peer = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (peer < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      die("accept");
    }
    serve(peer, *start);
    close(peer);
  }
}
