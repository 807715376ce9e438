// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/screen.hpp"

#include <poll.h>

#include <algorithm>
#include <utility>

namespace berth::bench {

void Terminal::listen(OnOutput on_output) {
  on_output_ = std::move(on_output);
  if (!on_output_ || early_.empty()) return;
  const auto early = std::exchange(early_, {});
  on_output_(early);
}

void Terminal::output(std::string_view bytes) {
  if (on_output_)
    on_output_(bytes);
  else
    early_.append(bytes);
}

Screen::Screen(Terminal& terminal, double bytes_per_second)
    : terminal_(terminal), rate_(bytes_per_second), last_(Clock::now()) {
  terminal_.listen([this](std::string_view bytes) { on_output(bytes); });
}

void Screen::on_output(std::string_view bytes) {
  if (rate_ <= 0) {
    const auto start = Clock::now();
    show(bytes);
    terminal_.shown(bytes.size(), (Clock::now() - start).count());
    return;
  }
  if (waiting() == 0) last_ = Clock::now();
  queue_.append(bytes);
  most_waiting_ = std::max(most_waiting_, waiting());
}

void Screen::tick() {
  if (rate_ <= 0 || waiting() == 0) return;
  const auto now = Clock::now();
  const std::chrono::duration<double> elapsed = now - last_;
  const auto size = std::min(waiting(), static_cast<std::size_t>(elapsed.count() * rate_));
  if (size == 0) return;
  last_ = now;
  show(std::string_view(queue_).substr(queue_begin_, size));
  queue_begin_ += size;
  if (queue_begin_ > (1u << 20) || waiting() == 0) {
    queue_.erase(0, queue_begin_);
    queue_begin_ = 0;
  }
  terminal_.shown(size, std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed).count());
}

void Screen::show(std::string_view bytes) {
  shown_ += bytes.size();
  constexpr std::size_t most = 64u << 10;
  if (bytes.size() >= most) {
    tail_.assign(bytes.substr(bytes.size() - most));
    return;
  }
  if (tail_.size() + bytes.size() > 2 * most) tail_.erase(0, tail_.size() - most / 2);
  tail_.append(bytes);
}

bool pump(const std::vector<Desk*>& desks, const std::vector<Screen*>& screens,
          std::chrono::milliseconds deadline, const std::function<bool()>& done) {
  const auto until = Clock::now() + deadline;
  const bool ticking = std::ranges::any_of(screens, &Screen::slow);
  std::vector<Link*> links;
  std::vector<pollfd> waiting;
  for (auto* desk : desks)
    for (auto& link : desk->links) {
      links.push_back(link.get());
      waiting.push_back({link->descriptor(), POLLIN, 0});
    }
  while (!done()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) return false;
    if (::poll(waiting.data(), waiting.size(), ticking ? 1 : static_cast<int>(left)) < 0) return false;
    for (std::size_t i = 0; i < links.size(); ++i)
      if (waiting[i].revents != 0) links[i]->read();
    for (auto* screen : screens) screen->tick();
  }
  return true;
}

bool pump(Desk& desk, const std::vector<Screen*>& screens, std::chrono::milliseconds deadline,
          const std::function<bool()>& done) {
  return pump(std::vector<Desk*>{&desk}, screens, deadline, done);
}

namespace {

void wait_for_text(Desk& desk, Screen& screen, std::string_view text, std::chrono::milliseconds deadline) {
  if (!pump(desk, {&screen}, deadline, [&] { return screen.saw(text); }))
    throw Failure("a terminal did not show \"" + std::string(text) +
                  "\"; it shows: " + screen.tail().substr(0, 400));
}

}  // namespace

void prepare_shell(Desk& desk, Screen& screen) {
  // In halves, so that the echo of the line is not taken for the prompt itself.
  screen.type(" unset HISTFILE PROMPT_COMMAND; PS1='bench-''prompt> '\r");
  wait_for_text(desk, screen, prompt, std::chrono::seconds(20));
  screen.reset_search();
}

void prepare_echo(Desk& desk, Screen& screen) {
  screen.type(" stty -icanon echo; printf 'bench-%s\\n' ready; exec cat >/dev/null\r");
  wait_for_text(desk, screen, "bench-ready\r\n", std::chrono::seconds(20));
  screen.reset_search();
}

void run_command(Desk& desk, Screen& screen, const std::string& line, std::chrono::milliseconds deadline) {
  screen.reset_search();
  screen.type(" " + line + "; printf 'bench-%s\\n' done\r");
  wait_for_text(desk, screen, "bench-done", deadline);
  wait_for_text(desk, screen, prompt, deadline);
  screen.reset_search();
}

}  // namespace berth::bench
