// SPDX-License-Identifier: GPL-3.0-or-later
// Find and replace in a CodeEditor: one kind of expression (PCRE) for all of it, over the text in UTF-16.
#include <QCoreApplication>
#include <QPointer>
#include <QRegularExpression>
#include <QThreadPool>
#include <algorithm>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/replacement.hpp"
#include "client/desktop/scintilla_values.hpp"

namespace berth::desktop {
namespace {

constexpr std::size_t most_hits = 20'000;
constexpr qsizetype counted_at_once = 256 << 10;  // UTF-16 units; a longer text is counted on another thread
constexpr qsizetype first_step_back = 4'096;

using Hits = std::vector<std::pair<qsizetype, qsizetype>>;  // beginnings and ends, in UTF-16 units

QRegularExpression expression_of(const CodeEditor::Search& search) {
  auto pattern = search.regular_expression ? search.text : QRegularExpression::escape(search.text);
  if (search.whole_words) pattern = QStringLiteral("(?<!\\w)(?:%1)(?!\\w)").arg(pattern);
  auto options = QRegularExpression::MultilineOption | QRegularExpression::UseUnicodePropertiesOption;
  if (!search.match_case) options |= QRegularExpression::CaseInsensitiveOption;
  return QRegularExpression(pattern, options);
}

/// From `begin` on, the next that is more than nothing and ends within `end`.
QRegularExpressionMatch next_match(const QRegularExpression& expression, const QString& text, qsizetype begin,
                                   qsizetype end) {
  while (begin <= end) {
    // The text is known to be UTF-16: it would be looked through to its end for each match.
    auto match = expression.match(text, begin, QRegularExpression::NormalMatch,
                                  QRegularExpression::DontCheckSubjectStringMatchOption);
    if (!match.hasMatch() || match.capturedEnd() > end) return {};
    if (match.capturedLength() > 0) return match;
    begin = match.capturedEnd() + 1;
  }
  return {};
}

Hits all_hits(const QRegularExpression& expression, const QString& text, qsizetype begin, qsizetype end,
              std::size_t most) {
  Hits hits;
  while (hits.size() < most) {
    const auto match = next_match(expression, text, begin, end);
    if (!match.hasMatch()) break;
    hits.emplace_back(match.capturedStart(), match.capturedEnd());
    begin = match.capturedEnd();
  }
  return hits;
}

}  // namespace

QString CodeEditor::searchProblem(const Search& search) {
  const auto expression = expression_of(search);
  return expression.isValid() ? QString() : expression.errorString();
}

/// The text as the expressions see it; made anew once it changed.
const QString& CodeEditor::searchedText() {
  flushEdits();
  if (searched_at_ != changes_) {
    const auto length = static_cast<qsizetype>(sci(SCI_GETLENGTH));
    searched_ =
        QString::fromUtf8(static_cast<const char*>(SendScintillaPtrResult(SCI_GETCHARACTERPOINTER)), length);
    searched_at_ = changes_;
  }
  return searched_;
}

void CodeEditor::setSearchScope(bool toSelection) {
  sci(SCI_SETINDICATORCURRENT, scope_indicator);
  sci(SCI_INDICATORCLEARRANGE, 0, sci(SCI_GETLENGTH));
  const auto begin = sci(SCI_GETSELECTIONSTART);
  const auto end = sci(SCI_GETSELECTIONEND);
  if (toSelection && end > begin)
    sci(SCI_INDICATORFILLRANGE, static_cast<std::uintptr_t>(begin), end - begin);
}

/// What is searched through, in UTF-16 units. The indicator moves with the text.
std::pair<std::int64_t, std::int64_t> CodeEditor::searchScope(const Search& search) const {
  if (!search.in_scope) return {0, units_};
  long begin = 0;
  if (!sci(SCI_INDICATORVALUEAT, scope_indicator, 0)) begin = sci(SCI_INDICATOREND, scope_indicator, 0);
  const auto end = sci(SCI_INDICATOREND, scope_indicator, begin);
  if (!sci(SCI_INDICATORVALUEAT, scope_indicator, begin) || end <= begin) return {0, units_};
  return {unitsBefore(begin), unitsBefore(end)};
}

bool CodeEditor::findNext(const Search& search, bool forward, bool fromSelectionStart) {
  const auto expression = expression_of(search);
  if (search.text.isEmpty() || !expression.isValid()) return false;
  const auto& text = searchedText();
  const auto [begin, end] = searchScope(search);
  const auto selection_begin = unitsBefore(sci(SCI_GETSELECTIONSTART));
  const auto selection_end = unitsBefore(sci(SCI_GETSELECTIONEND));
  QRegularExpressionMatch found;
  if (forward) {
    const auto from = std::clamp(fromSelectionStart ? selection_begin : selection_end, begin, end);
    found = next_match(expression, text, from, end);
    if (!found.hasMatch()) found = next_match(expression, text, begin, end);
  } else {
    found = matchBefore(expression, text, begin, std::clamp(selection_begin, begin, end), end);
    if (!found.hasMatch()) found = matchBefore(expression, text, begin, end, end);
  }
  if (!found.hasMatch()) return false;
  const auto first = bytePosition(found.capturedStart());
  const auto last = bytePosition(found.capturedEnd());
  for (const auto at : {last, first})
    sci(SCI_ENSUREVISIBLEENFORCEPOLICY,
        static_cast<std::uintptr_t>(sci(SCI_LINEFROMPOSITION, static_cast<std::uintptr_t>(at))));
  sci(SCI_SETSEL, static_cast<std::uintptr_t>(first), last);
  return true;
}

/// The last one that begins before `at`: looked for from nearer places first.
QRegularExpressionMatch CodeEditor::matchBefore(const QRegularExpression& expression, const QString& text,
                                                qsizetype begin, qsizetype at, qsizetype end) {
  for (auto step = first_step_back;; step *= 8) {
    auto from = std::max(begin, at - step);
    if (from > begin && text[from].isLowSurrogate()) --from;
    QRegularExpressionMatch last;
    for (auto match = next_match(expression, text, from, end); match.hasMatch() && match.capturedStart() < at;
         match = next_match(expression, text, match.capturedEnd(), end))
      last = match;
    if (last.hasMatch() || from == begin) return last;
  }
}

bool CodeEditor::replaceNext(const Search& search, const QString& replacement) {
  const auto expression = expression_of(search);
  if (search.text.isEmpty() || !expression.isValid()) return false;
  const auto begin = sci(SCI_GETSELECTIONSTART);
  const auto end = sci(SCI_GETSELECTIONEND);
  if (!sci(SCI_GETREADONLY) && end > begin) {
    const auto match = expression.match(searchedText(), unitsBefore(begin), QRegularExpression::NormalMatch,
                                        QRegularExpression::AnchorAtOffsetMatchOption |
                                            QRegularExpression::DontCheckSubjectStringMatchOption);
    if (match.hasMatch() && match.capturedEnd() == unitsBefore(end)) {
      const auto bytes = replacementOf(search, replacement, match).toUtf8();
      replaceRange(begin, end, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
      sci(SCI_SETSEL, static_cast<std::uintptr_t>(begin + bytes.size()), begin + bytes.size());
    }
  }
  return findNext(search, true);
}

QString CodeEditor::replacementOf(const Search& search, const QString& replacement,
                                  const QRegularExpressionMatch& match) {
  const auto text = search.regular_expression ? expand_replacement(replacement, match) : replacement;
  return search.preserve_case ? in_case_of(match.captured(0), text) : text;
}

// As one change of one range: thousands of single edits would each be composed and sent.
int CodeEditor::replaceAll(const Search& search, const QString& replacement) {
  const auto expression = expression_of(search);
  if (search.text.isEmpty() || sci(SCI_GETREADONLY) || !expression.isValid()) return 0;
  const auto& before = searchedText();
  const auto [begin, end] = searchScope(search);
  QString after;
  qsizetype copied = 0;
  int count = 0;
  for (auto match = next_match(expression, before, begin, end); match.hasMatch();
       match = next_match(expression, before, match.capturedEnd(), end)) {
    after += QStringView(before).mid(copied, match.capturedStart() - copied);
    after += replacementOf(search, replacement, match);
    copied = match.capturedEnd();
    ++count;
  }
  if (count == 0) return 0;
  after += QStringView(before).mid(copied);
  run(protocol::TextOperation::difference(text(), after.toStdString()), false);
  return count;
}

int CodeEditor::selectAllHits(const Search& search) {
  const auto expression = expression_of(search);
  if (search.text.isEmpty() || !expression.isValid()) return 0;
  constexpr std::size_t most_cursors = 5'000;
  const auto [begin, end] = searchScope(search);
  const auto hits = all_hits(expression, searchedText(), begin, end, most_cursors);
  bool first = true;
  for (const auto& [from, to] : hits)
    sci(std::exchange(first, false) ? SCI_SETSELECTION : SCI_ADDSELECTION,
        static_cast<std::uintptr_t>(bytePosition(to)), bytePosition(from));
  if (!hits.empty()) sci(SCI_SETMAINSELECTION, 0);
  return static_cast<int>(hits.size());
}

void CodeEditor::showHits(const Hits& hits) {
  sci(SCI_SETINDICATORCURRENT, hit_indicator);
  sci(SCI_INDICATORCLEARRANGE, 0, sci(SCI_GETLENGTH));
  for (const auto& [begin, end] : hits) {
    const auto first = bytePosition(begin);
    sci(SCI_INDICATORFILLRANGE, static_cast<std::uintptr_t>(first), bytePosition(end) - first);
  }
}

void CodeEditor::markHits(const Search& search, std::function<void(const HitCount&)> done) {
  const auto round = ++hit_round_;
  const auto expression = expression_of(search);
  if (search.text.isEmpty() || !expression.isValid()) {
    showHits({});
    if (search.text.isEmpty()) searched_ = QString(), searched_at_ = -1;
    return done({});
  }
  const auto [begin, end] = searchScope(search);
  const auto take = [this, done](const Hits& hits) {
    showHits(hits);
    const auto here = std::pair<qsizetype, qsizetype>(unitsBefore(sci(SCI_GETSELECTIONSTART)),
                                                      unitsBefore(sci(SCI_GETSELECTIONEND)));
    const auto at = std::ranges::find(hits, here);
    done({static_cast<int>(hits.size()), at == hits.end() ? 0 : static_cast<int>(at - hits.begin()) + 1,
          hits.size() >= most_hits});
  };
  const auto text = searchedText();
  if (text.size() <= counted_at_once) return take(all_hits(expression, text, begin, end, most_hits));
  QThreadPool::globalInstance()->start([=, first = begin, last = end, changes = changes_,
                                        editor = QPointer<CodeEditor>(this),
                                        application = QCoreApplication::instance()] {
    auto hits = all_hits(expression, text, first, last, most_hits);
    // The pointer to the editor is looked at on the GUI thread only, where it may die.
    QMetaObject::invokeMethod(application, [=, hits = std::move(hits)] {
      if (editor && editor->hit_round_ == round && editor->changes_ == changes) take(hits);
    });
  });
}

int CodeEditor::markHits(const Search& search) {
  int count = 0;
  markHits(search, [&count](const HitCount& hits) { count = hits.count; });
  return count;
}

}  // namespace berth::desktop
