// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/exec_plugin.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "protocol/net/file_descriptor.hpp"
#include "server/backends/kubernetes/base64.hpp"

namespace berth::server::kubernetes {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::unexpected<Error> sign_in_failure(const std::string& what, std::string detail = {}) {
  return failure(ErrorCode::unavailable, "The program that signs in to Kubernetes " + what + ".",
                 std::move(detail));
}

constexpr milliseconds stop_interval{50};  // how often a request to stop is looked for

struct Pipe {
  net::FileDescriptor reading, writing;
  bool open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    reading.reset(ends[0]);
    writing.reset(ends[1]);
    return true;
  }
};

/// Whether a variable is berthd's own, and may hold a password: its settings and libpq's.
bool is_servers_own(const std::string& name, const ExecLimits& limits) {
  return name.starts_with("BERTH_") || name.starts_with("PG") ||
         std::ranges::find(limits.withheld, name) != limits.withheld.end();
}

/// Own environment without what is the server's, with what the kubeconfig adds.
std::vector<std::string> environment_for(const ExecPlugin& plugin, const protocol::Json& info,
                                         const ExecLimits& limits) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    if (equals == text.npos || is_servers_own(text.substr(0, equals), limits)) continue;
    all[text.substr(0, equals)] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : plugin.environment) all[name] = value;
  all["KUBERNETES_EXEC_INFO"] = protocol::to_text(info);
  std::vector<std::string> lines;
  for (const auto& [name, value] : all) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> c_strings(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

/// 0 or an errno; `child` leads a process group of its own, so that what it starts ends with it.
int spawn(const ExecPlugin& plugin, const std::vector<std::string>& environment, const Pipe& output,
          const Pipe& errors, pid_t& child) {
  std::vector<std::string> arguments{plugin.command};
  arguments.insert(arguments.end(), plugin.arguments.begin(), plugin.arguments.end());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.writing.get(), 1);
  posix_spawn_file_actions_adddup2(&actions, errors.writing.get(), 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&usual, number);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                           POSIX_SPAWN_SETPGROUP));
  const auto argument_pointers = c_strings(arguments);
  const auto line_pointers = c_strings(environment);
  const int error = posix_spawnp(&child, plugin.command.c_str(), &actions, &attributes,
                                 argument_pointers.data(), line_pointers.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

enum class Drained { closed, late, too_much, stopped };

/// Reads both until both are closed.
Drained drain(std::array<int, 2> pipes, std::array<std::string, 2>& texts, const ExecLimits& limits,
              const std::stop_token& stop) {
  const auto until = steady_clock::now() + limits.deadline;
  std::size_t open = 2;
  while (open > 0) {
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
    if (left.count() <= 0) return Drained::late;
    if (stop.stop_requested()) return Drained::stopped;
    pollfd entries[2] = {{pipes[0], POLLIN, 0}, {pipes[1], POLLIN, 0}};
    if (::poll(entries, 2, static_cast<int>(std::min(left, stop_interval).count())) < 0 && errno != EINTR)
      return Drained::late;
    for (std::size_t i = 0; i < 2; ++i) {
      if (entries[i].revents == 0) continue;
      char part[4096];
      const auto got = ::read(pipes[i], part, sizeof part);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) {
        pipes[i] = -1;  // poll leaves it out
        --open;
        continue;
      }
      texts[i].append(part, static_cast<std::size_t>(got));
      if (texts[i].size() > limits.output) return Drained::too_much;
    }
  }
  return Drained::closed;
}

/// Waits for its end; false at the deadline.
bool wait_for(pid_t child, steady_clock::time_point until, int& status) {
  for (;;) {
    const auto ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return true;
    if (ended < 0 && errno != EINTR) return false;
    if (steady_clock::now() >= until) return false;
    ::poll(nullptr, 0, 5);
  }
}

