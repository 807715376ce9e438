// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/desktop.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "bench/client_berth.hpp"

namespace berth::bench {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int lines = 5'000;
constexpr const char* file_name = "main.py";

std::string whole(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A person's folders of their own, so that nothing of this machine's person is read or written.
std::map<std::string, std::string> fresh_person(const fs::path& home, const Display& display) {
  for (const auto* part : {"config", "data", "cache", "state", "run"}) fs::create_directories(home / part);
  fs::permissions(home / "run", fs::perms::owner_all);
  return {{"DISPLAY", display.name()},
          {"HOME", home.string()},
          {"XDG_CONFIG_HOME", (home / "config").string()},
          {"XDG_DATA_HOME", (home / "data").string()},
          {"XDG_CACHE_HOME", (home / "cache").string()},
          {"XDG_STATE_HOME", (home / "state").string()},
          {"XDG_RUNTIME_DIR", (home / "run").string()},
          {"XDG_SESSION_TYPE", "x11"},
          {"WAYLAND_DISPLAY", ""},
          {"DBUS_SESSION_BUS_ADDRESS", "unix:path=" + (home / "run" / "no-bus").string()},
          {"QT_QPA_PLATFORM", "xcb"},
          {"LANG", "C.UTF-8"}};
}

class BerthDesktop final : public DesktopPeer {
 public:
  explicit BerthDesktop(const Places& places) : places_(places), berth_(places) {}
  std::string name() const override { return "berth"; }

  std::unique_ptr<Process> start_empty(Display& display) override {
    const auto home = places_.work / ("nobody-" + std::to_string(++people_));
    return start(display, home, {});
  }

  std::unique_ptr<Process> start_with_text(Display& display) override {
    const auto home = places_.work / ("somebody-" + std::to_string(++people_));
    auto& server = berth_.server();
    write(file_name, desktop_text());
    const auto signed_in = server.call<protocol::rest::SignIn>(server.credentials());
    const auto origin = "http://127.0.0.1:" + std::to_string(server.port());
    fs::create_directories(home / "config" / "berth" / "berth");
    std::ofstream(home / "config" / "berth" / "berth.conf")
        << "[servers]\n1\\email=" << signed_in.account.email << "\n1\\url=" << origin
        << "\nsize=1\n[terminal]\ncursor_blink=false\n";  // a picture that comes to rest
    const auto secrets = home / "config" / "berth" / "berth" / "secrets.json";
    nlohmann::json kept;
    kept[origin + " " + signed_in.account.email] = signed_in.refresh_token.value_or("");
    std::ofstream(secrets) << kept.dump();
    fs::permissions(secrets, fs::perms::owner_read | fs::perms::owner_write);
    return start(display, home, {"--server", origin, "--workspace", berth_.workspace()});
  }

  void focus_text(Display& display) override { display.type('1', true); }

  bool write_large(const std::string& name, std::size_t bytes) override {
    std::string text;
    text.reserve(bytes + 100);
    while (text.size() < bytes) text += "a line of some sixty characters, as they stand in a log file\n";
    write(name, text);
    return true;
  }

  std::string saved_text() override {
    const auto& window = view();
    const auto read =
        window->call<protocol::FileRead>({std::string("project/") + file_name, 8 << 20, {}, {}});
    std::string text;
    bool ended = false;
    window->listen(read.channel, [&](const protocol::Frame& frame) {
      if (frame.header.kind == protocol::FrameKind::data) text += frame.payload;
      if (frame.header.kind != protocol::FrameKind::data) ended = true;
    });
    window->read_until([&] { return ended; });
    window->forget(read.channel);
    return text;
  }

 private:
  std::unique_ptr<Process> start(Display& display, const fs::path& home, std::vector<std::string> arguments) {
    auto environment = fresh_person(home, display);
    environment["BERTH_SECRET_STORE"] = "file";
    arguments.insert(arguments.begin(), (places_.programs / "berth").string());
    return std::make_unique<Process>(Process::Start{std::move(arguments), places_.work,
                                                    places_.work / "berth.log", std::move(environment)});
  }
  std::unique_ptr<BerthWindow>& view() {
    if (!view_) view_ = berth_.open_window();
    return view_;
  }
  void write(const std::string& name, const std::string& text) {
    const auto& window = view();
    const auto write = window->call<protocol::FileWrite>({"project/" + name, {}, {}});
    std::size_t sent = 0;
    std::uint64_t limit = write.limit;
    window->listen(write.channel, [&](const protocol::Frame& frame) {
      if (frame.header.kind == protocol::FrameKind::credit) limit = frame.header.offset;
    });
    while (sent < text.size()) {
      window->read_until([&] { return limit > sent; });
      const auto piece = std::min<std::size_t>({text.size() - sent, limit - sent, 32 << 10});
      window->send_frame(protocol::FrameKind::data, write.channel, sent,
                         std::string_view(text).substr(sent, piece));
      sent += piece;
    }
    window->send_frame(protocol::FrameKind::end, write.channel, sent);
    window->call<protocol::FileCommit>({write.channel, sent});
    window->forget(write.channel);
  }

  Places places_;
  BerthPeer berth_;
  std::unique_ptr<BerthWindow> view_;
  int people_ = 0;
};

class NativeEditor final : public DesktopPeer {
 public:
  NativeEditor(std::string name, fs::path program, const fs::path& work)
      : name_(std::move(name)), program_(std::move(program)), work_(work / name_) {
    fs::create_directories(work_);
  }
  std::string name() const override { return name_; }
  std::unique_ptr<Process> start_empty(Display& display) override { return start(display, {}); }
  std::unique_ptr<Process> start_with_text(Display& display) override {
    file_ = work_ / file_name;
    std::ofstream(file_) << desktop_text();
    return start(display, {file_.string()});
  }
  void focus_text(Display&) override {}  // it has the keys
  std::string saved_text() override { return whole(file_); }
  bool write_large(const std::string&, std::size_t) override { return false; }

 private:
  std::unique_ptr<Process> start(Display& display, std::vector<std::string> arguments) {
    const auto home = work_ / ("person-" + std::to_string(++people_));
    arguments.insert(arguments.begin(), program_.string());
    return std::make_unique<Process>(
        Process::Start{std::move(arguments), work_, work_ / "editor.log", fresh_person(home, display)});
  }

  std::string name_;
  fs::path program_;
  fs::path work_;
  fs::path file_;
  int people_ = 0;
};

}  // namespace

std::string desktop_text() {
  std::string text;
  for (int line = 0; line < lines; ++line)
    text += line % 7 == 0 ? "def tide_" + std::to_string(line) + "(hour: float) -> float:\n"
                          : "    height = 2.1 * cos(2 * pi * hour / 12.42)  # metres, line " +
                                std::to_string(line) + "\n";
  return text;
}

std::unique_ptr<DesktopPeer> berth_desktop(const Places& places) {
  return std::make_unique<BerthDesktop>(places);
}

std::unique_ptr<DesktopPeer> native_editor(const std::string& name, const fs::path& program,
                                           const fs::path& work) {
  return std::make_unique<NativeEditor>(name, program, work);
}

}  // namespace berth::bench
