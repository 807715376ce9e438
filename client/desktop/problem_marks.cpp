// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/problem_marks.hpp"

#include <QHelpEvent>
#include <QToolTip>
#include <tuple>

#include "client/core/plain_tip.hpp"
#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr qsizetype most_told = 12;  // of one line

bool is_blank_byte(char byte) { return byte == ' ' || byte == '\t'; }

bool is_word_byte(char byte) {
  return byte == '_' || (byte & 0x80) || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

QString told_of(const client::Problem& problem) {
  return problem.code.isEmpty() ? problem.message
                                : QStringLiteral("%1 (%2)").arg(problem.message, problem.code);
}

}  // namespace

ProblemMarks::ProblemMarks(CodeEditor* editor) : EditorFeature(editor) {
  editor->viewport()->installEventFilter(this);
  for (const int marker : {error_marker, warning_marker})
    sci(Sci::SCI_MARKERDEFINE, static_cast<std::uintptr_t>(marker), Sci::SC_MARK_CIRCLE);
  connect(editor, &CodeEditor::textLoaded, this, &ProblemMarks::show);
  connect(Theme::instance(), &Theme::changed, this, &ProblemMarks::applyTheme);
  applyTheme();
}

void ProblemMarks::applyTheme() {
  const auto& colors = Theme::instance()->colors();
  for (const auto& [indicator, marker, color] :
       {std::tuple(error_indicator, error_marker, colors.bad),
        std::tuple(warning_indicator, warning_marker, colors.warning)}) {
    sci(Sci::SCI_INDICSETSTYLE, static_cast<std::uintptr_t>(indicator), Sci::INDIC_SQUIGGLE);
    sci(Sci::SCI_INDICSETFORE, static_cast<std::uintptr_t>(indicator), rgb(color));
    sci(Sci::SCI_MARKERSETFORE, static_cast<std::uintptr_t>(marker), rgb(color));
    sci(Sci::SCI_MARKERSETBACK, static_cast<std::uintptr_t>(marker), rgb(color));
  }
}

void ProblemMarks::set(const QList<client::Problem>& problems) {
  problems_ = problems;
  show();
}

void ProblemMarks::show() {
  for (const int number : {error_indicator, warning_indicator}) {
    sci(Sci::SCI_SETINDICATORCURRENT, static_cast<std::uintptr_t>(number));
    sci(Sci::SCI_INDICATORCLEARRANGE, 0, sci(Sci::SCI_GETLENGTH));
  }
  for (const int marker : {error_marker, warning_marker})
    sci(Sci::SCI_MARKERDELETEALL, static_cast<std::uintptr_t>(marker));
  markers_.fill(-1, problems_.size());
  for (qsizetype number = 0; number < problems_.size(); ++number) mark(number);
  Q_EMIT editor()->marksChanged();
}

void ProblemMarks::mark(qsizetype number) {
  const auto& problem = problems_[number];
  const long line = problem.line - 1;
  if (line < 0 || line >= lineCount()) return;
  const bool error = problem.severity == client::Problem::Severity::error;
  markers_[number] =
      sci(Sci::SCI_MARKERADD, static_cast<std::uintptr_t>(line), error ? error_marker : warning_marker);
  const auto text = lineText(line);
  const auto size = static_cast<long>(text.size());
  long begin = 0;
  long end = size;
  if (problem.column > 0) {
    // The word that begins there, or the one character.
    begin = sci(Sci::SCI_POSITIONRELATIVE, static_cast<std::uintptr_t>(lineBegin(line)), problem.column - 1) -
            lineBegin(line);
    begin = std::clamp(begin, 0l, std::max(0l, size - 1));
    end = begin;
    while (end < size && is_word_byte(text[static_cast<std::size_t>(end)])) ++end;
    end = std::max(end, std::min(begin + 1, size));
  } else {
    while (begin < end && is_blank_byte(text[static_cast<std::size_t>(begin)])) ++begin;
    while (end > begin && is_blank_byte(text[static_cast<std::size_t>(end - 1)])) --end;
  }
  if (begin == end) return;
  sci(Sci::SCI_SETINDICATORCURRENT, static_cast<std::uintptr_t>(error ? error_indicator : warning_indicator));
  sci(Sci::SCI_SETINDICATORVALUE, static_cast<std::uintptr_t>(number + 1));
  sci(Sci::SCI_INDICATORFILLRANGE, static_cast<std::uintptr_t>(lineBegin(line) + begin), end - begin);
}

int ProblemMarks::lineNow(const client::Problem& problem) const {
  const auto number = problems_.indexOf(problem);
  if (number < 0 || markers_[number] < 0) return problem.line;
  const auto line = sci(Sci::SCI_MARKERLINEFROMHANDLE, static_cast<std::uintptr_t>(markers_[number]));
  return line < 0 ? problem.line : static_cast<int>(line) + 1;
}

QString ProblemMarks::textOfLine(long line) const {
  QStringList told;
  // Where a marker is now takes Scintilla a walk through all lines.
  const auto marked = sci(Sci::SCI_MARKERGET, static_cast<std::uintptr_t>(line));
  if (!(marked & (1 << error_marker | 1 << warning_marker))) return {};
  for (qsizetype number = 0; number < problems_.size(); ++number)
    if (markers_[number] >= 0 &&
        sci(Sci::SCI_MARKERLINEFROMHANDLE, static_cast<std::uintptr_t>(markers_[number])) == line)
      told.append(told_of(problems_[number]));
  if (told.size() > most_told) {
    told.resize(most_told);
    told.append(QStringLiteral("…"));
  }
  return told.join(u'\n');
}

QString ProblemMarks::textAt(const QPoint& place) const {
  if (place.x() < editor()->textLeft()) {
    const auto beside =
        sci(Sci::SCI_POSITIONFROMPOINT, static_cast<std::uintptr_t>(editor()->textLeft()), place.y());
    // Below the last line there is none.
    const auto top = sci(Sci::SCI_POINTYFROMPOSITION, 0, beside);
    const auto line = lineOf(beside);
    if (place.y() >= top + sci(Sci::SCI_TEXTHEIGHT, static_cast<std::uintptr_t>(line))) return {};
    return textOfLine(line);
  }
  const auto position =
      sci(Sci::SCI_POSITIONFROMPOINTCLOSE, static_cast<std::uintptr_t>(place.x()), place.y());
  if (position < 0) return {};
  QStringList told;
  for (const int number : {error_indicator, warning_indicator}) {
    const auto value = sci(Sci::SCI_INDICATORVALUEAT, static_cast<std::uintptr_t>(number), position);
    if (value >= 1 && value <= problems_.size()) told.append(told_of(problems_[value - 1]));
  }
  return told.join(u'\n');
}

bool ProblemMarks::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const auto text = textAt(help->pos()); !text.isEmpty()) {
      QToolTip::showText(help->globalPos(), client::plain_tip(text), editor()->viewport());
      return true;
    }
  }
  return EditorFeature::eventFilter(watched, event);
}

}  // namespace berth::desktop
