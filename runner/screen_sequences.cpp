// SPDX-License-Identifier: GPL-3.0-or-later
// What controls and escape sequences do to the screen. Meanings: ECMA-48, and "XTerm Control Sequences"
// (invisible-island.net/xterm/ctlseqs). Questions to the terminal are the viewers' to answer.
#include <algorithm>
#include <charconv>

#include "runner/command_mark.hpp"
#include "runner/screen_model.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t longest_screen_title = 1024, longest_directory = 4096, longest_color = 64,
                      longest_link = 4096;
constexpr std::size_t most_links = 65'535, most_link_bytes = 4u << 20;
constexpr std::size_t most_marks = 16, longest_mark = 256, most_keyboard_flags = 16;

std::uint32_t small_number(std::string_view text, std::uint32_t otherwise) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
}

std::string_view up_to(std::string_view& text, char mark) {
  const auto at = std::min(text.find(mark), text.size());
  const auto part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

}  // namespace

const std::array<ScreenModeNumber, 12> screen_mode_numbers{{{1, &ScreenModes::cursor_keys},
                                                            {5, &ScreenModes::reverse_screen},
                                                            {7, &ScreenModes::autowrap},
                                                            {12, &ScreenModes::cursor_blink},
                                                            {25, &ScreenModes::cursor_visible},
                                                            {45, &ScreenModes::reverse_wrap},
                                                            {66, &ScreenModes::keypad},
                                                            {1004, &ScreenModes::focus_events},
                                                            {1007, &ScreenModes::alternate_scroll},
                                                            {2004, &ScreenModes::bracketed_paste},
                                                            {2031, &ScreenModes::color_scheme_events},
                                                            {2048, &ScreenModes::size_events}}};

void ScreenModel::on_control(char control) {
  switch (control) {
    case '\b':
      if (cursor_.column == 0 && modes_.reverse_wrap && cursor_.row > top_ &&
          active()[static_cast<std::size_t>(cursor_.row - 1)].wrapped) {
        --cursor_.row;
        cursor_.column = columns_ - 1;
        current_row().wrapped = false;
      } else {
        move_by(0, -1);
      }
      break;
    case '\t':
      tab(1);
      break;
    case '\n':
    case '\v':
    case '\f':
      line_feed();
      if (modes_.newline) cursor_.column = 0;
      break;
    case '\r':
      cursor_.column = 0;
      cursor_.wrap_pending = false;
      break;
    case 0x0e:
      charsets_.used = 1;
      break;
    case 0x0f:
      charsets_.used = 0;
      break;
    default:
      break;
  }
}

void ScreenModel::on_escape(char intermediate, char final) {
  if (intermediate >= '(' && intermediate <= '+') {
    charsets_.sets[static_cast<std::size_t>(intermediate - '(')] = final;
    return;
  }
  if (intermediate == '#' && final == '8') return fill_with_e();
  if (intermediate != 0) return;
  switch (final) {
    case '7':
      return save_cursor();
    case '8':
      return restore_cursor();
    case '=':
      modes_.keypad = true;
      break;
    case '>':
      modes_.keypad = false;
      break;
    case 'D':
      return line_feed();
    case 'E':
      line_feed();
      cursor_.column = 0;
      break;
    case 'H':
      tabs_[static_cast<std::size_t>(cursor_.column)] = true;
      break;
    case 'M':
      return reverse_line_feed();
    case 'N':
      single_shift_ = 2;
      break;
    case 'O':
      single_shift_ = 3;
      break;
    case 'n':
      charsets_.used = 2;
      break;
    case 'o':
      charsets_.used = 3;
      break;
    case 'c':
      return reset();
    default:
      break;
  }
}

