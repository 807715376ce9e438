// SPDX-License-Identifier: GPL-3.0-or-later
// Another size: lines of the main screen flow into the new width, the alternate screen is cut or extended
// (its programs paint it anew).
#include <algorithm>
#include <iterator>
#include <utility>

#include "runner/screen_model.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t most_rows_taken_back = 200;  // of a line that began in the history

bool is_blank_row(const ScreenRow& row) {
  return row.marks.empty() && !row.wrapped &&
         std::ranges::all_of(row.cells, [](const Cell& cell) { return cell == Cell{}; });
}

/// A line as long as it is, before it is cut into rows.
struct FlowingLine {
  std::vector<Cell> cells;
  std::vector<ScreenMark> marks;
};

/// Without the cells at the end that were never written; in a row that wraps that is the last at most.
std::size_t written_cells(const ScreenRow& row) {
  auto size = row.cells.size();
  if (row.wrapped) return size > 0 && row.cells[size - 1].glyph == Cell::blank ? size - 1 : size;
  while (size > 0 && row.cells[size - 1] == Cell{}) --size;
  return size;
}

void cut_into_rows(FlowingLine line, std::size_t width, std::vector<ScreenRow>& rows) {
  if (width == 1) {
    // Characters of two columns have no place.
    for (std::size_t i = 1; i < line.cells.size(); ++i)
      if (line.cells[i].glyph == Cell::wide_tail) line.cells[i - 1].glyph = ' ';
    std::erase_if(line.cells, [](const Cell& cell) { return cell.glyph == Cell::wide_tail; });
  }
  std::size_t at = 0;
  do {
    auto size = std::min(width, line.cells.size() - at);
    // A character of two columns is not cut.
    if (size > 1 && at + size < line.cells.size() && line.cells[at + size].glyph == Cell::wide_tail) --size;
    const auto first = line.cells.begin() + static_cast<std::ptrdiff_t>(at);
    ScreenRow row{{first, first + static_cast<std::ptrdiff_t>(size)}, at + size < line.cells.size(), {}};
    row.cells.resize(width);
    for (const auto& mark : line.marks)
      if (const auto place = static_cast<std::size_t>(mark.column);
          place >= at && (place < at + size || !row.wrapped))
        row.marks.push_back({static_cast<int>(std::min(place - at, width)), mark.what});
    rows.push_back(std::move(row));
    at += std::max<std::size_t>(size, 1);
  } while (at < line.cells.size());
}

}  // namespace

void ScreenModel::resize(int columns, int rows) {
  if (columns == columns_ && rows == rows_) return;
  resizing_ = true;
  ScreenCursor& main_place = alternate_active_ ? main_saved_.cursor : cursor_;
  main_place.row = std::min(main_place.row, rows_ - 1);
  main_place.column = std::min(main_place.column, columns_ - 1);
  if (columns != columns_)
    reflow(columns, rows, main_place);
  else
    fit_rows(rows, main_place);
  const auto old_columns = static_cast<std::size_t>(columns_);
  columns_ = columns;
  rows_ = rows;
  if (alternate_active_) {
    alternate_.resize(static_cast<std::size_t>(rows));
    for (auto& row : alternate_) {
      mend_halves(row, std::min(columns, static_cast<int>(row.cells.size())), columns);
      row.cells.resize(static_cast<std::size_t>(columns));
      row.wrapped = false;
    }
    cursor_.row = std::min(cursor_.row, rows - 1);
    cursor_.wrap_pending = cursor_.wrap_pending && columns == static_cast<int>(old_columns);
    cursor_.column = std::min(cursor_.column, columns - 1);
  }
  for (auto* saved : {&main_saved_, &alternate_saved_}) {
    auto& place = saved->cursor;
    place = {std::min(place.row, rows - 1), std::min(place.column, columns - 1),
             place.wrap_pending && place.column == columns - 1};
  }
  top_ = 0;
  bottom_ = rows;
  tabs_.resize(static_cast<std::size_t>(columns));
  for (auto column = (old_columns + 7) / 8 * 8; column < tabs_.size(); column += 8) tabs_[column] = true;
  resizing_ = false;
  if (clusters_.size() >= next_collection_) collect_clusters();
}

/// The main screen gets as many rows, all of the width that they have.
void ScreenModel::fit_rows(int rows, ScreenCursor& place) {
  const auto height = static_cast<std::size_t>(rows);
  const auto width = main_.empty() ? static_cast<std::size_t>(columns_) : main_.front().cells.size();
  while (main_.size() > height && static_cast<int>(main_.size()) - 1 > place.row &&
         is_blank_row(main_.back()))
    main_.pop_back();
  const auto keep_surplus = [&] {
    if (main_.size() <= height) return;
    const auto surplus = main_.size() - height;
    for (std::size_t row = 0; row < surplus; ++row) keep_row(main_[row]);
    main_.erase(main_.begin(), main_.begin() + static_cast<std::ptrdiff_t>(surplus));
    place.row = std::max(0, place.row - static_cast<int>(surplus));
  };
  keep_surplus();
  // Rows come back out of the history when the cursor stands at the bottom, as with xterm.js.
  while (main_.size() < height && history_.size() > 0 && place.row == static_cast<int>(main_.size()) - 1) {
    auto back = line_taken_back(width);
    main_.insert(main_.begin(), std::make_move_iterator(back.begin()), std::make_move_iterator(back.end()));
    place.row += static_cast<int>(back.size());
  }
  keep_surplus();  // the last line was longer than what was missing
  while (main_.size() < height) main_.push_back({std::vector<Cell>(width), false, {}});
}

