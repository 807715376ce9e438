// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/composed_marks.hpp"

#include <QString>
#include <algorithm>

namespace berth::desktop {
namespace {

bool is_lead_of_mark(char byte) { return byte == '\xcc' || byte == '\xcd'; }

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

/// U+0300 to U+036F: cc 80 to cd af.
bool is_mark(const char* at, const char* end) {
  return end - at >= 2 && is_lead_of_mark(*at) && continues(at[1]) && (*at == '\xcc' || at[1] <= '\xaf');
}

/// Where the code point before `at` begins; `at` itself where there is none of that kind.
const char* letter_before(const char* begin, const char* at) {
  const char* from = at;
  for (int bytes = 0; bytes < 4 && from > begin; ++bytes)
    if (!continues(*--from)) return from;
  return at;
}

}  // namespace

QByteArray with_composed_marks(const QByteArray& output) {
  const char* const begin = output.constData();
  const char* const end = begin + output.size();
  const char* mark = std::find_if(begin, end, is_lead_of_mark);
  if (mark == end) return output;
  QByteArray composed;
  composed.reserve(output.size());
  const char* rest = begin;
  while (mark != end) {
    const char* after = mark;
    while (is_mark(after, end)) after += 2;
    const char* const letter = letter_before(rest, mark);
    const auto apart = QString::fromUtf8(letter, after - letter);
    const auto whole = apart.normalized(QString::NormalizationForm_C);
    if (letter < mark && whole.size() < apart.size()) {
      composed.append(rest, letter - rest);
      composed += whole.toUtf8();
      rest = after;
    }
    mark = std::find_if(std::max(after, mark + 1), end, is_lead_of_mark);
  }
  composed.append(rest, end - rest);
  return composed;
}

}  // namespace berth::desktop
