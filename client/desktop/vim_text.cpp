// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/vim_text.hpp"

#include <algorithm>

namespace berth::desktop {
namespace {

enum class Sort { blank, word, sign };

Sort sort_of(char byte, bool large) {
  const auto value = static_cast<unsigned char>(byte);
  if (byte == ' ' || byte == '\t' || byte == '\n') return Sort::blank;
  if (large) return Sort::word;
  const bool letter = value >= 0x80 || value == '_' || (value >= '0' && value <= '9') ||
                      (value >= 'A' && value <= 'Z') || (value >= 'a' && value <= 'z');
  return letter ? Sort::word : Sort::sign;
}

class Motions {
 public:
  Motions(const VimText& text, std::size_t from) : text_(text), bytes_(text.bytes()), from_(from) {}

  /// To the beginning of the next word; an empty line is one.
  std::size_t word(std::size_t at, bool large) const {
    if (at >= bytes_.size()) return at;
    if (const auto sort = sort_of(bytes_[at], large); sort != Sort::blank)
      while (at < bytes_.size() && sort_of(bytes_[at], large) == sort) ++at;
    for (; at < bytes_.size() && sort_of(bytes_[at], large) == Sort::blank; ++at)
      if (bytes_[at] == '\n' && at > from_ && bytes_[at - 1] == '\n') break;
    return at;
  }
  std::size_t wordBack(std::size_t at, bool large) const {
    while (at > 0 && sort_of(bytes_[at - 1], large) == Sort::blank) {
      --at;
      if (at > 0 && bytes_[at] == '\n' && bytes_[at - 1] == '\n') return at;
    }
    if (at == 0) return 0;
    const auto sort = sort_of(bytes_[at - 1], large);
    while (at > 0 && sort_of(bytes_[at - 1], large) == sort) --at;
    return at;
  }
  std::size_t wordEnd(std::size_t at, bool large) const {
    at = text_.next(at);
    while (at < bytes_.size() && sort_of(bytes_[at], large) == Sort::blank) ++at;
    if (at >= bytes_.size()) return bytes_.size();
    const auto sort = sort_of(bytes_[at], large);
    while (at < bytes_.size() && sort_of(bytes_[at], large) == sort) ++at;
    return text_.before(at);
  }
  std::size_t wordEndBack(std::size_t at, bool large) const {
    if (at >= bytes_.size()) at = text_.before(bytes_.size());
    if (at == 0) return 0;
    const auto sort = sort_of(bytes_[at], large);
    if (sort != Sort::blank)
      while (at > 0 && sort_of(bytes_[at], large) == sort) --at;
    while (at > 0 && sort_of(bytes_[at], large) == Sort::blank) --at;
    return at == 0 ? 0 : text_.before(at + 1);
  }
  /// The blank line below or above.
  std::size_t paragraph(std::size_t at, bool down) const {
    auto line = text_.lineBegin(at);
    bool text_seen = !text_.isLineEmpty(line);
    while (true) {
      if (down) {
        const auto end = text_.lineEnd(line);
        if (end >= bytes_.size()) return text_.lastInLine(bytes_.size());
        line = end + 1;
      } else {
        if (line == 0) return 0;
        line = text_.lineBegin(line - 1);
      }
      const bool empty = text_.isLineEmpty(line);
      if (empty && text_seen) return line;
      text_seen = text_seen || !empty;
    }
  }
  std::optional<std::size_t> toCharacter(QChar wanted, int count, bool forward, bool before) const {
    const auto sign = QString(wanted).toStdString();
    const auto begin = text_.lineBegin(from_);
    const auto end = text_.lineEnd(from_);
    auto at = from_;
    for (int found = 0; found < count;) {
      if (forward ? at >= end : at <= begin) return {};
      at = forward ? text_.next(at) : text_.before(at);
      if (at >= end) return {};
      if (bytes_.substr(at).starts_with(sign)) ++found;
    }
    if (!before) return at;
    return forward ? text_.before(at) : text_.next(at);
  }
  /// The bracket that belongs to the first one from here on in the line.
  std::optional<std::size_t> partner() const {
    constexpr std::string_view brackets = "()[]{}";
    auto at = from_;
    const auto end = text_.lineEnd(from_);
    while (at < end && brackets.find(bytes_[at]) == std::string_view::npos) ++at;
    if (at >= end) return {};
    const auto number = brackets.find(bytes_[at]);
    const bool opens = number % 2 == 0;
    const char own = bytes_[at];
    const char other = brackets[number ^ 1];
    int depth = 0;
    for (auto i = at;; opens ? ++i : --i) {
      if (i >= bytes_.size()) return {};
      if (bytes_[i] == own) ++depth;
      if (bytes_[i] == other && --depth == 0) return i;
      if (!opens && i == 0) return {};
    }
  }

