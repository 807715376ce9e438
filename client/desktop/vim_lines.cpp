// SPDX-License-Identifier: GPL-3.0-or-later
// What is typed on Vim's line: commands after ":", and what is looked for after "/" and "?".
#include <QRegularExpression>
#include <algorithm>
#include <utility>

#include "client/desktop/vim_line.hpp"
#include "client/desktop/vim_mode.hpp"

namespace berth::desktop {
namespace {

constexpr qsizetype most_substituted = 16 << 20;  // UTF-16 units of one command

}  // namespace

void VimMode::openLine(const QString& begin) {
  if (playing_ > 0) return;  // what was entered is the macro's next step
  line_ = new VimLine(editor(), begin);
  connect(line_, &VimLine::entered, this, [this](const QString& line) {
    if (!recording_.isNull()) recordStep({0, {}, line, true});
    enterLine(line);
  });
}

void VimMode::enterLine(const QString& line) {
  if (line.startsWith(u':')) {
    last_line_ = line;
    return runLine(line.sliced(1));
  }
  setMark(u'\'', isVisual() ? visualCaret() : caret());
  forward_ = line.startsWith(u'/');
  if (line.size() > 1) pattern_ = line.sliced(1);
  search(pattern_, forward_);
}

void VimMode::search(const QString& pattern, bool forward) {
  if (pattern.isEmpty()) return;
  pattern_ = pattern;
  CodeEditor::Search wanted;
  wanted.text = pattern;
  if (pattern.startsWith(QLatin1String("\\v"))) {
    wanted.text = pattern.sliced(2);
    wanted.regular_expression = true;
  } else if (pattern.startsWith(QLatin1String("\\<")) && pattern.endsWith(QLatin1String("\\>"))) {
    wanted.text = pattern.sliced(2).chopped(2);
    wanted.whole_words = wanted.match_case = true;
  }
  // As Vim with smartcase.
  wanted.match_case = wanted.match_case || wanted.text != wanted.text.toLower();
  const auto anchor = isVisual() ? visualAnchor() : caret();
  const auto from = isVisual() ? visualCaret() : caret();
  const auto mode = std::exchange(mode_, Mode::insert);  // the selection that this makes is no visual one
  sci(Sci::SCI_SETEMPTYSELECTION, forward ? text().next(from) : from);
  const bool found = editor()->findNext(wanted, forward);
  if (!found) sci(Sci::SCI_SETEMPTYSELECTION, from);
  failed_ = failed_ || !found;
  const auto at = static_cast<std::size_t>(sci(Sci::SCI_GETSELECTIONSTART));
  mode_ = mode;
  if (isVisual()) return select(anchor, at);
  setCaret(at);
}

void VimMode::runLine(const QString& line) {
  static const QRegularExpression form(
      QStringLiteral("^\\s*(%|'<,'>|(\\d+|\\.|\\$)(?:,(\\d+|\\.|\\$))?)?\\s*(.*?)\\s*$"));
  const auto match = form.match(line);
  const auto word = match.captured(4);
  const auto here = lineOf(static_cast<long>(caret()));
  const auto number = [&](const QString& text) {
    if (text == QLatin1String(".")) return here;
    if (text == QLatin1String("$")) return lineCount() - 1;
    return std::clamp(text.toLong() - 1, 0l, lineCount() - 1);
  };
  auto first = here;
  auto last = here;
  const auto range = match.captured(1);
  if (range == QLatin1String("%")) {
    first = 0;
    last = lineCount() - 1;
  } else if (range == QLatin1String("'<,'>")) {
    first = lineOf(static_cast<long>(mark(u'<').value_or(caret())));
    last = lineOf(static_cast<long>(mark(u'>').value_or(caret())));
  } else if (!range.isEmpty()) {
    first = number(match.captured(2));
    last = match.captured(3).isEmpty() ? first : number(match.captured(3));
  }
  if (first > last) std::swap(first, last);
  if (isVisual()) enter(Mode::normal);
  const VimSpan span{static_cast<std::size_t>(lineBegin(first)),
                     static_cast<std::size_t>(std::min(lineEnd(last) + 1, sci(Sci::SCI_GETLENGTH))), true};
  if (word.isEmpty()) return setCaret(text().firstNonBlank(static_cast<std::size_t>(lineBegin(last))));
  if (word == QLatin1String("w") || word == QLatin1String("wa")) return Q_EMIT editor()->saveWanted();
  if (word == QLatin1String("q") || word == QLatin1String("q!") || word == QLatin1String("close"))
    return static_cast<void>(runWindow("close_tab"));
  if (word == QLatin1String("wq") || word == QLatin1String("x")) {
    Q_EMIT editor()->saveWanted();
    return static_cast<void>(runWindow("close_tab"));
  }
  if (word == QLatin1String("qa")) return static_cast<void>(runWindow("window.close"));
  if (word == QLatin1String("sp") || word == QLatin1String("split"))
    return static_cast<void>(runWindow("split_down"));
  if (word == QLatin1String("vs") || word == QLatin1String("vsplit"))
    return static_cast<void>(runWindow("split_right"));
  if (word == QLatin1String("e")) return static_cast<void>(runWindow("quick_open"));
  if (!mayChange()) return;
  if (word == QLatin1String("d")) {
    keep(u'"', span, true);
    return remove(span);
  }
  if (word == QLatin1String("y")) return keep(u'"', span, false);
  if (word == QLatin1String(">") || word == QLatin1String("<"))
    return shift(span, word == QLatin1String(">"), 1);
  if (word.startsWith(QLatin1String("s/"))) substitute(word, span);
}

/// s/what/with/flags, g and i; what is a regular expression as the find bar has them.
void VimMode::substitute(const QString& line, VimSpan range) {
  static const QRegularExpression form(
      QStringLiteral("^s/((?:[^/\\\\]|\\\\.)*)/((?:[^/\\\\]|\\\\.)*)(?:/([gi]*))?$"));
  const auto match = form.match(line);
  if (!match.hasMatch()) return;
  last_substitute_ = line;
  auto flags = match.captured(3);
  QRegularExpression what(match.captured(1).replace(QLatin1String("\\/"), QLatin1String("/")),
                          QRegularExpression::MultilineOption);
  if (flags.contains(u'i'))
    what.setPatternOptions(what.patternOptions() | QRegularExpression::CaseInsensitiveOption);
  if (!what.isValid() || match.captured(1).isEmpty()) return;
  const auto with = match.captured(2).replace(QLatin1String("\\/"), QLatin1String("/"));
  const auto before = take(range);
  if (before.size() > most_substituted) return;
  QStringList lines = before.split(u'\n');
  for (auto& one : lines) {
    if (flags.contains(u'g')) {
      one.replace(what, with);
      continue;
    }
    const auto found = what.match(one);
    if (!found.hasMatch()) continue;
    auto part = found.captured(0);
    part.replace(what, with);
    one.replace(found.capturedStart(0), found.capturedLength(0), part);
  }
  const auto after = lines.join(u'\n');
  if (after != before)
    replace(static_cast<long>(range.begin), static_cast<long>(range.end), after.toStdString());
  setCaret(text().firstNonBlank(range.begin));
}

}  // namespace berth::desktop
