// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/screen_paint.hpp"

#include "runner/command_mark.hpp"

#include <algorithm>
#include <utility>

#include "protocol/character_width.hpp"

namespace berth::runner {
namespace {

constexpr std::string_view string_end = "\x1b\\";

void append_parameter(std::string& out, int number) { out.append(";").append(std::to_string(number)); }

void append_color(std::string& out, Color color, int first, int bright, int extended) {
  if (color == 0) return;
  const int number = static_cast<int>(color & 0xff);
  if (color & color_kind_rgb) {
    append_parameter(out, extended);
    append_parameter(out, 2);
    for (const int shift : {16, 8, 0}) append_parameter(out, static_cast<int>(color >> shift & 0xff));
  } else if (number < 8) {
    append_parameter(out, first + number);
  } else if (number < 16) {
    append_parameter(out, bright + number - 8);
  } else {
    append_parameter(out, extended);
    append_parameter(out, 5);
    append_parameter(out, number);
  }
}

/// Text from a program within a string of ours: without what could end it.
std::string without_controls(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
  return out;
}

/// Writes with styles, remembering which one the emulator has.
class Brush {
 public:
  Brush(std::string& out, const std::vector<std::string>& links) : out_(out), links_(links) {}

  void use(const Style& style) {
    if (style.link != style_.link) {
      out_ += "\x1b]8;";
      out_ += style.link == 0 ? ";" : without_controls(links_[style.link]);
      out_ += string_end;
    }
    const auto guarded = [](const Style& of) { return of.attributes & attribute::guarded; };
    if (guarded(style) != guarded(style_)) out_ += guarded(style) ? "\x1b[1\"q" : "\x1b[0\"q";
    auto before = style_;
    before.link = style.link;
    before.attributes =
        static_cast<std::uint16_t>((before.attributes & ~attribute::guarded) | guarded(style));
    if (before != style) rendition(style);
    style_ = style;
  }
  void text(const RowText& row) {
    std::size_t at = 0, mark = 0;
    const auto write = [&](std::size_t bytes, const Style& style) {
      for (const auto end = at + bytes; at < end;) {
        for (; mark < row.marks.size() && row.marks[mark].at <= at; ++mark) add_mark(row.marks[mark].what);
        const auto size = mark < row.marks.size() ? std::min(end, row.marks[mark].at) - at : end - at;
        use(style);
        out_.append(row.text, at, size);
        at += size;
      }
    };
    if (row.runs.empty()) write(row.text.size(), {});
    for (const auto& run : row.runs) write(run.bytes, run.style);
    for (; mark < row.marks.size(); ++mark) add_mark(row.marks[mark].what);
  }
  /// The rest of the row in its background.
  void fill(Color background) {
    use({0, background, 0, 0, 0});
    out_ += "\x1b[K";
  }

 private:
  void add_mark(const std::string& what) {
    out_.append("\x1b]133;").append(without_controls(aged_mark(what))).append(string_end);
  }
  void rendition(const Style& style) {
    out_ += "\x1b[";
    constexpr std::pair<std::uint16_t, int> simple[] = {
        {attribute::bold, 1},    {attribute::faint, 2},   {attribute::italic, 3}, {attribute::blink, 5},
        {attribute::reverse, 7}, {attribute::conceal, 8}, {attribute::strike, 9}, {attribute::overline, 53}};
    for (const auto& [bit, number] : simple)
      if (style.attributes & bit) append_parameter(out_, number);
    const int underline = (style.attributes & attribute::underline_mask) >> attribute::underline_shift;
    if (underline == 1) append_parameter(out_, 4);
    if (underline == 2) append_parameter(out_, 21);
    if (underline > 2) out_.append(";4:").append(std::to_string(underline));
    append_color(out_, style.foreground, 30, 90, 38);
    append_color(out_, style.background, 40, 100, 48);
    if (const auto color = style.underline; color & color_kind_rgb)
      out_.append(";58:2::")
          .append(std::to_string(color >> 16 & 0xff))
          .append(":")
          .append(std::to_string(color >> 8 & 0xff))
          .append(":")
          .append(std::to_string(color & 0xff));
    else if (color != 0)
      out_.append(";58:5:").append(std::to_string(color & 0xff));
    out_ += 'm';  // the empty parameter before the first one is the reset
  }

