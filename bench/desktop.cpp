// SPDX-License-Identifier: GPL-3.0-or-later
// bench_desktop [desktop_start|desktop_memory|desktop_key|desktop_large] and what bench/run adds: Berth's
// desktop beside other native editors at one screen: from exec to the first picture, memory with a text open,
// a key or a step of the wheel until the pixels change.
#include "bench/desktop.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <random>
#include <set>

#include "bench/options.hpp"

namespace berth::bench {
namespace {

using namespace std::chrono_literals;

// More than the frame that a window manager draws, less than any editor's window.
constexpr int painted = 150'000;  // px
constexpr auto start_deadline = 120s;
constexpr auto rest = 3'000ms;  // without a change: it shows what it is going to show
constexpr auto key_deadline = 5s;
constexpr int keys_before_home = 60;

class Bench {
 public:
  explicit Bench(const Options& options)
      : options_(options), report_(make_report(options)), display_(options.places.work) {
    std::filesystem::permissions(options.places.work, std::filesystem::perms(0755));
    peers_.push_back(berth_desktop(options.places));
    for (const auto& [name, program] : options.places.editors)
      peers_.push_back(native_editor(name, program, options.places.work));
  }

  void run() {
    if (wants("desktop_start")) measure_start();
    if (wants("desktop_memory") || wants("desktop_key")) measure_at_work();
    if (options_.name == "desktop_large") measure_large();  // by its name alone: it writes 160 MB a run
    if (report_.printed() == 0) throw Failure("there is no '" + options_.name + "'");
  }

 private:
  bool wants(const std::string& name) const {
    return options_.name.empty() || options_.name == "desktop" || options_.name == name;
  }
  int times(int full, int quick) const { return options_.quick ? quick : full; }

  /// All peers, beginning with another one each run.
  std::vector<DesktopPeer*> rotated(int run) {
    std::vector<DesktopPeer*> order;
    for (std::size_t i = 0; i < peers_.size(); ++i)
      order.push_back(peers_[(i + static_cast<std::size_t>(run)) % peers_.size()].get());
    return order;
  }

  void compare(const std::string& name, const std::string& unit, const std::map<std::string, Runs>& results,
               bool with_p99 = true) {
    const auto& own = results.at("berth");
    bool compared = false;
    for (const auto& [peer, theirs] : results) {
      if (peer == "berth" || left_out_.contains(peer)) continue;
      compared = true;
      report_.add({name + ".p50", own.p50(), unit, peer, theirs.p50(), own.count()});
      if (with_p99) report_.add({name + ".p99", own.p99(), unit, peer, theirs.p99(), own.count()});
    }
    if (compared) return;
    report_.add({name + ".p50", own.p50(), unit, "", 0, own.count()});
    if (with_p99) report_.add({name + ".p99", own.p99(), unit, "", 0, own.count()});
  }

  /// A peer that can't be measured is left out from then on, and why is told; Berth's own failure is the
  /// bench's.
  template <class Measure>
  void measure_at(DesktopPeer& peer, Measure measure) {
    if (left_out_.contains(peer.name())) return;
    try {
      measure();
    } catch (const Failure& failure) {
      if (peer.name() == "berth") throw;
      report_.note(peer.name() + " is left out: " + failure.what());
      left_out_.insert(peer.name());
    }
  }

  // The first start of a program reads it from the disk; it is not counted.
  void measure_start() {
    std::map<std::string, Runs> results;
    for (int run = 0; run <= times(8, 1); ++run)
      for (auto* peer : rotated(run))
        measure_at(*peer, [&] {
          const auto elapsed = first_picture(*peer);
          if (run > 0) results[peer->name()].add_run({elapsed});
        });
    compare("desktop_start", "ms", results, false);
  }

  double first_picture(DesktopPeer& peer) {
    display_.settle(300ms, 20s);
    const auto before = display_.picture();
    const auto begin = Clock::now();
    const auto program = peer.start_empty(display_);
    wait_for_window(peer, before, begin);
    return milliseconds_since(begin);
  }

  void wait_for_window(const DesktopPeer& peer, const Display::Pixels& before,
                       Clock::time_point begin) const {
    while (display_.count_changed(before) < painted) {
      if (Clock::now() - begin > start_deadline) throw Failure(peer.name() + " shows nothing");
      ::usleep(500);
    }
  }