void ScreenModel::on_sequence(const ControlSequence& sequence) {
  if (sequence.intermediate != 0) return with_intermediate(sequence);
  if (sequence.prefix == '?') return private_sequence(sequence);
  if (sequence.prefix != 0) return other_prefix_sequence(sequence);
  const int times = sequence.times();
  switch (sequence.final) {
    case '@':
      cursor_.wrap_pending = false;
      return insert_cells(times);
    case 'J':
      return erase_in_display(sequence.value(0, 0), false);
    case 'K':
      return erase_in_line(sequence.value(0, 0), false);
    case 'L':
    case 'M':
      if (cursor_.row < top_ || cursor_.row >= bottom_) return;
      cursor_.column = 0;
      cursor_.wrap_pending = false;
      return sequence.final == 'L' ? scroll_down(cursor_.row, times) : scroll_up(cursor_.row, times, false);
    case 'P':
      cursor_.wrap_pending = false;
      return delete_cells(times);
    case 'S':
      return scroll_up(top_, times, true);
    case 'T':
      // With more parameters it is about highlighting by the mouse.
      if (sequence.count <= 1) scroll_down(top_, times);
      return;
    case 'X':
      cursor_.wrap_pending = false;
      return erase(cursor_.row, cursor_.column, std::min(columns_, cursor_.column + times));
    case 'b':
      return repeat_last(times);
    case 'g':
      if (sequence.value(0, 0) == 0) tabs_[static_cast<std::size_t>(cursor_.column)] = false;
      if (sequence.value(0, 0) == 3) tabs_.assign(tabs_.size(), false);
      return;
    case 'h':
    case 'l':
      for (std::size_t i = 0; i < sequence.count; ++i) set_mode(sequence.values[i], sequence.final == 'h');
      return;
    case 'm':
      return set_rendition(sequence);
    case 'r':
      return set_region(sequence);
    case 's':
      return save_cursor();
    case 'u':
      return restore_cursor();
    default:
      return cursor_sequence(sequence);
  }
}

void ScreenModel::cursor_sequence(const ControlSequence& sequence) {
  const int times = sequence.times();
  switch (sequence.final) {
    case 'A':
    case 'k':
      return move_by(-times, 0);
    case 'B':
    case 'e':
      return move_by(times, 0);
    case 'C':
    case 'a':
      return move_by(0, times);
    case 'D':
    case 'j':
      return move_by(0, -times);
    case 'E':
      move_by(times, 0);
      cursor_.column = 0;
      return;
    case 'F':
      move_by(-times, 0);
      cursor_.column = 0;
      return;
    case 'G':
    case '`':
      cursor_.column = std::min(times, columns_) - 1;
      cursor_.wrap_pending = false;
      return;
    case 'H':
    case 'f':
      return move_to(times - 1, sequence.times(1) - 1);
    case 'I':
      return tab(std::min(times, columns_));
    case 'Z':
      return back_tab(std::min(times, columns_));
    case 'd':
      return move_to(times - 1, cursor_.column);
    default:
      return;
  }
}

void ScreenModel::private_sequence(const ControlSequence& sequence) {
  switch (sequence.final) {
    case 'h':
    case 'l':
      for (std::size_t i = 0; i < sequence.count; ++i)
        set_private_mode(sequence.values[i], sequence.final == 'h');
      return;
    case 'J':
      return erase_in_display(sequence.value(0, 0), true);
    case 'K':
      return erase_in_line(sequence.value(0, 0), true);
    default:
      return;
  }
}

void ScreenModel::other_prefix_sequence(const ControlSequence& sequence) {
  if (sequence.final == 'u') return keyboard_sequence(sequence);
  if (sequence.prefix != '>' || sequence.value(0, 4) != 4) return;
  if (sequence.final == 'm') modes_.modify_other_keys = std::clamp(sequence.value(1, 0), 0, 2);
  if (sequence.final == 'n') modes_.modify_other_keys = 0;
}

/// kitty's keyboard protocol: what the terminal's keys are sent as, on a stack of each screen.
void ScreenModel::keyboard_sequence(const ControlSequence& sequence) {
  auto& stack = keyboard_flags_[alternate_active_];
  if (sequence.prefix == '>') {
    if (stack.size() == most_keyboard_flags) stack.erase(stack.begin());
    stack.push_back(sequence.value(0, 0));
  } else if (sequence.prefix == '<') {
    stack.resize(stack.size() - std::min(stack.size(), static_cast<std::size_t>(sequence.times())));
  } else if (sequence.prefix == '=') {
    if (stack.empty()) stack.push_back(0);
    const int flags = sequence.value(0, 0), how = sequence.value(1, 1);
    if (how == 1) stack.back() = flags;
    if (how == 2) stack.back() |= flags;
    if (how == 3) stack.back() &= ~flags;
  }
}

void ScreenModel::with_intermediate(const ControlSequence& sequence) {
  if (sequence.prefix != 0) return;
  if (sequence.intermediate == ' ' && sequence.final == 'q')
    modes_.cursor_shape = std::min(sequence.value(0, 0), 6);
  else if (sequence.intermediate == '!' && sequence.final == 'p')
    soft_reset();
  else if (sequence.intermediate == '"' && sequence.final == 'q')
    style_.attributes = static_cast<std::uint16_t>((style_.attributes & ~attribute::guarded) |
                                                   (sequence.value(0, 0) == 1 ? attribute::guarded : 0));
  else
    shift_columns(sequence);
}

