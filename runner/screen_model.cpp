// SPDX-License-Identifier: GPL-3.0-or-later
// Writing characters, moving the cursor, shifting and erasing rows.
#include "runner/screen_model.hpp"

#include <algorithm>
#include <utility>

#include "protocol/character_width.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t longest_cluster = 48;  // bytes of one cell
constexpr std::size_t piece_between_skims = 4096, least_piece = 64;
// A sequence of a few bytes can change each cell: bytes × cells of a piece, so that it takes milliseconds.
constexpr std::size_t most_work_of_a_piece = piece_between_skims * 1000;

// What DEC's line drawing set has for ` to ~.
constexpr std::array<char32_t, 31> line_drawing{
    0x25c6, 0x2592, 0x2409, 0x240c, 0x240d, 0x240a, 0x00b0, 0x00b1, 0x2424, 0x240b, 0x2518,
    0x2510, 0x250c, 0x2514, 0x253c, 0x23ba, 0x23bb, 0x2500, 0x23bc, 0x23bd, 0x251c, 0x2524,
    0x2534, 0x252c, 0x2502, 0x2264, 0x2265, 0x03c0, 0x2260, 0x00a3, 0x00b7};

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

}  // namespace

ScreenModel::ScreenModel(int columns, int rows, std::size_t scrollback)
    : columns_(columns), rows_(rows), parser_(*this), history_(scrollback) {
  main_.assign(static_cast<std::size_t>(rows), blank_row());
  bottom_ = rows;
  tabs_.resize(static_cast<std::size_t>(columns));
  for (std::size_t column = 0; column < tabs_.size(); column += 8) tabs_[column] = true;
}

ScreenRow ScreenModel::blank_row() const {
  return {std::vector<Cell>(static_cast<std::size_t>(columns_), blank_cell()), false, {}};
}

void ScreenModel::feed(std::string_view bytes) {
  while (!bytes.empty()) bytes.remove_prefix(feed_some(bytes));
}

std::size_t ScreenModel::feed_some(std::string_view bytes) {
  if (const auto skimmed = skim(bytes); skimmed > 0) return skimmed;
  // Up to the end of a line, where skimming can begin.
  const auto cells = static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_);
  auto piece = bytes.substr(0, std::clamp(most_work_of_a_piece / cells, least_piece, piece_between_skims));
  if (const auto newline = piece.rfind('\n'); newline != piece.npos) piece = piece.substr(0, newline + 1);
  parser_.feed(piece);
  return piece.size();
}

/// Lines of plain text that scroll through a screen and off it need no cells: all but the last screenful go
/// straight to the history. Returns how many bytes were taken, 0 where the ordinary way is needed.
std::size_t ScreenModel::skim(std::string_view bytes) {
  if (!parser_.at_rest() || alternate_active_ || top_ != 0 || bottom_ != rows_ || cursor_.row != rows_ - 1 ||
      cursor_.column != 0 || cursor_.wrap_pending || style_ != Style{} || !modes_.autowrap || modes_.insert ||
      single_shift_ != 0 || charsets_.sets[static_cast<std::size_t>(charsets_.used)] != 'B' ||
      bytes.size() < static_cast<std::size_t>(rows_) * 4)
    return 0;
  const auto& bottom = current_row();
  if (!bottom.marks.empty() ||
      !std::ranges::all_of(bottom.cells, [](const Cell& cell) { return cell == Cell{}; }))
    return 0;
  const auto width = static_cast<std::size_t>(columns_), height = static_cast<std::size_t>(rows_);
  const auto rows_of = [&](std::size_t size) { return size <= width ? 1 : (size + width - 1) / width; };
  std::size_t end = 0, rows = 0;
  while (end < bytes.size()) {
    const auto size = printable_length(bytes.substr(end));
    if (end + size + 2 > bytes.size() || bytes[end + size] != '\r' || bytes[end + size + 1] != '\n') break;
    rows += rows_of(size);
    end += size + 2;
  }
  if (rows < 3 * height + 3) return 0;
  // The last screenful and a row is written as usual.
  std::size_t tail = end;
  for (std::size_t tail_rows = 0; tail_rows <= height;) {
    const auto before = bytes.rfind('\n', tail - 2);
    const auto begin = before == bytes.npos ? 0 : before + 1;
    tail_rows += rows_of(tail - 2 - begin);
    rows -= rows_of(tail - 2 - begin);
    tail = begin;
  }
  for (std::size_t row = 0; row + 1 < height; ++row) keep_row(main_[row]);
  for (std::size_t at = 0; at < tail;) {
    auto line = bytes.substr(at, bytes.find('\r', at) - at);
    at += line.size() + 2;
    rows -= rows_of(line.size());
    if (rows > history_.limit()) continue;  // would be dropped again at once
    for (; line.size() > width; line.remove_prefix(width)) history_.push_plain(line.substr(0, width), true);
    history_.push_plain(line.substr(0, line.find_last_not_of(' ') + 1), false);
  }
  stale_rows_ = rows_ - 1;
  parser_.feed(bytes.substr(tail, end - tail));
  stale_rows_ = 0;
  return end;
}

