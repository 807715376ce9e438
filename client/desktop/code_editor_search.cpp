// SPDX-License-Identifier: GPL-3.0-or-later
// Find and replace in a CodeEditor.
#include <QRegularExpression>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/scintilla_values.hpp"

namespace berth::desktop {
namespace {

constexpr int most_hits = 2'000;

}  // namespace

int CodeEditor::searchFlags(const Search& search) const {
  int flags = 0;
  if (search.match_case) flags |= SCFIND_MATCHCASE;
  if (search.whole_words) flags |= SCFIND_WHOLEWORD;
  if (search.regular_expression) flags |= SCFIND_REGEXP | SCFIND_CXX11REGEX;
  return flags;
}

bool CodeEditor::searchRange(const Search& search, long begin, long end) const {
  const auto bytes = search.text.toUtf8();
  sci(SCI_SETSEARCHFLAGS, static_cast<std::uintptr_t>(searchFlags(search)));
  sci(SCI_SETTARGETRANGE, static_cast<std::uintptr_t>(begin), end);
  return sci(SCI_SEARCHINTARGET, static_cast<std::uintptr_t>(bytes.size()), pointer(bytes.constData())) >= 0;
}

bool CodeEditor::findNext(const Search& search, bool forward, bool fromSelectionStart) {
  if (search.text.isEmpty()) return false;
  const auto length = sci(SCI_GETLENGTH);
  const auto from = forward && !fromSelectionStart ? sci(SCI_GETSELECTIONEND) : sci(SCI_GETSELECTIONSTART);
  const bool found = forward ? searchRange(search, from, length) || searchRange(search, 0, length)
                             : searchRange(search, from, 0) || searchRange(search, length, 0);
  if (!found) return false;
  const auto begin = sci(SCI_GETTARGETSTART);
  const auto end = sci(SCI_GETTARGETEND);
  const auto line = sci(SCI_LINEFROMPOSITION, static_cast<std::uintptr_t>(begin));
  sci(SCI_ENSUREVISIBLEENFORCEPOLICY, static_cast<std::uintptr_t>(line));
  sci(SCI_SETSEL, static_cast<std::uintptr_t>(begin), end);
  return true;
}

bool CodeEditor::replaceNext(const Search& search, const QString& replacement) {
  const auto begin = sci(SCI_GETSELECTIONSTART);
  const auto end = sci(SCI_GETSELECTIONEND);
  if (!sci(SCI_GETREADONLY) && end > begin && searchRange(search, begin, end) &&
      sci(SCI_GETTARGETSTART) == begin && sci(SCI_GETTARGETEND) == end) {
    const auto bytes = replacement.toUtf8();
    const auto message = search.regular_expression ? SCI_REPLACETARGETRE : SCI_REPLACETARGET;
    const auto length = sci(message, static_cast<std::uintptr_t>(bytes.size()), pointer(bytes.constData()));
    sci(SCI_SETSEL, static_cast<std::uintptr_t>(begin + length), begin + length);
  }
  return findNext(search, true);
}

// As one change of one range: thousands of single edits would each be composed and sent.
int CodeEditor::replaceAll(const Search& search, const QString& replacement) {
  if (search.text.isEmpty() || sci(SCI_GETREADONLY)) return 0;
  flushEdits();
  auto pattern = search.regular_expression ? search.text : QRegularExpression::escape(search.text);
  if (search.whole_words) pattern = QStringLiteral("\\b(?:%1)\\b").arg(pattern);
  auto options = QRegularExpression::MultilineOption | QRegularExpression::UseUnicodePropertiesOption;
  if (!search.match_case) options |= QRegularExpression::CaseInsensitiveOption;
  const QRegularExpression expression(pattern, options);
  if (!expression.isValid()) return 0;
  const auto before = text();
  auto after = QString::fromStdString(before);
  int count = 0;
  for (auto hits = expression.globalMatch(after); hits.hasNext(); hits.next()) ++count;
  if (count == 0) return 0;
  auto with = replacement;
  if (!search.regular_expression) with.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
  after.replace(expression, with);
  run(protocol::TextOperation::difference(before, after.toStdString()), false);
  return count;
}

int CodeEditor::markHits(const Search& search) {
  const auto length = sci(SCI_GETLENGTH);
  sci(SCI_SETINDICATORCURRENT, hit_indicator);
  sci(SCI_INDICATORCLEARRANGE, 0, length);
  if (search.text.isEmpty()) return 0;
  int count = 0;
  for (long from = 0; count < most_hits && searchRange(search, from, length); ++count) {
    const auto begin = sci(SCI_GETTARGETSTART);
    const auto end = sci(SCI_GETTARGETEND);
    if (end <= begin) break;  // an expression that matches nothing at all
    sci(SCI_INDICATORFILLRANGE, static_cast<std::uintptr_t>(begin), end - begin);
    from = end;
  }
  return count;
}

}  // namespace berth::desktop
