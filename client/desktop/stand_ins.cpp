// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/stand_ins.hpp"

#include <utf8proc.h>

#include <QChar>
#include <algorithm>

#include "protocol/character_width.hpp"

namespace berth::desktop {
namespace {

using protocol::character_width;

constexpr char escape_byte = '\x1b';
constexpr qsizetype longest_parameters = 256;
// Code points of one cell; the runner keeps about as much of one (48 bytes).
constexpr std::size_t longest_cell = 16;
constexpr char32_t joiner = 0x200d;
// As wide as what they replace.
constexpr char32_t narrow_replacement = 0xfffd, wide_replacement = 0x3013;

bool is_plain(char byte) { return byte >= 0x20 && byte < 0x7f; }

/// How long a character is that begins so; 0: none does.
int length_by(char byte) {
  const auto first = static_cast<unsigned char>(byte);
  return first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

/// Of `length` bytes; nothing where they are no UTF-8.
std::optional<char32_t> decoded(const char* at, int length) {
  auto character = static_cast<char32_t>(static_cast<unsigned char>(*at) & (0xff >> (length + 1)));
  for (int i = 1; i < length; ++i) {
    if (!is_continuation(at[i])) return std::nullopt;
    character = character << 6 | (static_cast<unsigned char>(at[i]) & 0x3f);
  }
  const bool too_long = (length == 3 && character < 0x800) || (length == 4 && character < 0x10000);
  const bool surrogate = character >= 0xd800 && character < 0xe000;
  if (too_long || surrogate || character > 0x10ffff) return std::nullopt;
  return character;
}

bool is_reserved(char32_t character) {
  return (character >= StandIns::first_narrow &&
          character < StandIns::first_narrow + StandIns::most_narrow) ||
         (character >= StandIns::first_wide && character < StandIns::first_wide + StandIns::most_wide);
}

bool is_regional(char32_t character) { return character >= 0x1f1e6 && character <= 0x1f1ff; }

bool is_skin(char32_t character) { return character >= 0x1f3fb && character <= 0x1f3ff; }

/// Programs count columns by code point, but these are drawn together with what stands before.
bool joins(char32_t character, const std::u32string& before, bool before_joins) {
  if (before.back() == joiner) return true;
  if (is_skin(character)) return before.front() >= 0x261d;
  if (is_regional(character)) return is_regional(before.front()) && !before_joins;
  if (QChar::category(character) == QChar::Mark_SpacingCombining) return true;
  constexpr int virama = 9;  // the combining class of what makes one of two consonants
  return QChar::isLetter(character) && QChar::combiningClass(before.back()) == virama;
}

QString text_of(const std::u32string& characters) {
  return QString::fromUcs4(characters.data(), static_cast<qsizetype>(characters.size()));
}

QString key_of(const StandIns::Cell& cell) {
  return QChar(u'0' + 2 * cell.width + (cell.joins ? 1 : 0)) + cell.text;
}

}  // namespace

int columns_in_widget(char32_t character) {
  const auto code = static_cast<utf8proc_int32_t>(character);
  return utf8proc_category(code) == UTF8PROC_CATEGORY_CO ? 1 : utf8proc_charwidth(code);
}

void StandIns::feed(const QByteArray& output, const Widget& widget) {
  out_.clear();
  out_.reserve(output.size() + 64);
  const QByteArray joined = cut_.isEmpty() ? QByteArray() : std::exchange(cut_, {}) + output;
  const auto& bytes = joined.isEmpty() ? output : joined;
  const char* at = bytes.constData();
  const char* const end = at + bytes.size();
  while (at != end) {
    if (state_ == State::text) {
      onText(at, end);
    } else {
      onEscape(*at++);
    }
  }
  showRest(widget);
}

/// The last character apart from the rest: so it is known where it stands. At the end of a line the cursor
/// does not tell, and a character may have gone to the next one.
void StandIns::showRest(const Widget& widget) {
  const auto show = [&] {
    if (!out_.isEmpty()) widget.show(std::exchange(out_, {}));
  };
  const bool is_new = last_ && !last_->shown;
  if (is_new) {
    show();
    const int before = widget.column();
    flush();
    show();
    const int after = widget.column();
    last_->column = after >= before ? before : after - last_->width;
  }
  show();
}

void StandIns::onText(const char*& at, const char* end) {
  if (is_plain(*at)) {
    const char* const behind = std::find_if_not(at, end, is_plain);
    flush();
    out_.append(at, behind - at - 1);
    last_ = Last{.text = {static_cast<char32_t>(behind[-1])}, .width = 1, .italic = modes().italic};
    at = behind;
    return;
  }
  const int length = length_by(*at);
  const bool is_cut = length > end - at;
  if (is_cut && std::all_of(at + 1, end, is_continuation)) {
    cut_ = QByteArray(at, end - at);
    at = end;
    return;
  }
  const auto character = length > 1 && !is_cut ? decoded(at, length) : std::nullopt;
  if (character && *character >= 0xa0) {
    at += length;
    return onCharacter(*character);
  }
  // A control, or what is no text: as it is.
  if (*at == escape_byte) {
    beginEscape();
    return pass(*at++);
  }
  interrupt();
  out_.append(*at++);
}

void StandIns::onCharacter(char32_t character) {
  const int width = character_width(character);
  if (width == 0) {
    if (!last_ || last_->text.size() >= longest_cell) return;
    reopen();
    if (last_) last_->text.push_back(character);
    return;
  }
  const bool with_before = last_ && joins(character, last_->text, last_->joins);
  if (with_before && !last_->stands_in) {
    reopen();
    if (last_) last_->stands_in = true;
  }
  flush();
  last_ = Last{.text = {character},
               .width = width,
               .italic = modes().italic,
               .joins = with_before,
               .stands_in = with_before};
}

/// What is on the screen already is written once more, over itself.
void StandIns::reopen() {
  if (!last_->shown) return;
  out_.append("\x1b[").append(QByteArray::number(last_->column + 1)).append('G');
  if (modes().inserting) out_.append("\x1b[").append(QByteArray::number(last_->width)).append('P');
  last_->shown = false;
  last_->italic = modes().italic;
}

/// Shows what was held back until it was known what follows it.
void StandIns::flush() {
  if (!last_ || last_->shown) return;
  last_->shown = true;
  appendLast();
  out_.append(std::exchange(behind_, {}));
}

void StandIns::appendLast() {
  const auto base = last_->text[0];
  char32_t one = last_->text.size() == 1 ? base : 0;
  if (one == 0) {
    const auto composed = text_of(last_->text).normalized(QString::NormalizationForm_C).toStdU32String();
    if (composed.size() == 1) one = composed[0];
  }
  const auto fits = [this](char32_t character) {
    return character < 0x80 || (columns_in_widget(character) == last_->width && !is_reserved(character));
  };
  if (one != 0 && !last_->stands_in && fits(one)) return append(one);
  last_->stands_in = true;
  if (const auto code = standInFor({text_of(last_->text), last_->width, last_->joins})) {
    // So that the widget draws it apart from other text, beginning in its cell.
    out_.append(last_->italic ? "\x1b[23m" : "\x1b[3m");
    append(*code);
    out_.append(last_->italic ? "\x1b[3m" : "\x1b[23m");
    news_ = true;
  } else if (fits(base)) {
    append(base);
  } else {
    append(last_->width == 2 ? wide_replacement : narrow_replacement);
  }
}

/// Something else than a character comes: a mark behind it belongs to nothing.
void StandIns::interrupt() {
  flush();
  last_.reset();
}

void StandIns::append(char32_t character) {
  const auto put = [this](char32_t byte) { out_.append(static_cast<char>(byte)); };
  if (character < 0x80) return put(character);
  if (character < 0x800) {
    put(0xc0 | character >> 6);
  } else {
    if (character < 0x10000) {
      put(0xe0 | character >> 12);
    } else {
      put(0xf0 | character >> 18);
      put(0x80 | (character >> 12 & 0x3f));
    }
    put(0x80 | (character >> 6 & 0x3f));
  }
  put(0x80 | (character & 0x3f));
}

std::optional<char32_t> StandIns::standInFor(Cell cell) {
  const auto key = key_of(cell);
  if (const auto found = codes_.constFind(key); found != codes_.constEnd()) return *found;
  int& used = cell.width == 2 ? wide_ : narrow_;
  if (used == (cell.width == 2 ? most_wide : most_narrow)) return std::nullopt;
  const auto code = (cell.width == 2 ? first_wide : first_narrow) + static_cast<char32_t>(used++);
  cells_.insert(code, std::move(cell));
  codes_.insert(key, code);
  return code;
}

const StandIns::Cell* StandIns::find(char32_t character) const {
  const auto found = cells_.constFind(character);
  return found == cells_.constEnd() ? nullptr : &*found;
}

QString StandIns::text(const QString& shown) const {
  if (cells_.isEmpty()) return shown;
  QString text;
  text.reserve(shown.size());
  for (const auto character : shown.toUcs4()) {
    if (const auto* cell = find(character))
      text += cell->text;
    else
      text += QChar::fromUcs4(character);
  }
  return text;
}

void StandIns::clear() {
  cells_.clear();
  codes_.clear();
  narrow_ = wide_ = 0;
  last_.reset();
}

// ---- sequences: passed on as they are

void StandIns::beginEscape() {
  state_ = State::escape;
  intermediate_ = false;
}

/// Behind the last character, where that is still held back.
void StandIns::pass(char byte) { (last_ && !last_->shown ? behind_ : out_).append(byte); }

void StandIns::onEscape(char byte) {
  pass(byte);
  switch (state_) {
    case State::text:
      return;
    case State::escape:
      if (byte == escape_byte) return beginEscape();
      if (byte == '[' && !intermediate_) {
        parameters_.clear();
        state_ = State::csi;
        return;
      }
      interrupt();
      if (byte >= 0x20 && byte < 0x30) {
        intermediate_ = true;
      } else if (intermediate_) {
        state_ = State::text;
      } else if (byte == ']' || byte == 'P' || byte == '_' || byte == '^' || byte == 'X') {
        state_ = State::string;
      } else {
        state_ = State::text;
        if (byte == 'c') {
          screens_ = {};
          screen_ = 0;
        }
        if (byte == '7') modes().saved_italic = modes().italic;
        if (byte == '8') modes().italic = modes().saved_italic;
      }
      return;
    case State::csi:
      if (byte == escape_byte) {
        beginEscape();
      } else if (byte >= 0x40 && byte <= 0x7e) {
        state_ = State::text;
        if (!leavesCursor(byte)) interrupt();
        finishControl(byte);
      } else if (byte < 0x20) {
        interrupt();  // a control within a sequence does what it does elsewhere
      } else if (parameters_.size() < longest_parameters) {
        parameters_.append(byte);
      }
      return;
    case State::string:
      if (byte == '\x07' || byte == '\x18' || byte == '\x1a') state_ = State::text;
      if (byte == escape_byte) state_ = State::string_escape;
      return;
    case State::string_escape:
      state_ = byte == '\\' ? State::text : State::escape;
      return;
  }
}

/// Colours, and what grep puts behind each of them: a mark that follows has its letter before the cursor.
bool StandIns::leavesCursor(char final) const {
  return final == 'm' || (final == 'K' && parameters_.count('0') == parameters_.size());
}

void StandIns::finishControl(char final) {
  if (final == 'm') return setRendition();
  if (final == 'h' || final == 'l') {
    const bool is_private = parameters_.startsWith('?');
    for (const auto& mode : parameters_.sliced(is_private ? 1 : 0).split(';'))
      setMode(mode.toInt(), is_private, final == 'h');
  }
  if (final == 's' && parameters_.isEmpty()) modes().saved_italic = modes().italic;
  if (final == 'u' && parameters_.isEmpty()) modes().italic = modes().saved_italic;
  if (final == 'b') news_ = news_ || !cells_.isEmpty();  // once more
}

void StandIns::setMode(int mode, bool is_private, bool on) {
  if (!is_private) {
    if (mode == 4) modes().inserting = on;
    return;
  }
  const bool saves = mode == 1048 || mode == 1049;
  const bool other_screen = mode == 47 || mode == 1047 || mode == 1049;
  if (saves && on) modes().saved_italic = modes().italic;
  if (other_screen) {
    screen_ = on ? 1 : 0;
    news_ = news_ || !cells_.isEmpty();
  }
  if (saves && !on) modes().italic = modes().saved_italic;
}

/// By value, as the widget reads it: 03 is 3, and nothing is 0.
void StandIns::setRendition() {
  const auto numbers = parameters_.split(';');
  for (qsizetype i = 0; i < numbers.size(); ++i) {
    bool is_number = true;
    const int number = numbers[i].isEmpty() ? 0 : numbers[i].toInt(&is_number);
    if (!is_number) continue;
    if (number == 38 || number == 48) {
      i += numbers.value(i + 1).toInt() == 5 ? 2 : 4;
    } else if (number == 3) {
      modes().italic = true;
    } else if (number == 23 || number == 0) {
      modes().italic = false;
    }
  }
}

}  // namespace berth::desktop
