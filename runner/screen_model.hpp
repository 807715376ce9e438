// SPDX-License-Identifier: GPL-3.0-or-later
// A terminal's screen as a terminal emulator would show it: both screens, history, cursor, modes. Fed with a
// program's output in any chunks; no I/O. What the sequences do is in screen_sequences.cpp, how rows flow
// when the size changes in screen_resize.cpp. Behaves as xterm where xterm.js and QTermWidget, the clients'
// emulators, do.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runner/escape_parser.hpp"
#include "runner/screen_cells.hpp"
#include "runner/screen_history.hpp"

namespace berth::runner {

struct ScreenCursor {
  int row = 0, column = 0;    // from 0, of the screen
  bool wrap_pending = false;  // the last column was written: the next character goes to the next row
  bool operator==(const ScreenCursor&) const = default;
};

/// The sets that ESC ( and its kin choose: 'B' ASCII, '0' line drawing, 'A' British; others are as ASCII.
struct ScreenCharsets {
  std::array<char, 4> sets{'B', 'B', 'B', 'B'};
  int used = 0;
  bool operator==(const ScreenCharsets&) const = default;
};

/// What ESC 7 keeps.
struct SavedCursor {
  ScreenCursor cursor;
  Style style;
  ScreenCharsets charsets;
  bool origin = false;
  bool operator==(const SavedCursor&) const = default;
};

/// What programs switch on and off; as constructed: after a reset.
struct ScreenModes {
  bool cursor_keys = false, keypad = false, reverse_screen = false, origin = false, autowrap = true;
  bool cursor_blink = false, cursor_visible = true, reverse_wrap = false, insert = false, newline = false;
  bool focus_events = false, alternate_scroll = false, bracketed_paste = false, color_scheme_events = false;
  bool size_events = false;
  int mouse = 0;           // 9, 1000, 1002, 1003
  int mouse_encoding = 0;  // 1005, 1006, 1015, 1016
  int cursor_shape = 0;    // DECSCUSR's number
  int modify_other_keys = 0;
  bool operator==(const ScreenModes&) const = default;
};

/// A mode of DECSET (`CSI ? number h`) that is on or off.
struct ScreenModeNumber {
  int number;
  bool ScreenModes::* mode;
};
extern const std::array<ScreenModeNumber, 12> screen_mode_numbers;

class ScreenModel : private EscapeEvents {
 public:
  static constexpr std::size_t usual_scrollback = 10'000, most_scrollback = 100'000;
  static constexpr int most_side = 1000;
  /// Sizes of 1..most_side.
  ScreenModel(int columns, int rows, std::size_t scrollback = usual_scrollback);
  ScreenModel(const ScreenModel&) = delete;
  ScreenModel& operator=(const ScreenModel&) = delete;

  void feed(std::string_view bytes);
  /// At least the first byte, at most what takes some milliseconds. Returns how many bytes were taken.
  std::size_t feed_some(std::string_view bytes);
  void resize(int columns, int rows);

  int columns() const { return columns_; }
  int rows() const { return rows_; }
  bool alternate() const { return alternate_active_; }
  /// Of the main screen, also while the other one is shown.
  const std::vector<ScreenRow>& main_rows() const { return main_; }
  const std::vector<ScreenRow>& alternate_rows() const { return alternate_; }
  const std::vector<ScreenRow>& shown_rows() const { return alternate_active_ ? alternate_ : main_; }
  const ScreenHistory& history() const { return history_; }
  const ScreenCursor& cursor() const { return cursor_; }
  const Style& style() const { return style_; }
  const ScreenModes& modes() const { return modes_; }
  const ScreenCharsets& charsets() const { return charsets_; }
  const SavedCursor& main_saved() const { return main_saved_; }
  const SavedCursor& alternate_saved() const { return alternate_saved_; }
  int region_top() const { return top_; }
  int region_bottom() const { return bottom_; }  // the row after the last one
  const std::vector<bool>& tab_stops() const { return tabs_; }
  const std::string& title() const { return title_; }
  const std::string& directory() const { return directory_; }  // as OSC 7 had it
  /// "4;number" or "10", "11", "12" → the colour that a program set.
  const std::map<std::string, std::string>& colors() const { return colors_; }
  /// kitty's, the newest last.
  const std::vector<int>& keyboard_flags(bool alternate) const { return keyboard_flags_[alternate]; }
  const std::vector<std::string>& links() const { return links_; }  // "parameters;URI"; 0 is none
  /// The row as text. `row` keeps its memory.
  void read_row(const ScreenRow& screen_row, RowText& row) const;
  /// See EscapeParser.
  std::uint64_t incomplete() const { return parser_.incomplete(); }
  std::string opening() const { return parser_.opening(); }