 private:
  const VimText& text_;
  std::string_view bytes_;
  std::size_t from_;
};

std::optional<VimSpan> word_object(const VimText& text, std::size_t from, bool around, bool large,
                                   int count) {
  const auto bytes = text.bytes();
  const auto line_begin = text.lineBegin(from);
  const auto line_end = text.lineEnd(from);
  if (line_begin == line_end) return VimSpan{from, from};
  from = std::min(from, text.lastInLine(from));
  const auto run = [&](std::size_t at) {
    const auto sort = sort_of(bytes[at], large);
    auto end = at;
    while (end < line_end && sort_of(bytes[end], large) == sort) ++end;
    return end;
  };
  auto begin = from;
  while (begin > line_begin && sort_of(bytes[begin - 1], large) == sort_of(bytes[from], large)) --begin;
  auto end = from;
  const bool on_blank = sort_of(bytes[from], large) == Sort::blank;
  for (int i = 0; i < count && end < line_end; ++i) {
    end = run(end);
    if (around && end < line_end && (on_blank || sort_of(bytes[end], large) == Sort::blank)) end = run(end);
  }
  // A last word takes the blanks before it.
  if (around && !on_blank && end > begin && sort_of(bytes[end - 1], large) != Sort::blank)
    while (begin > line_begin && sort_of(bytes[begin - 1], large) == Sort::blank) --begin;
  return VimSpan{begin, end};
}

std::optional<VimSpan> quoted_object(const VimText& text, std::size_t from, bool around, char quote) {
  const auto bytes = text.bytes();
  const auto end = text.lineEnd(from);
  std::optional<std::size_t> opened;
  for (auto at = text.lineBegin(from); at < end; ++at) {
    if (bytes[at] == '\\') {
      ++at;
      continue;
    }
    if (bytes[at] != quote) continue;
    if (!opened) {
      opened = at;
      continue;
    }
    if (at >= from) return around ? VimSpan{*opened, at + 1} : VimSpan{*opened + 1, at};
    opened.reset();
  }
  return {};
}

std::optional<VimSpan> bracket_object(const VimText& text, std::size_t from, bool around, char open,
                                      char close, int count) {
  const auto bytes = text.bytes();
  int depth = 0;
  auto begin = std::min(from, bytes.size());
  // From the one that opens around the place.
  for (;; --begin) {
    if (begin < bytes.size()) {
      if (bytes[begin] == close && begin != from) ++depth;
      if (bytes[begin] == open) {
        if (depth == 0 && --count == 0) break;
        if (depth > 0) --depth;
      }
    }
    if (begin == 0) return {};
  }
  depth = 0;
  for (auto end = begin; end < bytes.size(); ++end) {
    if (bytes[end] == open) ++depth;
    if (bytes[end] == close && --depth == 0)
      return around ? VimSpan{begin, end + 1} : VimSpan{begin + 1, end};
  }
  return {};
}

std::optional<VimSpan> paragraph_object(const VimText& text, std::size_t from, bool around, int count) {
  auto begin = text.lineBegin(from);
  const bool empty = text.isLineEmpty(begin);
  while (begin > 0 && text.isLineEmpty(text.lineBegin(begin - 1)) == empty) begin = text.lineBegin(begin - 1);
  auto end = text.lineBegin(from);
  bool kind = empty;
  for (int parts = around ? 2 * count : count; parts > 0 && end < text.size(); --parts, kind = !kind)
    while (end < text.size() && text.isLineEmpty(end) == kind)
      end = std::min(text.lineEnd(end) + 1, text.size());
  return VimSpan{begin, end, true};
}

}  // namespace

std::size_t VimText::next(std::size_t at) const {
  if (at >= text_.size()) return text_.size();
  do ++at;
  while (at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xc0) == 0x80);
  return at;
}

std::size_t VimText::before(std::size_t at) const {
  if (at == 0) return 0;
  do --at;
  while (at > 0 && (static_cast<unsigned char>(text_[at]) & 0xc0) == 0x80);
  return at;
}

std::size_t VimText::lineBegin(std::size_t at) const {
  if (at == 0) return 0;
  const auto feed = text_.rfind('\n', std::min(at, text_.size()) - 1);
  return feed == std::string_view::npos ? 0 : feed + 1;
}

std::size_t VimText::lineEnd(std::size_t at) const { return std::min(text_.find('\n', at), text_.size()); }

std::size_t VimText::firstNonBlank(std::size_t at) const {
  auto begin = lineBegin(at);
  const auto last = lastInLine(at);
  while (begin < last && (text_[begin] == ' ' || text_[begin] == '\t')) ++begin;
  return begin;
}

std::size_t VimText::lastInLine(std::size_t at) const {
  const auto end = lineEnd(at);
  return end == lineBegin(at) ? end : before(end);
}

std::size_t VimText::column(std::size_t at) const {
  std::size_t count = 0;
  for (auto place = lineBegin(at); place < at; place = next(place)) ++count;
  return count;
}

std::optional<std::size_t> VimText::down(std::size_t at, int lines, std::size_t column) const {
  auto begin = lineBegin(at);
  for (; lines > 0; --lines) {
    const auto end = lineEnd(begin);
    if (end >= text_.size()) return {};
    begin = end + 1;
  }
  for (; lines < 0; ++lines) {
    if (begin == 0) return {};
    begin = lineBegin(begin - 1);
  }
  const auto last = lastInLine(begin);
  for (; column > 0 && begin < last; --column) begin = next(begin);
  return begin;
}