// ---- characters

void ScreenModel::on_ascii(std::string_view run) {
  last_width_ = 1;
  last_glyph_ = static_cast<unsigned char>(run.back());
  if (modes_.insert || single_shift_ != 0 ||
      charsets_.sets[static_cast<std::size_t>(charsets_.used)] != 'B') {
    for (const char c : run) {
      last_glyph_ = translated(c);
      put(last_glyph_, 1);
    }
    return;
  }
  while (!run.empty()) {
    wrap_if_pending();
    const auto from = static_cast<std::size_t>(cursor_.column);
    const auto size = std::min(run.size(), static_cast<std::size_t>(columns_) - from);
    auto& row = current_row();
    mend_halves(row, cursor_.column, cursor_.column + static_cast<int>(size));
    for (std::size_t i = 0; i < size; ++i) row.cells[from + i] = {static_cast<unsigned char>(run[i]), style_};
    cursor_.column += static_cast<int>(size);
    run.remove_prefix(size);
    if (cursor_.column < columns_) continue;
    cursor_.column = columns_ - 1;
    cursor_.wrap_pending = modes_.autowrap;
    // Without wrapping each further character is put over the last.
    if (!modes_.autowrap && run.size() > 1) run.remove_prefix(run.size() - 1);
  }
}

void ScreenModel::on_character(char32_t character) {
  const int width = protocol::character_width(character);
  if (width == 0) return join(character);
  single_shift_ = 0;
  last_glyph_ = character;
  last_width_ = width;
  put(character, width);
}

std::uint32_t ScreenModel::translated(char character) {
  const auto set =
      charsets_.sets[static_cast<std::size_t>(single_shift_ != 0 ? single_shift_ : charsets_.used)];
  single_shift_ = 0;
  const auto code = static_cast<unsigned char>(character);
  if (set == '0' && code >= 0x60 && code <= 0x7e) return line_drawing[code - 0x60];
  if (set == 'A' && code == '#') return 0xa3;
  return code;
}

/// As many of `times` as the row has room for. Returns how many need not be put any more.
int ScreenModel::put(std::uint32_t glyph, int width, int times) {
  if (width > columns_) return times;
  wrap_if_pending();
  if (cursor_.column + width > columns_) {
    if (!modes_.autowrap) return times;
    erase(cursor_.row, cursor_.column, columns_);
    cursor_.wrap_pending = true;
    wrap_if_pending();
  }
  if (times > 1) times = std::min(times, (columns_ - cursor_.column) / width);
  if (modes_.insert) insert_cells(times * width);
  auto& row = current_row();
  mend_halves(row, cursor_.column, cursor_.column + times * width);
  for (int i = 0; i < times; ++i) {
    const auto at = static_cast<std::size_t>(cursor_.column);
    row.cells[at] = {glyph, style_};
    if (width == 2) row.cells[at + 1] = {Cell::wide_tail, style_};
    cursor_.column += width;
  }
  if (cursor_.column < columns_) return times;
  cursor_.column = columns_ - 1;
  cursor_.wrap_pending = modes_.autowrap;
  return times;
}

/// A combining character goes into the cell before the cursor.
void ScreenModel::join(char32_t character) {
  if (character >= 0x80 && character < 0xa0) return;
  auto& cells = current_row().cells;
  int column = cursor_.wrap_pending ? cursor_.column : cursor_.column - 1;
  if (column > 0 && cells[static_cast<std::size_t>(column)].glyph == Cell::wide_tail) --column;
  if (column < 0) return;
  Cell& cell = cells[static_cast<std::size_t>(column)];
  if (cell.glyph == Cell::blank || cell.glyph == Cell::wide_tail) return;
  std::string text;
  if (cell.is_cluster())
    text = clusters_[cell.glyph & ~Cell::cluster_bit];
  else
    append_utf8(text, cell.glyph);
  append_utf8(text, character);
  if (text.size() <= longest_cluster) cell.glyph = cluster_number(std::move(text));
}

