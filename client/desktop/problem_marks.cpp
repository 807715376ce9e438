// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/problem_marks.hpp"

#include <QHelpEvent>
#include <QToolTip>

#include "client/core/plain_tip.hpp"
#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

bool is_blank_byte(char byte) { return byte == ' ' || byte == '\t'; }

bool is_word_byte(char byte) {
  return byte == '_' || (byte & 0x80) || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

}  // namespace

ProblemMarks::ProblemMarks(CodeEditor* editor) : EditorFeature(editor) {
  editor->viewport()->installEventFilter(this);
  connect(editor, &CodeEditor::textLoaded, this, &ProblemMarks::show);
  connect(Theme::instance(), &Theme::changed, this, &ProblemMarks::applyTheme);
  applyTheme();
}

void ProblemMarks::applyTheme() {
  const auto& colors = Theme::instance()->colors();
  for (const auto& [number, color] :
       {std::pair(error_indicator, colors.bad), std::pair(warning_indicator, colors.warning)}) {
    const auto indicator = static_cast<std::uintptr_t>(number);
    sci(Sci::SCI_INDICSETSTYLE, indicator, Sci::INDIC_SQUIGGLE);
    sci(Sci::SCI_INDICSETFORE, indicator, rgb(color));
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
  for (qsizetype i = 0; i < problems_.size(); ++i) {
    const auto& problem = problems_[i];
    const long line = problem.line - 1;
    if (line < 0 || line >= lineCount()) continue;
    const auto text = lineText(line);
    const auto size = static_cast<long>(text.size());
    long begin = 0;
    long end = size;
    if (problem.column > 0) {
      // The word that begins there, or the one character.
      begin =
          sci(Sci::SCI_POSITIONRELATIVE, static_cast<std::uintptr_t>(lineBegin(line)), problem.column - 1) -
          lineBegin(line);
      begin = std::clamp(begin, 0l, std::max(0l, size - 1));
      end = begin;
      while (end < size && is_word_byte(text[static_cast<std::size_t>(end)])) ++end;
      end = std::max(end, std::min(begin + 1, size));
    } else {
      while (begin < end && is_blank_byte(text[static_cast<std::size_t>(begin)])) ++begin;
      while (end > begin && is_blank_byte(text[static_cast<std::size_t>(end - 1)])) --end;
    }
    if (begin == end) continue;
    const bool error = problem.severity == client::Problem::Severity::error;
    sci(Sci::SCI_SETINDICATORCURRENT,
        static_cast<std::uintptr_t>(error ? error_indicator : warning_indicator));
    sci(Sci::SCI_SETINDICATORVALUE, static_cast<std::uintptr_t>(i + 1));
    sci(Sci::SCI_INDICATORFILLRANGE, static_cast<std::uintptr_t>(lineBegin(line) + begin), end - begin);
  }
}

QString ProblemMarks::textAt(const QPoint& place) const {
  const auto position =
      sci(Sci::SCI_POSITIONFROMPOINTCLOSE, static_cast<std::uintptr_t>(place.x()), place.y());
  if (position < 0) return {};
  QStringList told;
  for (const int number : {error_indicator, warning_indicator}) {
    const auto value = sci(Sci::SCI_INDICATORVALUEAT, static_cast<std::uintptr_t>(number), position);
    if (value < 1 || value > problems_.size()) continue;
    const auto& problem = problems_[value - 1];
    auto text = problem.message;
    if (!problem.code.isEmpty()) text += QStringLiteral(" (%1)").arg(problem.code);
    told.append(text);
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
