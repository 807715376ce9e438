// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/client_berth.hpp"

#include <poll.h>
#include <unistd.h>
#include <zlib.h>

namespace berth::bench {
namespace {

using namespace protocol;

std::string inflate_payload(std::string_view payload) {
  std::string text(max_binary_payload, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw Failure("zlib does not start");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(payload.data()));
  stream.avail_in = static_cast<uInt>(payload.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const int outcome = ::inflate(&stream, Z_FINISH);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  if (outcome != Z_STREAM_END) throw Failure("a deflated frame is broken");
  return text;
}

class BerthTerminal final : public Terminal {
 public:
  explicit BerthTerminal(BerthWindow& window) : window_(window), received_(window_size_.window()) {
    info_ = window.call<TerminalOpen>({80, 24, {}, {}, {}, {}, {}}).terminal;
    TerminalAttach::Params params;
    params.terminal = info_.terminal;
    params.credit = window_size_.window();
    params.output_offset = 0;  // all of it, as bytes
    const auto attached = window.call<TerminalAttach>(params);
    channel_ = attached.channel;
    sending_ = SendWindow(attached.input_offset, attached.input_limit);
    received_ = ReceiveWindow(window_size_.window(), attached.output_offset);
    // The first credit counts from offset 0 of the stream's part that is sent; an absolute one makes it
    // certain.
    window.send_frame(FrameKind::credit, channel_, received_.limit());
    window.listen(channel_, [this](const Frame& frame) { take(frame); });
  }
  ~BerthTerminal() override {
    window_.forget(channel_);
    try {
      window_.call<TerminalClose>({info_.terminal});
    } catch (const Failure&) {
      // The window is gone; so is, for the bench, its terminal.
    }
  }

  void type(std::string_view keys) override {
    if (sending_.available() < keys.size())
      window_.read_until([&] { return sending_.available() >= keys.size(); });
    window_.send_frame(FrameKind::data, channel_, sending_.sent(), keys);
    sending_.on_sent(keys.size());
  }
  void shown(std::size_t bytes, std::int64_t nanoseconds) override {
    window_size_.on_drained(bytes, nanoseconds);
    received_.resize(window_size_.window(0));  // loopback
    if (const auto limit = received_.on_consumed(bytes))
      window_.send_frame(FrameKind::credit, channel_, *limit);
  }

 private:
  void take(const Frame& frame) {
    if (frame.header.kind == FrameKind::credit) return sending_.on_credit(frame.header.offset);
    if (frame.header.kind == FrameKind::abort) throw Failure("a terminal's channel was aborted");
    if (frame.header.kind == FrameKind::end) throw Failure("a terminal ended");
    std::string inflated;
    auto bytes = frame.payload;
    if (frame.header.deflated) bytes = inflated = inflate_payload(bytes);
    if (!received_.on_data(frame.header.offset, bytes.size()))
      throw Failure("a terminal sends past its credit");
    output(bytes);
  }

  BerthWindow& window_;
  TerminalInfo info_;
  std::uint32_t channel_ = 0;
  client::AdaptiveWindow window_size_;
  SendWindow sending_;
  ReceiveWindow received_;
};

}  // namespace

BerthWindow::BerthWindow(BerthServer& server, const std::string& workspace,
                         const std::optional<std::string>& session)
    : socket_(server.port(), "/api/v1/workspaces/" + workspace + "/connect",
              {"Sec-WebSocket-Protocol: berth.v1", "Berth-Client: native",
               "Authorization: Bearer " + server.access_token()}) {
  const auto hello = call<SessionHello>({version_major, version_minor, "berth-bench", session});
  if (session && !hello.resumed) throw Failure("the session was not resumed");
  session_ = hello.session;
}

void BerthWindow::read() {
  socket_.read(
      [this](std::string_view payload, bool binary) { binary ? on_frame(payload) : on_text(payload); });
}

void BerthWindow::on_text(std::string_view payload) {
  if (pending_.empty() && !hear_) return;  // a notification: nobody here asked
  const auto json = parse_json(payload);
  if (!json) throw Failure(json.error().message);
  if (json->contains("method")) {
    if (hear_) hear_((*json)["method"].get<std::string>(), json->value("params", Json()));
    return;
  }
  auto reply = decode_reply(*json);
  if (!reply) throw Failure(reply.error().message);
  if (pending_.erase(reply->id) != 0) replies_.emplace(reply->id, std::move(reply->result));
}

void BerthWindow::on_frame(std::string_view payload) {
  const auto frame = decode_frame(payload);
  if (!frame) throw Failure(frame.error().message);
  if (const auto listener = listeners_.find(frame->header.channel); listener != listeners_.end()) {
    listener->second(*frame);
  } else if (early_.size() < 16) {
    early_[frame->header.channel].emplace_back(payload);
  }
}

void BerthWindow::listen(std::uint32_t channel, OnFrame on_frame) {
  const auto& listener = listeners_[channel] = std::move(on_frame);
  auto early = std::move(early_[channel]);
  early_.erase(channel);
  for (const auto& payload : early) listener(*decode_frame(payload));
}

void BerthWindow::send_frame(FrameKind kind, std::uint32_t channel, std::uint64_t offset,
                             std::string_view payload) {
  socket_.send_binary(encode_frame({kind, false, channel, offset}, payload));
}

void BerthWindow::read_until(const std::function<bool()>& done) {
  const auto begin = Clock::now();
  while (!done()) {
    pollfd waiting{socket_.descriptor(), POLLIN, 0};
    if (::poll(&waiting, 1, 1000) > 0) read();
    if (milliseconds_since(begin) > 60'000) throw Failure("the runner did not answer within 60 s");
  }
}

Json BerthWindow::wait_for_reply(std::int64_t id) {
  read_until([&] { return replies_.contains(id); });
  auto reply = std::move(replies_.extract(id).mapped());
  if (!reply) throw Failure("the runner refused: " + reply.error().message);
  return std::move(*reply);
}

BerthPeer::~BerthPeer() {
  try {
    if (!workspace_.empty()) server_.delete_workspace(workspace_);
  } catch (const Failure&) {
    // berthd is gone; bench/run removes what it left.
  }
}

BerthServer& BerthPeer::server() {
  server_.start();
  return server_;
}

const std::string& BerthPeer::workspace() {
  if (workspace_.empty()) workspace_ = server().create_workspace();
  return workspace_;
}

std::unique_ptr<BerthWindow> BerthPeer::open_window() {
  const auto& id = workspace();
  return std::make_unique<BerthWindow>(server_, id);
}

std::unique_ptr<Terminal> BerthPeer::open_terminal(BerthWindow& window) {
  return std::make_unique<BerthTerminal>(window);
}

Desk BerthPeer::open(int terminals) {
  Desk desk;
  auto window = open_window();
  for (int i = 0; i < terminals; ++i) desk.terminals.push_back(open_terminal(*window));
  desk.links.push_back(std::move(window));
  return desk;
}

// The container's processes are known by what runs in its terminal: from there up to the runner.
pid_t BerthPeer::runner() {
  if (runner_ > 0) return runner_;
  auto desk = open(1);
  const auto mark = "86399." + std::to_string(::getpid());
  desk.terminals[0]->type("exec sleep " + mark + "\r");
  const auto begin = Clock::now();
  while (runner_ <= 0 && milliseconds_since(begin) < 10'000) {
    pump(desk, {}, std::chrono::milliseconds(20), [] { return false; });
    if (const auto pid = find_process(std::string("sleep\0", 6) + mark); pid > 0)
      runner_ = find_ancestor(pid, "berth-runner");
  }
  if (runner_ <= 0) throw Failure("the runner's process was not found");
  return runner_;
}

}  // namespace berth::bench
