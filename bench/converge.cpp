// SPDX-License-Identifier: GPL-3.0-or-later
// Two people in one document: from a key at one to its being shown at the other, beside what that can't do
// without (one fdatasync, as nobody is told of what a crash could take back, and the floor's echo); and how
// many edits a second both can make at one place until they agree.
#include "bench/document.hpp"
#include "bench/fdatasync.hpp"
#include "bench/shared_document.hpp"

namespace berth::bench {
namespace {

std::vector<double> keys_to_the_other(SharedDocument& one, SharedDocument& other, int keys) {
  std::vector<double> samples;
  for (int i = 0; i < keys; ++i) {
    auto& from = i % 2 == 0 ? one : other;
    auto& to = i % 2 == 0 ? other : one;
    const auto shown = to.version();
    const auto begin = Clock::now();
    from.type(from.text().size() / 2, 'k');
    read_both(one, other, [&] { return to.version() > shown; });
    samples.push_back(milliseconds_since(begin));
    read_both(one, other, [&] { return one.settled() && other.settled(); });
  }
  return samples;
}

/// Both type as fast as they are answered, in the middle: edits a second until both have one text.
double race(SharedDocument& one, SharedDocument& other, int keys) {
  const auto last = one.version() + 2 * static_cast<std::uint64_t>(keys);
  int left[2] = {keys, keys};
  SharedDocument* sides[2] = {&one, &other};
  const auto begin = Clock::now();
  read_both(one, other, [&] {
    for (int side = 0; side < 2; ++side)
      if (left[side] > 0 && sides[side]->settled()) {
        sides[side]->type(sides[side]->text().size() / 2, side == 0 ? 'o' : 't');
        --left[side];
      }
    return one.version() == last && other.version() == last;
  });
  const auto took = milliseconds_since(begin);
  if (one.text() != other.text()) throw Failure("two windows have two texts");
  return 2 * keys / took * 1'000;
}

std::vector<double> floor_echoes(Desk& desk, Screen& screen, int keys) {
  std::vector<double> samples;
  for (int i = 0; i < keys; ++i) {
    const auto before = screen.shown();
    const auto begin = Clock::now();
    screen.type("x");
    if (!pump(desk, {&screen}, std::chrono::seconds(20), [&] { return screen.shown() > before; }))
      throw Failure("a key was not echoed within 20 s");
    samples.push_back(milliseconds_since(begin));
  }
  return samples;
}

}  // namespace

void measure_converge(Setup& setup) {
  make_file(setup, "bench-shared.txt", 10'000);
  const auto window = setup.berth().open_window();
  const auto other_window = setup.berth().open_window();
  SharedDocument one(*window, "project/bench-shared.txt", "benchone");
  SharedDocument other(*other_window, "project/bench-shared.txt", "benchother");
  setup.floor().start();
  auto desk = setup.floor().open(1);
  Screen screen(*desk.terminals[0]);
  prepare_echo(desk, screen);

  std::map<std::string, Runs> results;
  const int keys = setup.times(200, 10);
  std::vector<double> rates;
  for (int run = 0; run < setup.times(6, 1); ++run)
    for (int turn = 0; turn < 2; ++turn) {
      if ((run + turn) % 2 == 0) {
        results["berth"].add_run(keys_to_the_other(one, other, keys));
        rates.push_back(race(one, other, setup.times(1'000, 40)));
        continue;
      }
      auto least = append_and_sync(setup.berth().server().data(), keys);
      const auto echoes = floor_echoes(desk, screen, keys);
      for (std::size_t i = 0; i < least.size(); ++i) least[i] += echoes[i];
      results["fdatasync + floor"].add_run(std::move(least));
    }
  setup.compare("converge", "ms", results);
  setup.report().add({"converge.rate", median(rates), "edits/s", "", 0, static_cast<int>(rates.size())});
}

}  // namespace berth::bench
