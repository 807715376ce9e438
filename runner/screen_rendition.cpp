// SPDX-License-Identifier: GPL-3.0-or-later
// Select graphic rendition: colours and styles.
#include <algorithm>

#include "runner/screen_model.hpp"

namespace berth::runner {

void ScreenModel::set_rendition(const ControlSequence& sequence) {
  auto& bits = style_.attributes;
  const auto set = [&](std::uint16_t on) { bits = static_cast<std::uint16_t>(bits | on); };
  const auto unset = [&](std::uint16_t off) { bits = static_cast<std::uint16_t>(bits & ~off); };
  const auto underline = [&](int kind) {
    unset(attribute::underline_mask);
    set(static_cast<std::uint16_t>(std::clamp(kind, 0, 5) << attribute::underline_shift));
  };
  constexpr std::array<std::uint16_t, 10> simple{0,
                                                 attribute::bold,
                                                 attribute::faint,
                                                 attribute::italic,
                                                 0,
                                                 attribute::blink,
                                                 attribute::blink,
                                                 attribute::reverse,
                                                 attribute::conceal,
                                                 attribute::strike};
  const auto reset_style = [&] {
    style_ = {0, 0, 0, static_cast<std::uint16_t>(bits & attribute::guarded), style_.link};
  };
  if (sequence.count == 0) reset_style();
  for (std::size_t i = 0; i < sequence.count; ++i) {
    const int code = sequence.value(i, 0);
    const auto color = static_cast<std::uint32_t>(code % 10);
    if (sequence.belongs[i]) continue;
    if (code == 0)
      reset_style();
    else if (code == 4)
      underline(i + 1 < sequence.count && sequence.belongs[i + 1] ? sequence.value(i + 1, 1) : 1);
    else if (code < 10)
      set(simple[static_cast<std::size_t>(code)]);
    else if (code == 21)
      underline(2);
    else if (code == 22)
      unset(attribute::bold | attribute::faint);
    else if (code == 24)
      underline(0);
    else if (code >= 23 && code <= 29)
      unset(simple[static_cast<std::size_t>(code - 20)]);
    else if (code >= 30 && code <= 37)
      style_.foreground = indexed_color(color);
    else if (code >= 40 && code <= 47)
      style_.background = indexed_color(color);
    else if (code >= 90 && code <= 97)
      style_.foreground = indexed_color(color + 8);
    else if (code >= 100 && code <= 107)
      style_.background = indexed_color(color + 8);
    else if (code == 38)
      i = extended_color(sequence, i, style_.foreground);
    else if (code == 48)
      i = extended_color(sequence, i, style_.background);
    else if (code == 58)
      i = extended_color(sequence, i, style_.underline);
    else if (code == 39)
      style_.foreground = 0;
    else if (code == 49)
      style_.background = 0;
    else if (code == 59)
      style_.underline = 0;
    else if (code == 53)
      set(attribute::overline);
    else if (code == 55)
      unset(attribute::overline);
  }
}

/// 38;5;n and 38;2;r;g;b, also with colons (then with or without the colour space before r). The last
/// parameter used.
std::size_t ScreenModel::extended_color(const ControlSequence& sequence, std::size_t at, Color& color) {
  std::size_t end = at + 1;
  while (end < sequence.count && sequence.belongs[end]) ++end;
  const bool colons = end > at + 1;
  const int kind = sequence.value(at + 1, -1);
  const auto part = [&](std::size_t index) {
    return static_cast<std::uint32_t>(std::clamp(sequence.value(index, 0), 0, 255));
  };
  if (kind == 5 && at + 2 < sequence.count && (!colons || end >= at + 3)) {
    color = indexed_color(part(at + 2));
    return colons ? end - 1 : at + 2;
  }
  if (kind == 2) {
    const std::size_t red = colons && end >= at + 6 ? at + 3 : at + 2;
    if (red + 2 < (colons ? end : sequence.count)) color = rgb_color(part(red), part(red + 1), part(red + 2));
    return colons ? end - 1 : at + 4;
  }
  return colons ? end - 1 : sequence.count;
}

}  // namespace berth::runner