  std::string& out_;
  const std::vector<std::string>& links_;
  Style style_;
};

char32_t take_character(std::string_view& text) {
  const auto byte = static_cast<unsigned char>(text.front());
  const std::size_t size = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
  char32_t character = size == 1 ? byte : byte & (0xffu >> (size + 1));
  for (std::size_t i = 1; i < size && i < text.size(); ++i)
    character = character << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
  text.remove_prefix(std::min(size, text.size()));
  return character;
}

int columns_of(std::string_view text) {
  int columns = 0;
  while (!text.empty()) columns += protocol::character_width(take_character(text));
  return columns;
}

/// Whether the next row may follow without a new line: where the emulator wraps by itself and leaves the
/// first as it is, and (unless `exactly`) where the row is of another width and flows into this one.
bool flows(const RowText& row, const RowText& next, int columns, bool exactly) {
  if (!next.marks.empty() && next.marks.front().at == 0)
    return false;  // it would come to stand in the row before
  const int used = columns_of(row.text);
  if (used == columns) return true;
  if (used + 1 != columns) return !exactly;
  // A character of two columns leaves the last one, in its own colour.
  std::string_view text = next.text;
  return protocol::character_width(take_character(text)) == 2 &&
         row.fill == (next.runs.empty() ? 0 : next.runs.front().style.background);
}

/// Paints a row at the cursor and goes on to the next one. `goes_on`: it began where the row before wrapped.
/// Returns whether the next one does.
bool paint_row(std::string& out, Brush& brush, const RowText& row, const RowText* next, int columns,
               bool goes_on, bool exactly) {
  // Where it begins by wrapping, the emulator has filled it with the colour that it begins in.
  const bool filled = goes_on && !row.runs.empty() && row.runs.front().style.background != 0;
  // An emulator may take a row's marks away with what it erases, so they come after it.
  const bool only_filled = row.text.empty() && row.fill != 0;
  if (only_filled) brush.fill(row.fill);
  brush.text(row);
  const bool wraps = next && row.wrapped && !next->text.empty() && flows(row, *next, columns, exactly);
  if (wraps) return true;
  if ((row.fill != 0 && !only_filled) || (filled && columns_of(row.text) < columns)) brush.fill(row.fill);
  brush.use({});
  if (next) out += "\r\n";
  return false;
}

void append_charsets(std::string& out, const ScreenCharsets& charsets, const ScreenCharsets& before) {
  for (std::size_t i = 0; i < charsets.sets.size(); ++i)
    if (charsets.sets[i] != before.sets[i])
      out.append("\x1b").append(1, static_cast<char>('(' + i)).append(1, charsets.sets[i]);
  constexpr const char* shifts[] = {"\x0f", "\x0e", "\x1bn", "\x1bo"};
  if (charsets.used != before.used) out += shifts[charsets.used];
}

/// The parts of the state behind a screen's rows, in an order in which none undoes another.
class StatePainter {
 public:
  StatePainter(const ScreenModel& model, std::string& out, Brush& brush)
      : model_(model), out_(out), brush_(brush) {}

  void place(const ScreenCursor& cursor, const std::vector<ScreenRow>& rows, int first_row) {
    out_.append("\x1b[")
        .append(std::to_string(cursor.row - first_row + 1))
        .append(";")
        .append(std::to_string(cursor.column + 1))
        .append("H");
    if (!cursor.wrap_pending) return;
    // Only writing the last column again makes the wrap pending.
    const auto& row = rows[static_cast<std::size_t>(cursor.row)];
    const auto last = row.cells.size() - 1;
    const bool wide = last > 0 && row.cells[last].glyph == Cell::wide_tail;
    if (wide) out_ += "\x1b[D";
    ScreenRow end{
        {row.cells.begin() + static_cast<std::ptrdiff_t>(last - (wide ? 1 : 0)), row.cells.end()}, false, {}};
    RowText text;
    model_.read_row(end, text);
    if (text.text.empty()) {
      text = {};
      text.text = " ";
      text.runs = {{1, row.cells[last].style}};
    }
    brush_.text(text);
  }
  void saved_cursor(const SavedCursor& saved, const std::vector<ScreenRow>& rows, std::string_view save) {
    auto cursor = saved.cursor;
    cursor.row = std::min(cursor.row, model_.rows() - 1);
    cursor.column = std::min(cursor.column, model_.columns() - 1);
    if (saved.origin) out_ += "\x1b[?6h";
    place(cursor, rows, 0);
    append_charsets(out_, saved.charsets, {});
    brush_.use(saved.style);
    out_ += save;
    append_charsets(out_, {}, saved.charsets);
    if (saved.origin) out_ += "\x1b[?6l";
  }
  void alternate_screen() {
    saved_cursor(model_.main_saved(), model_.main_rows(), "\x1b[?1049h");
    RowText row;
    brush_.use({});
    out_ += "\x1b[2J";
    for (int number = 0; number < model_.rows(); ++number) {
      model_.read_row(model_.alternate_rows()[static_cast<std::size_t>(number)], row);
      row.wrapped = false;
      if (row.text.empty() && row.fill == 0 && row.marks.empty()) continue;
      out_.append("\x1b[").append(std::to_string(number + 1)).append(";1H");
      paint_row(out_, brush_, row, nullptr, model_.columns(), false, true);
    }
  }
  void rest() {
    const auto& saved = model_.alternate() ? model_.alternate_saved() : model_.main_saved();
    if (saved != SavedCursor{})
      saved_cursor(saved, model_.shown_rows(),
                   "\x1b"
                   "7");
    tab_stops();
    if (model_.region_top() != 0 || model_.region_bottom() != model_.rows())
      out_.append("\x1b[")
          .append(std::to_string(model_.region_top() + 1))
          .append(";")
          .append(std::to_string(model_.region_bottom()))
          .append("r");
    if (model_.modes().origin) out_ += "\x1b[?6h";
    place(model_.cursor(), model_.shown_rows(), model_.modes().origin ? model_.region_top() : 0);
    append_charsets(out_, model_.charsets(), {});
    brush_.use(model_.style());
    modes();
  }
  void keyboard(bool alternate) {
    for (const int flags : model_.keyboard_flags(alternate))
      out_.append("\x1b[>").append(std::to_string(flags)).append("u");
  }
  void names() {
    const auto command = [&](std::string_view number, std::string_view text) {
      out_.append("\x1b]").append(number).append(";").append(without_controls(text)).append(string_end);
    };
    for (const auto& [which, color] : model_.colors()) command(which, color);
    if (!model_.title().empty()) command("2", model_.title());
    if (!model_.directory().empty()) command("7", model_.directory());
  }

