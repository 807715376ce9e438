// SPDX-License-Identifier: GPL-3.0-or-later
// What a terminal's screen is made of: colours, styles, cells, rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace berth::runner {

/// 0 is the viewer's default colour.
using Color = std::uint32_t;
inline constexpr Color color_kind_indexed = 1u << 24, color_kind_rgb = 2u << 24;
constexpr Color indexed_color(std::uint32_t number) { return color_kind_indexed | (number & 0xff); }
constexpr Color rgb_color(std::uint32_t red, std::uint32_t green, std::uint32_t blue) {
  return color_kind_rgb | (red & 0xff) << 16 | (green & 0xff) << 8 | (blue & 0xff);
}

namespace attribute {
inline constexpr std::uint16_t bold = 1, faint = 2, italic = 4, blink = 8, reverse = 16, conceal = 32,
                               strike = 64, overline = 128,
                               guarded = 256;  // DECSCA: a selective erase leaves it
inline constexpr int underline_shift =
    9;  // three bits: 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed
inline constexpr std::uint16_t underline_mask = 7u << underline_shift;
}  // namespace attribute

struct Style {
  Color foreground = 0, background = 0, underline = 0;
  std::uint16_t attributes = 0;
  std::uint16_t link = 0;  // of the model's links; 0: none
  bool operator==(const Style&) const = default;
};

/// One column. Of a character of two columns the first has it and the second is a `wide_tail`.
struct Cell {
  static constexpr std::uint32_t blank = 0 /* its style is a background only */, wide_tail = ~0u,
                                 cluster_bit = 1u << 31;
  std::uint32_t glyph = blank;  // a code point; with cluster_bit a number of the model's clusters
  Style style;
  bool is_cluster() const { return glyph != wide_tail && (glyph & cluster_bit) != 0; }
  bool operator==(const Cell&) const = default;
};

/// A shell's mark (OSC 133) at a column: what stands after "133;".
struct ScreenMark {
  int column;
  std::string what;
  bool operator==(const ScreenMark&) const = default;
};

struct ScreenRow {
  std::vector<Cell> cells;  // as many as the screen has columns
  bool wrapped = false;     // its text goes on in the next row
  std::vector<ScreenMark> marks;
};

/// A row as text: what is kept in the history and painted.
struct RowText {
  struct Run {
    std::size_t bytes;  // of `text`
    Style style;
  };
  struct Mark {
    std::size_t at;  // before this byte of `text`
    std::string what;
  };
  std::string text;       // UTF-8, without what is blank at its end
  std::vector<Run> runs;  // cover `text`; none: all of it in the default style
  Color fill = 0;         // background of the rest of the row
  bool wrapped = false;
  std::vector<Mark> marks;
  void clear() {
    text.clear();
    runs.clear();
    fill = 0;
    wrapped = false;
    marks.clear();
  }
};

}  // namespace berth::runner
