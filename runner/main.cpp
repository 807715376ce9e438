// SPDX-License-Identifier: GPL-3.0-or-later
// berth-runner: reads its start, gives up its privileges, recovers edits, serves until it is told to stop.
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "protocol/codec.hpp"
#include "protocol/net/expecting_loop.hpp"
#include "protocol/version.hpp"
#include "runner/child_process.hpp"
#include "runner/document_recovery.hpp"
#include "runner/fault_points.hpp"
#include "runner/http_listener.hpp"
#include "runner/pod_preparation.hpp"
#include "runner/process_identity.hpp"
#include "runner/process_signals.hpp"
#include "runner/unpack.hpp"
#include "runner/workspace.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t largest_start = 1u << 20;

Result<protocol::RunnerStart> read_start(int fd) {
  const net::FileDescriptor config(fd);
  std::string text;
  for (char buffer[4096];;) {
    const auto length = ::read(fd, buffer, sizeof buffer);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0)
      return failure(ErrorCode::invalid_argument, "--config-fd can't be read.", std::strerror(errno));
    if (length == 0) break;
    text.append(buffer, static_cast<std::size_t>(length));
    if (text.size() > largest_start) return failure(ErrorCode::too_large, "The start is longer than 1 MiB.");
  }
  const auto json = protocol::parse_json(text);
  if (!json) return std::unexpected(json.error());
  return protocol::decode<protocol::RunnerStart>(*json, "start");
}

/// A start that was put into a file (pods): read once, and gone before anybody's program runs.
int take_start_file(const char* path) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0 || ::unlink(path) != 0) {
    std::fprintf(stderr, "berth-runner: --config-file %s: %s\n", path, std::strerror(errno));
    return -1;
  }
  return fd;
}

Result<protocol::SecretKey> secret_key_of(const std::string& text) {
  const auto bytes = protocol::decode_base64url(text);
  protocol::SecretKey key{};
  if (!bytes || bytes->size() != key.size())
    return failure(ErrorCode::invalid_argument, "start.runner_secret_key: not a key");
  std::memcpy(key.data(), bytes->data(), key.size());
  return key;
}

Result<net::FileDescriptor> listen_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return failure(ErrorCode::invalid_argument, "start.listen_unix: too long");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  net::FileDescriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!listener || ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener.get(), 128) != 0)
    return std::unexpected(net::error_of_errno(errno, path));
  return listener;
}

Result<net::FileDescriptor> listening_socket(const protocol::RunnerStart& start) {
  if (start.listen_fd) {
    int listening = 0;
    socklen_t size = sizeof listening;
    if (::getsockopt(*start.listen_fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0)
      return failure(ErrorCode::invalid_argument, "start.listen_fd: not a listening socket");
    ::fcntl(*start.listen_fd, F_SETFD, FD_CLOEXEC);
    return net::FileDescriptor(*start.listen_fd);
  }
  if (start.listen_unix) return listen_unix(*start.listen_unix);
  if (start.listen_tcp) return listen_tcp(*start.listen_tcp);
  return failure(ErrorCode::invalid_argument, "start: neither listen_fd nor listen_unix nor listen_tcp");
}

std::uint16_t own_port(int listening) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (::getsockname(listening, reinterpret_cast<sockaddr*>(&name), &size) != 0) return 0;
  if (name.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(name).sin_port);
  if (name.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(name).sin6_port);
  return 0;
}

/// Everything but the standard three and what was handed over on purpose is closed to the person's programs.
void close_other_descriptors_on_exec() {
  // CLOSE_RANGE_CLOEXEC; older kernels lack it, and there the server has set the flags itself.
  (void)::close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
}

/// Terminals, documents and connections need more descriptors than the usual soft limit of 1,024.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  remember_descriptor_limit(limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 16384);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void print_failure(const Error& error) {
  std::fprintf(stderr, "berth-runner: %s %s\n", error.message.c_str(), error.detail.c_str());
}

