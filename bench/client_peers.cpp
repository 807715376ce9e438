// SPDX-License-Identifier: GPL-3.0-or-later
// The peers: how each is started and how its clients speak.
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "bench/peer.hpp"

namespace berth::bench {
namespace {

const std::vector<std::string> shell = {"bash", "-l"};

// ---- a bare PTY

class RawLink final : public Link, public Terminal {
 public:
  explicit RawLink(const std::filesystem::path& folder) {
    winsize size{};
    size.ws_row = 24;
    size.ws_col = 80;
    shell_ = ::forkpty(&pty_, nullptr, nullptr, &size);
    if (shell_ == 0) {
      ::setenv("HOME", folder.c_str(), 1);
      ::setenv("TERM", "xterm-256color", 1);
      if (::chdir(folder.c_str()) == 0) ::execlp("bash", "bash", "-l", nullptr);
      ::_exit(127);
    }
    ::fcntl(pty_, F_SETFL, O_NONBLOCK);
    ::fcntl(pty_, F_SETFD, FD_CLOEXEC);
  }
  ~RawLink() override {
    ::close(pty_);
    ::kill(-shell_, SIGHUP);
    ::kill(shell_, SIGKILL);
    ::waitpid(shell_, nullptr, 0);
  }
  int descriptor() const override { return pty_; }
  void read() override {
    const auto size = ::read(pty_, bytes_.data(), bytes_.size());
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) throw Failure("a shell ended");
    output({bytes_.data(), static_cast<std::size_t>(size)});
  }
  void type(std::string_view keys) override {
    if (::write(pty_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
      throw Failure("a terminal does not take keys");
  }

 private:
  std::string bytes_ = std::string(65536, '\0');
  int pty_ = -1;
  pid_t shell_ = -1;
};

// The link is the terminal: owned once, seen twice.
class BorrowedTerminal final : public Terminal {
 public:
  explicit BorrowedTerminal(Terminal& terminal) : terminal_(terminal) {
    terminal_.listen([this](std::string_view bytes) { output(bytes); });
  }
  void type(std::string_view keys) override { terminal_.type(keys); }
  void shown(std::size_t bytes, std::int64_t nanoseconds) override { terminal_.shown(bytes, nanoseconds); }

 private:
  Terminal& terminal_;
};

template <class Both, class... Arguments>
void add_terminal(Desk& desk, Arguments&&... arguments) {
  auto link = std::make_unique<Both>(std::forward<Arguments>(arguments)...);
  desk.terminals.push_back(std::make_unique<BorrowedTerminal>(*link));
  desk.links.push_back(std::move(link));
}

class RawPeer final : public Peer {
 public:
  explicit RawPeer(const Places& places) : folder_(places.work) {}
  std::string name() const override { return "raw"; }
  Desk open(int terminals) override {
    Desk desk;
    for (int i = 0; i < terminals; ++i) add_terminal<RawLink>(desk, folder_);
    return desk;
  }
  std::vector<pid_t> processes() override { return {}; }

 private:
  std::filesystem::path folder_;
};

// ---- servers with a terminal a connection

class FloorLink final : public Link, public Terminal {
 public:
  explicit FloorLink(std::uint16_t port) : socket_(port, "/") {}
  int descriptor() const override { return socket_.descriptor(); }
  void read() override {
    socket_.read([this](std::string_view payload, bool) { output(payload); });
  }
  void type(std::string_view keys) override { socket_.send_binary(keys); }

 private:
  WebSocket socket_;
};

class SocketIoLink final : public Link, public Terminal {
 public:
  explicit SocketIoLink(std::uint16_t port) : client_(port) {
    client_.socket().send_text(R"(42["terminal:start",{"columns":80,"rows":24}])");
  }
  int descriptor() const override { return const_cast<SocketIoClient&>(client_).socket().descriptor(); }
  void read() override {
    client_.socket().read([this](std::string_view payload, bool) {
      if (payload == "2") return client_.socket().send_text("3");
      constexpr std::string_view start = R"(42["terminal:output",)";
      if (!payload.starts_with(start)) return;
      payload.remove_prefix(start.size());
      payload.remove_suffix(1);
      output(nlohmann::json::parse(payload).get_ref<const std::string&>());
    });
  }
  void type(std::string_view keys) override {
    client_.socket().send_text(R"(42["terminal:input",)" + nlohmann::json(keys).dump() + "]");
  }

 private:
  SocketIoClient client_;
};

// Its protocol: a JSON text begins the shell; then '0' and keys, or '0' and output.
class TtydLink final : public Link, public Terminal {
 public:
  explicit TtydLink(std::uint16_t port) : socket_(port, "/ws", {"Sec-WebSocket-Protocol: tty"}) {
    socket_.send_text(R"({"AuthToken":"","columns":80,"rows":24})");
  }
  int descriptor() const override { return socket_.descriptor(); }
  void read() override {
    socket_.read([this](std::string_view payload, bool) {
      if (payload.starts_with('0')) output(payload.substr(1));
    });
  }
  void type(std::string_view keys) override { socket_.send_binary("0" + std::string(keys)); }

 private:
  WebSocket socket_;
};

template <class ItsLink>
class LinkedPeer final : public ServerPeer {
 public:
  LinkedPeer(std::string name, Process::Start start, std::string announcement = "listening on ",
             Process::Place place = Process::Place::beginning)
      : name_(std::move(name)),
        start_(std::move(start)),
        announcement_(std::move(announcement)),
        place_(place) {
    start_.environment["HOME"] = start_.folder;
    start_.environment["TERM"] = "xterm-256color";
  }
  std::string name() const override { return name_; }
  void start() override {
    if (process_) return;
    process_.emplace(start_);
    port_ = static_cast<std::uint16_t>(
        std::stoi(process_->wait_for_line(announcement_, std::chrono::seconds(20), place_)));
  }
  void stop() override { process_.reset(); }
  Desk open(int terminals) override {
    start();
    Desk desk;
    for (int i = 0; i < terminals; ++i) add_terminal<ItsLink>(desk, port_);
    return desk;
  }
  std::vector<pid_t> processes() override {
    start();
    return {process_->pid()};
  }
  std::uint16_t port() {
    start();
    return port_;
  }

 private:
  std::string name_;
  Process::Start start_;
  std::string announcement_;  // its port follows
  Process::Place place_;
  std::uint16_t port_ = 0;
  std::optional<Process> process_;
};

std::vector<std::string> with_shell(std::vector<std::string> command) {
  command.insert(command.end(), shell.begin(), shell.end());
  return command;
}

}  // namespace

std::unique_ptr<Peer> raw_peer(const Places& places) { return std::make_unique<RawPeer>(places); }

std::unique_ptr<ServerPeer> floor_peer(const Places& places) {
  return std::make_unique<LinkedPeer<FloorLink>>(
      "floor",
      Process::Start{with_shell({places.programs / "bench_floor"}), places.work, places.work / "floor.log"});
}

std::unique_ptr<ServerPeer> socket_io_peer(const Places& places) {
  return std::make_unique<LinkedPeer<SocketIoLink>>(
      "socket.io", Process::Start{with_shell({"node", places.node / "server.js"}), places.work,
                                  places.work / "socket.io.log"});
}

std::unique_ptr<ServerPeer> ttyd_peer(const Places& places) {
  return std::make_unique<LinkedPeer<TtydLink>>(
      "ttyd",
      // It announces itself on standard error.
      Process::Start{
          with_shell({"sh", "-c", R"(exec "$@" 2>&1)", "ttyd", places.ttyd, "-p", "0", "-i", "lo", "-W"}),
          places.work, places.work / "ttyd.log"},
      "Listening on port: ", Process::Place::anywhere);
}

std::uint16_t floor_port(ServerPeer& peer) { return dynamic_cast<LinkedPeer<FloorLink>&>(peer).port(); }

std::uint16_t socket_io_port(ServerPeer& peer) {
  return dynamic_cast<LinkedPeer<SocketIoLink>&>(peer).port();
}

SocketIoClient::SocketIoClient(std::uint16_t port) : socket_(port, "/socket.io/?EIO=4&transport=websocket") {
  bool joined = false;
  const auto until = Clock::now() + std::chrono::seconds(10);
  while (!joined) {
    pollfd waiting{socket_.descriptor(), POLLIN, 0};
    if (::poll(&waiting, 1, 1000) < 0 || Clock::now() > until) throw Failure("socket.io did not answer");
    socket_.read([&](std::string_view payload, bool) {
      if (payload.starts_with('0')) socket_.send_text("40");
      if (payload.starts_with("40")) joined = true;
    });
  }
}

std::string SocketIoClient::call(const std::string& event, const std::string& arguments) {
  const auto id = std::to_string(next_call_++);
  socket_.send_text("42" + id + "[\"" + event + "\"," + arguments + "]");
  std::string answer;
  const auto until = Clock::now() + std::chrono::seconds(30);
  while (answer.empty()) {
    pollfd waiting{socket_.descriptor(), POLLIN, 0};
    if (::poll(&waiting, 1, 1000) < 0 || Clock::now() > until)
      throw Failure("socket.io did not answer " + event);
    if (waiting.revents == 0) continue;
    socket_.read([&](std::string_view payload, bool) {
      if (payload == "2") socket_.send_text("3");
      if (payload.starts_with("43" + id + "[")) answer = payload.substr(2 + id.size());
    });
  }
  if (answer.find("\"error\"") < 10) throw Failure("socket.io: " + answer.substr(0, 200));
  return answer;
}

}  // namespace berth::bench
