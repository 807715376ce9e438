// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_text.hpp"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <algorithm>

#include "client/desktop/stand_ins.hpp"

namespace berth::desktop {
namespace {

constexpr qint64 longest_search = 300;  // ms

/// Of the character that begins there, and how many UTF-16 units it has.
struct CellStep {
  int columns;
  int units;
};

CellStep cell_step(const QString& text, qsizetype at) {
  const bool pair = text[at].isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate();
  const char32_t character = pair ? QChar::surrogateToUcs4(text[at], text[at + 1]) : text[at].unicode();
  return {std::max(1, columns_in_widget(character)), pair ? 2 : 1};
}

int width_of(const QString& text, qsizetype from, qsizetype to) {
  int width = 0;
  for (auto at = from; at < to;) {
    const auto step = cell_step(text, at);
    width += step.columns;
    at += step.units;
  }
  return width;
}

/// A line's text as a person reads it, and where each of its units stands in the line's own.
struct ReadText {
  QString text;
  QList<qsizetype> places;  // empty: the same
};

ReadText read_text(const QString& text, const StandIns& stand_ins) {
  if (stand_ins.isEmpty() || std::ranges::none_of(text, [](QChar unit) { return unit.isHighSurrogate(); }))
    return {text, {}};
  ReadText read;
  for (qsizetype at = 0; at < text.size();) {
    const auto step = cell_step(text, at);
    const auto* cell =
        step.units == 2 ? stand_ins.find(QChar::surrogateToUcs4(text[at], text[at + 1])) : nullptr;
    const auto shown = cell ? cell->text : text.mid(at, step.units);
    for (qsizetype i = 0; i < shown.size(); ++i) read.places.append(at);
    read.text += shown;
    at += step.units;
  }
  read.places.append(text.size());
  return read;
}

QRegularExpression expression_for(const TerminalSearch& search) {
  // Letters with their marks are the one letter that they make, where there is one.
  const auto wanted = search.text.normalized(QString::NormalizationForm_C);
  auto pattern = search.expression ? wanted : QRegularExpression::escape(wanted);
  if (search.whole_words) pattern = QStringLiteral("\\b(?:%1)\\b").arg(pattern);
  auto options = QRegularExpression::UseUnicodePropertiesOption | QRegularExpression::DontCaptureOption;
  if (!search.match_case) options |= QRegularExpression::CaseInsensitiveOption;
  // An expression alone first: its mistakes are told as of what was typed.
  if (const QRegularExpression typed(pattern, options); !typed.isValid()) return typed;
  return QRegularExpression(QStringLiteral("(*LIMIT_MATCH=200000)") + pattern, options);
}

}  // namespace

QPoint TextLine::cellOf(qsizetype offset) const {
  const auto behind = std::ranges::upper_bound(breaks, offset);
  const auto rows = static_cast<int>(behind - breaks.begin());
  const qsizetype from = rows == 0 ? 0 : breaks[rows - 1];
  return {width_of(text, from, offset), row + rows};
}

std::optional<std::vector<TextLine>> lines_by_width(const QString& text, int columns, int rows) {
  std::vector<TextLine> lines;
  int row = 0;
  for (qsizetype from = 0; from <= text.size();) {
    auto to = text.indexOf(u'\n', from);
    if (to < 0) to = text.size();
    TextLine line{row, text.mid(from, to - from), {}};
    int column = 0;
    for (qsizetype at = 0; at < line.text.size();) {
      const auto step = cell_step(line.text, at);
      if (column + step.columns > columns) {
        line.breaks.append(at);
        column = 0;
      }
      column += step.columns;
      at += step.units;
    }
    row += 1 + static_cast<int>(line.breaks.size());
    lines.push_back(std::move(line));
    from = to + 1;
  }
  // The widget tells of a row below the last one, and ends that, too.
  for (; row > rows && !lines.empty() && lines.back().text.isEmpty(); --row) lines.pop_back();
  if (row != rows) return std::nullopt;
  return lines;
}

std::vector<TextLine> lines_by_rows(const QStringList& rows, int columns) {
  std::vector<TextLine> lines;
  bool goes_on = false;
  for (int row = 0; row < rows.size(); ++row) {
    const auto& text = rows[row];
    if (goes_on && !text.isEmpty()) {
      lines.back().breaks.append(lines.back().text.size());
      lines.back().text += text;
    } else {
      lines.push_back({row, text, {}});
    }
    // The last column stays empty where a wide character did not fit.
    const int width = width_of(text, 0, text.size());
    const bool wide_next =
        row + 1 < rows.size() && !rows[row + 1].isEmpty() && cell_step(rows[row + 1], 0).columns == 2;
    goes_on = width >= columns || (width == columns - 1 && wide_next);
  }
  return lines;
}

TerminalMatches find_in(const std::vector<TextLine>& lines, const TerminalSearch& search,
                        const StandIns& stand_ins) {
  TerminalMatches found;
  if (search.text.isEmpty()) return found;
  const auto expression = expression_for(search);
  if (!expression.isValid()) {
    found.problem = expression.errorString();
    return found;
  }
  QElapsedTimer clock;
  clock.start();
  // The newest first: where it has to be given up, the oldest are missing.
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (line->text.isEmpty()) continue;
    if (clock.elapsed() > longest_search || found.all.size() >= most_matches) {
      found.more = true;
      break;
    }
    const auto read = read_text(line->text, stand_ins);
    const auto place = [&](qsizetype at) { return read.places.isEmpty() ? at : read.places[at]; };
    std::vector<TerminalMatch> here;
    for (auto matches = expression.globalMatch(read.text); matches.hasNext();) {
      const auto match = matches.next();
      if (match.capturedLength() == 0) continue;
      if (here.size() >= most_matches || clock.elapsed() > longest_search) {
        found.more = true;
        break;
      }
      const auto last = place(match.capturedEnd() - 1);
      auto end = line->cellOf(last);
      end.rx() += cell_step(line->text, last).columns - 1;
      here.push_back({line->cellOf(place(match.capturedStart())), end});
    }
    found.all.insert(found.all.end(), here.rbegin(), here.rend());
  }
  std::ranges::reverse(found.all);
  return found;
}

std::vector<QRect> match_rows(const TerminalMatch& match, int columns) {
  std::vector<QRect> rows;
  for (int row = match.begin.y(); row <= match.end.y(); ++row) {
    const int from = row == match.begin.y() ? match.begin.x() : 0;
    const int to = row == match.end.y() ? match.end.x() + 1 : columns;
    if (to > from) rows.emplace_back(from, row, to - from, 1);
  }
  return rows;
}

}  // namespace berth::desktop