Result<void> serve(protocol::RunnerStart start) {
  const auto server_key = protocol::decode_public_key(start.server_public_key);
  if (!server_key) return std::unexpected(server_key.error());
  auto runner_key = secret_key_of(start.runner_secret_key);
  if (!runner_key) return std::unexpected(runner_key.error());
  start.runner_secret_key.clear();
  if (auto done = take_runner_identity(start.runner_uid, start.person_uid, start.person_gid); !done)
    return done;
  auto listening = listening_socket(start);
  if (!listening) return std::unexpected(listening.error());
  auto home = net::ConfinedDirectory::open(start.home);
  if (!home) return std::unexpected(home.error());
  if (::mkdir(start.state_directory.c_str(), 0700) != 0 && errno != EEXIST)
    return std::unexpected(net::error_of_errno(errno, start.state_directory));

  const std::string journal_path = start.state_directory + "/documents.journal";
  auto recovery_home = net::ConfinedDirectory::open(start.home);
  if (!recovery_home) return std::unexpected(recovery_home.error());
  auto recovered = recover_documents(
      journal_path, net::HomeFiles(std::move(*recovery_home)),
      [](const std::string& text) { std::fprintf(stderr, "berth-runner: %s\n", text.c_str()); });
  std::vector<std::string> untold;
  for (const auto& rescued : recovered.rescued)
    std::ranges::move(untold_records(rescued), std::back_inserter(untold));
  auto journal = Journal::create(journal_path, to_record(start_record(recovered.known)), untold);
  if (!journal) return std::unexpected(journal.error());

  asio::io_context io(1);
  const auto port = own_port(listening->get());
  ConnectionGate gate(start.workspace, *server_key, *runner_key);
  Workspace workspace(io, std::move(start), std::move(*home), std::move(*journal), std::move(recovered),
                      port);
  HttpListener listener(io, std::move(*listening), workspace, gate);
  ProcessSignals signals(io);
  signals.on_child_exit = [&](pid_t pid, int status) { workspace.on_child_exit(pid, status); };
  signals.on_terminate = [&] {
    listener.close();
    asio::co_spawn(io, workspace.stop(), [&](std::exception_ptr) { io.stop(); });
  };
  signals.run();
  listener.run();
  workspace.log("serving workspace " + workspace.start.workspace);
  net::run_expecting(io);
  workspace.pool.join();
  return {};
}

int run(int argc, char** argv) {
  std::optional<int> config_fd;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--version") {
      std::printf("berth-runner %s\n", std::string(protocol::release).c_str());
      return 0;
    }
    if (argument == "--unpack") return run_unpack({argv + i + 1, argv + argc});
    if (argument == "--prepare-pod") return run_prepare_pod({argv + i + 1, argv + argc});
    int fd = 0;
    if (argument == "--config-fd" && i + 1 < argc) {
      const std::string_view value = argv[++i];
      if (std::from_chars(value.data(), value.data() + value.size(), fd).ec == std::errc()) config_fd = fd;
    } else if (argument == "--config-file" && i + 1 < argc) {
      config_fd = take_start_file(argv[++i]);
      if (*config_fd < 0) return 2;
    }
  }
  if (!config_fd) {
    std::fprintf(
        stderr,
        "Usage: berth-runner --config-fd N | --config-file F   (the start as JSON; the file is removed)\n");
    return 2;
  }
  // One heap: threads here are few and mostly wait.
  ::mallopt(M_ARENA_MAX, 1);
  ::umask(022);
  ProcessSignals::block();
  auto start = read_start(*config_fd);
  if (!start) return print_failure(start.error()), 2;
  close_other_descriptors_on_exec();
  raise_descriptor_limit();
  if (start->fault_point) fault_points::arm(*start->fault_point);
  if (auto done = serve(std::move(*start)); !done) return print_failure(done.error()), 1;
  return 0;
}

}  // namespace
}  // namespace berth::runner

int main(int argc, char** argv) {
  try {
    return berth::runner::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "berth-runner: %s\n", error.what());
    return 1;
  }
}