 private:
  // EscapeEvents
  void on_ascii(std::string_view printable) override;
  void on_character(char32_t character) override;
  void on_control(char control) override;
  void on_escape(char intermediate, char final) override;
  void on_sequence(const ControlSequence& sequence) override;
  void on_system_command(std::string_view text) override;

  std::vector<ScreenRow>& active() { return alternate_active_ ? alternate_ : main_; }
  ScreenRow& current_row() { return active()[static_cast<std::size_t>(cursor_.row)]; }
  ScreenRow blank_row() const;
  Cell blank_cell() const { return {Cell::blank, {0, style_.background, 0, 0, 0}}; }

  // Writing
  int put(std::uint32_t glyph, int width, int times = 1);
  void join(char32_t character);
  void wrap_if_pending();
  void make_room(int columns);
  std::uint32_t translated(char character);
  std::uint32_t cluster_number(std::string text);
  void collect_clusters();
  std::size_t skim(std::string_view bytes);

  // Moving
  void move_to(int row, int column);
  void move_by(int rows, int columns);
  void line_feed();
  void reverse_line_feed();
  void tab(int times);
  void back_tab(int times);
  void save_cursor();
  void restore_cursor();

  // Changing rows
  void scroll_up(int top, int times, bool keep);
  void scroll_down(int top, int times);
  void erase(int row, int from, int to, bool spare_guarded = false);
  void erase_rows(int from, int to, bool spare_guarded = false);
  void erase_in_display(int what, bool spare_guarded);
  void erase_in_line(int what, bool spare_guarded);
  void insert_cells(int times);
  void delete_cells(int times);
  void shift_columns(const ControlSequence& sequence);
  void mend_halves(ScreenRow& row, int from, int to);
  void keep_row(const ScreenRow& row);

  // Sequences
  void private_sequence(const ControlSequence& sequence);
  void other_prefix_sequence(const ControlSequence& sequence);
  void with_intermediate(const ControlSequence& sequence);
  void cursor_sequence(const ControlSequence& sequence);
  void set_region(const ControlSequence& sequence);
  void set_mode(int number, bool on);
  void set_private_mode(int number, bool on);
  void show_alternate(bool on);
  void set_rendition(const ControlSequence& sequence);
  std::size_t extended_color(const ControlSequence& sequence, std::size_t at, Color& color);
  void repeat_last(int times);
  void fill_with_e();
  void reset();
  void soft_reset();
  void set_colors(std::string_view text);
  void open_link(std::string_view text);
  void add_mark(std::string_view what);
  void keyboard_sequence(const ControlSequence& sequence);

  // Resizing
  void reflow(int columns, int rows, ScreenCursor& place);
  void fit_rows(int rows, ScreenCursor& place);
  std::vector<ScreenRow> line_taken_back(std::size_t width);
  ScreenRow unpacked(const RowText& text);

  int columns_, rows_;
  EscapeParser parser_;
  std::vector<ScreenRow> main_, alternate_;  // the alternate one only while it is shown
  bool alternate_active_ = false;
  ScreenHistory history_;
  int stale_rows_ = 0;  // that leave the screen next and are in the history already
  ScreenCursor cursor_;
  SavedCursor main_saved_, alternate_saved_;
  Style style_;
  ScreenModes modes_;
  ScreenCharsets charsets_;
  int single_shift_ = 0;
  int top_ = 0, bottom_ = 0;
  std::vector<bool> tabs_;
  std::uint32_t last_glyph_ = 0;
  int last_width_ = 0;
  std::string title_, directory_;
  std::map<std::string, std::string> colors_;
  std::array<std::vector<int>, 2> keyboard_flags_;
  std::vector<std::string> clusters_;
  std::unordered_map<std::string, std::uint32_t> cluster_numbers_;
  std::size_t next_collection_ = 4096;
  bool resizing_ = false;  // cells are not all in the screens: no collection
  std::vector<std::string> links_{std::string()};
  std::unordered_map<std::string, std::uint16_t> link_numbers_;
  std::size_t link_bytes_ = 0;
  RowText packing_;
};

}  // namespace berth::runner