 private:
  void tab_stops() {
    const auto& stops = model_.tab_stops();
    bool usual = true;
    for (std::size_t column = 0; column < stops.size(); ++column)
      usual = usual && stops[column] == (column % 8 == 0);
    if (usual) return;
    out_ += "\x1b[3g";
    for (std::size_t column = 0; column < stops.size(); ++column)
      if (stops[column]) out_.append("\x1b[").append(std::to_string(column + 1)).append("G\x1bH");
  }
  void modes() {
    const auto& modes = model_.modes();
    const ScreenModes usual;
    const auto set = [&](int number, bool on) {
      out_.append("\x1b[?").append(std::to_string(number)).append(on ? "h" : "l");
    };
    if (modes.insert) out_ += "\x1b[4h";
    if (modes.newline) out_ += "\x1b[20h";
    if (modes.keypad) out_ += "\x1b=";
    for (const auto& known : screen_mode_numbers)
      if (known.number != 66 && modes.*known.mode != usual.*known.mode) set(known.number, modes.*known.mode);
    if (modes.mouse != 0) set(modes.mouse, true);
    if (modes.mouse_encoding != 0) set(modes.mouse_encoding, true);
    if (modes.cursor_shape != 0) out_.append("\x1b[").append(std::to_string(modes.cursor_shape)).append(" q");
    if (modes.modify_other_keys != 0)
      out_.append("\x1b[>4;").append(std::to_string(modes.modify_other_keys)).append("m");
  }

  const ScreenModel& model_;
  std::string& out_;
  Brush& brush_;
};

}  // namespace

ScreenPaint::ScreenPaint(const ScreenModel& model, std::size_t scrollback, bool within_sequence)
    : history_(model.history()), links_(model.links()), columns_(model.columns()) {
  rows_left_ = std::min(scrollback, history_.size());
  place_ = history_.place(history_.size() - rows_left_);
  Brush brush(rest_, links_);
  StatePainter state(model, rest_, brush);
  state.names();
  RowText row, next;
  model.read_row(model.main_rows().front(), row);
  // The last row of the history is painted with a look at the screen's first.
  next_ = row;
  if (rows_left_ > 0) {
    RowText last;
    auto at = history_.place(history_.size() - 1);
    history_.read(at, last);
    goes_on_ = last.wrapped && !row.text.empty() && flows(last, row, columns_, true);
  }
  bool goes_on = goes_on_;
  for (std::size_t number = 0; number < model.main_rows().size(); ++number) {
    const bool more = number + 1 < model.main_rows().size();
    if (more) model.read_row(model.main_rows()[number + 1], next);
    goes_on = paint_row(rest_, brush, row, more ? &next : nullptr, columns_, goes_on, true);
    std::swap(row, next);
  }
  state.keyboard(false);
  if (model.alternate()) {
    state.alternate_screen();
    state.keyboard(true);
  }
  state.rest();
  if (within_sequence) rest_ += model.opening();
  goes_on_ = false;
  if (rows_left_ > 0)
    history_.read(place_, row_);
  else
    ready_ = std::exchange(rest_, {});
}

void ScreenPaint::paint_history_row() {
  Brush brush(ready_, links_);
  const bool last = rows_left_ == 1;
  RowText following;
  if (last)
    following = next_;
  else
    history_.read(place_, following);
  // The screen's first row has to begin in the first column.
  if (last && !in_line_) row_.wrapped = false;
  goes_on_ = paint_row(ready_, brush, row_, &following, columns_, goes_on_, last);
  in_line_ = !goes_on_ || (in_line_ && flows(row_, following, columns_, true));
  brush.use({});
  row_ = std::move(following);
  if (--rows_left_ == 0) {
    ready_ += rest_;
    rest_ = {};
  }
}

std::string ScreenPaint::take(std::size_t limit) {
  if (taken_ == ready_.size()) {
    ready_.clear();
    taken_ = 0;
  }
  while (ready_.size() - taken_ < limit && rows_left_ > 0) paint_history_row();
  auto piece = ready_.substr(taken_, limit);
  taken_ += piece.size();
  return piece;
}

std::string screen_repaint(const ScreenModel& model, std::size_t scrollback) {
  ScreenPaint paint(model, scrollback, model.incomplete() == 0);
  std::string bytes;
  while (!paint.done()) bytes += paint.take(64u << 10);
  return bytes;
}

}  // namespace berth::runner
