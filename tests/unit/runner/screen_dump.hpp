// SPDX-License-Identifier: GPL-3.0-or-later
// A screen as text, with everything that a viewer could see or that changes what comes next: two screens are
// the same when their texts are.
#pragma once

#include <sstream>
#include <string>

#include "runner/command_mark.hpp"
#include "runner/screen_model.hpp"

namespace berth::test {

struct DumpWants {
  bool history = true, main_under_alternate = true, marks = true;
};

class ScreenDump {
 public:
  explicit ScreenDump(const runner::ScreenModel& model, DumpWants wants = {}) : model_(model) {
    out_ << "size " << model.columns() << "x" << model.rows() << "\n";
    if (wants.history) history();
    if (wants.main_under_alternate || !model.alternate()) rows("main", model.main_rows(), wants.marks);
    if (model.alternate()) rows("alternate", model.alternate_rows(), wants.marks);
    state();
  }
  std::string text() const { return out_.str(); }

 private:
  void history() {
    runner::RowText row;
    auto place = model_.history().place(0);
    for (std::size_t i = 0; i < model_.history().size(); ++i) {
      model_.history().read(place, row);
      without_blank_end(row);
      text_row("history " + std::to_string(i), row, true);
    }
  }
  void rows(const std::string& name, const std::vector<runner::ScreenRow>& rows, bool marks) {
    runner::RowText row;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto alone = rows[i];
      alone.wrapped = false;
      // One that wraps keeps the blanks at its end: they are painted as spaces.
      for (auto cell = alone.cells.rbegin(); cell != alone.cells.rend(); ++cell) {
        if (cell->glyph != ' ' && cell->glyph != runner::Cell::blank) break;
        if (cell->style != runner::Style{0, cell->style.background, 0, 0, 0}) break;
        cell->glyph = runner::Cell::blank;
      }
      model_.read_row(alone, row);
      text_row(name + " " + std::to_string(i), row, marks);
    }
  }
  /// The same in the history.
  static void without_blank_end(runner::RowText& row) {
    const auto blank = [&] {
      const auto style = row.runs.empty() ? runner::Style{} : row.runs.back().style;
      return row.text.ends_with(' ') && style == runner::Style{0, row.fill, 0, 0, 0};
    };
    while (blank()) {
      row.text.pop_back();
      if (!row.runs.empty() && --row.runs.back().bytes == 0) row.runs.pop_back();
    }
  }
  void text_row(const std::string& name, const runner::RowText& row, bool marks) {
    out_ << name << " |" << row.text << "|";
    std::string runs;
    bool plain = true;
    for (const auto& run : row.runs) {
      std::ostringstream style;
      style_text(style, run.style);
      plain = plain && run.style == runner::Style{};
      runs += " " + std::to_string(run.bytes) + style.str();
    }
    if (!plain) out_ << runs;
    if (row.fill != 0) out_ << " fill " << std::hex << row.fill << std::dec;
    if (marks)
      for (const auto& mark : row.marks)
        out_ << " mark " << mark.at << "=" << runner::timeless_mark(mark.what);
    out_ << "\n";
  }
  void style_text(std::ostream& out, const runner::Style& style) const {
    out << "(" << std::hex << style.foreground << "," << style.background << "," << style.underline << ","
        << style.attributes << std::dec << "," << model_.links()[style.link] << ")";
  }
  void cursor(const std::string& name, const runner::ScreenCursor& cursor) {
    out_ << name << " " << cursor.row << "," << cursor.column << (cursor.wrap_pending ? " pending" : "")
         << "\n";
  }
  void charsets(const runner::ScreenCharsets& sets) {
    out_ << "charsets " << std::string(sets.sets.begin(), sets.sets.end()) << " " << sets.used << "\n";
  }
  void saved(const std::string& name, const runner::SavedCursor& saved) {
    auto place = saved.cursor;
    place.row = std::min(place.row, model_.rows() - 1);
    place.column = std::min(place.column, model_.columns() - 1);
    cursor(name, place);
    style_text(out_, saved.style);
    charsets(saved.charsets);
    out_ << "origin " << saved.origin << "\n";
  }
  void state() {
    cursor("cursor", model_.cursor());
    style_text(out_, model_.style());
    charsets(model_.charsets());
    saved("saved in main", model_.main_saved());
    if (model_.alternate()) saved("saved in alternate", model_.alternate_saved());
    out_ << "region " << model_.region_top() << ".." << model_.region_bottom() << "\ntabs";
    for (std::size_t i = 0; i < model_.tab_stops().size(); ++i)
      if (model_.tab_stops()[i]) out_ << " " << i;
    const auto& modes = model_.modes();
    out_ << "\nmodes";
    for (const auto& known : runner::screen_mode_numbers)
      out_ << " " << known.number << "=" << modes.*known.mode;
    out_ << " origin=" << modes.origin << " insert=" << modes.insert << " newline=" << modes.newline
         << " mouse=" << modes.mouse << "," << modes.mouse_encoding << " shape=" << modes.cursor_shape
         << " keys=" << modes.modify_other_keys << "\ntitle " << model_.title() << "\ndirectory "
         << model_.directory() << "\n";
    for (const auto& [which, color] : model_.colors()) out_ << "color " << which << "=" << color << "\n";
    for (const bool alternate : {false, true})
      for (const int flags : model_.keyboard_flags(alternate))
        out_ << "keyboard " << alternate << " " << flags << "\n";
  }

  const runner::ScreenModel& model_;
  std::ostringstream out_;
};

inline std::string screen_dump(const runner::ScreenModel& model, DumpWants wants = {}) {
  return ScreenDump(model, wants).text();
}

}  // namespace berth::test
