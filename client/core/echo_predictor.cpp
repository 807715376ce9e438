// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/echo_predictor.hpp"

#include <QString>
#include <algorithm>

namespace berth::client {
namespace {

constexpr qsizetype longest_typing = 32;  // UTF-16 units in one go; more is a paste
constexpr int widest_gap = 4;             // columns: what stands behind it is no part of the input
constexpr int most_tail_failures = 2;

struct CharacterRange {
  char32_t first, last;
};
// Whose width no program and no screen disputes.
constexpr CharacterRange certainly_narrow[] = {
    {0x20, 0x7e}, {0xa1, 0xac}, {0xae, 0x2ff}, {0x370, 0x482}, {0x48a, 0x52f}};
constexpr CharacterRange certainly_wide[] = {{0x3041, 0x3096},   {0x30a1, 0x30fa},  {0x3400, 0x4dbf},
                                             {0x4e00, 0x9ffc},   {0xac00, 0xd7a3},  {0xff01, 0xff60},
                                             {0x1f300, 0x1f320}, {0x1f600, 0x1f64f}};

bool within(const auto& ranges, char32_t character) {
  return std::ranges::any_of(
      ranges, [&](const auto& range) { return character >= range.first && character <= range.last; });
}

}  // namespace

int certain_width(char32_t character) {
  if (within(certainly_narrow, character)) return 1;
  return within(certainly_wide, character) ? 2 : 0;
}

std::vector<EchoPredictor::Key> EchoPredictor::keys_of(std::string_view keys, std::uint64_t number) {
  const auto key = [&](Kind kind, char32_t text = 0, int width = 0, bool ends_input = false) {
    return Key{++serial_, number, kind, text, width, ends_input, 0, {}};
  };
  if (keys == "\x7f" || keys == "\b") return {key(Kind::erase)};
  if (keys == "\x1b[D" || keys == "\x1bOD") return {key(Kind::left)};
  if (keys == "\x1b[C" || keys == "\x1bOC") return {key(Kind::right)};
  const auto text = QString::fromUtf8(keys.data(), static_cast<qsizetype>(keys.size()));
  const auto characters = text.toStdU32String();
  const bool plain = std::ranges::all_of(characters, [](char32_t c) { return certain_width(c) > 0; });
  if (text.size() > longest_typing || !plain)
    return {key(Kind::opaque, 0, 0, keys.find_first_of("\r\n\x03\x04\x0c\x1a") != keys.npos)};
  std::vector<Key> out;
  for (const auto character : characters)
    out.push_back(key(Kind::print, character, certain_width(character)));
  return out;
}

void EchoPredictor::look(EchoScreen screen, std::int64_t now) {
  const bool same = screen.columns == screen_.columns && screen.rows == screen_.rows && !screen.alternate;
  screen_ = std::move(screen);
  if (!same) reset();
  update(now);
}

void EchoPredictor::typed(std::string_view keys, std::uint64_t number, std::int64_t now) {
  update(now);
  for (auto& key : keys_of(keys, number)) {
    const bool fresh = keys_.empty();
    keys_.push_back(key);
    if (key.kind == Kind::opaque) {
      ++opaque_;
    } else if (opaque_ == 0) {
      predict(keys_.back(), fresh);
    }
  }
}

void EchoPredictor::acknowledged(std::uint64_t number, std::int64_t now) {
  for (auto& key : keys_)
    if (key.number <= number && !key.acknowledged) key.acknowledged = now;
  update(now);
}

void EchoPredictor::update(std::int64_t now) {
  if (!plausible()) predict_again();
  while (!keys_.empty() && keys_.front().acknowledged) {
    const auto& key = keys_.front();
    const bool over = now >= *key.acknowledged + grace;
    if (key.kind == Kind::opaque) {
      if (!over) return;
      pass_opaque();
    } else if (came_true(key, over)) {
      confirm();
    } else {
      if (!over) return;
      predict_again();
    }
  }
}

std::optional<std::int64_t> EchoPredictor::due() const {
  if (keys_.empty() || !keys_.front().acknowledged) return std::nullopt;
  return *keys_.front().acknowledged + grace;
}

std::optional<PredictedLine> EchoPredictor::shown() const {
  if (!trusted_ || keys_.empty() || keys_.front().kind == Kind::opaque) return std::nullopt;
  PredictedLine out{row_, {}, column_};
  for (const auto& [column, cell] : cells_)
    if (cell.text != 0) out.cells.push_back({column, cell.text, text_at(column + 1) == 0 ? 2 : 1});
  return out;
}

void EchoPredictor::reset() {
  keys_.clear();
  cells_.clear();
  opaque_ = 0;
  trusted_ = false;
  rested_.reset();
  input_start_.reset();
}

void EchoPredictor::predict(Key& key, bool fresh) {
  if (fresh) begin();
  const auto column = predictable_column(key);
  if (!column) {
    key.kind = Kind::opaque;
    ++opaque_;
    return;
  }
  if (key.kind == Kind::print) {
    insert(key);
  } else if (key.kind == Kind::erase) {
    erase(key, *column);
  }
  column_ = key.column_after = *column;
}

/// From the real cursor on.
void EchoPredictor::begin() {
  began_ = here(screen_.column);
  row_ = began_.row;
  column_ = began_.column;
  const auto is_here = [this](const Place& place) { return is_still(place, place.column); };
  if (!rested_ || rested_->column != column_ || !is_here(*rested_)) trusted_ = false;
  if (input_start_ && input_start_->column <= column_ && is_here(*input_start_)) return;
  input_start_ = began_;
  trusted_ = false;
}

/// False when something else than these keys was at work.
bool EchoPredictor::plausible() const {
  if (keys_.empty() || keys_.front().kind == Kind::opaque) return true;
  if (screen_.row != row_) return false;
  if (screen_.column != began_.column && !leads_to(screen_.column)) return false;
  return is_still(began_, cells_.empty() ? began_.column : cells_.begin()->first);
}

EchoPredictor::Place EchoPredictor::here(int column) const {
  std::u32string before;
  for (int i = 0; i < column; ++i) before.push_back(real_at(i));
  return {screen_.row, column, std::move(before)};
}

/// The cursor is on its line, and the text before it, up to column `end`, is unchanged.
bool EchoPredictor::is_still(const Place& place, int end) const {
  if (place.row != screen_.row) return false;
  const auto columns = std::min(place.before.size(), static_cast<std::size_t>(std::max(end, 0)));
  for (std::size_t i = 0; i < columns; ++i)
    if (real_at(static_cast<int>(i)) != place.before[i]) return false;
  return true;
}

/// Where the key leaves the cursor; nothing where that is uncertain.
std::optional<int> EchoPredictor::predictable_column(const Key& key) const {
  if (screen_.alternate) return std::nullopt;
  const int first = input_start_ ? input_start_->column : column_;
  if (key.kind == Kind::erase || key.kind == Kind::left) {
    const int to = column_ - (column_ > 0 && text_at(column_ - 1) == 0 ? 2 : 1);
    return to < first ? std::nullopt : std::optional(to);
  }
  const int end = text_end();
  if (key.kind == Kind::right)
    return column_ >= end ? std::nullopt : std::optional(column_ + (text_at(column_ + 1) == 0 ? 2 : 1));
  const int last = moves_tail() ? std::max(end, column_) : column_;
  return last + key.width >= screen_.columns ? std::nullopt : std::optional(column_ + key.width);
}

void EchoPredictor::insert(const Key& key) {
  if (moves_tail())
    for (int column = text_end() - 1; column >= column_; --column)
      put(column + key.width, text_at(column), key, true);
  put(column_, key.text, key, false);
  if (key.width == 2) put(column_ + 1, 0, key, false);
}

void EchoPredictor::erase(const Key& key, int to) {
  const int width = column_ - to;
  const int end = std::max(text_end(), column_);
  if (!moves_tail()) {
    for (int column = to; column < column_; ++column) put(column, U' ', key, false);
    return;
  }
  for (int column = to; column < end; ++column) {
    const int from = column + width;
    put(column, from < end ? text_at(from) : U' ', key, column_ < end);
  }
}

bool EchoPredictor::moves_tail() const { return tail_failures_ < most_tail_failures; }

/// The column behind the text that the cursor stands in or before.
int EchoPredictor::text_end() const {
  int end = column_;
  for (int column = column_; column < screen_.columns && column < end + widest_gap; ++column)
    if (text_at(column) != U' ') end = column + 1;
  return end;
}

char32_t EchoPredictor::text_at(int column) const {
  const auto found = cells_.find(column);
  return found == cells_.end() ? real_at(column) : found->second.text;
}

char32_t EchoPredictor::real_at(int column) const {
  const auto at = static_cast<std::size_t>(column);
  return column >= 0 && at < screen_.line.size() ? screen_.line[at] : U' ';
}

void EchoPredictor::put(int column, char32_t text, const Key& key, bool tail) {
  const auto before = cells_.find(column);
  const bool changed = real_at(column) != text &&
                       (before == cells_.end() || before->second.text != text || before->second.changed);
  cells_.insert_or_assign(column, Cell{text, key.serial, tail, changed});
}

bool EchoPredictor::came_true(const Key& key, bool over) {
  if (screen_.row != row_ || !leads_to(screen_.column)) return false;
  bool all = true;
  bool typed = true;  // but for what was only moved aside
  for (const auto& [column, cell] : cells_) {
    if (cell.key != key.serial || real_at(column) == cell.text) continue;
    all = false;
    if (!cell.tail) typed = false;
  }
  if (all) return true;
  if (!over || !typed) return false;
  ++tail_failures_;  // what stands behind the cursor does not move: only that was wrong
  std::erase_if(cells_, [](const auto& item) { return item.second.tail; });
  return true;
}

/// Whether an unresolved predicted key leaves the cursor in this column.
bool EchoPredictor::leads_to(int column) const {
  for (const auto& key : keys_) {
    if (key.kind == Kind::opaque) return false;
    if (key.column_after == column) return true;
  }
  return false;
}

void EchoPredictor::confirm() {
  const auto& key = keys_.front();
  std::erase_if(cells_, [&](const auto& item) {
    const auto& cell = item.second;
    if (cell.key != key.serial) return false;
    if (cell.changed && cell.text != 0 && cell.text != U' ') trusted_ = true;
    return true;
  });
  rested_ = began_ = here(key.column_after);
  keys_.pop_front();
}

void EchoPredictor::pass_opaque() {
  if (keys_.front().ends_input) input_start_.reset();
  keys_.pop_front();
  --opaque_;
  predict_again();
}

/// Takes all predictions off; keys that are still on their way are predicted from the real cursor.
void EchoPredictor::predict_again() {
  cells_.clear();
  trusted_ = false;
  rested_.reset();
  // An opaque key that was acknowledged still waits for its outcome, and with it all that follow.
  const auto opaque = std::ranges::find(keys_, Kind::opaque, &Key::kind);
  keys_.erase(
      std::remove_if(keys_.begin(), opaque, [](const Key& key) { return key.acknowledged.has_value(); }),
      opaque);
  opaque_ = static_cast<int>(std::ranges::count(keys_, Kind::opaque, &Key::kind));
  bool fresh = true;
  for (auto& key : keys_) {
    if (key.kind == Kind::opaque) return;
    predict(key, std::exchange(fresh, false));
  }
}

}  // namespace berth::client