std::string text_in(const protocol::Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::optional<std::chrono::system_clock::time_point> parse_time(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, read = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second,
                  &read) != 6)
    return std::nullopt;
  auto rest = std::string_view(text).substr(static_cast<std::size_t>(read));
  if (rest.starts_with('.')) {
    const auto end = rest.find_first_not_of("0123456789", 1);
    if (end == rest.npos || end == 1) return std::nullopt;
    rest.remove_prefix(end);
  }
  std::chrono::minutes offset{};
  if (rest != "Z" && rest != "z") {
    int hours = 0, minutes = 0, all = 0;
    if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') ||
        std::sscanf(std::string(rest.substr(1)).c_str(), "%2d:%2d%n", &hours, &minutes, &all) != 2 ||
        all != 5)
      return std::nullopt;
    offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
    if (rest[0] == '-') offset = -offset;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) - offset;
}

protocol::Json exec_info(const KubeAccess& access, const std::string& authority) {
  protocol::Json spec = {{"interactive", false}};
  if (access.exec && access.exec->provide_cluster_info) {
    protocol::Json cluster = {{"server", access.server}};
    if (!authority.empty()) cluster["certificate-authority-data"] = encode_base64(authority);
    if (!access.server_name.empty()) cluster["tls-server-name"] = access.server_name;
    if (access.insecure) cluster["insecure-skip-tls-verify"] = true;
    if (!access.proxy.empty()) cluster["proxy-url"] = access.proxy;
    spec["cluster"] = std::move(cluster);
  }
  return {{"apiVersion", access.exec ? access.exec->api_version : ""},
          {"kind", "ExecCredential"},
          {"spec", std::move(spec)}};
}

Result<ExecAnswer> parse_exec_answer(const std::string& text, const std::string& api_version,
                                     std::chrono::system_clock::time_point now) {
  const auto json = protocol::parse_json(text);
  if (!json || !json->is_object() || text_in(*json, "kind") != "ExecCredential")
    return sign_in_failure("gave something that is no ExecCredential");
  if (text_in(*json, "apiVersion") != api_version)
    return sign_in_failure("answered in another version than the kubeconfig says");
  const auto status = json->find("status");
  if (status == json->end() || !status->is_object()) return sign_in_failure("gave no credentials");
  ExecAnswer answer{text_in(*status, "token"), text_in(*status, "clientCertificateData"),
                    text_in(*status, "clientKeyData"), std::nullopt};
  if (answer.certificate.empty() != answer.key.empty())
    return sign_in_failure("gave a client certificate or a key without the other");
  if (answer.token.empty() && answer.certificate.empty()) return sign_in_failure("gave no credentials");
  if (const auto expires = text_in(*status, "expirationTimestamp"); !expires.empty()) {
    answer.expires = parse_time(expires);
    if (!answer.expires) return sign_in_failure("gave an expiry that is no time");
    if (*answer.expires <= now) return sign_in_failure("gave credentials that have expired");
  }
  return answer;
}

Result<ExecAnswer> run_exec_plugin(const ExecPlugin& plugin, const protocol::Json& info,
                                   const ExecLimits& limits, const std::stop_token& stop) {
  Pipe output, errors;
  if (!output.open() || !errors.open()) return sign_in_failure("can't be started", std::strerror(errno));
  pid_t child = -1;
  if (const int error = spawn(plugin, environment_for(plugin, info, limits), output, errors, child);
      error != 0)
    return sign_in_failure("can't be started: " + plugin.command + " is missing or can't be run" +
                               (plugin.install_hint.empty() ? "" : "; " + plugin.install_hint),
                           std::strerror(error));
  output.writing.reset();
  errors.writing.reset();
  const auto until = steady_clock::now() + limits.deadline;
  std::array<std::string, 2> texts;
  const auto drained = drain({output.reading.get(), errors.reading.get()}, texts, limits, stop);
  int status = 0;
  const bool ended = drained == Drained::closed && wait_for(child, until, status);
  ::kill(-child, SIGKILL);  // and what it left behind
  if (!ended)
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  if (drained == Drained::stopped) return failure(ErrorCode::cancelled, "The server is stopping.");
  if (drained == Drained::too_much) return sign_in_failure("writes without an end", plugin.command);
  if (!ended) return sign_in_failure("did not answer in time", plugin.command);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return sign_in_failure("failed; the log says how", plugin.command + ": " + texts[1].substr(0, 2000));
  return parse_exec_answer(texts[0], plugin.api_version, std::chrono::system_clock::now());
}

}  // namespace berth::server::kubernetes