/// SL, SR, DECIC, DECDC: all rows of the region move sideways.
void ScreenModel::shift_columns(const ControlSequence& sequence) {
  const bool sideways = sequence.intermediate == ' ' && (sequence.final == '@' || sequence.final == 'A');
  const bool here = sequence.intermediate == '\'' && (sequence.final == '}' || sequence.final == '~');
  if (!sideways && !here) return;
  if (cursor_.row < top_ || cursor_.row >= bottom_) return;
  const auto kept = cursor_;
  for (int row = top_; row < bottom_; ++row) {
    cursor_ = {row, here ? kept.column : 0, false};
    if (sequence.final == '@' || sequence.final == '~')
      delete_cells(sequence.times());
    else
      insert_cells(sequence.times());
  }
  cursor_ = {kept.row, kept.column, false};
}

void ScreenModel::erase_in_display(int what, bool spare_guarded) {
  cursor_.wrap_pending = false;
  switch (what) {
    case 0:
      erase(cursor_.row, cursor_.column, columns_, spare_guarded);
      return erase_rows(cursor_.row + 1, rows_, spare_guarded);
    case 1:
      erase_rows(0, cursor_.row, spare_guarded);
      return erase(cursor_.row, 0, cursor_.column + 1, spare_guarded);
    case 2:
      return erase_rows(0, rows_, spare_guarded);
    case 3:
      return history_.clear();
    default:
      return;
  }
}

void ScreenModel::erase_in_line(int what, bool spare_guarded) {
  cursor_.wrap_pending = false;
  if (what < 0 || what > 2) return;
  erase(cursor_.row, what == 0 ? cursor_.column : 0, what == 1 ? cursor_.column + 1 : columns_,
        spare_guarded);
}

void ScreenModel::set_region(const ControlSequence& sequence) {
  const int top = sequence.times(0) - 1;
  const int bottom = sequence.value(1, 0) == 0 ? rows_ : std::min(sequence.value(1, 0), rows_);
  if (top >= bottom - 1 && !(top == 0 && bottom == rows_)) return;  // two rows are the least
  top_ = top;
  bottom_ = bottom;
  move_to(0, 0);
}

void ScreenModel::set_mode(int number, bool on) {
  if (number == 4) modes_.insert = on;
  if (number == 20) modes_.newline = on;
}

void ScreenModel::set_private_mode(int number, bool on) {
  for (const auto& known : screen_mode_numbers)
    if (known.number == number) modes_.*known.mode = on;
  switch (number) {
    case 6:
      modes_.origin = on;
      move_to(0, 0);
      break;
    case 9:
    case 1000:
    case 1002:
    case 1003:
      modes_.mouse = on ? number : 0;
      break;
    case 1005:
    case 1006:
    case 1015:
    case 1016:
      modes_.mouse_encoding = on ? number : 0;
      break;
    case 1048:
      if (on)
        save_cursor();
      else
        restore_cursor();
      break;
    case 1049:
      if (on) save_cursor();
      show_alternate(on);
      if (!on) restore_cursor();
      break;
    case 47:
    case 1047:
      show_alternate(on);
      break;
    default:
      break;
  }
}

void ScreenModel::show_alternate(bool on) {
  if (alternate_active_ == on) return;
  alternate_active_ = on;
  alternate_saved_ = {};
  keyboard_flags_[1].clear();
  if (on)
    alternate_.assign(static_cast<std::size_t>(rows_), blank_row());
  else
    alternate_ = {};
}

void ScreenModel::save_cursor() {
  (alternate_active_ ? alternate_saved_ : main_saved_) = {cursor_, style_, charsets_, modes_.origin};
}

void ScreenModel::restore_cursor() {
  const auto& saved = alternate_active_ ? alternate_saved_ : main_saved_;
  cursor_ = saved.cursor;
  cursor_.row = std::min(cursor_.row, rows_ - 1);
  cursor_.column = std::min(cursor_.column, columns_ - 1);
  cursor_.wrap_pending = cursor_.wrap_pending && cursor_.column == columns_ - 1;
  style_ = saved.style;
  charsets_ = saved.charsets;
  modes_.origin = saved.origin;
  if (modes_.origin) cursor_.row = std::clamp(cursor_.row, top_, bottom_ - 1);
}