  void measure_at_work() {
    std::map<std::string, Runs> memory, keys, wheel;
    for (int run = 0; run < times(4, 1); ++run)
      for (auto* peer : rotated(run))
        measure_at(*peer, [&] {
          display_.settle(300ms, 20s);
          const auto before = display_.picture();
          const auto program = peer->start_with_text(display_);
          wait_for_window(*peer, before, Clock::now());
          display_.settle(rest, start_deadline);
          if (wants("desktop_memory")) {
            ::sleep(static_cast<unsigned>(times(5, 1)));
            memory[peer->name()].add_run({memory_kib(program->pid()) / 1024});
          }
          if (!wants("desktop_key")) return;
          display_.move_pointer(Display::width / 2, Display::height / 3);
          peer->focus_text(display_);
          display_.settle(rest, start_deadline);
          keys[peer->name()].add_run(type(*peer));
          wheel[peer->name()].add_run(scroll(*peer));
        });
    if (wants("desktop_memory")) compare("desktop_memory", "MiB", memory, false);
    if (!wants("desktop_key")) return;
    compare("desktop_key", "ms", keys);
    compare("desktop_key.wheel", "ms", wheel);
  }

  /// A file that is read in pages, and one that is edited whole, opened by name: from Return until the text
  /// shows; then keys in the latter.
  void measure_large() {
    Runs pages, whole, keys;
    for (auto& peer : peers_) {
      if (!peer->write_large("pages.log", options_.quick ? 70'000'000 : 100'000'000) ||
          !peer->write_large("whole.log", options_.quick ? 6u << 20 : 63u << 20))
        continue;
      for (int run = 0; run < times(4, 1); ++run) {
        display_.settle(300ms, 20s);
        const auto before = display_.picture();
        const auto program = peer->start_with_text(display_);
        wait_for_window(*peer, before, Clock::now());
        display_.settle(rest, start_deadline);
        peer->focus_text(display_);  // in a terminal Ctrl+P is its program's
        display_.settle(rest, start_deadline);
        pages.add_run({open_by_name(*peer, "pages.log")});
        whole.add_run({open_by_name(*peer, "whole.log")});
        display_.move_pointer(Display::width / 2, Display::height / 3);
        peer->focus_text(display_);
        display_.settle(rest, start_deadline);
        typed_ = 0;
        const auto line = line_of(*peer);
        std::vector<double> samples;
        for (int key = 0; key < times(100, 12); ++key) {
          ::usleep(60'000);
          if (typed_ % keys_before_home == 0) {
            next_key();  // with the way home, not counted
            ::usleep(200'000);
            continue;
          }
          samples.push_back(until_changed(peer->name(), {0, line.top, Display::width, line.bottom},
                                          [this] { next_key(); }));
        }
        keys.add_run(samples);
      }
    }
    report_.add({"desktop_large.p50", pages.p50(), "ms", "", 0, pages.count()});
    report_.add({"desktop_large.whole.p50", whole.p50(), "ms", "", 0, whole.count()});
    report_.add({"desktop_large.key.p50", keys.p50(), "ms", "", 0, keys.count()});
  }

  double open_by_name(DesktopPeer& peer, const std::string& name) {
    display_.type('p', true);
    display_.settle(700ms, start_deadline);
    for (const char letter : name) display_.type(static_cast<std::uint32_t>(letter));
    display_.settle(700ms, start_deadline);
    const Display::Box place{Display::width / 3, Display::height / 5, Display::width * 2 / 3,
                             Display::height / 2};
    auto seen = display_.picture();
    const auto begin = Clock::now();
    auto last = begin;
    display_.type(Display::enter);
    // The list over the text goes first; the last of what changes there is the text.
    while (last == begin || Clock::now() - last < 1s) {
      const auto now = Clock::now();
      if (const auto box = display_.changed(seen, place); box && box->width() >= Display::caret) {
        last = now;
        seen = display_.picture();
      }
      if (now - begin > start_deadline) throw Failure(peer.name() + " does not show " + name);
      ::usleep(1'000);
    }
    return std::chrono::duration<double, std::milli>(last - begin).count();
  }

  /// Letters and blanks at the beginning of a line, so that no word is long enough to be completed.
  void next_key() {
    if (typed_ % keys_before_home == 0) display_.type(Display::home);
    display_.type(typed_++ % 2 == 0 ? 'x' : ' ');
  }

  /// The rows of the line that is typed into: what changes there moves on with each key.
  Display::Box line_of(DesktopPeer& peer) {
    std::vector<std::vector<Display::Box>> seen;
    for (int key = 0; key < 8; ++key) {
      const auto before = display_.picture();
      next_key();
      ::usleep(150'000);
      seen.push_back(bands(before));
    }
    for (const auto& band : seen.back()) {
      int steps = 0;
      for (std::size_t key = 1; key < seen.size(); ++key) {
        const auto left = [&](const std::vector<Display::Box>& boxes) {
          const auto same = std::ranges::find_if(boxes, [&](const Display::Box& box) {
            return box.top < band.bottom && band.top < box.bottom && box.height() < 60;
          });
          return same == boxes.end() ? -1 : same->left;
        };
        const int step = left(seen[key]) - left(seen[key - 1]);
        if (left(seen[key - 1]) >= 0 && step >= 4 && step <= 24) ++steps;
      }
      if (steps >= 4) return band;
    }
    throw Failure(peer.name() + ": no line is seen to be typed into");
  }

  /// The same once keys are seen to arrive in the file, whose size before them is put into `size`: a window
  /// that waits for its server rests too, and gives its keys to something else first.
  Display::Box line_in_text(DesktopPeer& peer, std::size_t& size) {
    for (int attempt = 0; attempt < 4; ++attempt) {
      size = peer.saved_text().size();
      typed_ = 0;
      peer.focus_text(display_);
      display_.settle(rest, start_deadline);
      const auto line = line_of(peer);
      display_.type('s', true);
      if (saves(peer, size + static_cast<std::size_t>(typed_), 20s)) {
        display_.settle(300ms, start_deadline);
        return line;
      }
    }
    throw Failure(peer.name() + ": keys do not arrive in its text");
  }

  static bool saves(DesktopPeer& peer, std::size_t bytes, std::chrono::seconds patience) {
    const auto begin = Clock::now();
    while (peer.saved_text().size() != bytes) {
      if (Clock::now() - begin > patience) return false;
      ::usleep(100'000);
    }
    return true;
  }

  /// What changed, by rows that lie together.
  std::vector<Display::Box> bands(const Display::Pixels& before) const {
    std::vector<Display::Box> bands;
    for (int y = 0; y < Display::height; ++y) {
      const auto box = display_.changed(before, {0, y, Display::width, y + 1});
      if (!box) continue;
      if (bands.empty() || y > bands.back().bottom + 2) {
        bands.push_back(*box);
      } else {
        auto& last = bands.back();
        last = {std::min(last.left, box->left), last.top, std::max(last.right, box->right), y + 1};
      }
    }
    return bands;
  }

  /// From `act` until what is in `place` changed by more than a caret, ms.
  template <class Act>
  double until_changed(const std::string& who, const Display::Box& place, Act act) {
    const auto before = display_.picture();
    const auto begin = Clock::now();
    act();
    for (;;) {
      const auto box = display_.changed(before, place);
      if (box && box->width() >= Display::caret) return milliseconds_since(begin);
      if (Clock::now() - begin > key_deadline) throw Failure(who + " does not answer");
      ::usleep(100);
    }
  }

  std::vector<double> type(DesktopPeer& peer) {
    std::size_t size = 0;
    const auto line = line_in_text(peer, size);
    const Display::Box place{0, line.top, Display::width, line.bottom};
    std::vector<double> samples;
    std::uniform_int_distribution gap(40, 90);  // ms, as somebody types fast
    for (int key = 0; key < times(400, 24); ++key) {
      ::usleep(static_cast<unsigned>(gap(random_)) * 1'000);
      if (typed_ % keys_before_home == 0) {
        next_key();  // with the way home, not counted
        ::usleep(200'000);
        continue;
      }
      samples.push_back(until_changed(peer.name(), place, [this] { next_key(); }));
    }
    // What was seen is what was typed, or the figures are of something else.
    display_.type('s', true);
    if (!saves(peer, size + static_cast<std::size_t>(typed_), 60s))
      throw Failure(peer.name() + " did not take all keys: " + std::to_string(peer.saved_text().size()) +
                    " bytes were saved, " + std::to_string(size) + " and " + std::to_string(typed_) +
                    " keys expected");
    return samples;
  }

  std::vector<double> scroll(DesktopPeer& peer) {
    display_.settle(rest, start_deadline);
    const Display::Box place{Display::width / 3, Display::height / 4, Display::width * 2 / 3,
                             Display::height / 2};
    std::vector<double> samples;
    for (int step = 0; step < times(200, 12); ++step) {
      samples.push_back(until_changed(peer.name(), place, [this] { display_.scroll(true); }));
      ::usleep(60'000);
    }
    return samples;
  }

  const Options& options_;
  Report report_;
  Display display_;
  std::vector<std::unique_ptr<DesktopPeer>> peers_;
  std::mt19937 random_{7};
  int typed_ = 0;
  std::set<std::string> left_out_;
};

}  // namespace
}  // namespace berth::bench

int main(int argc, char** argv) {
  try {
    const auto options = berth::bench::parse_options(argc, argv);
    berth::bench::Bench(options).run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << std::endl;
    return 1;
  }
}
