// SPDX-License-Identifier: GPL-3.0-or-later
// A screen of the bench's own: Xvfb with a window manager. Its pixels are read from memory that it shares, so
// that looking costs the display nothing; keys and the wheel are pressed through XTEST, spoken by hand.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "bench/process.hpp"

namespace berth::bench {

class Display {
 public:
  struct Box {
    int left, top, right, bottom;  // px, the last ones not in it
    int width() const { return right - left; }
    int height() const { return bottom - top; }
  };
  using Pixels = std::vector<std::uint32_t>;

  explicit Display(const std::filesystem::path& work);
  ~Display();
  Display(const Display&) = delete;
  Display& operator=(const Display&) = delete;

  /// For DISPLAY.
  std::string name() const { return ":" + number_; }

  enum Key : std::uint32_t { control = 0xffe3, end = 0xff57, home = 0xff50, enter = 0xff0d };
  /// Presses and lets go, with Control held where asked for; a letter is its own code.
  void type(std::uint32_t key, bool with_control = false);
  /// One step of the wheel where the pointer is.
  void scroll(bool down);
  void move_pointer(int x, int y);

  Pixels picture() const;
  /// What differs from `before`; nothing where nothing does.
  std::optional<Box> changed(const Pixels& before) const { return changed(before, {0, 0, width, height}); }
  /// The same within a part of the screen.
  std::optional<Box> changed(const Pixels& before, const Box& place) const;
  /// How many pixels do.
  int count_changed(const Pixels& before) const;
  /// How wide what differs is in the row where it is widest: two carets that blink at once are two narrow
  /// ones.
  int widest_row(const Pixels& before) const;
  /// Waits until nothing wider than a caret changed for a time; Failure after `deadline`.
  void settle(std::chrono::milliseconds quiet, std::chrono::milliseconds deadline) const;

  static constexpr int width = 1440;
  static constexpr int height = 900;
  static constexpr int caret = 4;  // px that a blinking caret is less wide than

 private:
  const std::uint32_t* row(int y) const;
  void connect();
  std::vector<std::uint8_t> ask(std::vector<std::uint8_t> request);
  void send(const std::vector<std::uint8_t>& request);
  void read(void* bytes, std::size_t size);
  void fake(std::uint8_t type, std::uint8_t detail, int x = 0, int y = 0);
  std::uint8_t code(std::uint32_t key);

  std::filesystem::path folder_;
  std::optional<Process> server_;
  std::optional<Process> manager_;
  std::string number_;
  int socket_ = -1;
  std::uint32_t root_ = 0;
  std::uint8_t xtest_ = 0;
  std::uint8_t first_code_ = 8, last_code_ = 255;
  std::vector<std::uint32_t> keys_;  // the first two of each code
  const std::uint8_t* memory_ = nullptr;
  std::size_t mapped_ = 0;
  std::size_t begin_ = 0;  // of the pixels
  std::size_t bytes_a_line_ = 0;
};

}  // namespace berth::bench