void ScreenModel::repeat_last(int times) {
  if (last_width_ == 0) return;
  // Without wrapping each further one is put over the last.
  for (times = std::min(times, modes_.autowrap ? columns_ * rows_ : columns_ - cursor_.column); times > 0;)
    times -= put(last_glyph_, last_width_, times);
}

void ScreenModel::fill_with_e() {
  top_ = 0;
  bottom_ = rows_;
  cursor_ = {};
  for (auto& row : active()) {
    std::ranges::fill(row.cells, Cell{'E', {}});
    row.wrapped = false;
  }
}

void ScreenModel::soft_reset() {
  const auto kept = modes_;
  modes_ = {};
  modes_.mouse = kept.mouse;
  modes_.mouse_encoding = kept.mouse_encoding;
  modes_.bracketed_paste = kept.bracketed_paste;
  modes_.focus_events = kept.focus_events;
  modes_.reverse_screen = kept.reverse_screen;
  modes_.cursor_shape = kept.cursor_shape;
  charsets_ = {};
  single_shift_ = 0;
  style_ = {};
  top_ = 0;
  bottom_ = rows_;
  (alternate_active_ ? alternate_saved_ : main_saved_) = {};
}

void ScreenModel::reset() {
  alternate_active_ = false;
  alternate_ = {};
  history_.clear();
  cursor_ = {};
  main_saved_ = alternate_saved_ = {};
  style_ = {};
  modes_ = {};
  charsets_ = {};
  single_shift_ = 0;
  top_ = 0;
  bottom_ = rows_;
  last_width_ = 0;
  keyboard_flags_ = {};
  colors_.clear();
  main_.assign(static_cast<std::size_t>(rows_), blank_row());
  for (std::size_t column = 0; column < tabs_.size(); ++column) tabs_[column] = column % 8 == 0;
}

// ---- system commands

void ScreenModel::on_system_command(std::string_view text) {
  const auto number = small_number(up_to(text, ';'), ~0u);
  switch (number) {
    case 0:
    case 2:
      title_ = text.substr(0, longest_screen_title);
      break;
    case 4:
      set_colors(text);
      break;
    case 7:
      if (text.size() <= longest_directory) directory_ = text;
      break;
    case 8:
      open_link(text);
      break;
    case 10:
    case 11:
    case 12:
      if (text != "?" && !text.empty() && text.size() <= longest_color)
        colors_[std::to_string(number)] = text;
      break;
    case 104:
      if (text.empty())
        std::erase_if(colors_, [](const auto& entry) { return entry.first.starts_with("4;"); });
      while (!text.empty()) colors_.erase("4;" + std::to_string(small_number(up_to(text, ';'), 256)));
      break;
    case 110:
      colors_.erase("10");
      break;
    case 111:
      colors_.erase("11");
      break;
    case 112:
      colors_.erase("12");
      break;
    case 133:
      add_mark(text);
      break;
    default:
      break;
  }
}

void ScreenModel::set_colors(std::string_view text) {
  while (!text.empty()) {
    const auto number = small_number(up_to(text, ';'), 256);
    const auto color = up_to(text, ';');
    if (number < 256 && color != "?" && !color.empty() && color.size() <= longest_color)
      colors_["4;" + std::to_string(number)] = color;
  }
}

void ScreenModel::open_link(std::string_view text) {
  style_.link = 0;
  const auto semicolon = text.find(';');
  if (semicolon == text.npos || semicolon + 1 == text.size() || text.size() > longest_link) return;
  std::string link(text);
  if (const auto found = link_numbers_.find(link); found != link_numbers_.end()) {
    style_.link = found->second;
    return;
  }
  if (links_.size() >= most_links || link_bytes_ + link.size() > most_link_bytes) return;
  link_bytes_ += link.size();
  style_.link = static_cast<std::uint16_t>(links_.size());
  links_.push_back(link);
  link_numbers_.emplace(std::move(link), style_.link);
}

void ScreenModel::add_mark(std::string_view what) {
  auto& marks = current_row().marks;
  if (what.empty() || what.size() > longest_mark) return;
  // Of a prompt that is drawn anew on its line.
  const auto same = timeless_mark(what);
  std::erase_if(marks, [&](const ScreenMark& mark) { return timeless_mark(mark.what) == same; });
  if (marks.size() >= most_marks) return;
  marks.push_back({cursor_.wrap_pending ? columns_ : cursor_.column, timed_mark(what)});
}

}  // namespace berth::runner