std::uint32_t ScreenModel::cluster_number(std::string text) {
  if (const auto found = cluster_numbers_.find(text); found != cluster_numbers_.end())
    return found->second | Cell::cluster_bit;
  if (!resizing_ && clusters_.size() >= next_collection_) collect_clusters();
  const auto number = static_cast<std::uint32_t>(clusters_.size());
  clusters_.push_back(text);
  cluster_numbers_.emplace(std::move(text), number);
  return number | Cell::cluster_bit;
}

/// Forgets the clusters that no cell has any more.
void ScreenModel::collect_clusters() {
  const auto before = std::exchange(clusters_, {});
  cluster_numbers_.clear();
  for (auto* rows : {&main_, &alternate_})
    for (auto& row : *rows)
      for (auto& cell : row.cells) {
        if (!cell.is_cluster()) continue;
        const auto& text = before[cell.glyph & ~Cell::cluster_bit];
        const auto [place, added] =
            cluster_numbers_.emplace(text, static_cast<std::uint32_t>(clusters_.size()));
        if (added) clusters_.push_back(text);
        cell.glyph = place->second | Cell::cluster_bit;
      }
  next_collection_ = std::max<std::size_t>(4096, 2 * clusters_.size());
}

void ScreenModel::wrap_if_pending() {
  if (!std::exchange(cursor_.wrap_pending, false) || !modes_.autowrap) return;
  current_row().wrapped = true;
  cursor_.column = 0;
  if (cursor_.row == bottom_ - 1)
    scroll_up(top_, 1, true);
  else if (cursor_.row < rows_ - 1)
    ++cursor_.row;
}

// ---- moving

void ScreenModel::line_feed() {
  current_row().wrapped = false;
  cursor_.wrap_pending = false;
  if (cursor_.row == bottom_ - 1)
    scroll_up(top_, 1, true);
  else if (cursor_.row < rows_ - 1)
    ++cursor_.row;
}

void ScreenModel::reverse_line_feed() {
  cursor_.wrap_pending = false;
  if (cursor_.row == top_)
    scroll_down(top_, 1);
  else if (cursor_.row > 0)
    --cursor_.row;
}

/// Counted from the region's top in origin mode.
void ScreenModel::move_to(int row, int column) {
  const int first = modes_.origin ? top_ : 0, last = modes_.origin ? bottom_ - 1 : rows_ - 1;
  cursor_ = {std::clamp(row + first, first, last), std::clamp(column, 0, columns_ - 1), false};
}

/// Up and down end at the region's edge for a cursor that is inside of it.
void ScreenModel::move_by(int rows, int columns) {
  const int first = cursor_.row >= top_ ? top_ : 0, last = cursor_.row < bottom_ ? bottom_ - 1 : rows_ - 1;
  cursor_ = {std::clamp(cursor_.row + rows, first, last),
             std::clamp(cursor_.column + columns, 0, columns_ - 1), false};
}

void ScreenModel::tab(int times) {
  for (; times > 0 && cursor_.column < columns_ - 1; --times) do
      ++cursor_.column;
    while (cursor_.column < columns_ - 1 && !tabs_[static_cast<std::size_t>(cursor_.column)]);
}

void ScreenModel::back_tab(int times) {
  cursor_.wrap_pending = false;
  for (; times > 0 && cursor_.column > 0; --times) do
      --cursor_.column;
    while (cursor_.column > 0 && !tabs_[static_cast<std::size_t>(cursor_.column)]);
}

// ---- rows

void ScreenModel::read_row(const ScreenRow& row, RowText& out) const {
  out.clear();
  out.wrapped = row.wrapped;
  auto end = row.cells.size();
  if (end > 0 && row.cells.back().glyph == Cell::blank) {
    const Style last = row.cells.back().style;
    // One that wraps is full, but for the last column where a character of two did not fit.
    if (row.wrapped) --end;
    while (!row.wrapped && end > 0 && row.cells[end - 1].glyph == Cell::blank &&
           row.cells[end - 1].style == last)
      --end;
    out.fill = last.background;
  }
  const auto add_marks = [&](int column) {
    for (const auto& mark : row.marks)
      if (mark.column == column || (column == -1 && mark.column >= static_cast<int>(end)))
        out.marks.push_back({out.text.size(), mark.what});
  };
  for (std::size_t i = 0; i < end; ++i) {
    const Cell& cell = row.cells[i];
    if (!row.marks.empty()) add_marks(static_cast<int>(i));
    if (cell.glyph == Cell::wide_tail) continue;
    const auto before = out.text.size();
    if (cell.glyph == Cell::blank)
      out.text += ' ';
    else if (cell.is_cluster())
      out.text += clusters_[cell.glyph & ~Cell::cluster_bit];
    else
      append_utf8(out.text, cell.glyph);
    if (out.runs.empty() || out.runs.back().style != cell.style) out.runs.push_back({0, cell.style});
    out.runs.back().bytes += out.text.size() - before;
  }
  if (!row.marks.empty()) add_marks(-1);
  if (out.runs.size() == 1 && out.runs.front().style == Style{}) out.runs.clear();
}

