// SPDX-License-Identifier: GPL-3.0-or-later
// One end of histories_across: `history_peer make SEED COUNT` writes random concurrent histories, a line of
// JSON each; `history_peer replay COUNT` reads as many and tells the first that comes out differently here.
#include <charconv>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string_view>

#include "concurrent_history.hpp"

namespace {

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw std::invalid_argument("not a number: " + std::string(text));
  return value;
}

void make(std::uint64_t seed, std::uint64_t count) {
  std::mt19937_64 random(seed);
  const berth::test::Luck luck = [&](std::size_t below) {
    return static_cast<std::size_t>(random() % below);
  };
  for (; count > 0; --count) std::cout << berth::test::ConcurrentHistory::make(luck).dump() << '\n';
  std::cout.flush();
}

void replay(std::uint64_t count) {
  std::uint64_t seen = 0;
  for (std::string line; std::getline(std::cin, line); ++seen) {
    try {
      berth::test::ConcurrentHistory::replay(berth::protocol::Json::parse(line));
    } catch (const std::exception& error) {
      throw std::runtime_error("history " + std::to_string(seen) + ": " + error.what() + "\n" + line);
    }
  }
  if (seen != count)
    throw std::runtime_error(std::to_string(seen) + " histories came, not " + std::to_string(count));
  std::cout << seen << " histories came out alike" << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  try {
    const std::string_view verb = argc > 1 ? argv[1] : "";
    if (verb == "make" && argc == 4) {
      make(number(argv[2]), number(argv[3]));
    } else if (verb == "replay" && argc == 3) {
      replay(number(argv[2]));
    } else {
      throw std::invalid_argument("history_peer make SEED COUNT | replay COUNT");
    }
    return std::cout ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
}
