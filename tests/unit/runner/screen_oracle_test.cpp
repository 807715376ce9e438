// SPDX-License-Identifier: GPL-3.0-or-later
// An independent emulator as witness: on output that libvterm bears and means the same by, the cells are the
// same.
#include <gtest/gtest.h>
#include <vterm.h>

#include <memory>

#include "runner/screen_model.hpp"
#include "screen_noise.hpp"

namespace berth::runner {
namespace {

class Witness {
 public:
  Witness(int columns, int rows) : terminal_(vterm_new(rows, columns), vterm_free) {
    vterm_set_utf8(terminal_.get(), 1);
    screen_ = vterm_obtain_screen(terminal_.get());
    vterm_screen_enable_altscreen(screen_, 1);
    vterm_screen_reset(screen_, 1);
  }
  void feed(std::string_view bytes) { vterm_input_write(terminal_.get(), bytes.data(), bytes.size()); }
  std::string cell(int row, int column) const {
    VTermScreenCell cell{};
    vterm_screen_get_cell(screen_, {row, column}, &cell);
    if (cell.chars[0] == static_cast<std::uint32_t>(-1)) return "tail";
    std::string out = std::to_string(cell.chars[0]);
    for (int i = 1; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[0] != 0 && cell.chars[i]; ++i) out += "+";
    const auto color = [](const VTermColor& of, bool is_default) -> Color {
      if (is_default) return 0;
      if (VTERM_COLOR_IS_INDEXED(&of)) return indexed_color(of.indexed.idx);
      return rgb_color(of.rgb.red, of.rgb.green, of.rgb.blue);
    };
    if (cell.chars[0] == 0)
      return "blank " + std::to_string(color(cell.bg, VTERM_COLOR_IS_DEFAULT_BG(&cell.bg)));
    out += " " + std::to_string(color(cell.fg, VTERM_COLOR_IS_DEFAULT_FG(&cell.fg))) + " " +
           std::to_string(color(cell.bg, VTERM_COLOR_IS_DEFAULT_BG(&cell.bg)));
    for (const unsigned bit :
         {unsigned(cell.attrs.bold), unsigned(cell.attrs.italic), unsigned(cell.attrs.blink),
          unsigned(cell.attrs.reverse), unsigned(cell.attrs.strike), unsigned(cell.attrs.conceal),
          unsigned(cell.attrs.underline)})
      out += " " + std::to_string(bit);
    return out;
  }
  std::pair<int, int> cursor() const {
    VTermPos at{};
    vterm_state_get_cursorpos(vterm_obtain_state(terminal_.get()), &at);
    return {at.row, at.col};
  }

 private:
  std::unique_ptr<VTerm, void (*)(VTerm*)> terminal_;
  VTermScreen* screen_;
};

std::string cell_of(const ScreenModel& model, int row, int column) {
  const auto& cell =
      model.shown_rows()[static_cast<std::size_t>(row)].cells[static_cast<std::size_t>(column)];
  if (cell.glyph == Cell::wide_tail) return "tail";
  RowText text;
  model.read_row({{cell}, false, {}}, text);
  if (cell.glyph == Cell::blank) return "blank " + std::to_string(cell.style.background);
  std::string out = std::to_string(cell.glyph);
  if (cell.is_cluster()) out = text.text == "e\u0301" ? "101+" : "cluster";
  const auto& style = cell.style;
  out += " " + std::to_string(style.foreground) + " " + std::to_string(style.background);
  for (const int bit : {attribute::bold, attribute::italic, attribute::blink, attribute::reverse,
                        attribute::strike, attribute::conceal})
    out += std::string(" ") + ((style.attributes & bit) != 0 ? "1" : "0");
  return out + " " +
         std::to_string((style.attributes & attribute::underline_mask) >> attribute::underline_shift);
}

/// Output whose meaning both share: each change of place or rows begins where no wrap is pending.
std::string shared_noise(test::ScreenNoise& noise, int columns, int rows, bool alternate) {
  const auto place = [&] {
    return "\x1b[" + std::to_string(noise.number(1, rows)) + ";" +
           std::to_string(noise.number(1, columns - 1)) + "H";
  };
  switch (noise.number(0, 7)) {
    case 0:
      return place() + noise.pick({"a", "word", "some more words", "e\u0301", "\u00e9\u2500"});
    case 1:
      return "text that goes on over the edge of the screen\r\n";
    case 2:
      return place() + noise.sequence(noise.pick({"P", "@", "X", "K", "J"}), 1, 2);
    case 3:
      return place() + noise.sequence(noise.pick({"S", "T"}), 1, 3);
    case 4:
      return "\x1b[" +
             noise.pick({"0",  "1",  "3",  "4",  "5",  "7",  "8",  "9",   "21",       "22",         "23",
                         "24", "27", "31", "42", "39", "49", "97", "103", "38;5;200", "48;2;1;2;3", "4:3"}) +
             "m";
    case 5:
      return place() + "\x1b[1L\r" + place() + "\x1b[2M\r";
    case 6:
      return place() + noise.pick({"\t", "\x1b[3C", "\x1b[2D", "\r\n", "\x1bM", "\b"});
    default:
      return (alternate ? "\x1b[?1049l" : "\x1b[?1049h") + place();
  }
}

TEST(ScreenOracle, CellsAreThoseOfAnotherEmulator) {
  constexpr int columns = 20, rows = 8;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    test::ScreenNoise noise(seed);
    ScreenModel model(columns, rows);
    Witness witness(columns, rows);
    std::string all;
    for (int step = 0; step < 60; ++step) {
      const auto more = shared_noise(noise, columns, rows, model.alternate());
      all += more;
      model.feed(more);
      witness.feed(more);
      for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column)
          ASSERT_EQ(cell_of(model, row, column), witness.cell(row, column))
              << "seed " << seed << " step " << step << " at " << row << "," << column << "\n"
              << testing::PrintToString(all);
    }
  }
}

}  // namespace
}  // namespace berth::runner