std::size_t VimText::beginOfLine(int number) const {
  std::size_t at = 0;
  for (; number > 1; --number) {
    const auto end = lineEnd(at);
    if (end >= text_.size()) break;
    at = end + 1;
  }
  return at;
}

std::optional<VimGoal> vim_motion(const VimText& text, std::size_t from, const QString& motion, int count,
                                  QChar argument) {
  const int times = std::max(1, count);
  const Motions motions(text, from);
  const auto repeat = [&](auto step) {
    auto at = from;
    for (int i = 0; i < times; ++i) {
      const auto before = at;
      at = step(at);
      if (at == before) break;
    }
    return at;
  };
  const auto is = [&](const char* name) { return motion == QLatin1String(name); };
  if (is("h") || is("\b")) {
    const auto begin = text.lineBegin(from);
    return VimGoal{repeat([&](auto at) { return at > begin ? text.before(at) : at; })};
  }
  if (is("l") || is(" ")) {
    const auto end = text.lineEnd(from);
    return VimGoal{repeat([&](auto at) { return at < end ? text.next(at) : at; })};
  }
  if (is("w") || is("W")) return VimGoal{repeat([&](auto at) { return motions.word(at, is("W")); })};
  if (is("b") || is("B")) return VimGoal{repeat([&](auto at) { return motions.wordBack(at, is("B")); })};
  if (is("e") || is("E")) return VimGoal{repeat([&](auto at) { return motions.wordEnd(at, is("E")); }), true};
  if (is("ge") || is("gE"))
    return VimGoal{repeat([&](auto at) { return motions.wordEndBack(at, is("gE")); }), true};
  if (is("0")) return VimGoal{text.lineBegin(from)};
  if (is("|")) {
    const auto line = text.lineBegin(from);
    return VimGoal{text.down(line, 0, static_cast<std::size_t>(times - 1)).value_or(line)};
  }
  if (is("^")) return VimGoal{text.firstNonBlank(from)};
  if (is("$") || is("g_")) {
    const auto line = text.down(from, times - 1, 0);
    if (!line) return {};
    auto last = text.lastInLine(*line);
    while (is("g_") && last > text.lineBegin(last) && sort_of(text.bytes()[last], true) == Sort::blank)
      --last;
    return VimGoal{last, true};
  }
  if (is("gg") || is("G")) {
    const auto line = count == 0 && is("G") ? text.lineBegin(text.size()) : text.beginOfLine(times);
    return VimGoal{text.firstNonBlank(line), false, true};
  }
  if (is("+") || is("\n") || is("-") || is("_")) {
    const auto line = text.down(from, is("-") ? -times : is("_") ? times - 1 : times, 0);
    return line ? std::optional(VimGoal{text.firstNonBlank(*line), false, true}) : std::nullopt;
  }
  if (is("}") || is("{")) return VimGoal{repeat([&](auto at) { return motions.paragraph(at, is("}")); })};
  if (is("%")) {
    const auto other = motions.partner();
    return other ? std::optional(VimGoal{*other, true}) : std::nullopt;
  }
  if (is("f") || is("t") || is("F") || is("T")) {
    const bool forward = is("f") || is("t");
    const auto found = motions.toCharacter(argument, times, forward, is("t") || is("T"));
    return found ? std::optional(VimGoal{*found, forward}) : std::nullopt;
  }
  return {};
}

std::optional<VimSpan> vim_object(const VimText& text, std::size_t from, const QString& object, int count) {
  const bool around = object.front() == u'a';
  const int times = std::max(1, count);
  switch (object.back().toLatin1()) {
    case 'w':
    case 'W':
      return word_object(text, from, around, object.back() == u'W', times);
    case 'p':
      return paragraph_object(text, from, around, times);
    case '"':
    case '\'':
    case '`':
      return quoted_object(text, from, around, object.back().toLatin1());
    case '(':
    case ')':
    case 'b':
      return bracket_object(text, from, around, '(', ')', times);
    case '[':
    case ']':
      return bracket_object(text, from, around, '[', ']', times);
    case '{':
    case '}':
    case 'B':
      return bracket_object(text, from, around, '{', '}', times);
    case '<':
    case '>':
      return bracket_object(text, from, around, '<', '>', times);
    default:
      return {};
  }
}

std::optional<VimSpan> vim_word_at(const VimText& text, std::size_t from) {
  const auto bytes = text.bytes();
  const auto end = text.lineEnd(from);
  while (from < end && sort_of(bytes[from], false) != Sort::word) ++from;
  if (from >= end) return {};
  return word_object(text, from, false, false, 1);
}

QString vim_recased(const QString& text, QChar how) {
  if (how == u'u') return text.toLower();
  if (how == u'U') return text.toUpper();
  QString out;
  for (const auto sign : text) out += sign.isUpper() ? sign.toLower() : sign.toUpper();
  return out;
}

}  // namespace berth::desktop
