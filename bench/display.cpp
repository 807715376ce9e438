// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/display.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "bench/figure.hpp"

namespace berth::bench {
namespace {

using namespace std::chrono_literals;

// Fields of the XWD head of Xvfb's memory, 32 bits each, the highest byte first.
constexpr std::size_t head_size = 0, bytes_per_line = 12, colours = 19;
constexpr std::size_t bytes_a_colour = 12;

std::uint16_t two(const std::uint8_t* at) { return static_cast<std::uint16_t>(at[0] | at[1] << 8); }
std::uint32_t four(const std::uint8_t* at) { return two(at) | static_cast<std::uint32_t>(two(at + 2)) << 16; }
void put_two(std::vector<std::uint8_t>& to, std::size_t at, int value) {
  to[at] = static_cast<std::uint8_t>(value);
  to[at + 1] = static_cast<std::uint8_t>(value >> 8);
}

}  // namespace

Display::Display(const std::filesystem::path& work) : folder_(work / "display") {
  std::filesystem::create_directories(folder_);
  const auto size = std::to_string(width) + "x" + std::to_string(height) + "x24";
  server_.emplace(Process::Start{{"Xvfb", "-displayfd", "1", "-screen", "0", size, "-fbdir", folder_.string(),
                                  "-nolisten", "tcp", "-dpi", "96", "-br"},
                                 folder_,
                                 folder_ / "xvfb.log"});
  number_ = server_->wait_for_line("", 20s);
  const auto file = folder_ / "Xvfb_screen0";
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat facts{};
  if (descriptor < 0 || ::fstat(descriptor, &facts) != 0) throw Failure("Xvfb shares no memory");
  mapped_ = static_cast<std::size_t>(facts.st_size);
  void* memory = ::mmap(nullptr, mapped_, PROT_READ, MAP_SHARED, descriptor, 0);
  ::close(descriptor);
  if (memory == MAP_FAILED) throw Failure("the display's memory can't be read");
  memory_ = static_cast<const std::uint8_t*>(memory);
  const auto field = [this](std::size_t number) {
    std::uint32_t value;
    std::memcpy(&value, memory_ + 4 * number, 4);
    return static_cast<std::size_t>(ntohl(value));
  };
  begin_ = field(head_size) + field(colours) * bytes_a_colour;
  bytes_a_line_ = field(bytes_per_line);
  if (bytes_a_line_ < width * 4 || begin_ + bytes_a_line_ * height > mapped_)
    throw Failure("the display's memory is not understood");
  connect();
  manager_.emplace(Process::Start{{"openbox"}, folder_, folder_ / "openbox.log", {{"DISPLAY", name()}}});
}

Display::~Display() {
  manager_.reset();
  if (socket_ >= 0) ::close(socket_);
  if (memory_ != nullptr) ::munmap(const_cast<std::uint8_t*>(memory_), mapped_);
}

void Display::connect() {
  socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = "/tmp/.X11-unix/X" + number_;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw Failure("the display can't be reached");
  std::vector<std::uint8_t> hello(12);
  hello[0] = 'l';  // the lowest byte first
  put_two(hello, 2, 11);
  send(hello);
  std::uint8_t head[8];
  read(head, sizeof head);
  std::vector<std::uint8_t> body(4U * two(head + 6));
  read(body.data(), body.size());
  if (head[0] != 1 || body.size() < 32) throw Failure("the display refuses the bench");
  first_code_ = body[26];
  last_code_ = body[27];
  const std::size_t vendor = (two(body.data() + 16) + 3U) / 4 * 4;
  const std::size_t screen = 32 + vendor + 8U * body[21];
  if (body.size() < screen + 4) throw Failure("the display has no screen");
  root_ = four(body.data() + screen);

  std::vector<std::uint8_t> extension(16);
  extension[0] = 98;
  put_two(extension, 2, 4);
  put_two(extension, 4, 5);
  std::memcpy(extension.data() + 8, "XTEST", 5);
  const auto found = ask(extension);
  if (found[8] == 0) throw Failure("the display has no XTEST");
  xtest_ = found[9];

  std::vector<std::uint8_t> mapping(8);
  mapping[0] = 101;
  put_two(mapping, 2, 2);
  mapping[4] = first_code_;
  mapping[5] = static_cast<std::uint8_t>(last_code_ - first_code_ + 1);
  const auto keys = ask(mapping);
  for (std::size_t at = 32; at + 4 <= keys.size(); at += 4U * keys[1])
    keys_.push_back(four(keys.data() + at));
}

std::vector<std::uint8_t> Display::ask(std::vector<std::uint8_t> request) {
  send(request);
  for (;;) {
    std::vector<std::uint8_t> answer(32);
    read(answer.data(), answer.size());
    if (answer[0] == 0) throw Failure("the display refuses a request");
    if (answer[0] != 1) continue;  // an event
    const auto more = 4U * four(answer.data() + 4);
    answer.resize(32 + more);
    read(answer.data() + 32, more);
    return answer;
  }
}

void Display::send(const std::vector<std::uint8_t>& request) {
  if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    throw Failure("the display is gone");
}

void Display::read(void* bytes, std::size_t size) {
  auto* at = static_cast<char*>(bytes);
  while (size > 0) {
    const auto got = ::recv(socket_, at, size, 0);
    if (got <= 0) throw Failure("the display is gone");
    at += got;
    size -= static_cast<std::size_t>(got);
  }
}

void Display::fake(std::uint8_t type, std::uint8_t detail, int x, int y) {
  std::vector<std::uint8_t> request(36);
  request[0] = xtest_;
  request[1] = 2;  // FakeInput
  put_two(request, 2, 9);
  request[4] = type;
  request[5] = detail;
  put_two(request, 12, static_cast<int>(root_ & 0xffff));
  put_two(request, 14, static_cast<int>(root_ >> 16));
  put_two(request, 24, x);
  put_two(request, 26, y);
  send(request);
}

std::uint8_t Display::code(std::uint32_t key) {
  const auto found = std::ranges::find(keys_, key);
  if (found == keys_.end()) throw Failure("the display's keyboard lacks a key");
  return static_cast<std::uint8_t>(first_code_ + (found - keys_.begin()));
}

void Display::type(std::uint32_t key, bool with_control) {
  if (with_control) fake(2, code(control));
  fake(2, code(key));
  fake(3, code(key));
  if (with_control) fake(3, code(control));
}

void Display::scroll(bool down) {
  const std::uint8_t button = down ? 5 : 4;
  fake(4, button);
  fake(5, button);
}

void Display::move_pointer(int x, int y) { fake(6, 0, x, y); }

const std::uint32_t* Display::row(int y) const {
  return reinterpret_cast<const std::uint32_t*>(memory_ + begin_ +
                                                bytes_a_line_ * static_cast<std::size_t>(y));
}

Display::Pixels Display::picture() const {
  Pixels pixels(static_cast<std::size_t>(width) * height);
  for (int y = 0; y < height; ++y)
    std::memcpy(pixels.data() + static_cast<std::size_t>(y) * width, row(y), width * 4);
  return pixels;
}

std::optional<Display::Box> Display::changed(const Pixels& before, const Box& place) const {
  Box box{width, height, 0, 0};
  const auto bytes = static_cast<std::size_t>(place.width()) * 4;
  for (int y = place.top; y < place.bottom; ++y) {
    const auto* now = row(y);
    const auto* then = before.data() + static_cast<std::size_t>(y) * width;
    if (std::memcmp(now + place.left, then + place.left, bytes) == 0) continue;
    box.top = std::min(box.top, y);
    box.bottom = y + 1;
    for (int x = place.left; x < place.right; ++x)
      if (now[x] != then[x]) {
        box.left = std::min(box.left, x);
        box.right = std::max(box.right, x + 1);
      }
  }
  if (box.bottom == 0 || box.right == 0) return {};
  return box;
}

int Display::count_changed(const Pixels& before) const {
  int count = 0;
  for (int y = 0; y < height; ++y) {
    const auto* now = row(y);
    const auto* then = before.data() + static_cast<std::size_t>(y) * width;
    if (std::memcmp(now, then, width * 4) == 0) continue;
    for (int x = 0; x < width; ++x) count += now[x] != then[x] ? 1 : 0;
  }
  return count;
}

int Display::widest_row(const Pixels& before) const {
  int widest = 0;
  for (int y = 0; y < height; ++y)
    if (const auto box = changed(before, {0, y, width, y + 1})) widest = std::max(widest, box->width());
  return widest;
}

void Display::settle(std::chrono::milliseconds quiet, std::chrono::milliseconds deadline) const {
  const auto until = Clock::now() + deadline;
  auto since = Clock::now();
  auto last = picture();
  Box moving{};
  while (Clock::now() - since < quiet) {
    if (Clock::now() > until)
      throw Failure("the picture does not come to rest: " + std::to_string(moving.width()) + " x " +
                    std::to_string(moving.height()) + " px at " + std::to_string(moving.left) + ", " +
                    std::to_string(moving.top) + " change still");
    ::usleep(20'000);
    const auto box = changed(last);
    if (!box) continue;
    if (widest_row(last) >= caret) {
      since = Clock::now();
      moving = *box;
    }
    last = picture();
  }
}

}  // namespace berth::bench
