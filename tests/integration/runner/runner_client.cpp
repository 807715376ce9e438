// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "protocol/version.hpp"

namespace berth::test {
namespace {

using Clock = std::chrono::steady_clock;

net::FileDescriptor dial_tcp(const std::string& place) {
  const auto colon = place.rfind(':');
  net::FileDescriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(place.substr(colon + 1))));
  ::inet_pton(AF_INET, place.substr(0, colon).c_str(), &address.sin_addr);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("connect to " + place);
  return fd;
}

net::FileDescriptor dial(const std::string& place) {
  if (!place.starts_with('/')) return dial_tcp(place);
  net::FileDescriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, place.c_str(), sizeof address.sun_path - 1);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("connect to " + place);
  return fd;
}

bool readable(int fd, std::chrono::milliseconds limit) {
  pollfd entry{fd, POLLIN, 0};
  return ::poll(&entry, 1, static_cast<int>(limit.count())) > 0;
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written <= 0) return;  // the other side is gone; the reader notices
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string inflated(std::string_view deflated) {
  z_stream stream{};
  if (::inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::runtime_error("inflateInit2");
  std::string out(protocol::max_binary_payload, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(deflated.data()));
  stream.avail_in = static_cast<uInt>(deflated.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = ::inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  ::inflateEnd(&stream);
  if (status != Z_STREAM_END) throw std::runtime_error("a frame is not deflated as its flag says");
  return out;
}

}  // namespace

std::string HttpAnswer::header(const std::string& name) const {
  const auto at = head.find("\r\n" + name + ": ");
  if (at == head.npos) return {};
  const auto start = at + 4 + name.size();
  return head.substr(start, head.find("\r\n", start) - start);
}

HttpAnswer http_get(const std::string& place, const std::string& target,
                    const std::map<std::string, std::string>& headers) {
  HttpAnswer answer;
  answer.socket = dial(place);
  std::string request = "GET " + target + " HTTP/1.1\r\nHost: runner\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  write_all(answer.socket.get(), request + "\r\n");
  std::string text;
  for (auto end = text.npos; end == text.npos; end = text.find("\r\n\r\n")) {
    char buffer[4096];
    if (!readable(answer.socket.get(), RunnerClient::patience))
      throw std::runtime_error("no answer from the runner");
    const auto length = ::recv(answer.socket.get(), buffer, sizeof buffer, 0);
    if (length <= 0) throw std::runtime_error("the runner closed the connection");
    text.append(buffer, static_cast<std::size_t>(length));
  }
  const auto end = text.find("\r\n\r\n");
  answer.head = text.substr(0, end + 2);
  answer.rest = text.substr(end + 4);
  answer.status = std::stoi(text.substr(9, 3));
  return answer;
}

RunnerClient::RunnerClient(const RunnerPlace& runner, protocol::Role role,
                           std::optional<std::string> resume) {
  open(runner, role);
  protocol::SessionHello::Params params{protocol::version_major, protocol::version_minor, "test",
                                        std::move(resume)};
  hello_ = must<protocol::SessionHello>(params);
}

RunnerClient RunnerClient::without_hello(const RunnerPlace& runner, protocol::Role role) {
  RunnerClient client;
  client.open(runner, role);
  return client;
}

void RunnerClient::open(const RunnerPlace& runner, protocol::Role role) {
  auto answer = http_get(runner.place, runner.target,
                         {{"Upgrade", "websocket"},
                          {"Connection", "Upgrade"},
                          {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                          {"Sec-WebSocket-Version", "13"},
                          {"Sec-WebSocket-Protocol", std::string(protocol::subprotocol)},
                          {"Authorization", runner.scheme + " " + runner.token(role)}});
  if (answer.status != 101) throw std::runtime_error("upgrade refused: " + answer.head);
  socket_ = std::move(answer.socket);
  input_ = std::move(answer.rest);
}

void RunnerClient::send_message(int opcode, std::string_view bytes) {
  std::string frame(1, static_cast<char>(0x80 | opcode));
  if (bytes.size() < 126) {
    frame += static_cast<char>(0x80 | bytes.size());
  } else if (bytes.size() < 65536) {
    frame += static_cast<char>(0x80 | 126);
    for (int shift = 8; shift >= 0; shift -= 8) frame += static_cast<char>(bytes.size() >> shift);
  } else {
    frame += static_cast<char>(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8)
      frame += static_cast<char>(static_cast<std::uint64_t>(bytes.size()) >> shift);
  }
  frame.append(4, '\0');  // a mask of zeros masks nothing
  sent_ += bytes.size();
  write_all(socket_.get(), frame.append(bytes));
}

std::int64_t RunnerClient::send_request(std::string_view method, Json params) {
  const auto id = next_id_++;
  send_text(protocol::request_text(id, method, std::move(params)));
  return id;
}

Result<Json> RunnerClient::wait_for_reply(std::int64_t id, std::chrono::milliseconds limit) {
  if (!wait([&] { return replies_.contains(id); }, limit))
    throw std::runtime_error(closed_ ? "the connection was closed" : "no reply in time");
  auto reply = std::move(replies_.at(id));
  replies_.erase(id);
  return reply;
}

std::optional<Result<Json>> RunnerClient::take_reply(std::int64_t id) {
  const auto found = replies_.find(id);
  if (found == replies_.end()) return std::nullopt;
  auto reply = std::move(found->second);
  replies_.erase(found);
  return reply;
}

void RunnerClient::send_torn_frame(std::size_t bytes) {
  // Binary, masked with zeros, 60,000 bytes long.
  std::string frame{
      static_cast<char>(0x82), static_cast<char>(0xfe), static_cast<char>(0xea), 0x60, 0, 0, 0, 0};
  write_all(socket_.get(), frame.append(60'000, 'x').substr(0, bytes));
}

Error RunnerClient::wait_for_anonymous_error() {
  if (!wait([&] { return !anonymous_errors_.empty(); })) throw std::runtime_error("no error came");
  auto error = std::move(anonymous_errors_.front());
  anonymous_errors_.pop_front();
  return error;
}

bool RunnerClient::wait(const std::function<bool()>& done, std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  for (;;) {
    while (take_message()) {
    }
    if (done()) return true;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left <= 0ms || closed_ || !socket_) return false;
    receive(left);
  }
}

void RunnerClient::receive(std::chrono::milliseconds limit) {
  if (!readable(socket_.get(), std::min(limit, std::chrono::milliseconds(100)))) return;
  thread_local std::string buffer(256 << 10, '\0');
  const auto length = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (length <= 0) {
    closed_ = true;
    return;
  }
  input_.append(buffer.data(), static_cast<std::size_t>(length));
}

bool RunnerClient::take_message() {
  if (input_.size() < 2) return false;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(input_[i]); };
  std::uint64_t size = byte(1) & 0x7f;
  std::size_t header = 2;
  if (size >= 126) {
    const std::size_t extra = size == 126 ? 2 : 8;
    if (input_.size() < 2 + extra) return false;
    size = 0;
    for (std::size_t i = 0; i < extra; ++i) size = (size << 8) | byte(2 + i);
    header += extra;
  }
  if (input_.size() < header + size) return false;
  const int opcode = byte(0) & 0x0f;
  std::string payload = input_.substr(header, size);
  input_.erase(0, header + size);
  if (opcode == 0x8)
    closed_ = true;
  else
    on_message(opcode, std::move(payload));
  return true;
}

void RunnerClient::on_message(int opcode, std::string message) {
  if (opcode == 0x2) {
    const auto frame = protocol::decode_frame(message);
    if (!frame) throw std::runtime_error("bad frame: " + frame.error().message);
    return on_frame(*frame);
  }
  if (opcode != 0x1) return;
  auto json = protocol::parse_json(message);
  if (!json) throw std::runtime_error("bad JSON");
  if (on_arrival) on_arrival(*json);
  if (json->contains("method")) {
    notifications_.emplace_back((*json)["method"].get<std::string>(), (*json)["params"]);
  } else if ((*json)["id"].is_null()) {
    (*json)["id"] = 0;
    if (auto reply = protocol::decode_reply(*json); reply && !reply->result)
      anonymous_errors_.push_back(reply->result.error());
  } else if (auto reply = protocol::decode_reply(*json)) {
    replies_.insert_or_assign(reply->id, std::move(reply->result));
  }
}

void RunnerClient::on_frame(const protocol::Frame& frame) {
  using protocol::FrameKind;
  auto& channel = channels_[frame.header.channel];
  switch (frame.header.kind) {
    case FrameKind::data:
      if (channel.total == 0 && channel.bytes.empty()) channel.start = frame.header.offset;
      if (frame.header.offset != channel.start + channel.total)
        throw std::runtime_error("a gap in a channel's stream");
      channel.wire_bytes += frame.payload.size();
      if (frame.header.deflated) {
        const auto bytes = inflated(frame.payload);
        channel.total += bytes.size();
        if (keep_) channel.bytes += bytes;
      } else {
        channel.total += frame.payload.size();
        if (keep_) channel.bytes += frame.payload;
      }
      if (window_ > 0)
        send_frame({FrameKind::credit, false, frame.header.channel, channel.start + channel.total + window_});
      break;
    case FrameKind::credit:
      channel.limit = std::max(channel.limit, frame.header.offset);
      break;
    case FrameKind::end:
      channel.ended = true;
      break;
    case FrameKind::abort:
      channel.aborted = true;
      break;
  }
}

void RunnerClient::send_frame(const protocol::FrameHeader& header, std::string_view payload) {
  send_binary(protocol::encode_frame(header, payload));
}

void RunnerClient::send_data(std::uint32_t channel, std::uint64_t offset, std::string_view bytes) {
  send_frame({protocol::FrameKind::data, false, channel, offset}, bytes);
}

TestTerminal::TestTerminal(RunnerClient& client, std::optional<std::string> command, int columns, int rows)
    : client_(&client) {
  protocol::TerminalOpen::Params params{columns,      rows,        std::nullopt, std::move(command),
                                        std::nullopt, std::nullopt};
  id = client.must<protocol::TerminalOpen>(params).terminal.terminal;
  *this = TestTerminal(client, Existing{id, 0});
}

TestTerminal::TestTerminal(RunnerClient& client, const Existing& existing)
    : id(existing.id), client_(&client) {
  const auto attached = client.must<protocol::TerminalAttach>(
      {id, 1u << 20, existing.from, existing.columns, existing.rows, existing.scrollback, existing.deflate});
  if (attached.screen) {
    if (!client.wait([&] { return client.channel(*attached.screen).ended; }))
      throw std::runtime_error("the screen did not come");
    screen = client.channel(*attached.screen).bytes;
  }
  info = attached.terminal;
  channel_ = attached.channel;
  input_offset = attached.input_offset;
  output_start = attached.output_offset;
  lost = attached.lost;
  client.channel(channel_).limit = attached.input_limit;
}

void TestTerminal::type(std::string_view keys) {
  client_->send_data(channel_, input_offset, keys);
  input_offset += keys.size();
}

bool TestTerminal::see(std::string_view text, std::chrono::milliseconds limit) {
  return client_->wait(
      [&] {
        const auto at = output().find(text, seen_);
        if (at == std::string::npos) return false;
        seen_ = at + text.size();
        return true;
      },
      limit);
}

}  // namespace berth::test