/// The history's last line, cut into rows of this width.
std::vector<ScreenRow> ScreenModel::line_taken_back(std::size_t width) {
  std::vector<ScreenRow> parts{unpacked(history_.pop())};
  while (history_.last_is_wrapped() && parts.size() < most_rows_taken_back)
    parts.push_back(unpacked(history_.pop()));
  FlowingLine line;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    for (auto& mark : part->marks)
      line.marks.push_back({static_cast<int>(line.cells.size()) + mark.column, std::move(mark.what)});
    std::ranges::move(part->cells, std::back_inserter(line.cells));
  }
  std::vector<ScreenRow> rows;
  cut_into_rows(std::move(line), width, rows);
  rows.back().wrapped = parts.front().wrapped;
  return rows;
}

void ScreenModel::reflow(int columns, int rows, ScreenCursor& place) {
  // A line whose beginning is in the history comes back whole.
  std::vector<ScreenRow> all;
  while (history_.last_is_wrapped() && all.size() < most_rows_taken_back)
    all.push_back(unpacked(history_.pop()));
  std::ranges::reverse(all);
  place.row += static_cast<int>(all.size());
  std::ranges::move(main_, std::back_inserter(all));
  while (static_cast<int>(all.size()) - 1 > place.row && is_blank_row(all.back())) all.pop_back();

  const auto width = static_cast<std::size_t>(columns);
  std::vector<ScreenRow> flowed;
  ScreenCursor found{0, 0, false};
  for (std::size_t first = 0; first < all.size();) {
    FlowingLine line;
    std::size_t last = first;
    std::ptrdiff_t cursor_at = -1;
    for (;; ++last) {
      const auto& row = all[last];
      const auto begin = line.cells.size();
      const bool goes_on = row.wrapped && last + 1 < all.size();
      if (static_cast<int>(last) == place.row)
        cursor_at = static_cast<std::ptrdiff_t>(begin) + place.column + (place.wrap_pending ? 1 : 0);
      for (const auto& mark : row.marks)
        line.marks.push_back({static_cast<int>(begin) + mark.column, mark.what});
      line.cells.insert(line.cells.end(), row.cells.begin(),
                        row.cells.begin() + static_cast<std::ptrdiff_t>(written_cells(row)));
      if (!goes_on) break;
    }
    const auto begin = flowed.size();
    cut_into_rows(std::move(line), width, flowed);
    if (cursor_at >= 0) {
      // Where the cursor's cell has come to; past the text it stays in the line's last row.
      auto left = static_cast<std::size_t>(cursor_at);
      std::size_t row = begin;
      while (row + 1 < flowed.size() && left >= written_cells(flowed[row]) && flowed[row].wrapped) {
        left -= written_cells(flowed[row]);
        ++row;
      }
      found = {static_cast<int>(row), static_cast<int>(std::min(left, width - 1)),
               left == width && modes_.autowrap};
    }
    first = last + 1;
  }
  main_ = std::move(flowed);
  place = found;
  fit_rows(rows, place);
}

/// A row of the history as cells again, as many as it has text.
ScreenRow ScreenModel::unpacked(const RowText& text) {
  ScreenModel writer(static_cast<int>(text.text.size()) + 1, 1, 0);
  ScreenRow row{{}, text.wrapped, {}};
  std::size_t at = 0, mark = 0;
  const auto write = [&](std::size_t bytes, const Style& style) {
    writer.style_ = style;
    for (const auto end = at + bytes; at < end;) {
      for (; mark < text.marks.size() && text.marks[mark].at <= at; ++mark)
        row.marks.push_back({writer.cursor_.column, text.marks[mark].what});
      const auto size = mark < text.marks.size() ? std::min(end, text.marks[mark].at) - at : end - at;
      writer.parser_.feed(std::string_view(text.text).substr(at, size));
      at += size;
    }
  };
  if (text.runs.empty()) write(text.text.size(), {});
  for (const auto& run : text.runs) write(run.bytes, run.style);
  for (; mark < text.marks.size(); ++mark)
    row.marks.push_back({writer.cursor_.column, text.marks[mark].what});
  row.cells = std::move(writer.main_.front().cells);
  row.cells.resize(static_cast<std::size_t>(writer.cursor_.column));
  for (auto& cell : row.cells)
    if (cell.is_cluster()) cell.glyph = cluster_number(writer.clusters_[cell.glyph & ~Cell::cluster_bit]);
  return row;
}

}  // namespace berth::runner