void ScreenModel::keep_row(const ScreenRow& row) {
  if (stale_rows_ > 0) {
    --stale_rows_;
    return;
  }
  if (history_.limit() == 0) return;
  read_row(row, packing_);
  history_.push(packing_);
}

void ScreenModel::scroll_up(int top, int times, bool keep) {
  times = std::min(times, bottom_ - top);
  if (times <= 0) return;
  const auto first = active().begin() + top, last = active().begin() + bottom_;
  if (keep && top == 0 && !alternate_active_)
    for (auto row = first; row != first + times; ++row) keep_row(*row);
  std::rotate(first, first + times, last);
  for (auto row = last - times; row != last; ++row) {
    std::ranges::fill(row->cells, blank_cell());
    row->wrapped = false;
    row->marks.clear();
  }
}

void ScreenModel::scroll_down(int top, int times) {
  times = std::min(times, bottom_ - top);
  if (times <= 0) return;
  const auto first = active().begin() + top, last = active().begin() + bottom_;
  std::rotate(first, last - times, last);
  for (auto row = first; row != first + times; ++row) {
    std::ranges::fill(row->cells, blank_cell());
    row->wrapped = false;
    row->marks.clear();
  }
}

/// Where one column of a character of two is about to be overwritten the other becomes a space.
void ScreenModel::mend_halves(ScreenRow& row, int from, int to) {
  const auto begin = static_cast<std::size_t>(from), end = static_cast<std::size_t>(to);
  if (begin > 0 && begin < row.cells.size() && row.cells[begin].glyph == Cell::wide_tail)
    row.cells[begin - 1].glyph = ' ';
  if (end < row.cells.size() && row.cells[end].glyph == Cell::wide_tail) row.cells[end].glyph = ' ';
}

void ScreenModel::erase(int number, int from, int to, bool spare_guarded) {
  if (from >= to) return;
  auto& row = active()[static_cast<std::size_t>(number)];
  const auto stays = [&](int column) {
    return spare_guarded &&
           (row.cells[static_cast<std::size_t>(column)].style.attributes & attribute::guarded) != 0;
  };
  if (!stays(from)) mend_halves(row, from, from);
  if (!stays(to - 1)) mend_halves(row, to, to);
  for (int column = from; column < to; ++column) {
    if (!stays(column)) row.cells[static_cast<std::size_t>(column)] = blank_cell();
  }
  if (to == columns_) row.wrapped = false;
}

/// With their marks, which stay where a program only erases in the line that it is in: a shell that draws its
/// prompt anew says just once where that began. As xterm.js does it, and so VS Code.
void ScreenModel::erase_rows(int from, int to, bool spare_guarded) {
  for (int row = from; row < to; ++row) {
    erase(row, 0, columns_, spare_guarded);
    active()[static_cast<std::size_t>(row)].marks.clear();
  }
}

void ScreenModel::insert_cells(int times) {
  auto& row = current_row();
  times = std::min(times, columns_ - cursor_.column);
  mend_halves(row, cursor_.column, cursor_.column);  // both halves stay, apart
  const auto first = row.cells.begin() + cursor_.column;
  if (times < columns_ - cursor_.column && (row.cells.end() - times)->glyph == Cell::wide_tail)
    (row.cells.end() - times - 1)->glyph = ' ';
  std::move_backward(first, row.cells.end() - times, row.cells.end());
  std::fill(first, first + times, blank_cell());
}

void ScreenModel::delete_cells(int times) {
  auto& row = current_row();
  times = std::min(times, columns_ - cursor_.column);
  mend_halves(row, cursor_.column, cursor_.column + times);
  const auto first = row.cells.begin() + cursor_.column;
  std::move(first + times, row.cells.end(), first);
  std::fill(row.cells.end() - times, row.cells.end(), blank_cell());
  row.wrapped = false;
}

}  // namespace berth::runner
